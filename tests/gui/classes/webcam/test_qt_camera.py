from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from cnngui.gui.classes.webcam import qt_camera
from cnngui.gui.classes.webcam.camera import Device
from cnngui.gui.classes.webcam.qt_camera import LEAST_HEIGHT, LEAST_RATE, QtCamera, suitable


@dataclass(frozen=True)
class Format:
    """As much of a QCameraFormat as is asked for."""

    width: int
    height: int
    rate: float = 30.0

    def resolution(self) -> QSize:
        return QSize(self.width, self.height)

    def maxFrameRate(self) -> float:
        return self.rate


LARGE, USUAL, SMALL, SLOW = Format(1920, 1080), Format(640, 480), Format(320, 240), Format(640, 480, 5.0)


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ([LARGE, SMALL, USUAL, SLOW], USUAL),
        ([LARGE, SMALL, SLOW], LARGE),
        ([Format(160, 120), SMALL], SMALL),
        ([SLOW], SLOW),
        ([USUAL, Format(640, 480, 60.0)], Format(640, 480, 60.0)),
        ([], None),
    ],
)
def test_the_smallest_format_that_will_do(offered: Sequence[Format], expected: Format | None) -> None:
    assert suitable(offered) == expected  # type: ignore[arg-type]


@given(st.lists(st.builds(Format, st.integers(1, 4000), st.integers(1, 4000), st.floats(1, 120)), min_size=1))
def test_none_that_will_do_is_passed_over(offered: list[Format]) -> None:
    good = [each for each in offered if each.height >= LEAST_HEIGHT and each.rate >= LEAST_RATE]
    chosen = suitable(offered)  # type: ignore[arg-type]
    assert not good or chosen in good


@pytest.mark.skipif(not qt_camera.is_installed(), reason="needs QtMultimedia")
def test_a_camera_that_is_not_there(qapp: QApplication) -> None:
    camera, told = QtCamera(), list[str]()
    camera.failed.connect(told.append)
    camera.start(Device("none", "Lid"))
    assert told == ["“Lid” is not connected any more."]
    camera.stop()
