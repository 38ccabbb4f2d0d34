"""A trained model on disk: a `.keras` file that plain Keras opens, and its card beside it.

A model that cnngui did not train has no card: see :mod:`cnngui.core.models.foreign`.
A `.keras` file is a zip archive. cnngui compresses it and adds members that Keras ignores: the model's
:class:`~cnngui.core.models.familiarity.Familiarity`.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cnngui import paths
from cnngui.core.errors import UserError
from cnngui.core.files import replacing
from cnngui.core.models import foreign, litert
from cnngui.core.models.card import Card, card_path, read_card
from cnngui.core.models.class_names import LABELS, class_names, is_of_teachable_machine
from cnngui.core.models.familiarity import Familiarity
from cnngui.core.models.foreign import Adaptation
from cnngui.core.models.opening import archive, other_kinds, trial, untrusted
from cnngui.core.models.opening.archive import FAMILIARITY, FAMILIARITY_FIELDS
from cnngui.core.models.pixels import Pixels, read_pixels
from cnngui.core.models.trained_on import Digests, digests_path
from cnngui.core.tensorflow_start import start_tensorflow

if TYPE_CHECKING:
    import keras


MAX_TOGETHER = 400_000_000  # bytes that a stranger's model may need for the images that it answers at once


def save(
    network: "keras.Model",
    card: Card,
    path: Path,
    familiarity: Familiarity | None = None,
    trained_on: Digests | None = None,
    *,
    is_packed: bool = True,
) -> None:
    """Write the network (raw pixels in, probabilities out) to ``path`` and its card beside it.

    familiarity: None if the model cannot tell familiar pictures from others.
    trained_on: the digests of its training images, which are written beside it too; None if they are unknown.
    is_packed: whether it is compressed, which takes half a second of a file that is soon removed.
    Raises UserError if the disk is full or the folder is not writable; the files that were there stay.
    """
    try:
        # The large model file is replaced first: if that fails, the old model keeps its old card.
        with replacing(card_path(path)) as new_card, _replacing_digests(path, trained_on), replacing(path) as new_model:
            new_card.write_text(card.to_json(), encoding="utf-8")
            network.save(new_model)
            _pack(new_model, familiarity, zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"The model could not be saved in {path.parent} ({reason}). Free some space there, or save it elsewhere."
        ) from error


class Loaded(NamedTuple):
    """A model that was opened.

    network: raw pixels in, probabilities out. familiarity: None if it cannot tell familiar pictures from others.
    images_per_call: how many images it may answer at once, or None if any usual number.
    adaptation: what was done to a model that cnngui did not train, or None.
    """

    network: "keras.Model"
    card: Card
    familiarity: Familiarity | None
    images_per_call: int | None
    adaptation: Adaptation | None = None


class Quick(NamedTuple):
    """A model that answers without TensorFlow, at images of this (height, width). The rest as in :class:`Loaded`."""

    answer: litert.Answer
    image_size: tuple[int, int]
    card: Card
    familiarity: Familiarity | None


def load_quick(path: Path) -> Quick | None:
    """The model at ``path``, as the file beside it has it that LiteRT opens; None without one, or without a card.

    Raises UserError if the model is damaged, or its card does not fit it.
    """
    content = litert.read(path)
    try:
        card = None if content is None else read_card(path)
    except UserError:  # whatever lies beside a model, it is opened
        return None
    if content is None or card is None or card.training is None:
        return None
    opened = litert.opened(content)
    _check_classes(path, opened.classes, card)
    with archive.opened(path) as members:
        return Quick(opened.answer, opened.image_size, card, untrusted.familiarity_in(path, members))


def load(path: Path, pixels: Pixels | None = None) -> Loaded:
    """The model that was saved at ``path``.

    A model without a card is opened too, if it takes one RGB or grey image and returns one row of outputs: it gets a
    card without a training record, and what it lacks to take pixels and to return probabilities.
    Whatever else lies beside it does not prevent that.
    pixels: those that such a model learnt from; None for what was chosen before, or else 0–255.
    Raises UserError if the model is missing, damaged, not known to be safe or not an image classifier, or if the
    card of one that cnngui trained does not fit it.
    """
    if path.is_dir():
        raise other_kinds.of_folder(path)
    if not path.exists():
        raise UserError(f"There is no model at {path}. Check its name, or choose another file.")
    if path.resolve() == paths.shipped_model().resolve():
        return _shipped(path)
    try:
        card, strange = read_card(path), ""
    except UserError as error:  # whatever lies beside a model, it is opened
        card, strange = None, str(error)
    start_tensorflow()
    network, familiarity, peak = untrusted.load(path)
    images_per_call = max(1, MAX_TOGETHER // peak)
    if card is not None and card.training is not None:
        _check_classes(path, _outputs(network), card)
        trial.check_answers(path, network, familiarity, images_per_call)
        return Loaded(network, card, familiarity, images_per_call)
    adapted, familiarity, adaptation = _adapted(path, network, familiarity, pixels, images_per_call)
    if card is not None:
        try:
            _check_classes(path, _outputs(adapted), card)
        except UserError as error:
            card, strange = None, str(error)
    if card is None:
        names = class_names(path, _outputs(adapted))
        card, strange = Card(names.names), f"{strange} {names.strange}".strip()
        adaptation = replace(adaptation, is_named_by_labels=names.source == LABELS)
    return Loaded(adapted, card, familiarity, images_per_call, replace(adaptation, strange=strange))


def _check_classes(path: Path, outputs: int, card: Card) -> None:
    if outputs != len(card.classes):
        raise UserError(
            f"{path.name} does not fit its card: the model has {outputs:,} classes, the card {len(card.classes):,}. "
            "Copy both again."
        )


def _outputs(network: "keras.Model") -> int:
    return int(network.outputs[0].shape[1])


def _adapted(
    path: Path, network: "keras.Model", familiarity: Familiarity | None, pixels: Pixels | None, together: int
) -> "tuple[keras.Model, Familiarity | None, Adaptation]":
    """A model of others with pixels of 0–255 as its input and probabilities as its output, and what was done for it.

    What it remembers of its training images is of use only where it gets its own pixels.
    """
    scales, is_grey = foreign.scales_pixels(network), network.input_shape[3] == 1
    chosen = pixels or read_pixels(path)
    usual = Pixels.SIGNED if not scales and is_of_teachable_machine(path, network.input_shape[1:3]) else Pixels.BYTES
    if is_grey or (chosen or usual) is not Pixels.BYTES:
        familiarity = None
    network = foreign.of_pixels(network, chosen or usual)
    trials = trial.check_answers(path, network, familiarity, together)
    varied, is_sigmoid = trials[trial.VARIED], foreign.ends_in_sigmoid(network)
    is_always_sure = chosen is None and not scales and foreign.is_always_sure(varied, is_sigmoid=is_sigmoid)
    network, ending, is_independent = foreign.with_probabilities(network, trials)
    adaptation = Adaptation(chosen or usual, scales, is_grey, ending, is_independent, is_always_sure)
    return network, familiarity, adaptation


def _shipped(path: Path) -> Loaded:
    """The shipped model is part of the program, so it is safe."""
    card = read_card(path)
    assert card is not None
    start_tensorflow()
    import keras

    with archive.opened(path) as members:
        familiarity = untrusted.familiarity_in(path, members)
    return Loaded(keras.saving.load_model(path, compile=False, safe_mode=True), card, familiarity, None)


def _pack(path: Path, familiarity: Familiarity | None, compression: int) -> None:
    """Compress what Keras wrote, and add the familiarity uncompressed: its numbers hardly compress."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # The best compression takes seven times as long as the fastest and saves only a tenth more.
    with zipfile.ZipFile(path, "w", compression, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name in FAMILIARITY_FIELDS if familiarity is not None else ():
            with archive.open(zipfile.ZipInfo(FAMILIARITY.format(name)), "w") as member:
                np.save(member, getattr(familiarity, name))


@contextmanager
def _replacing_digests(model: Path, trained_on: Digests | None) -> Iterator[None]:
    """Write the digests beside the model if the block succeeds, or remove those of a model that was there before."""
    if trained_on is None:
        yield
        digests_path(model).unlink(missing_ok=True)
        return
    with replacing(digests_path(model)) as new:
        with new.open("wb") as file:
            np.save(file, trained_on)
        yield
