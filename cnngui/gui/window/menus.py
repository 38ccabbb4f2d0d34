"""The window's menus: every action has its place here, and most have a key."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from cnngui.gui.predict.invitation import samples

if TYPE_CHECKING:
    from cnngui.gui.window.main_window import MainWindow


def make_menus(window: "MainWindow") -> QAction:
    """Fill the window's menu bar. Returns the action that starts and stops a training, whose text follows it."""
    models = _make_file(window)
    start = _make_train(window)
    _make_view(window, models)
    _add(window.menuBar().addMenu("&Help"), "&About cnngui", None, window.show_about)
    return start


def _make_file(window: "MainWindow") -> QAction:
    """Returns the action that shows the models, which has a place in another menu too."""
    menu, prediction = window.menuBar().addMenu("&File"), window.prediction

    def shown(slot: Callable[[], object]) -> Callable[[], object]:
        return partial(window.in_prediction, slot)

    _add(menu, "&Open pictures …", QKeySequence.StandardKey.Open, shown(prediction.open_files))
    _add(menu, "Open a &folder …", "Ctrl+Shift+F", shown(prediction.open_folder))
    _add(menu, "&Paste", QKeySequence.StandardKey.Paste, window.paste)
    sample_menu = menu.addMenu("&Sample pictures")
    for path in samples():
        _add(sample_menu, path.stem, None, partial(window.classify, [path]))
    _add(menu, "Random &test image", "Ctrl+R", window.classify_test_image)
    menu.addSeparator()
    actions = window.picture_actions
    chosen = [
        _add(menu, "C&opy as text", QKeySequence.StandardKey.Copy, actions.copy),
        _add(menu, "S&how in its folder", None, actions.reveal),
        _add(menu, "&Remove from the list", QKeySequence.StandardKey.Delete, actions.remove),
    ]
    actions.add_to_list(chosen)
    _add(menu, "&Undo remove", QKeySequence.StandardKey.Undo, shown(window.predict_state.undo))
    save_menu = menu.addMenu("Sa&ve")
    _add(save_menu, "The answers as a table (&CSV) …", None, actions.save_csv)
    _add(save_menu, "The answers as &JSON …", None, actions.save_json)
    _add(save_menu, "The explained &picture as PNG …", None, actions.save_png)
    menu.addSeparator()
    _add(menu, "F&ind by name", QKeySequence.StandardKey.Find, shown(prediction.find_by_name))
    _add(menu, "Show unrea&dable pictures", None, shown(prediction.show_unreadable))
    _add(menu, "Ca&ncel what waits", "Esc", window.predict_state.cancel)
    _add(menu, "&Clear the list", "Ctrl+L", shown(window.predict_state.clear))
    menu.addSeparator()
    _add(menu, "Open a mode&l …", "Ctrl+Shift+O", window.choose_model)
    models = _add(menu, "&Models", "Ctrl+3", window.show_models)
    menu.addSeparator()
    _add(menu, "&Quit", "Ctrl+Q", window.close)  # Qt's standard key for it is none on some systems
    return models


def _make_train(window: "MainWindow") -> QAction:
    menu = window.menuBar().addMenu("&Train")
    start = _add(menu, "&Start", "F5", window.start_or_stop)
    menu.addSeparator()
    _add(menu, "Show the curves &whole", "Ctrl+0", window.training.plot.reset_zoom)
    save_menu = QMenu(window)
    save_menu.addAction(_add(menu, "Save the &plot as PNG …", "Ctrl+S", window.plot_files.save_png))
    save_menu.addAction(_add(menu, "Save the curves as &CSV …", "Ctrl+Shift+S", window.plot_files.save_csv))
    window.training.plot.save_button.setMenu(save_menu)
    menu.addSeparator()
    _add(menu, "Show the trained models’ &folder", None, window.models.show_runs)
    return start


def _make_view(window: "MainWindow", models: QAction) -> None:
    menu = window.menuBar().addMenu("&View")
    _add(menu, "&Predict", "Ctrl+1", window.show_prediction)
    _add(menu, "&Train", "Ctrl+2", window.show_training)
    menu.addAction(models)
    _add(menu, "&Explain the answer", "Ctrl+E", window.prediction.explain)
    menu.addSeparator()
    group = QActionGroup(window)
    for name, text in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark")):
        action = _add(menu, text, None, partial(window.set_appearance, name))
        action.setCheckable(True)
        action.setChecked(name == window.settings.appearance)
        group.addAction(action)


def _add(menu: QMenu, text: str, key: QKeySequence.StandardKey | str | None, slot: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    if key is not None:
        action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda _checked=False: slot())
    return action
