"""The window: it makes its parts and connects them."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow, QSizePolicy, QVBoxLayout, QWidget

from cnngui import paths
from cnngui.core.device import Devices
from cnngui.core.models.opening.other_kinds import SUFFIXES
from cnngui.core.pictures import decoder_pool
from cnngui.core.runs.library import ListedRun
from cnngui.core.runs.report import write_report
from cnngui.gui.classes.audit.state import AuditState
from cnngui.gui.classes.panel import ClassesPanel
from cnngui.gui.classes.state import ClassesState
from cnngui.gui.common.actions import Actions
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.common.mime import ONE_MODEL, models_of
from cnngui.gui.common.saver import Saver
from cnngui.gui.common.settings import Settings
from cnngui.gui.export.exporter import Exporter
from cnngui.gui.predict.panel import PredictPanel
from cnngui.gui.predict.picture_actions import PictureActions
from cnngui.gui.predict.picture_counts import PictureCounts
from cnngui.gui.predict.state import PredictState
from cnngui.gui.predict.test_images import TestImages
from cnngui.gui.runs.model.button import ModelButton
from cnngui.gui.runs.model.opener import ModelOpener
from cnngui.gui.runs.panel import RunsPanel
from cnngui.gui.train.panel import TrainPanel
from cnngui.gui.train.phases import Ending
from cnngui.gui.train.plot.plot_files import PlotFiles
from cnngui.gui.train.recipe.form import FILES
from cnngui.gui.train.search.endings import SearchEnding
from cnngui.gui.train.search.state import SearchState
from cnngui.gui.train.state import TrainState
from cnngui.gui.window import geometry
from cnngui.gui.window.again import Again
from cnngui.gui.window.closing import Closing
from cnngui.gui.window.drops.drops import Drops
from cnngui.gui.window.first_model import FirstModelOffer
from cnngui.gui.window.information import Information
from cnngui.gui.window.litert_files import LitertFiles
from cnngui.gui.window.look import Look
from cnngui.gui.window.menus.bar import fill_menu_bar
from cnngui.gui.window.menus.parts import Parts
from cnngui.gui.window.menus.table import table
from cnngui.gui.window.mistakes import Mistakes
from cnngui.gui.window.model_in_use import ModelInUse
from cnngui.gui.window.places import Places
from cnngui.gui.window.status_line import StatusLine
from cnngui.gui.window.strips.column import Strips
from cnngui.gui.window.ways import Ways

MODELS = f"Models ({' '.join(f'*{suffix} *{suffix.upper()}' for suffix in SUFFIXES)});;All files (*)"
NOTHING_TO_PASTE = "The clipboard holds no picture, file or web address. Copy one, then paste it here."


class MainWindow(QMainWindow):
    """Predict, Classes, Train and Runs, with the bar above and the status below.

    model: the model to open first; None for the user's default.
    data_dir: where CIFAR-10 is, if the user has said so.
    runs_dir: where trained models go; by default the user's own folder.
    """

    def __init__(
        self, *, model: Path | None = None, data_dir: Path | None = None, runs_dir: Path | None = None
    ) -> None:
        super().__init__()
        self.settings = Settings()
        self.opener = ModelOpener(self.settings, self)
        self.predict_state, self.train_state = PredictState(self), TrainState(runs_dir, self)
        self.classes_state = ClassesState(self.settings, self)
        self.audit = AuditState(self.classes_state, self)
        self.saver = Saver(self.settings, self)
        self.predict = PredictPanel(self.predict_state, self.settings)
        self.classes = ClassesPanel(self.classes_state, self.audit, self.settings)
        self.train_state.devices = self.settings.devices
        self.search_state = SearchState(self)
        self.train = TrainPanel(self.train_state, self.search_state, self.settings, data_dir)
        self.train.plot.hold_accuracy(self.settings.holds_accuracy)
        self.runs = RunsPanel(self.train_state.runs_dir, self.settings, self.opener)
        self.test_images = TestImages(lambda: self.train.form.data_dir, self)
        self.predict.invitation.use_test_images(self.test_images)
        mistakes, model_button = Mistakes(self.opener, self.test_images, self.predict_state, self), ModelButton()
        self.places = Places(model_button)
        self.strips = Strips(self.train_state.runs_dir, self.places.show_place)
        self._model = ModelInUse(
            *(self.opener, model_button, self.strips, self.predict_state, self.test_images),
            *(mistakes, self.audit, self.train, self),
        )
        self.ways = Ways(self.places, self.predict_state, mistakes, self.opener, self.train, self.runs, self)
        self._again = Again(self.ways, self.train_state.runs_dir, self)
        self.exporter = Exporter(self, self.settings, lambda: self.train.form.data_dir)
        self._picture_actions = PictureActions(self.predict_state, self.predict, self.saver)
        self._look = Look(self.settings, self)
        self._counts = PictureCounts(self.predict_state)
        self._first_model = FirstModelOffer(self.strips.offer, self.ways, self.opener, self)
        self._litert_files = LitertFiles(self)
        self._information = Information(
            self, self.train_state.runs_dir, lambda: [*self.actions_table, *self.runs.run_actions]
        )
        self.status_line = StatusLine(self._counts)
        self._state_label = ElidedLabel()
        self._state_label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._state_label.setMinimumWidth(1)
        self._lay_out()
        self.actions_table = Actions(table(self._parts()), self)
        self._use_actions()
        self._closing = Closing(self, self.train_state, self.search_state, self.classes, self.close)
        self._drops = Drops(self, self.places, self.classes, self._take)
        self._connect()
        self.places.show_place("predict")
        self._refresh()
        if model is None:
            self.opener.open_default()
        else:
            self.opener.open(model)

    def close_unattended(self) -> None:
        """Close when nobody can be asked: stop a training, and keep its model, among temporary files if need be."""
        self._closing.close_unattended()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close if nothing is lost by it; wait for what is being read and written."""
        if not self._closing.may_close():
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.hide()
        self._information.close()
        with decoder_pool.closed():  # a picture that takes long must not hold up the end
            for part in (
                *(self.predict_state, self.predict, self.classes, self.train.data, self.train.pinned, self.train.tools),
                *(self.train.form.recipe_state, self._drops, self.strips, self._again, self.runs),
                *(self.train.search, self.saver, self.opener, self._litert_files, self.exporter),
            ):
                part.stop()
        event.accept()

    # Pictures and models that come in

    def _take(self, mime: QMimeData) -> bool:
        """Open the model, if there is one, and classify the rest; whether there was anything to take."""
        models = models_of(mime)
        if len(models) > 1 or not (self.predict_state.take_mime(mime) or models):
            return False
        self.places.show_place("predict")
        for path in models:
            self.opener.open(path)
        return True

    @Slot()
    def _paste(self) -> None:
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None where nothing was ever copied
        if mime is not None and self.places.current == "classes" and self.classes.take_mime(mime):
            return
        if mime is None or not self._take(mime):
            self._notice(f"{ONE_MODEL}." if mime is not None and models_of(mime) else NOTHING_TO_PASTE)

    @Slot()
    def _choose_model(self) -> None:
        runs = self.train_state.runs_dir
        start = runs if runs.is_dir() else paths.shipped_model().parent
        name, _ = QFileDialog.getOpenFileName(self, "Open a model", str(start), MODELS)
        if name:
            self.ways.predict_with(Path(name))

    @Slot()
    def _classify_test_image(self) -> None:
        self.places.show_place("predict")
        self.predict_state.search(self.test_images.random_one())

    @Slot()
    def _add_to_class(self) -> None:
        self.classes.add_to_class(self._picture_actions.sources())

    # Files that go out

    @Slot()
    def _export_model(self) -> None:
        if self.opener.in_use is not None:
            self.exporter.export(self.opener.in_use.path)

    @Slot(object)
    def _save_report(self, run: ListedRun) -> None:
        self.saver.save("Save the run as a page", f"{run.name}.html", "HTML (*.html)", partial(write_report, run))

    @Slot()
    def _export_recipe(self) -> None:
        state = self.train.form.recipe_state
        self.saver.save("Export the recipe", f"{state.title}.toml", FILES, state.writer())

    # The status

    @Slot(str)
    def _notice(self, text: str) -> None:
        self.status_line.tell(text)

    @Slot()
    def _refresh(self) -> None:
        """Bring the status and all actions up to date."""
        if self.places.current == "train":
            self.strips.ending.hide()  # the whole result is there
        doing = {
            f"training on {self.train_state.title}": self.train_state.is_busy,
            "searching": self.search_state.is_busy,
            "classifying": self.predict_state.is_busy,
            "looking for pictures": self.predict_state.is_gathering,
            "changing the collection": self.classes_state.is_busy,
            "checking the pictures": self.audit.checker.is_running,
        }
        active = [text for text, is_so in doing.items() if is_so] or ["idle"]
        self._state_label.setText("  ·  ".join(part for part in (self._model.device, *active) if part))
        self.actions_table.refresh()

    @Slot()
    def _look_for_test_images(self) -> None:
        self.test_images.refresh()
        self._refresh()

    @Slot()
    def _tell_side(self) -> None:
        """Small pictures are those that the form's network would enlarge."""
        self.audit.checker.use_side(self.train.form.side)

    @Slot(object)
    def _training_ended(self, ending: Ending) -> None:
        self._look_for_test_images()  # CIFAR-10 may have been downloaded
        self.runs.refresh()
        self._refresh()
        if self.places.current != "train":
            self.strips.ending.tell(ending)

    @Slot(object)
    def _search_ended(self, ending: SearchEnding) -> None:
        self._look_for_test_images()
        if self.places.current != "train":
            self.strips.ending.tell_search(ending)

    # What only the window can do

    def _train_on(self, devices: Devices) -> None:
        self.settings.devices = self.train_state.devices = devices

    def _set_text_size(self, percent: int) -> None:
        self._look.set_text_size(percent)
        self._refresh()
        self._notice(f"Text at {percent} %")

    # Setting up

    def _parts(self) -> Parts:
        return Parts(
            settings=self.settings,
            places=self.places,
            predict_state=self.predict_state,
            predict=self.predict,
            pictures=self._picture_actions,
            test_images=self.test_images,
            classes_state=self.classes_state,
            classes=self.classes,
            audit=self.audit,
            train_state=self.train_state,
            train=self.train,
            plot_files=PlotFiles(self.train.plot, self.saver),
            runs=self.runs,
            classify=self.ways.classify,
            classify_test_image=self._classify_test_image,
            classify_all_test_images=self.ways.classify_all_test_images,
            add_to_class=self._add_to_class,
            paste=self._paste,
            choose_model=self._choose_model,
            export_model=self._export_model,
            has_model=lambda: self._model.is_there,
            gpus=lambda: self._model.gpus,
            train_on=self._train_on,
            set_appearance=self._look.set_appearance,
            set_text_size=self._set_text_size,
            show_log=self._information.show_log,
            show_about=self._information.show_about,
            show_keys=self._information.show_keys,
            show_readme=self._information.show_readme,
            show_report=self._information.show_report,
            quit=self.close,
        )

    def _use_actions(self) -> None:
        actions = self.actions_table
        fill_menu_bar(self.menuBar(), actions)
        self.places.use_actions(actions)
        self.predict.use_actions(actions)
        self.classes.use_actions(actions)
        self.train.use_actions(actions)
        self.runs.use_actions(actions)
        self._counts.unreadable_clicked.connect(actions["unreadable"].trigger)

    def _connect(self) -> None:
        for changed in (
            *(self.predict_state.changed, self.predict.selection_changed, self.train_state.phase_changed),
            *(self.search_state.phase_changed, self.train.search.changed),
            *(self.train.plot.changed, self.places.changed, self.predict.explain_button.toggled),
            *(self.classes_state.changed, self.classes.selection_changed, self.audit.changed, self._model.changed),
        ):
            changed.connect(self._refresh)
        for part in (self.predict_state, self.classes_state, self.saver, self.runs, self.runs.changer, self._drops):
            part.notice.connect(self._notice)
        self._information.notice.connect(self._notice)
        self._model.notice.connect(self._notice)
        self._closing.notice.connect(self._notice)
        self.classes_state.changed.connect(self._closing.collection_changed)
        self.runs.commands.use_model.connect(self.ways.predict_with)
        self.runs.changer.moved.connect(self._model.moved)
        self.runs.changer.back.connect(self.train_state.model_back)
        self.runs.commands.show_curves.connect(self.ways.show_curves)
        self.runs.commands.continue_run.connect(self.ways.continue_run)
        self.runs.commands.continue_run.connect(self.strips.interrupted_runs.forget)
        self.runs.commands.longer_asked.connect(self.ways.train_longer)
        self.runs.commands.report_asked.connect(self._save_report)
        self.runs.commands.export_asked.connect(self.exporter.export)
        self.train.form.recipe_form.export_asked.connect(self._export_recipe)
        self.runs.changer.suggested.connect(self.strips.offer.show_suggestion)
        self.runs.changer.ended.connect(self._refresh)
        self.opener.ended.connect(self.strips.interrupted_runs.look_once)  # not before: the start has enough to do
        self.strips.interrupted_runs.continue_asked.connect(self.ways.continue_run)
        self.train.use_model.connect(self.ways.predict_with)
        self.train.first_model.connect(self._first_model.offer)
        self.train.discard_model.connect(self.runs.changer.delete_run)
        self.train.look_at_mistakes.connect(self.ways.look_at_mistakes)
        self.classes.commands.train_asked.connect(self.ways.train_on)
        self.classes.commands.again_asked.connect(self._again.train)
        self._again.suggested.connect(self.strips.offer.show_suggestion)
        self._drops.train_on.connect(self.train.form.use_folder)
        self._drops.classify.connect(self.ways.classify)
        self._drops.open_run.connect(self.ways.open_run)
        self.train_state.ended.connect(self._training_ended)
        self.search_state.ended.connect(self._search_ended)
        self.train.search.run_chosen.connect(self.ways.open_run)
        self._drops.continue_search.connect(self.ways.continue_search)
        self._drops.open_model.connect(self.ways.predict_with)
        self.opener.ended.connect(self.strips.interrupted_search.look_once)
        self.strips.interrupted_search.continue_asked.connect(self.ways.continue_search)
        self.train_state.ended.connect(self._first_model.end)
        self.train_state.ended.connect(self._litert_files.make)
        self.train_state.ended.connect(self._again.offer)  # after that: what is offered there is withdrawn
        self.train.form.changed.connect(self._look_for_test_images)
        self.train.form.changed.connect(self._tell_side)
        self._tell_side()

    def _lay_out(self) -> None:
        self.setWindowTitle("cnngui")
        geometry.restore(self, self.settings.geometry)
        # From the outside in: whatever gets another parent is styled anew, with all that is in it.
        central = QWidget()
        self.setCentralWidget(central)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.places, 1)
        column.addWidget(self.strips)
        for name in ("predict", "classes", "train", "runs"):
            self.places.add_place(name, getattr(self, name))
        self.statusBar().addWidget(self.status_line, 1)
        self.statusBar().addPermanentWidget(self._state_label)
        self.statusBar().setSizeGripEnabled(False)
