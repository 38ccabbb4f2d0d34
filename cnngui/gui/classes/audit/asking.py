"""From what the checks find to the questions that the window asks."""

from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cnngui.core.checks.audit import Audit
from cnngui.core.checks.findings import Exclude, Finding, Kind, Merge
from cnngui.core.checks.keys import key_of_finding
from cnngui.core.checks.second_look import Nameless, SecondLook, Suspect
from cnngui.core.data.collections import edits
from cnngui.core.data.collections.changes import Change
from cnngui.core.data.collections.class_names import same_name
from cnngui.core.data.collections.collection import Collection
from cnngui.core.data.collections.shelves import UNNAMED, Item, Shelf
from cnngui.core.sentences import counted
from cnngui.gui.classes.audit.question import EXCLUDE, KEEP, MEND, Answer, Question, Shown, Topic
from cnngui.gui.classes.work import Plan


def of_audit(audit: Audit) -> tuple[Question, ...]:
    """A question for each finding of an audit."""
    contents = {picture.path: picture.content or bytes(picture.path) for picture in audit.pictures}
    labels: dict[Path, list[str]] = {}
    for picture in audit.pictures:
        labels.setdefault(picture.path, []).append(audit.classes[picture.label])
    return tuple(_of_finding(finding, contents, labels) for finding in audit.findings)


def of_second_look(look: SecondLook) -> tuple[Question, ...]:
    """A question for each suspect, and for each picture that is worth naming."""
    return (*map(_of_suspect, look.suspects), *map(_of_nameless, look.nameless))


def excluding(paths: Iterable[Path]) -> Answer:
    """Leave the pictures at these places out of trainings."""
    wanted = tuple(paths)
    notice = f"{counted(len(wanted), 'picture')} left out of trainings."
    return Answer(Exclude(wanted).text, "exclude", _exclusion(wanted), notice)


def moving(shown: Shown, name: str, text: str = "") -> Answer:
    """Give a picture to a class. text: of the button."""

    def plan(now: Collection) -> Change:
        return edits.move_pictures(now, _items(now, shown), name)

    done = "moved" if shown.classes else "named"
    return Answer(text or f"Move to {name}", "move" if shown.classes else "name", plan, f"{done.title()}: {name}.")


def settling(key: str, text: str) -> Answer:
    """Leave it as it is."""
    return Answer(text, text.lower(), lambda now: edits.settle(now, [key]))


def _of_finding(finding: Finding, contents: Mapping[Path, bytes], labels: Mapping[Path, Sequence[str]]) -> Question:
    key = key_of_finding(finding, (contents[path] for path in finding.pictures))
    mend = _mend(finding.mend)
    excluded = finding.mend.pictures if isinstance(finding.mend, Exclude) else ()
    shown = tuple(_shown(dict.fromkeys(finding.pictures), labels, set(excluded)))
    answers = {MEND: mend, KEEP: settling(key, "Leave as it is")}
    numbered = tuple(_only_in(shown)) if finding.kind is Kind.SHARED and excluded else ()
    return Question(Topic[finding.kind.name], key, finding.sentence, shown, answers, excluded, numbered)


def _shown(paths: Iterable[Path], labels: Mapping[Path, Sequence[str]], excluded: Several[Path]) -> Iterator[Shown]:
    return (Shown(path, tuple(sorted(set(labels[path]))), path in excluded) for path in paths)


def _only_in(pictures: Sequence[Shown]) -> Iterator[Answer]:
    """For each class of the pictures: leave them out of the others."""
    for name in dict.fromkeys(name for shown in pictures for name in shown.classes):
        others = [shown.path for shown in pictures if name not in shown.classes]
        yield replace(excluding(others), text=f"Keep in {name} alone")


def _mend(mend: Exclude | Merge) -> Answer:
    if isinstance(mend, Exclude):
        return excluding(mend.pictures)

    def plan(now: Collection) -> Change:
        return edits.merge_classes(now, [_as_written(mend.name, now)], _as_written(mend.into, now))

    return Answer(mend.text, "merge", plan, f"Merged into {mend.into}.")


def _of_suspect(suspect: Suspect) -> Question:
    shown = Shown(suspect.path, (suspect.label,))
    return Question(
        Topic.SUSPECT,
        suspect.key,
        f"Is this {suspect.label}? It looks more like {suspect.suggested}.",
        (shown,),
        {
            MEND: moving(shown, suspect.suggested),
            EXCLUDE: excluding([suspect.path]),
            KEEP: settling(suspect.key, f"Keep {suspect.label}"),
        },
        may_move=True,
    )


def _of_nameless(nameless: Nameless) -> Question:
    shown = Shown(nameless.path, ())
    answers = {KEEP: settling(nameless.key, "Skip")}
    return Question(Topic.NAMELESS, nameless.key, "Which class is this?", (shown,), answers, may_move=True)


def _exclusion(paths: tuple[Path, ...]) -> Plan:
    return lambda now: edits.exclude(now, edits.in_use_at(now, paths))


def _items(now: Collection, shown: Shown) -> Sequence[Item]:
    """The picture, if it is still in its class or, without one, among those that have none."""
    shelves = [Shelf(name) for name in shown.classes] or [UNNAMED]
    found = [Item(shown.path, shelf, is_reference) for shelf in shelves for is_reference in (False, True)]
    return edits.still_there(now, found)


def _as_written(name: str, now: Collection) -> str:
    """The class as the collection writes it: audits compose the letters of names."""
    return same_name(name, now.classes) or name
