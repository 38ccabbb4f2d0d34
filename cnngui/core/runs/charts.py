"""The charts of a model card and of a report, as SVG."""

import html
import math
from collections.abc import Callable, Sequence

from cnngui.core.answers.evaluation import Bin
from cnngui.core.progress import EpochResult

TEXT, MUTED, GRID = "#1b2028", "#586273", "#d5dae3"  # the window's light appearance
BLUE, PALE, ORANGE = "#2560d6", "#86a9ea", "#c2560c"


def curve(history: Sequence[EpochResult]) -> str:
    """Loss and accuracy of the training and validation images by epoch. history: at least one epoch."""
    parts = [
        *(_bar(64, 26, 16, 3, BLUE), _text(88, 32, "training")),
        *(_bar(176, 26, 16, 3, ORANGE), _text(200, 32, "validation")),
    ]
    panels = [_panel(history, quantity, left) for quantity, left in (("loss", 64), ("accuracy", 436))]
    return _svg(768, 340, "Loss and accuracy by epoch", [*parts, *panels])


def _panel(history: Sequence[EpochResult], quantity: str, left: int) -> str:
    right, top, bottom = left + 300, 84, 280
    of_training, of_validation = ([getattr(epoch, name) for epoch in history] for name in (quantity, f"val_{quantity}"))
    values = _round_values(min(of_training + of_validation), max(of_training + of_validation))
    last = history[-1].epoch
    x = _scale(0, last, left, right)
    y = _scale(values[0], values[-1], bottom, top)
    parts = [_text(left, top - 18, quantity.capitalize(), font_weight="bold")]
    for value in values:
        parts.append(_tag("path", d=f"M{left} {y(value):.1f}H{right}", stroke=GRID))
        parts.append(_text(left - 8, y(value) + 4, f"{value:g}", text_anchor="end", fill=MUTED))
    for number in _round_values(0, last):
        if number.is_integer() and number <= last:
            parts.append(_text(x(number), bottom + 20, f"{number:g}", text_anchor="middle", fill=MUTED))
    parts.append(_text((left + right) / 2, bottom + 42, "epoch", text_anchor="middle", fill=MUTED))
    for colour, series in ((BLUE, of_training), (ORANGE, of_validation)):
        points = [(x(epoch.epoch), y(value)) for epoch, value in zip(history, series, strict=True)]
        line = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        parts.append(_tag("polyline", points=line, fill="none", stroke=colour, stroke_width=2, stroke_linejoin="round"))
        parts.append(_tag("circle", cx=points[-1][0], cy=points[-1][1], r=3, fill=colour))
    return "".join(parts)


def calibration(bins: Sequence[Bin], ece: float) -> str:
    """Accuracy by confidence: for each bin a bar, a mark at its mean confidence, and its number of images."""
    left, right, top, bottom = 72, 672, 84, 384
    x, y = _scale(0, len(bins), left, right), _scale(0, 1, bottom, top)
    diagonal = {"stroke": TEXT, "stroke_dasharray": "5 4"}
    parts = [
        *(_bar(left, 22, 16, 11, PALE), _text(left + 24, 32, "accuracy")),
        *(_bar(190, 26, 16, 3, ORANGE), _text(214, 32, "mean confidence")),
        *(_tag("path", d="M344 27.5H366", **diagonal), _text(374, 32, "perfect calibration")),
        _text(left, top - 18, "Accuracy", font_weight="bold"),
        _text(right, top - 18, f"expected calibration error {ece:.4f}", text_anchor="end"),
        _text((left + right) / 2, bottom + 42, "confidence", text_anchor="middle", fill=MUTED),
        _text(left - 8, bottom + 72, "images", text_anchor="end", fill=MUTED),
    ]
    for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
        across = left + share * (right - left)
        parts.append(_tag("path", d=f"M{left} {y(share):.1f}H{right}", stroke=GRID))
        parts.append(_text(left - 8, y(share) + 4, f"{share:g}", text_anchor="end", fill=MUTED))
        parts.append(_text(across, bottom + 20, f"{share:g}", text_anchor="middle", fill=MUTED))
    for index, part in enumerate(bins):
        if part.images:
            parts.append(_bar(x(index) + 2, y(part.right), 36, bottom - y(part.right), PALE))
            parts.append(_bar(x(index) + 2, y(part.confidence) - 1.5, 36, 3, ORANGE))
        parts.append(_text(x(index + 0.5), bottom + 72, f"{part.images:,}", text_anchor="middle", font_size=11))
    parts.append(_tag("path", d=f"M{left} {bottom}L{right} {top}", **diagonal))
    return _svg(704, 480, "Accuracy by confidence", parts)


