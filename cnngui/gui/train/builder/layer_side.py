"""The side of the builder: the selected layer's settings, and what it sees of a picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cnngui.core.recipes.layers import LAYERS
from cnngui.core.recipes.setting import settings_of
from cnngui.gui.common.labels.plain_label import PlainLabel
from cnngui.gui.common.style import SPACE, mark
from cnngui.gui.train.builder.field_view import FieldView
from cnngui.gui.train.builder.state import BuilderState
from cnngui.gui.train.recipe.editors import Editor

WIDTH = 280  # pixels


class LayerSide(QWidget):
    """editors_changed: a layer of another kind is selected, with other settings."""

    editors_changed = Signal()

    def __init__(self, state: BuilderState, picture: NDArray[np.uint8]) -> None:
        """picture: one of the chosen data, uint8 (height, width, 3)."""
        super().__init__()
        self._state = state
        self._title, self._sentence = PlainLabel(), PlainLabel(wordWrap=True)
        self._settings = QWidget()
        self._column = QVBoxLayout(self)
        self._editors: dict[str, Editor] = {}
        self._kind = ""
        self._field, self._field_text = FieldView(picture), PlainLabel(wordWrap=True)
        self._lay_out()
        state.changed.connect(self._show_field)
        state.selection_changed.connect(self._show_selection)
        self._show_selection()

    @property
    def fields(self) -> list[QWidget]:
        """The fields of the settings, from the top."""
        return [editor.widget for editor in self._editors.values()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo means that of the layers, also in a field, which has one of its own."""
        keys = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and any(event.matches(key) for key in keys):  # type: ignore[attr-defined]
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _show_selection(self) -> None:
        layer = self._state.layer
        self._title.setText(layer.title if layer is not None else "No layer is selected")
        self._sentence.setText(layer.sentence if layer is not None else "")
        kind = layer.kind if layer is not None else ""
        if kind != self._kind:
            self._make_editors(kind)
        for name, editor in self._editors.items():
            editor.show(getattr(layer, name))
        self._show_field()

    def _make_editors(self, kind: str) -> None:
        self._kind = kind
        self._editors.clear()
        old, self._settings = self._settings, QWidget()
        rows = QGridLayout(self._settings)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE)
        rows.setColumnStretch(1, 1)
        settings = settings_of(LAYERS[kind]) if kind else {}
        for number, (name, setting) in enumerate(settings.items()):
            editor = self._editors[name] = Editor(setting, self._settings)
            editor.edited.connect(lambda value, name=name: self._state.set(name, value))
            editor.widget.installEventFilter(self)  # it has the focus, not the line inside it
            label = PlainLabel(setting.label)
            label.setBuddy(editor.widget)
            rows.addWidget(label, number, 0)
            rows.addWidget(editor.widget, number, 1)
        self._column.replaceWidget(old, self._settings)
        old.hide()
        old.deleteLater()
        self.editors_changed.emit()

    @Slot()
    def _show_field(self) -> None:
        self._field.setVisible(self._state.layer is not None)
        if self._state.layer is None:
            self._field_text.clear()
            return
        planned = self._state.plan.layers[self._state.selected]
        self._field.show_field(planned.field)
        if planned.problem:
            text = ""
        elif planned.field is None:
            text = "Each value of this layer sees the whole picture."
        else:
            text = f"Each value of this layer sees {planned.field.size} × {planned.field.size} pixels of the picture."
        self._field_text.setText(text)

    def _lay_out(self) -> None:
        mark(self._title, role="heading")
        for label in (self._sentence, self._field_text):
            mark(label, role="muted")
        self.setFixedWidth(WIDTH)
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        for widget in (self._title, self._sentence, self._settings):
            column.addWidget(widget)
        column.addSpacing(SPACE)
        column.addWidget(self._field)
        column.addWidget(self._field_text)
        column.addStretch(1)
