"""The drawings of a report, as SVG."""

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 520, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 34
LINES = 5  # of the grid, about


def chart(
    curves: Sequence[tuple[str, str, Points, str]],
    x_title: str,
    y_title: str,
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    diagonal: bool = False,
    bars: Points = (),
) -> str:
    """A graph.

    curves: each with its name, colour, points and dashes ("" for none). x, y: the ranges of the axes.
    bars: places along x with heights from 0 to 1 of the graph, drawn behind.
    """
    across, up = _scale(x, LEFT, WIDTH - RIGHT), _scale(y, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{y_title} by {x_title}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11">'
    ]
    for value in _ticks(*y):
        parts.append(f'<path d="M{LEFT} {up(value):.1f}H{WIDTH - RIGHT}" stroke="#e3e6ec"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{up(value) + 4:.1f}" text-anchor="end" fill="#586273">{value:g}</text>')
    for value in _ticks(*x):
        below = HEIGHT - BOTTOM + 15
        parts.append(f'<text x="{across(value):.1f}" y="{below}" text-anchor="middle" fill="#586273">{value:g}</text>')
    for place, height in bars:
        top = up(y[0] + height * (y[1] - y[0]))
        parts.append(
            f'<rect x="{across(place) - 8:.1f}" y="{top:.1f}" width="16" height="{up(y[0]) - top:.1f}" fill="#e9ecf2"/>'
        )
    if diagonal:
        parts.append(
            f'<path d="M{across(x[0]):.1f} {up(y[0]):.1f}L{across(x[1]):.1f} {up(y[1]):.1f}" stroke="#aeb7c6"/>'
        )
    for _, color, points, dashes in curves:
        if points:
            path = "L".join(f"{across(a):.1f} {up(b):.1f}" for a, b in points)
            parts.append(
                f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2" stroke-dasharray="{dashes}"/>'
            )
        if len(points) <= 40:
            parts += [f'<circle cx="{across(a):.1f}" cy="{up(b):.1f}" r="2.5" fill="{color}"/>' for a, b in points]
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text x="{(LEFT + WIDTH) / 2:.0f}" y="{HEIGHT - 4}" text-anchor="middle">{x_title}</text>')
    parts.append(f'<text transform="translate(12 {middle:.0f}) rotate(-90)" text-anchor="middle">{y_title}</text>')
    legend = LEFT + 8
    for name, color, _, dashes in (curve for curve in curves if curve[0]):
        parts.append(
            f'<path d="M{legend} {TOP + 8}h18" stroke="{color}" stroke-width="2" stroke-dasharray="{dashes}"/>'
            f'<text x="{legend + 23}" y="{TOP + 12}">{name}</text>'
        )
        legend += 34 + 7 * len(name)
    return "".join([*parts, "</svg>"])


def _scale(values: tuple[float, float], first: float, last: float) -> Callable[[float], float]:
    low, high = values
    return lambda value: first + (value - low) / ((high - low) or 1) * (last - first)


def _ticks(low: float, high: float) -> list[float]:
    step = 10 ** floor(log10(((high - low) or 1) / LINES))
    for times in (1, 2, 5, 10):
        if (high - low) / (times * step) <= LINES + 1:
            step *= times
            break
    return [round(number * step, 10) for number in range(ceil(low / step), floor(high / step) + 1)]
