from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray

from cnngui.gui.common.settings import HEAT_STRENGTH, MOST_FOLDERS, Settings

VALUES: dict[str, Any] = {
    "geometry": QByteArray(b"somewhere"),
    "appearance": "dark",
    "text_size": 125,
    "holds_accuracy": True,
    "default_model": Path("/models/a.keras"),
    "list_width": 300,
    "likeliest_first": False,
    "heat_strength": 40,
    "data_source": "shapes",
    "data_folders": ["/data/birds"],
    "cifar10_folder": Path("/data/cifar"),
    "recipe": "quick",
    "open_folder": Path("/"),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_remembered(name: str) -> None:
    setattr(Settings(), name, VALUES[name])
    written = Settings()
    written.store.sync()
    assert getattr(Settings(), name) == VALUES[name]


@pytest.mark.parametrize("stored", [None, "", "nonsense", -5, [3], b"\0", {"a": 1}])
def test_a_damaged_value_counts_as_its_default(stored: object) -> None:
    settings = Settings()
    for name in VALUES:
        settings.store.setValue(name, stored)
    assert settings.appearance == "system"
    assert settings.text_size == 100
    assert settings.holds_accuracy is False
    assert settings.likeliest_first is None
    assert settings.heat_strength in (HEAT_STRENGTH, 0)
    assert settings.open_folder == Path.home()
    assert isinstance(settings.geometry, QByteArray)
    assert isinstance(settings.data_source, str)
    assert all(isinstance(name, str) for name in settings.data_folders)


def test_only_the_last_folders_are_remembered() -> None:
    settings = Settings()
    settings.data_folders = [str(number) for number in range(9)]
    assert settings.data_folders == ["0", "1", "2", "3", "4"][:MOST_FOLDERS]
