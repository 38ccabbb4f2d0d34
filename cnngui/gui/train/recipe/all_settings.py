"""All settings of a recipe, in groups."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cnngui.core.recipes.recipe import PARTS, SETTINGS
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.recipe.editors import Editor
from cnngui.gui.train.recipe.rows import SettingRows
from cnngui.gui.train.recipe.schedule_sketch import ScheduleSketch
from cnngui.gui.train.recipe.state import RecipeState
from cnngui.gui.train.recipe.vary import VaryState

TITLES = {
    "network": "Network",
    "optimization": "Optimization",
    "augmentation": "Augmentation",
    "validation": "Validation and seed",
}
TOOLS = {"network": "Edit layers …", "optimization": "Find a learning rate …", "augmentation": "Preview …"}
TOOL_TIPS = {
    "network": "Build a network of layers of your own",
    "optimization": "Train for a minute with a growing rate, and see where the loss falls fastest",
    "augmentation": "See a picture exactly as the network will get it",
}


class AllSettings(QWidget):
    """The settings that beginners do not see, in a group for each part of the recipe.

    tool_asked: the part whose tool is wanted: "network", "optimization" or "augmentation".
    """

    tool_asked = Signal(str)

    def __init__(self, state: RecipeState, vary: VaryState) -> None:
        super().__init__()
        self._state = state
        self._groups: dict[str, SettingRows] = {}
        self._tools: dict[str, QPushButton] = {}
        self._sketch = ScheduleSketch(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE, 0)  # beside the scroll bar
        column.setSpacing(SPACE)
        for part in PARTS:
            title = PlainLabel(TITLES[part])
            mark(title, role="heading")
            self._groups[part] = SettingRows(state, _paths(part), vary)
            column.addSpacing(SPACE)
            column.addWidget(title)
            column.addWidget(self._groups[part])
            if part == "optimization":
                column.addWidget(self._sketch)
            if part in TOOLS:
                self._tools[part] = self._tool(part)
                column.addWidget(self._tools[part])
        state.changed.connect(self._show)
        self._show()

    def editor(self, path: str) -> Editor:
        """The editor of a setting."""
        return next(group.editor(path) for part, group in self._groups.items() if path in _paths(part))

    @Slot()
    def _show(self) -> None:
        """Hide what has no effect, as the recipe is."""
        learns = self._state.recipe.has_effect("optimization.learning_rate")
        self._sketch.setVisible(learns)
        self._tools["optimization"].setVisible(learns)
        self._tools["network"].setVisible(self._state.recipe.has_effect("network.shape"))

    def _tool(self, part: str) -> QPushButton:
        button = QPushButton(TOOLS[part])
        button.setToolTip(TOOL_TIPS[part])
        button.clicked.connect(lambda: self._ask(part))
        return button

    @Slot(str)
    def _ask(self, part: str) -> None:
        self.tool_asked.emit(part)


def _paths(part: str) -> list[str]:
    """The settings of a part that beginners do not see; what belongs to no part is with the validation."""
    own = [path for path in SETTINGS if path.startswith(f"{part}.")]
    others = [path for path in SETTINGS if "." not in path] if part == "validation" else []
    return [path for path in (*own, *others) if not SETTINGS[path].is_basic]
