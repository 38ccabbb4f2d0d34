"""What a person wants of a search, above Start; and the choice between a search and one training."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnngui.core.search.plan import Aim, Pruner, Sampler
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.common.switches import Switches
from cnngui.gui.train.recipe.vary import VaryState
from cnngui.gui.train.search.limit_box import LimitBox
from cnngui.gui.train.search.rows import rows
from cnngui.gui.train.search.wishes import Wishes

ONE, SEARCH = range(2)
AIMS = {Aim.ACCURACY: "accuracy", Aim.BOTH: "accuracy and time of an answer"}
PRUNERS = {Pruner.MEDIAN: "those below the median", Pruner.HYPERBAND: "Hyperband", Pruner.NONE: "none"}
SAMPLERS = {Sampler.TPE: "TPE: near what was good", Sampler.RANDOM: "random"}


class SearchBox(QWidget):
    """The switch, and the wishes below it while it stands on a search."""

    def __init__(self, vary: VaryState, wishes: Wishes) -> None:
        super().__init__()
        self._vary, self._wishes = vary, wishes
        tips = ("Train what the form says", "Train again and again with other values, and find the best ones")
        self.switches = Switches("What Start begins", ("One training", "Search"), tips)
        self.limit = LimitBox(wishes.limit)
        self.aim = _list("Aim", "What the best trial is best in", AIMS)
        self.pruner = _list("End early", "Which trials end before their last epoch", PRUNERS)
        self.sampler = _list("Sampler", "How the values of a trial are chosen", SAMPLERS)
        self.more_button = QPushButton()
        self._wished, self._more, self._problem = QWidget(), QWidget(), PlainLabel(wordWrap=True)
        self._lay_out()
        self.switches.chosen.connect(self._turn)
        self.limit.changed.connect(wishes.want)
        for box in (self.aim, self.pruner, self.sampler):
            box.currentIndexChanged.connect(self._want)
        self.more_button.toggled.connect(self._show_more)
        vary.changed.connect(self._show)
        self._show_more(False)
        self._show()

    @Slot(int)
    def _turn(self, number: int) -> None:
        self._vary.turn(number == SEARCH)

    @Slot()
    def _want(self) -> None:
        self._wishes.want(Aim(self.aim.currentData()))
        self._wishes.want(Pruner(self.pruner.currentData()))
        self._wishes.want(Sampler(self.sampler.currentData()))
        self.pruner.setEnabled(self._wishes.aim == Aim.ACCURACY)  # two aims cannot be compared within a training

    @Slot(bool)
    def _show_more(self, is_shown: bool) -> None:
        self._more.setVisible(is_shown)
        self.more_button.setText("▾ For experts" if is_shown else "▸ For experts")

    @Slot()
    def _show(self) -> None:
        self.switches.choose(SEARCH if self._vary.is_on else ONE)
        for widget in (self._wished, self.more_button):
            widget.setVisible(self._vary.is_on)
        problem = self._vary.first_problem if not self._vary.space else ""  # others stand beside their settings
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _lay_out(self) -> None:
        mark(self._problem, role="muted")
        mark(self.more_button, kind="fold")
        self.more_button.setCheckable(True)
        self.more_button.setToolTip("Which trials end early, and how values are chosen")
        column = QVBoxLayout(self._wished)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._problem)
        column.addLayout(rows({"Bud&get": self.limit, "&Aim": self.aim}))
        more = rows({"End early": self.pruner, "Sampler": self.sampler})
        more.setContentsMargins(0, 0, 0, 0)
        self._more.setLayout(more)
        column.addWidget(self._more)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SPACE)
        top = QHBoxLayout()
        top.addWidget(self.switches)
        top.addStretch(1)
        top.addWidget(self.more_button)
        outer.addLayout(top)
        outer.addWidget(self._wished)


Wish = TypeVar("Wish", bound=StrEnum)


def _list(name: str, tip: str, entries: Mapping[Wish, str]) -> QComboBox:
    box = QComboBox()
    for value, text in entries.items():
        box.addItem(text, value.value)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    return box
