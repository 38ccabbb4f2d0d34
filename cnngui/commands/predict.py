"""cnngui predict."""

import argparse
import json
from itertools import chain
from pathlib import Path

from cnngui.commands.options import add_json, add_model
from cnngui.core.answers.prediction import Prediction, predict
from cnngui.core.pictures.gathering import gather


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="cnngui predict", description="Classify pictures.")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a picture, or a folder of pictures")
    add_model(parser)
    add_json(parser, "one object per picture: image, label, confidence, top, error, known, familiarity")
    return parser


def run(options: argparse.Namespace) -> int:
    """Classify. Returns the exit status; raises UserError and Stopped."""
    from cnngui.core.answers.classifier import Classifier

    classifier = Classifier.load(options.model)
    write = _prediction_json if options.json else _prediction_text
    failed = False
    found = list(chain.from_iterable(gather(options.images)))
    answers = chain.from_iterable(predict(classifier, [each.source for each in found if not each.error]))
    for each in found:
        prediction = Prediction(each.source, error=each.error) if each.error else next(answers)
        failed |= prediction.error is not None
        print(write(prediction), flush=True)
    return 1 if failed else 0


def _prediction_json(prediction: Prediction) -> str:
    answer = prediction.classification
    return json.dumps(
        {
            "image": str(prediction.source),
            "label": answer.label if answer and answer.known else None,
            "confidence": answer.confidence if answer else None,
            "top": answer.top if answer else [],
            "error": prediction.error,
            "known": answer.known if answer else None,
            "familiarity": answer.familiarity if answer else None,
        }
    )


def _prediction_text(prediction: Prediction) -> str:
    if prediction.classification is None:
        return f"{prediction.source!s}: {prediction.error}"
    answers = ", ".join(f"{label} {probability:.1%}" for label, probability in prediction.classification.top[:3])
    if not prediction.classification.known:
        answers = f"none of these ({answers})"
    return f"{prediction.source!s}: {answers}"
