"""The one way to export, for the window and the command line: a folder with the model, its card and a script."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cnngui.core import memory
from cnngui.core.answers.classifier import Classifier
from cnngui.core.errors import Stopped, UserError
from cnngui.core.export import metadata
from cnngui.core.export.card import LABELS, ExportCard, write_remembered
from cnngui.core.export.formats import Format
from cnngui.core.export.proof.pictures import Pictures, find_pictures
from cnngui.core.export.proof.proof import Proof, prove
from cnngui.core.export.script import SCRIPT, opened, write_beside
from cnngui.core.files import new_folder
from cnngui.core.greetings import without_greetings
from cnngui.core.models import file as model_file
from cnngui.core.models import litert
from cnngui.core.models.pixels import Pixels
from cnngui.core.models.samples import read_samples
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

CHATTER = ("INFO: ", "I0000 ", "W0000 ", "WARNING: All log messages", "fully_quantize")  # of converters
NO_MEMORY = "There is not enough memory to export this model. Close other programs, or choose a smaller model."


@dataclass(frozen=True)
class Exported:
    """An export. folder: where it is. size: of its files, in bytes. proof: how its answers compare with the model's."""

    folder: Path
    size: int
    proof: Proof


@memory.told(lambda: NO_MEMORY)
def export(
    model: Path,
    chosen: Format,
    folder: Path,
    *,
    data: str | None = None,
    data_dir: Path | None = None,
    pixels: Pixels | None = None,
    progress: Report = no_report,
    should_stop: ShouldStop = never_stop,
) -> Exported:
    """Write the model in a format, with all that others need to answer as the program does, and prove that it does.

    folder: a new one, or an empty one. It is there only once all of it is.
    data, data_dir: the pictures that prove it, as :func:`cnngui.core.export.proof.pictures.find_pictures` takes them.
    pixels: as in :func:`cnngui.core.models.file.load`.
    An export whose answers are too far off is written all the same: its proof has warnings then.
    Raises UserError if a package is missing, the folder has something in it or cannot be written, the model cannot be
    opened, the format cannot hold it, or the pictures cannot be read; and Stopped.
    """
    chosen.check()
    try:
        with new_folder(folder) as new:
            progress(Progress("Opening the model"))
            loaded = model_file.load(model, pixels)
            exact = _exact(loaded)
            pictures = find_pictures(exact, read_samples(model), data, data_dir, progress, should_stop)
            if should_stop():
                raise Stopped
            progress(Progress(f"Writing {chosen.title}", can_stop=False))
            proof = _write(loaded, exact, chosen, new, pictures, litert.read(model), progress, should_stop)
            size = sum(each.stat().st_size for each in new.rglob("*") if each.is_file())
        return Exported(folder, size, proof)
    except FileExistsError as error:
        raise UserError(f"There is something at {folder} already. Choose a new folder.") from error
    except OSError as error:
        raise UserError(
            f"The export could not be written in {folder.parent} ({error.strerror or error}). "
            "Free some space there, or choose another folder."
        ) from error


def _exact(loaded: model_file.Loaded) -> Classifier:
    """The model as it was trained, in float32."""
    card = loaded.card
    if card.training is not None:
        card = replace(card, training=replace(card.training, precision="float32"))
    return Classifier.of(loaded.network, card, loaded.familiarity, loaded.images_per_call, loaded.adaptation)


def _write(
    loaded: model_file.Loaded,
    exact: Classifier,
    chosen: Format,
    folder: Path,
    pictures: Pictures,
    ready: bytes | None,
    progress: Report,
    should_stop: ShouldStop,
) -> Proof:
    """Write all files into the folder."""
    from cnngui.core.export.writing import write_model

    card = ExportCard.of(exact, chosen)
    with without_greetings(*CHATTER):
        file = write_model(loaded.network, chosen, folder, pictures.calibration, ready)
    metadata.add(folder / chosen.file, card)
    files = [file, *write_remembered(exact, folder)]
    metadata.write_labels(folder / LABELS, card)
    write_beside(chosen, folder)
    card.write(folder, files, {})
    with opened(folder / SCRIPT) as functions, TemporaryDirectory(prefix="cnngui-") as aside:
        proof = prove(functions, exact, pictures, chosen, Path(aside), progress, should_stop)
    card.write(folder, files, asdict(proof))
    return proof
