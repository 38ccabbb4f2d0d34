"""What a training computes on is offered where there is a choice."""

from dataclasses import replace

import pytest

from cnngui.core.device import Devices
from cnngui.gui.common.settings import Settings
from tests.gui.conftest import Driver


def offered(driver: Driver, gpus: int) -> dict[Devices, bool]:
    """The devices that the Train menu offers with so many GPUs, and whether they are chosen."""
    loaded = driver.window.opener.in_use
    assert loaded is not None
    driver.window.opener.in_use = replace(loaded, gpus=gpus)
    actions = driver.window.actions_table
    actions.refresh()
    made = {each: actions[f"devices {each}"] for each in Devices}
    return {each: action.isChecked() for each, action in made.items() if action.isVisible()}


def test_devices_are_offered_where_there_are_several(driver: Driver) -> None:
    assert offered(driver, 0) == {}
    assert offered(driver, 1) == {Devices.FIRST: True, Devices.CPU: False}
    assert offered(driver, 2) == {Devices.FIRST: True, Devices.ALL: False, Devices.CPU: False}


def test_the_choice_is_remembered(driver: Driver) -> None:
    offered(driver, 2)
    driver.window.actions_table["devices all"].trigger()
    assert driver.window.train_state.devices == Devices.ALL
    assert Settings().devices == Devices.ALL
    assert offered(driver, 2)[Devices.ALL]


@pytest.mark.parametrize("stored", ["tpu", 3, None])
def test_a_damaged_choice_counts_as_the_first(stored: object) -> None:
    settings = Settings()
    settings.store.setValue("devices", stored)
    assert settings.devices == Devices.FIRST
