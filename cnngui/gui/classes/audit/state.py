"""What is to be looked at in the collection, and which of it is in view."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from cnngui.core.data.collections import edits
from cnngui.core.sentences import counted
from cnngui.gui.classes.audit.asking import excluding, moving
from cnngui.gui.classes.audit.checker import Checker
from cnngui.gui.classes.audit.question import SAFE, Answer, Question, Topic, Whereabouts
from cnngui.gui.classes.state import ClassesState

MOST_NUMBERED = 9  # answers: there are no more keys


class AuditState(QObject):
    """The open questions about a collection, one of which is in view. Answers go to the ClassesState.

    checker: finds the questions. changed: the questions, or which is in view, may have changed.
    opened: whether the questions are in view at all.
    """

    changed = Signal()
    opened = Signal(bool)

    def __init__(self, classes: ClassesState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes = classes
        self.checker = Checker(self)
        self.is_open = False
        self._questions: tuple[Question, ...] = ()  # those that are open
        self._row = 0  # of the one in view
        self._answered: set[str] = set()  # whose answers are being carried out
        self._done: set[str] = set()  # those that were answered: if one is back, it was undone
        classes.changed.connect(self._follow)
        self.checker.changed.connect(self._show)

    # Reading the state

    @property
    def count(self) -> int:
        """How many things in the collection may be wrong, as far as it was audited."""
        found = {question.key for question in self.checker.found}
        return sum(question.key in found for question in self._questions)

    @property
    def topics(self) -> dict[Topic, int]:
        """How many questions there are of each kind that has some, in their order."""
        counts = Counter(question.topic for question in self._questions)
        return {topic: counts[topic] for topic in Topic if counts[topic]}

    @property
    def current(self) -> Question | None:
        """The question in view."""
        return self._questions[self._row] if self._questions else None

    @property
    def following(self) -> Question | None:
        """The question after it."""
        return next(iter(self._questions[self._row + 1 : self._row + 2]), None)

    @property
    def place(self) -> tuple[int, int]:
        """Which one of its kind the question in view is, from 1, and how many there are."""
        same = self._like_current
        return (same.index(self._questions[self._row]) + 1 if same else 0), len(same)

    @property
    def numbered(self) -> Sequence[Answer]:
        """The answers that have the keys 1 to 9: for a picture without a class, the classes of the collection."""
        if not self.is_open or self.current is None:
            return ()
        if self.current.topic is not Topic.NAMELESS:
            return self.current.numbered
        shown = self.current.pictures[0]
        return [moving(shown, name, name) for name in self._classes.classes[:MOST_NUMBERED]]

    @property
    def can_check(self) -> bool:
        """Whether there are pictures to look at."""
        collection = self._classes.collection
        return collection is not None and sum(bool(collection.count(name)) for name in collection.classes) > 1

    @property
    def settled(self) -> int:
        """How many things are left as they are."""
        return len(self._classes.collection.settled) if self._classes.collection else 0

    def answer(self, name: str) -> Answer | None:
        """An answer to the question in view, if it has that one."""
        return self.current.answers.get(name) if self.is_open and self.current else None

    @property
    def answer_to_all(self) -> Answer | None:
        """What mends all questions like the one in view, if that is safe and there are several."""
        same = self._like_current
        if len(same) < 2 or same[0].topic not in SAFE:
            return None
        answer = excluding(dict.fromkeys(path for question in same for path in question.excluded))
        return Answer(f"{answer.text}, all of these", answer.title, answer.plan, answer.notice)

    @property
    def failure(self) -> str:
        """Why the last thing was not done, in a sentence; "" if it was."""
        return self._classes.problem or self._classes.failure or self.checker.error

    def can_step(self, by: int) -> bool:
        """Whether there is a question so many further."""
        return self.is_open and 0 <= self._row + by < len(self._questions)

    # What the user does

    def open(self) -> None:
        """Show the questions, and look closer for more."""
        if self.can_check:
            self._set_open(True)
            self.checker.look_closer()

    @Slot()
    def close(self) -> None:
        """Go back to the classes."""
        self._set_open(False)

    def step(self, by: int) -> None:
        """Go to the question so many further."""
        if self.can_step(by):
            self._row += by
            self.changed.emit()

    @Slot(object)
    def choose(self, topic: Topic) -> None:
        """Go to the first question of a kind."""
        current = self.current
        if current is not None and current.topic is not topic:
            self._row = next((row for row, each in enumerate(self._questions) if each.topic is topic), self._row)
            self.changed.emit()

    def give(self, name: str) -> None:
        """Answer the question in view."""
        answer = self.answer(name)
        if answer is not None and self.current is not None:
            self._carry_out(answer, [self.current])

    def give_numbered(self, number: int) -> None:
        """Answer the question in view with the answer that has this number, from 1."""
        answers = self.numbered
        if number <= len(answers) and self.current is not None:
            self._carry_out(answers[number - 1], [self.current])

    def mend_all(self) -> None:
        """Mend all questions like the one in view."""
        answer = self.answer_to_all
        if answer is not None:
            self._carry_out(answer, self._like_current)

    def move_to(self, name: str) -> None:
        """Give the picture in view to a class."""
        if self.current is not None and self.current.may_move:
            self._carry_out(moving(self.current.pictures[0], name), [self.current])

    def reopen(self) -> None:
        """Ask again about all that was left as it is."""
        what = counted(self.settled, "thing")
        self._classes.change("show again", edits.reopen, f"{what} to look at again.")
        self.checker.look_closer()

    def stop(self) -> None:
        """Wait until nothing is looked at: the window closes."""
        self.checker.stop()

    # Following

    @property
    def _like_current(self) -> list[Question]:
        current = self.current
        return [each for each in self._questions if current is not None and each.topic is current.topic]

    def _carry_out(self, answer: Answer, questions: Sequence[Question]) -> None:
        keys = {question.key for question in questions}
        self._answered |= keys
        self._done |= keys
        self._classes.change(answer.title, answer.plan, answer.notice)

    def _set_open(self, is_open: bool) -> None:
        if is_open != self.is_open:
            self.is_open = is_open
            self.opened.emit(is_open)
            self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        self.checker.follow(self._classes.collection)
        if not self._classes.is_busy:
            self._answered.clear()  # it is done, or could not be
        if self.is_open and not self.can_check and self._classes.collection is None:
            self.close()
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show the questions that are still open: one that is back, else the one in view, or the next in its place."""
        before, collection = self.current, self._classes.collection
        if collection is None:
            self._questions = ()
        else:
            there = Whereabouts(collection)
            found = (each for each in self.checker.questions if each.key not in self._answered)
            self._questions = tuple(each for each in found if there.is_open(each))
        keys = [question.key for question in self._questions]
        back = next((key for key in keys if key in self._done), None)
        wanted = back or (before.key if before else "")
        self._row = keys.index(wanted) if wanted in keys else self._row
        self._done.difference_update(keys)
        self._row = max(0, min(self._row, len(keys) - 1))
        self.changed.emit()
