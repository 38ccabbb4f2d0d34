"""A search in the window, with clicks and keys."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from cnngui.core.device import Devices
from cnngui.core.recipes.presets import QUICK
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.record import Phase as RunPhase
from cnngui.core.search.plan import Aim, Sampler
from cnngui.core.search.worker import Budget
from cnngui.gui.common import questions
from cnngui.gui.train.pages import SEARCH
from cnngui.gui.train.phases import Phase
from cnngui.gui.train.search.box import SearchBox
from cnngui.gui.train.search.continue_dialog import ContinueDialog
from cnngui.gui.train.search.endings import SearchPhase
from tests.gui.conftest import Driver, Opener, mime_of
from tests.gui.train.conftest import outcome
from tests.gui.train.search.conftest import FULL, FakeSearch, begin
from tests.searches import PLAN, left, noted

RATE = "optimization.learning_rate"

pytestmark = pytest.mark.usefixtures("few_shapes")


def dialog(driver: Driver) -> ContinueDialog:
    """The question how long a search goes on, once it is asked."""
    driver.wait_until(lambda: bool(driver.window.findChildren(ContinueDialog)))
    (found,) = driver.window.findChildren(ContinueDialog)
    return found


def test_a_beginner_sees_only_the_choice(driver: Driver) -> None:
    driver.press("Ctrl+3")
    assert driver.button("One training").isChecked()
    assert not driver.sees("Budget")
    driver.click("Search")
    assert driver.sees("Nothing varies yet.")
    assert not driver.button("Start the search").isEnabled()
    driver.click("Vary Dropout")
    assert driver.button("Start the search").isEnabled()
    driver.click("One training")
    assert driver.button("Start").isEnabled()


def test_f5_begins_what_the_form_asks_for(searcher: Driver, fake: FakeSearch) -> None:
    folder = begin(searcher)
    (what,) = fake.asked
    assert what.folder == folder
    assert folder.parent == searcher.window.train_state.runs_dir
    assert " search article " in folder.name
    assert what.source == searcher.window.train.form.source
    assert what.budget == Budget(trials=20)
    assert what.request is not None
    assert dict(what.request.space) == {RATE: None}
    assert what.request.recipe.name == "article"
    assert what.request.aim == Aim.ACCURACY
    assert searcher.sees("Trial 1 of 20")
    assert searcher.window.train.plot.caption is not None
    assert searcher.window.train.plot.caption.path == folder / f"{folder.name}-0001" / MODEL
    fake.goes_on.set()
    searcher.wait_for("Search finished: 1 trial")
    assert outcome(searcher) == "good"


def test_what_a_person_wishes_is_searched(searcher: Driver, fake: FakeSearch) -> None:
    (box,) = searcher.window.train.findChildren(SearchBox)
    searcher.enter(box.limit.number, "30")
    searcher.choose(box.limit.unit, "minutes")
    searcher.choose(box.aim, "accuracy and time of an answer")
    searcher.click("▸ For experts")
    assert not box.pruner.isEnabled()  # two aims cannot be compared within a training
    searcher.choose(box.sampler, "random")
    searcher.window.actions_table["devices cpu"].trigger()
    begin(searcher)
    (what,) = fake.asked
    assert what.budget == Budget(seconds=1800)
    assert what.request is not None
    assert (what.request.aim, what.request.sampler) == (Aim.BOTH, Sampler.RANDOM)
    assert what.devices == Devices.CPU
    assert searcher.sees("of the budget left")


def test_a_search_until_stopped_has_no_number(searcher: Driver, fake: FakeSearch) -> None:
    (box,) = searcher.window.train.findChildren(SearchBox)
    searcher.choose(box.limit.unit, "until stopped")
    assert not box.limit.number.isVisible()
    begin(searcher)
    assert fake.asked[0].budget == Budget()
    assert searcher.sees("Trial 1  ·")


def test_f6_pauses_and_f5_stops(searcher: Driver, fake: FakeSearch) -> None:
    begin(searcher)
    searcher.press("F6")
    assert fake.is_paused()
    assert searcher.sees("paused")
    searcher.click("Go on")
    assert not fake.is_paused()
    searcher.click("Stop the search")
    searcher.wait_for("Search stopped after 1 trial")
    searcher.click("Continue")
    searcher.wait_until(lambda: searcher.window.search_state.phase == SearchPhase.RUNNING)
    assert fake.asked[0] == fake.asked[1]


def test_a_training_waits_for_the_search(searcher: Driver, fake: FakeSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(searcher)
    assert not searcher.window.actions_table["queue"].isEnabled()  # a second search cannot wait
    searcher.click("One training")
    searcher.click("Queue")
    state = searcher.window.train_state
    assert len(state.queue) == 1
    assert not state.is_busy
    monkeypatch.setattr(state, "_begin", lambda: state.__setattr__("queue", ()))
    fake.goes_on.set()
    searcher.wait_until(lambda: state.queue == ())


def test_the_recipe_of_the_best_trial_is_one_click_away(searcher: Driver, fake: FakeSearch) -> None:
    folder = begin(searcher)
    fake.goes_on.set()
    searcher.wait_for("Search finished")
    searcher.click("Use as recipe")
    form = searcher.window.train.form
    assert not form.vary.is_on
    best = noted(folder, []).best
    assert best is not None
    assert form.recipe == PLAN.recipe_of(best.values)


def test_the_results_are_shown_beside_the_curves(searcher: Driver, fake: FakeSearch) -> None:
    folder = begin(searcher)
    searcher.window.train._pages._tabs.button(SEARCH).click()
    assert searcher.sees("1 trial: 1 ")
    page = searcher.window.train.search.page.results
    page.recipe_chosen.emit(QUICK)
    assert searcher.window.train.form.recipe.name == QUICK.name
    page.run_chosen.emit(f"{folder.name}-0001")  # whose folder is not there
    searcher.wait_for("The run is not here")
    left(folder / f"{folder.name}-0001", RunPhase.FINISHED)
    page.run_chosen.emit(f"{folder.name}-0001")
    searcher.wait_until(searcher.window.runs.isVisible)
    searcher.wait_until(lambda: [run.search for run in searcher.window.runs.selected] == [folder.name])
    assert searcher.window.settings.runs_elsewhere == []  # it lies among the others


def test_a_failure_is_told_and_can_be_tried_again(searcher: Driver, fake: FakeSearch) -> None:
    fake.error = FULL
    searcher.press("F5")
    searcher.wait_for("Search failed")
    assert searcher.sees(str(FULL))
    fake.error = None
    searcher.click("Try again")
    searcher.wait_until(fake.trains.is_set)


def test_the_end_is_told_in_the_other_places(searcher: Driver, fake: FakeSearch) -> None:
    begin(searcher)
    searcher.press("Ctrl+1")
    assert searcher.sees("searching")
    fake.goes_on.set()
    searcher.wait_for("Search finished: 1 trial")
    assert searcher.sees("70.0 %")


def test_closing_asks_and_keeps_the_search(searcher: Driver, fake: FakeSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(searcher)
    answers = iter([False, True])
    monkeypatch.setattr(questions, "may_stop_search", lambda _: next(answers))
    monkeypatch.setattr(questions, "may_stop_training", lambda _: pytest.fail("no training runs"))
    assert not searcher.window.close()
    assert searcher.window.search_state.can_stop
    searcher.window.close()
    searcher.wait_until(lambda: not searcher.window.isVisible())
    assert fake.asked[0].folder.is_dir()


def test_a_search_in_a_folder_goes_on_for_as_long_as_the_user_says(
    searcher: Driver, fake: FakeSearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(tmp_path / "theirs", [0.5, 0.6])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "theirs"))
    searcher.window.actions_table["continue search"].trigger()
    question = dialog(searcher)
    assert searcher.sees("2 trials so far. The best is right on 60.0 % of the validation images.")
    assert searcher.sees("Following theirs")
    question.box.number.setValue(3)
    searcher.window.settings.devices = Devices.ALL
    question.accept()
    searcher.wait_until(fake.trains.is_set)
    assert fake.asked[0].budget == Budget(trials=5)
    assert fake.asked[0].devices == Devices.ALL
    assert fake.asked[0].request is None
    assert not searcher.sees("Following")


def test_a_folder_without_a_search_is_told(searcher: Driver, tmp_path: Path) -> None:
    searcher.window.train.search.open(tmp_path)
    searcher.wait_for("holds no search")
    assert outcome(searcher) == "failed"


def test_a_dropped_search_is_continued(driver: Driver, tmp_path: Path) -> None:
    noted(tmp_path / "theirs", [0.5])
    driver.drop(mime_of(tmp_path / "theirs"))
    question = dialog(driver)
    assert driver.window.train.isVisible()
    question.reject()
    assert not driver.window.search_state.is_busy


def test_a_search_does_not_go_on_beside_a_training(
    searcher: Driver, fake: FakeSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(searcher)
    searcher.click("Stop the search")
    searcher.wait_for("Search stopped")
    monkeypatch.setattr(searcher.window.train_state, "phase", Phase.TRAINING)
    searcher.click("Continue")
    assert searcher.sees("A training runs, or its model is not saved yet.")
    assert len(fake.asked) == 1
    monkeypatch.setattr(searcher.window.train_state, "phase", Phase.IDLE)


def test_an_interrupted_search_is_offered_at_the_start(open_window: Opener, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "broken off"
    noted(folder, [0.5, None])
    left(folder / "broken off-0002", RunPhase.TRAINING)
    driver = open_window()
    driver.wait_for("A search was interrupted")
    driver.click("Continue …")
    assert dialog(driver).windowTitle() == "Continue the search"
    assert not driver.sees("A search was interrupted")


def test_the_question_before_the_end_keeps_by_default(searcher: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: texts.append(box.text()))
    assert not questions.may_stop_search(searcher.window)
    assert texts == ["A search is running."]
