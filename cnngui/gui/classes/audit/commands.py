"""What the user can do with the things to look at."""

from PySide6.QtWidgets import QWidget

from cnngui.gui.classes.audit.state import AuditState
from cnngui.gui.classes.picker import ClassPicker
from cnngui.gui.classes.state import ClassesState


class AuditCommands:
    """The commands that need a window, or words."""

    def __init__(self, state: AuditState, classes: ClassesState, parent: QWidget) -> None:
        self._state, self._classes, self._parent = state, classes, parent

    def text(self, name: str, otherwise: str) -> str:
        """What an answer is called now, for its action."""
        answer = self._state.answer(name)
        return answer.text.replace("&", "&&") if answer else otherwise

    def text_of_all(self) -> str:
        """What the answer to all questions like this one is called."""
        answer = self._state.answer_to_all
        return answer.text if answer else "Mend &all like this"

    def text_of_numbered(self, number: int) -> str:
        """What the answer with this number is called, with its key."""
        answers = self._state.numbered
        text = answers[number - 1].text.replace("&", "&&") if number <= len(answers) else "Class"
        return f"{number}   {text}"

    def has_numbered(self, number: int) -> bool:
        """Whether the question in view has an answer with this number."""
        return number <= len(self._state.numbered)

    def may_move(self) -> bool:
        """Whether the picture in view can be given to any class."""
        return self._state.is_open and self._state.current is not None and self._state.current.may_move

    def move(self) -> None:
        """Ask which class gets the picture in view."""
        question = self._state.current

        def take(name: str) -> None:
            if self._state.current is question:
                self._state.move_to(name)

        title = "Which class is it?"
        ClassPicker(title, self._classes.classes, take, self._parent.window(), offers_none=False).open()
