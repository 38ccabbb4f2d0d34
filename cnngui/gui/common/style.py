"""The colours of the light and the dark appearance, the size of the text, and the style sheet made from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from cnngui import paths

SPACE = 8  # pixels: every margin and gap is a multiple of it
TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)  # percent of the system's
_LARGER = {"heading_size": 15, "error_size": 16, "title_size": 22, "winner_size": 30}  # pixels of large text, at 100 %


@dataclass(frozen=True)
class Colors:
    """The colours of one appearance, as #rrggbb. Text on window or surface has a contrast of at least 4.5 to 1.

    faint: for shapes that stand back, never for text.
    """

    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    good: str
    warning: str
    error: str
    training: str
    validation: str


LIGHT = Colors(
    window="#f4f5f8",
    surface="#ffffff",
    raised="#e9ecf2",
    border="#d5dae3",
    text="#1b2028",
    muted="#586273",
    faint="#aeb7c6",
    accent="#2f6fed",
    accent_hover="#2560d6",
    on_accent="#ffffff",
    accent_soft="#dfe9fd",
    good="#1f7a45",
    warning="#8a5a00",
    error="#b3261e",
    training="#2f6fed",
    validation="#c2560c",
)
DARK = Colors(
    window="#171a20",
    surface="#1f232b",
    raised="#2b313c",
    border="#39414e",
    text="#e8ebf0",
    muted="#9ba6b6",
    faint="#566172",
    accent="#5f95ff",
    accent_hover="#7aa7ff",
    on_accent="#0d1524",
    accent_soft="#26385c",
    good="#6cc894",
    warning="#e5b458",
    error="#ff8a80",
    training="#6fa0ff",
    validation="#f0935a",
)

_APPEARANCE = "cnnguiAppearance"  # the property of the application that holds the user's choice
_TEXT_SIZE = "cnnguiTextSize"  # the property that holds its size, in percent
_FONT = "cnnguiFont"  # the property that holds the system's font
_CHOICES = {"light": LIGHT, "dark": DARK}


def colors() -> Colors:
    """The colours of the current appearance: the user's choice, or else the system's."""
    hints, app = QGuiApplication.styleHints(), QGuiApplication.instance()
    chosen = app.property(_APPEARANCE) if app else None
    if chosen in _CHOICES:
        return _CHOICES[chosen]
    return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def set_appearance(app: QApplication, name: str) -> None:
    """Set the appearance: "light", "dark", or "system" to follow the system's."""
    app.setProperty(_APPEARANCE, name)
    # Where it can, Qt passes this on to window frames and system dialogs.
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    QGuiApplication.styleHints().setColorScheme(schemes.get(name, Qt.ColorScheme.Unknown))
    apply(app)


def set_text_size(app: QApplication, percent: int) -> None:
    """Set the size of all text, in percent of the system's."""
    app.setProperty(_TEXT_SIZE, percent)
    apply(app)


def apply(app: QApplication) -> None:
    """Set the palette, the font and the style sheet. Call this again when the appearance has changed."""
    chosen, text_size = colors(), (app.property(_TEXT_SIZE) or 100) / 100
    app.setPalette(_palette(chosen))
    font = _scaled(_system_font(app), text_size)
    if font != app.font():
        app.setFont(font)
    QToolTip.setFont(font)
    arrows = paths.resources_dir() / "style"
    scheme = "dark" if chosen is DARK else "light"
    sheet = Template((arrows / "window.qss").read_text(encoding="utf-8"))
    sizes = {name: f"{round(pixels * text_size)}px" for name, pixels in _LARGER.items()}
    app.setStyleSheet(sheet.substitute(asdict(chosen), **sizes, arrows=arrows.as_posix(), scheme=scheme))


@contextmanager
def styled_at_the_end(app: QApplication) -> Iterator[None]:
    """Make widgets without the style sheet, then style all at once. Else each is styled anew at each new parent."""
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def mark(widget: QWidget, **properties: str) -> None:
    """Set properties that the style sheet selects by, such as kind="primary", and restyle the widget."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _system_font(app: QApplication) -> QFont:
    font = app.property(_FONT)
    if not isinstance(font, QFont):
        font = app.font()
        app.setProperty(_FONT, font)
    return font


def _scaled(font: QFont, factor: float) -> QFont:
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * factor)
    else:
        scaled.setPixelSize(round(font.pixelSize() * factor))
    return scaled


def _palette(chosen: Colors) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, color in {
        role.Window: chosen.window,
        role.WindowText: chosen.text,
        role.Base: chosen.surface,
        role.AlternateBase: chosen.raised,
        role.Text: chosen.text,
        role.Button: chosen.surface,
        role.ButtonText: chosen.text,
        role.ToolTipBase: chosen.surface,
        role.ToolTipText: chosen.text,
        role.PlaceholderText: chosen.muted,
        role.Highlight: chosen.accent,
        role.HighlightedText: chosen.on_accent,
        role.Accent: chosen.accent,
        role.Link: chosen.accent,
        role.Mid: chosen.border,
    }.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(chosen.muted))
    return palette
