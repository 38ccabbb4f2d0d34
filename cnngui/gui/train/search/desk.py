"""Where searches are asked for, begun, followed and shown in the Train half."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from cnngui.core.errors import UserError
from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import is_run, new_folder
from cnngui.core.search.following import Seen
from cnngui.core.search.going_on import UnknownServerError, continued
from cnngui.core.search.search import Search
from cnngui.core.search.storage import Place
from cnngui.core.search.trials import Standing
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.common.words import place
from cnngui.gui.common.worker import LatestTask
from cnngui.gui.train.form import TrainForm
from cnngui.gui.train.outcome import OutcomeStrip
from cnngui.gui.train.search.continue_dialog import ContinueDialog
from cnngui.gui.train.search.endings import NotBegun, Searched, SearchEnding
from cnngui.gui.train.search.follow_dialog import FollowDialog
from cnngui.gui.train.search.follower import Follower
from cnngui.gui.train.search.outcome import in_words
from cnngui.gui.train.search.page import SearchPage
from cnngui.gui.train.search.state import SearchState
from cnngui.gui.train.search.turn import Turn
from cnngui.gui.train.search.wishes import Limit, Wishes


class SearchDesk(QObject):
    """Begins the searches that the form asks for, goes on with others, and shows what has come of them.

    changed: what it follows, or what it can do. shown: the page has something to show, for the first time.
    run_chosen: the folder of a trial's run.
    """

    shown = Signal()
    changed = Signal()
    run_chosen = Signal(object)

    def __init__(
        self,
        state: SearchState,
        turn: Turn,
        form: TrainForm,
        strip: OutcomeStrip,
        runs_dir: Path,
        settings: Settings,
        widget: QWidget,
    ) -> None:
        super().__init__(widget)
        self.state, self.wishes, self.follower = state, Wishes(self), Follower(self)
        self.page, self._looker = SearchPage(self.follower), LatestTask(self)
        self._turn, self._form, self._strip, self._runs_dir, self._settings, self._widget = (
            turn,
            form,
            strip,
            runs_dir,
            settings,
            widget,
        )
        self.follower.changed.connect(self.changed)
        self.wishes.changed.connect(self.changed)
        self._seen: Seen | None = None
        self._folder: Path | None = None  # of the search in view, if it is on this computer
        self._asks: Path | None = None  # the folder of a search that is to be continued once it is read
        state.seen.connect(self._show)
        state.ended.connect(self._show_ending)
        self.follower.seen.connect(self._show)
        self.follower.failed.connect(self._show_failure)
        self.page.results.recipe_chosen.connect(self.use_recipe)
        self.page.results.run_chosen.connect(self._choose_run)

    @property
    def has_results(self) -> bool:
        """Whether there is anything to show."""
        return self._seen is not None

    def start(self, fit: tuple[str, ...]) -> None:
        """Begin the search that the form asks for, in a new folder. fit: as in :class:`Request`."""
        form = self._form
        folder = new_folder(self._runs_dir, f"search {form.recipe.name}", form.data_title, datetime.now())
        request = self.wishes.request(form.recipe, form.vary.space, fit)
        what = Search(
            folder, form.source, request, form.data_dir, self.wishes.limit.budget, devices=self._settings.devices
        )
        self._begin(folder, lambda: what)

    def open(self, folder: Path) -> None:
        """Show the search in a folder, and ask how long it is to go on, unless a training runs."""
        if not self.state.is_busy:
            self._strip.hide()
            self._forget()
            self._folder, self._asks = folder, folder if self._turn.can_search else None
            self._follow_folder(folder)

    @Slot()
    def ask_folder(self) -> None:
        """Let the user choose the folder of a search to go on with."""
        last = self._settings.search_folder
        name = QFileDialog.getExistingDirectory(
            self._widget, "Choose the folder of a search", str(last or self._runs_dir)
        )
        if name:
            self.open(Path(name))

    @Slot()
    def ask_to_follow(self) -> None:
        """Let the user choose a search to watch."""
        FollowDialog(self._settings, self._follow, self._widget.window()).open()

    def _follow(self, chosen: Path | tuple[Place, str]) -> None:
        if self.state.is_busy:
            return
        self._forget()
        if isinstance(chosen, Path):
            self._folder = chosen
            self._follow_folder(chosen)
        else:
            self.follower.follow_server(*chosen)

    def _follow_folder(self, folder: Path) -> None:
        self.follower.follow_folder(folder, self._settings.search_server)

    @Slot(object)
    def use_recipe(self, recipe: Recipe) -> None:
        """Let the form say the recipe of a trial, for one training."""
        self._form.vary.turn(False)
        self._form.recipe_state.use(recipe)

    def stop(self) -> None:
        """Wait until nothing is read or written: the window closes."""
        self.page.results.stop()
        self.follower.stop()
        self._looker.stop()

    def _begin(self, folder: Path, make: Callable[[], Search]) -> None:
        if not self._may_begin():
            return
        self.follower.end()
        self._forget()
        self._folder = self._settings.search_folder = folder
        self.state.start(folder, make)

    def _forget(self) -> None:
        self._seen, self._folder, self._asks = None, None, None
        self.page.results.clear()

    @Slot(object)
    def _show(self, seen: Seen) -> None:
        is_first = self._seen is None
        self._seen = seen
        self.page.show_seen(seen)
        if is_first:
            self.shown.emit()
        if self._asks is not None:
            self._ask_limit(self._asks, seen.standing)
            self._asks = None

    def _ask_limit(self, folder: Path, standing: Standing) -> None:
        def go_on(limit: Limit) -> None:
            devices = self._settings.devices
            self._begin(folder, lambda: replace(continued(folder, standing, limit.budget), devices=devices))

        ContinueDialog(standing, self.wishes.limit, go_on, self._widget.window()).open()

    @Slot(object)
    def _show_ending(self, ending: SearchEnding) -> None:
        folder = self.state.folder
        assert folder is not None  # it has just been searched in
        choices = []
        match ending:
            case Searched():
                best, standing = ending.standing.best, ending.standing
                if best is not None:
                    choices.append(Choice("Use as recipe", lambda: self.use_recipe(standing.recipe(best))))
                go_on = self._go_on if ending.is_stopped else lambda: self._ask_limit(folder, standing)
                choices.append(Choice("Continue" if ending.is_stopped else "Continue …", go_on))
                choices.append(Choice("Show in folder", lambda: _show_folder(folder)))
            case NotBegun():
                pass
            case _:
                choices.append(Choice("Try again", self._go_on))
        kind, heading, text = in_words(ending)
        if isinstance(ending, Searched):
            text += f"\nAll trials are kept in {place(folder)}"
        self._strip.show_search(kind, heading, text, choices)

    @Slot()
    def _go_on(self) -> None:
        if self._may_begin():
            self.follower.end()  # another one may be in view meanwhile
            self._folder = self.state.folder
            self.state.start_again()

    def _may_begin(self) -> bool:
        """Whether a search may begin; it says why not."""
        self._strip.hide()
        if not self._turn.can_search:
            text = "A training runs, or its model is not saved yet. Continue the search after that."
            self._strip.show_search("stopped", "Not now", text, [Choice("Close", self._strip.hide)])
        return self._turn.can_search

    @Slot(object)
    def _show_failure(self, error: UserError) -> None:
        if isinstance(error, UnknownServerError) and self._folder is not None:
            connect = Choice("Connect", partial(self._connect, self._folder, error.server))
            choices = [connect, Choice("Not now", self._strip.hide)]
            self._strip.show_search("doubtful", "Connect to this server?", str(error), choices)
            return
        self._asks = None
        self._strip.show_search("failed", "The search cannot be read", str(error), [Choice("Close", self._strip.hide)])

    def _connect(self, folder: Path, server: str) -> None:
        self._strip.hide()
        self._settings.search_server = server
        self._follow_folder(folder)

    @Slot(str)
    def _choose_run(self, name: str) -> None:
        folder = self._folder / name if self._folder is not None and name else None
        self._looker.do(lambda _report, _should_stop: folder if folder and is_run(folder) else None, self._show_run)

    def _show_run(self, folder: Path | None) -> None:
        if folder is not None:
            self.run_chosen.emit(folder)
            return
        text = "The trial was trained on another computer, or its run was deleted."
        self._strip.show_search("stopped", "The run is not here", text, [Choice("Close", self._strip.hide)])


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
