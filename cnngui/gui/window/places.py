"""The places of the window, one of which is shown, and the bar above them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cnngui.gui.common.actions import Actions, follow
from cnngui.gui.common.style import SPACE
from cnngui.gui.window.scrolled import Scrolled


class Places(QWidget):
    """Predict, Classes, Train and Runs. changed: another place is shown."""

    changed = Signal()

    def __init__(self, model_button: QPushButton) -> None:
        super().__init__()
        self._places: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._model_button = model_button
        self._buttons = {name: QPushButton(name.capitalize()) for name in ("predict", "classes", "train", "runs")}
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        row.setSpacing(SPACE // 2)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(model_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)

    def add_place(self, name: str, widget: QWidget) -> None:
        """Add a place: "predict", "classes", "train" or "runs"."""
        self._places[name] = widget
        self._stack.addWidget(Scrolled(widget))

    def use_actions(self, actions: Actions) -> None:
        """Let the bar's buttons follow the actions that show the places."""
        for name, button in self._buttons.items():
            follow(button, actions[f"place {name}"])
        self._model_button.clicked.connect(actions["place runs"].trigger)
        self._model_button.addActions([actions[name] for name in ("open model", "export model", "place runs")])
        self._model_button.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def current(self) -> str:
        """The name of the place that is shown."""
        return list(self._places)[self._stack.currentIndex()]

    def show_place(self, name: str) -> None:
        """Show a place, and give it the focus, which it passes on to where work begins."""
        self._stack.setCurrentIndex(list(self._places).index(name))
        self.changed.emit()
        self._places[name].setFocus()
