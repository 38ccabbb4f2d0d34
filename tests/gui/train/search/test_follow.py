"""Searches on which this window does not work."""

import builtins
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from cnngui.core.errors import UserError
from cnngui.core.search import following
from cnngui.core.search.folder import SearchRecord, write_search
from cnngui.core.search.storage import Place, local, with_password
from cnngui.core.search.study import Named
from cnngui.gui.train.search import finder, follower
from cnngui.gui.train.search.follow_dialog import SERVER, FollowDialog
from tests.gui.conftest import Driver
from tests.searches import noted

SECRET = "pass word/1"


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "READ_SECONDS", 0.05)


def ask(driver: Driver) -> FollowDialog:
    driver.window.actions_table["follow search"].trigger()
    (dialog,) = driver.window.findChildren(FollowDialog)
    return dialog


def test_a_search_in_a_folder_is_followed_until_it_is_enough(driver: Driver, tmp_path: Path) -> None:
    noted(tmp_path / "theirs", [0.5])
    dialog = ask(driver)
    dialog.folder.setText(str(tmp_path / "theirs"))
    driver.click("Follow")
    driver.wait_for("Best: trial 1 with 50.0 %")
    assert driver.sees("Following theirs")
    noted(tmp_path / "theirs", [0.75])
    driver.wait_for("Best: trial 2 with 75.0 %")
    driver.click("Follow no more")
    assert not driver.sees("Following")
    assert driver.sees("Best: trial 2")
    driver.wait_until(lambda: not driver.window.train.search.follower._task.is_running)


def test_what_the_plot_needs_is_imported_beside_the_window(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importers: list[threading.Thread] = []
    usual = builtins.__import__

    def note(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name == "pyqtgraph":
            importers.append(threading.current_thread())
        return usual(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", note)
    noted(tmp_path / "theirs", [0.5])
    driver.press("Ctrl+3")
    driver.window.train.search.open(tmp_path / "theirs")
    driver.wait_for("Best: trial 1 with 50.0 %")
    assert importers
    assert importers[0] is not threading.main_thread()


def test_a_search_on_a_server_is_chosen_from_a_list(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(tmp_path / "one", [0.5])
    asked: list[Place] = []

    def searches(place: Place, _should_stop: object) -> tuple[Named, ...]:
        asked.append(place)
        return (Named("one", "Drawn shapes", None), Named("two", "", None))

    monkeypatch.setattr(finder, "searches_at", searches)
    dialog = ask(driver)
    dialog.kind.button(SERVER).click()
    for name, text in (("Address", "postgresql://server/db"), ("User", "me"), ("Password", SECRET)):
        driver.field(name).setText(text)
    assert driver.field("Password").echoMode() == QLineEdit.EchoMode.Password
    assert not driver.button("Follow").isEnabled()
    driver.click("List the searches")
    driver.wait_until(lambda: dialog.searches.count() == 2)
    assert asked == [with_password("postgresql://server/db", "me", SECRET)]
    assert asked[0].shown == "postgresql://me@server/db"
    monkeypatch.setattr(dialog._finder, "place", local(tmp_path / "one"))  # instead of a server
    driver.click("Follow")
    driver.wait_for("Best: trial 1 with 50.0 %")


@pytest.mark.parametrize("address", [f"postgresql://me:{SECRET}@server/db", "postgresql://server/db"])
def test_the_password_is_in_no_file(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setattr(finder, "searches_at", lambda *_: (Named("one", "", None),))
    dialog = ask(driver)
    dialog.kind.button(SERVER).click()
    driver.field("Address").setText(address.replace(SECRET, "pass%20word%2F1"))
    driver.field("Password").setText(SECRET)
    driver.click("List the searches")
    driver.wait_until(lambda: dialog.searches.count() == 1)
    dialog.reject()
    driver.window.settings.store.sync()
    assert driver.window.settings.search_server.endswith("server/db")
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"pass" in path.read_bytes()]
    assert found == []


def test_a_server_that_refuses_is_told(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UserError("The storage refuses the password.")

    monkeypatch.setattr(finder, "searches_at", refuse)
    dialog = ask(driver)
    dialog.kind.button(SERVER).click()
    driver.field("Address").setText("postgresql://server/db")
    driver.click("List the searches")
    driver.wait_for("The storage refuses the password.")
    driver.field("Address").setText("mysql://server/db")
    driver.click("List the searches")
    driver.wait_for("The storage must be a PostgreSQL server.")
    assert not driver.button("Follow").isEnabled()
    dialog.reject()


@pytest.mark.parametrize("known", ["", "postgresql://other/db"])
def test_a_server_that_only_a_folder_names_is_connected_to_when_the_user_says_so(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    folder, address = tmp_path / "theirs", "postgresql://me@stranger/db"
    folder.mkdir()
    write_search(folder, SearchRecord("1", "theirs", "shapes", storage=address))
    driver.window.settings.search_server = known
    followed: list[str] = []
    monkeypatch.setattr(follower, "follow", lambda place, name, **_: followed.append(f"{name} at {place.shown}"))
    driver.press("Ctrl+3")
    driver.window.train.search.open(folder)
    driver.wait_for(f"It is noted on the server {address}.")
    driver.click("Not now")
    assert not driver.sees("It is noted on the server")
    assert followed == []
    driver.window.train.search.open(folder)
    driver.wait_for(f"It is noted on the server {address}.")
    driver.click("Connect")
    driver.wait_until(lambda: followed == [f"theirs at {address}"])
    driver.window.train.search.open(folder)
    driver.wait_until(lambda: len(followed) == 2)  # it is known now
