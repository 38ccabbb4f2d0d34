"""What a class may be called: its name becomes a folder's, beside those of the other classes."""

from collections.abc import Iterable

from cnngui.core.data.layout import composed
from cnngui.core.data.part_names import is_plain_train, part_of
from cnngui.core.errors import UserError
from cnngui.core.names import check_name
from cnngui.core.pictures.folders import is_litter


def class_name(typed: str, others: Iterable[str] = ()) -> str:
    """The name of a class as it is written to disk: in Unicode's composed form, without blanks around it.

    others: the names that it must differ from by more than letter case and the way its letters are composed.
    Raises UserError if a class cannot have the name.
    """
    name = composed(typed.strip())
    check_name(name)
    if is_litter(name):
        raise UserError(f"“{name}” cannot be a class, because systems keep other things in folders of that name.")
    if part_of(name) is not None and not is_plain_train(name):
        raise UserError(f"“{name}” is the name of a part of a data set, not of a class. Choose another one.")
    if (twin := same_name(name, others)) is not None:
        raise UserError(f"There is already a class “{twin}”. Choose another name, or merge the two.")
    return name


def same_name(name: str, names: Iterable[str]) -> str | None:
    """The one of the names that means the same: exactly this one, or else one that differs only in how it is written.

    Some file systems take such names for one.
    """
    names = list(names)
    if name in names:
        return name
    return next((each for each in names if folded(each) == folded(name)), None)


def folded(name: str) -> str:
    """The name without letter case, in Unicode's composed form."""
    return composed(composed(name).casefold())
