"""cnngui evaluate."""

import argparse
from dataclasses import asdict
from pathlib import Path

from cnngui.commands.options import add_data, add_json, add_model, signals_stop
from cnngui.core.data import datasets, labelled_pictures
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.progress import DataNotes, LeftOut
from cnngui.paths import expanded
from cnngui.terminal import Terminal


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="cnngui evaluate", description="Evaluate a model on test images, or on all labelled pictures in a folder."
    )
    add_model(parser)
    add_data(parser)
    add_json(parser, "one object: images, accuracy, loss, ece, per_class, confusion, trained_on")
    return parser


def run(options: argparse.Namespace) -> int:
    """Evaluate. Returns the exit status; raises UserError and Stopped."""
    from cnngui.core.answers.classifier import Classifier
    from cnngui.core.answers.evaluation import evaluate, evaluate_pictures

    classifier = Classifier.load(options.model)
    terminal = Terminal(as_json=options.json)
    source = options.data or datasets.default_source(options.data_dir)
    with signals_stop() as should_stop:
        if source in (CIFAR10, SHAPES):
            dataset = datasets.load(source, data_dir=options.data_dir, progress=terminal.show, should_stop=should_stop)
            title, what = dataset.title, "test images"
            result = evaluate(classifier, dataset, progress=terminal.show, should_stop=should_stop)
        else:
            folder = expanded(Path(source))
            found = labelled_pictures.find(folder, classifier.card.classes, should_stop)
            terminal.show(DataNotes(found.notes))
            title, what = f"Folder {folder.resolve().name}", "labelled pictures"
            result, left_out = evaluate_pictures(classifier, found, progress=terminal.show, should_stop=should_stop)
            terminal.show(LeftOut(left_out))
    if result.trained_on:
        terminal.note(f"{result.trained_on:,} of these {result.images:,} were training images.")
    if options.json:
        terminal.write_json(asdict(result))
    else:
        score = result.score.told_of(what)
        terminal.write(f"{title}: {score}, loss {result.loss:.3f}, calibration error {result.ece:.3f}")
    return 0
