from typing import get_args

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from cnngui.gui.common import style
from cnngui.gui.common.settings import Settings
from cnngui.gui.common.strips.result_strip import Choice, Kind, ResultStrip
from cnngui.gui.common.style import DARK, LIGHT, Colors
from tests.gui.conftest import Driver


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "behind"),
    [
        *((text, behind) for text in ("text", "muted") for behind in ("window", "surface", "raised", "accent_soft")),
        *((text, "surface") for text in ("good", "warning", "error")),
        *((text, "accent_soft") for text in ("error", "warning")),  # a selected row of a list
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
    ],
)
def test_text_can_be_read(colours: Colors, text: str, behind: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, behind)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("curve", ["training", "validation"])
def test_curves_stand_out_from_the_background(colours: Colors, curve: str) -> None:
    assert contrast(getattr(colours, curve), colours.surface) >= 3  # WCAG's bound for graphics


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_faint_bars_stand_back_and_can_still_be_seen(colours: Colors) -> None:
    assert contrast(colours.muted, colours.raised) > 1.5 * contrast(colours.faint, colours.raised)
    assert contrast(colours.faint, colours.raised) >= 1.5


def background(driver: Driver) -> str:
    """The colour at the left edge of the place in view, half-way down."""
    place = driver.window.places
    return place.grab().toImage().pixelColor(2, place.height() // 2).name()


def test_the_appearance_is_chosen_applied_at_once_and_remembered(driver: Driver, qapp: QApplication) -> None:
    driver.press("Ctrl+3")
    for name, text, colours in (("dark", "Dark", DARK), ("light", "Light", LIGHT)):
        driver.choose_from_menu(text)
        assert style.colors() is colours
        assert background(driver) == colours.window
        assert driver.window.train.plot.curves.backgroundBrush().color().name() == colours.surface
        assert Settings().appearance == name
    driver.choose_from_menu("Same as system")
    assert Settings().appearance == "system"


@pytest.mark.parametrize("appearance", ["Light", "Dark"])
def test_every_outcome_can_be_read(driver: Driver, appearance: str) -> None:
    driver.press("Ctrl+3")
    driver.choose_from_menu(appearance)
    (strip,) = driver.window.train.findChildren(ResultStrip)
    kinds: tuple[Kind, ...] = get_args(Kind)
    found = {}
    for kind in kinds:
        strip.show_result(kind, "How it ended", "More of it", [Choice("Do this", int), Choice("Do that", int)])
        driver.wait_until(lambda: strip.height() > 20)
        behind = strip.grab().toImage().pixelColor(strip.width() // 2, 4).name()
        for label in strip.findChildren(QLabel):
            color = label.palette().color(QPalette.ColorRole.WindowText).name()
            assert contrast(color, behind) >= 4.5, (kind, label.text())
            found[kind, label.text()] = color
    assert found["doubtful", "How it ended"] == found["stopped", "How it ended"] != found["good", "How it ended"]


def test_a_mark_restyles_its_widget(driver: Driver) -> None:
    driver.choose_from_menu("Light")
    label = QLabel("words", driver.window)
    label.show()
    before = label.palette().text().color().name()
    style.mark(label, role="error")
    assert (before, label.palette().text().color().name()) == (LIGHT.text, LIGHT.error)


def test_every_button_says_what_it_does(driver: Driver) -> None:
    """By a tooltip, and by a text or an accessible name."""
    buttons = driver.window.findChildren(QPushButton)
    assert len(buttons) > 10
    for button in buttons:
        assert button.toolTip(), button.text()
        assert button.text() or button.accessibleName()


def test_what_is_made_meanwhile_is_styled_at_the_end(qapp: QApplication) -> None:
    style.apply(qapp)
    sheet = qapp.styleSheet()
    with style.styled_at_the_end(qapp):
        title = QLabel("Title")
        style.mark(title, role="title")
        plain = title.sizeHint().height()
    assert qapp.styleSheet() == sheet
    title.ensurePolished()
    assert title.sizeHint().height() > plain
