"""A search of tiny networks in the window, from the click on Start to the best recipe on disk."""

from pathlib import Path

from cnngui.core.recipes.recipe import Recipe
from cnngui.core.runs.folder import MODEL
from cnngui.core.search.folder import BEST
from cnngui.gui.common.settings import Settings
from cnngui.gui.train.search.endings import SearchPhase
from cnngui.gui.train.search.wishes import Limit
from tests.gui.conftest import Driver
from tests.gui.train.conftest import Gate


def test_a_search_is_stopped_goes_on_and_ends(driver: Driver, easy_folder: Path, tiny: Recipe, gate: Gate) -> None:
    window = driver.window
    in_use = window.opener.in_use
    driver.press("Ctrl+3")
    form = window.train.form
    form.use_folder(easy_folder)
    form.recipe_state.use(tiny.changed({"network.shape": "article"}))
    driver.wait_until(lambda: window.train.data.summary is not None)
    driver.click("Search")
    driver.click("Vary Learning rate")
    window.train.search.wishes.want(Limit(2))
    gate.hold_in(2)
    driver.press("F5")
    driver.wait_until(lambda: gate.is_held)
    assert driver.sees("Trial 1 of 2")
    driver.press("F5")
    gate.open()
    driver.wait_for("Search stopped after 0 trials")
    folder = window.search_state.folder
    assert folder is not None
    driver.click("Continue")
    driver.wait_for("Search finished: 2 trials")
    assert window.search_state.phase == SearchPhase.IDLE
    assert (folder / BEST).is_file()
    assert len(list(folder.glob(f"*/{MODEL}"))) == 2  # the one that was stopped went on in its own folder
    assert window.opener.in_use is in_use
    assert Settings().search_folder == folder
    driver.click("Use as recipe")
    assert not form.vary.is_on
    best = window.train.search._seen
    assert best is not None
    assert best.standing.best is not None
    assert form.recipe.optimization.learning_rate == best.standing.best.values["optimization.learning_rate"]