def confusion(classes: Sequence[str], named: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """The number of images by true class (rows) and predicted class (columns), shaded by the row's fraction."""
    side, letter = 48, 8
    left = 32 + letter * max(len(name) for name in classes)
    top = 56 + int(0.71 * letter * max(len(name) for name in named))
    width = max(400, left + len(named) * side + 24)
    parts = [_text(24, 32, "Rows: true class. Columns: predicted class.", font_weight="bold")]
    for column, name in enumerate(named):
        across = left + (column + 0.6) * side
        parts.append(_text(across, top - 8, name, transform=f"rotate(-45 {across:.1f} {top - 8})"))
        width = max(width, int(across + 0.71 * letter * len(name)) + 8)
    for row, (true, numbers) in enumerate(zip(classes, counts, strict=True)):
        down = top + row * side
        parts.append(_text(left - 10, down + 28, true, text_anchor="end"))
        for column, (name, number) in enumerate(zip(named, numbers, strict=True)):
            across = left + column * side
            # The square root keeps a confusion of one image in fifty visible.
            shade = math.sqrt(number / max(sum(numbers), 1))
            colour = "#ffffff" if shade > 0.85 else TEXT if number else MUTED
            fill = BLUE if name == true else ORANGE
            parts.append(_bar(across + 1, down + 1, side - 2, side - 2, fill, fill_opacity=shade))
            parts.append(_text(across + side / 2, down + 28, f"{number:,}", text_anchor="middle", fill=colour))
    return _svg(width, top + len(classes) * side + 24, "Confusion matrix of the test images", parts)


def _round_values(low: float, high: float) -> list[float]:
    """Evenly spaced round numbers from at most ``low`` to at least ``high``."""
    least = (high - low) / 5 or 1
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    first = math.floor(low / step)
    return [number * step for number in range(first, max(math.ceil(high / step), first + 1) + 1)]


def _scale(low: float, high: float, begin: float, end: float) -> Callable[[float], float]:
    """The linear function that maps ``low`` to ``begin`` and ``high`` to ``end``."""
    return lambda value: begin + (value - low) / (high - low) * (end - begin)


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """A complete SVG file. It has a light background, since the page may be dark."""
    card = _bar(0.5, 0.5, width - 1, height - 1, "#ffffff", rx=8, stroke=GRID)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="Helvetica, Arial, sans-serif" font-size="13">'
        + "\n".join([f"<title>{title}</title>", card, *parts, "</svg>\n"])
    )


def _text(x: float, y: float, content: str, **attributes: object) -> str:
    return _tag("text", content, x=x, y=y, **{"fill": TEXT, **attributes})


def _bar(x: float, y: float, width: float, height: float, fill: str, **attributes: object) -> str:
    return _tag("rect", x=x, y=y, width=width, height=height, fill=fill, **attributes)


def _tag(name: str, content: str = "", /, **attributes: object) -> str:
    """An SVG element. stroke_width becomes stroke-width."""
    written = "".join(
        f' {key.replace("_", "-")}="{round(value, 2) if isinstance(value, float) else value}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{html.escape(content)}</{name}>" if content else f"<{name}{written}/>"
