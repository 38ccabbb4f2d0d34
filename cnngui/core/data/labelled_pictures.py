"""All labelled pictures in a folder, in whatever parts they lie, to evaluate a model on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnngui.core.data import image_folder, label_table
from cnngui.core.data.layout import Files, composed, matches
from cnngui.core.data.part_names import part_of
from cnngui.core.errors import UserError
from cnngui.core.progress import ShouldStop, never_stop
from cnngui.core.sentences import counted, some_of

MOST_NAMED = 10  # classes in a sentence


@dataclass(frozen=True)
class LabelledPictures:
    """Pictures with their labels, indices into a model's classes. notes: a sentence for each kind of thing left out."""

    files: Files
    notes: tuple[str, ...]


def find(folder: Path, classes: Sequence[str], should_stop: ShouldStop = never_stop) -> LabelledPictures:
    """The pictures in ``folder`` that have one of the ``classes`` as their label.

    A picture's label is the name of the outermost folder around it, ``folder`` included, that is a class; else it is
    that in a table. Letter case counts only where classes differ in nothing else.
    Raises UserError if ``folder`` cannot be read or no picture has a label, and Stopped.
    """
    found = image_folder.listing(folder, should_stop)
    table = label_table.find(found.tables, folder, found.pictures)
    given = table.label_of if table is not None else {}
    names = {
        path: [composed(name) for name in (folder.resolve().name, *path.relative_to(folder).parts[:-1])]
        for path in found.pictures
    }
    label_of = matches({*(name for parts in names.values() for name in parts), *given.values()}, classes)
    files, others = [], set()
    for path in found.pictures:
        inside = [*names[path][1:], names[path][0]]  # the folder's own name comes last
        labels = [label_of[name] for name in (*inside, given.get(path, "")) if name in label_of]
        if labels:
            files.append((found.file_of(path), labels[0]))
        else:
            others.add(given.get(path) or next((name for name in inside if part_of(name) is None), inside[0]))
    if not files:
        known = some_of(classes, MOST_NAMED)
        if not found.pictures:
            raise UserError(f"There are no pictures in {folder}. Choose a folder with sub-folders of them: {known}.")
        raise UserError(
            f"The model does not know {some_of(sorted(others), MOST_NAMED)}. It knows {known}. "
            "Choose pictures in folders of these names, or another model."
        )
    notes = image_folder.notes(found, table.paths if table is not None else ())
    if unlabelled := len(found.pictures) - len(files):
        names_of_others = some_of(sorted(others), MOST_NAMED)
        notes.append(f"{counted(unlabelled, 'picture')} left out: the model has no class {names_of_others}.")
    return LabelledPictures(tuple(sorted(files, key=lambda pair: (pair[1], pair[0]))), tuple(notes))
