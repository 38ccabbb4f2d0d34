"""What the sample pictures are drawn with: masks, and ways to paint through them under one light."""

import itertools
import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

SIZE = 480
SCALE = 4  # how much larger everything is drawn than saved, so that edges come out smooth
WHOLE = SIZE * SCALE

Mask = Image.Image  # mode L, WHOLE × WHOLE

_SHADE = "#54506a"  # dark sides are multiplied with it: cool, as under a blue sky
_GLOW = "#fffaeb"  # what bright edges are screened with


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two."""
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def fuse(*masks: Mask, radius: float = 0) -> Mask:
    """All masks as one; a radius rounds its corners and fills those where they meet."""
    together = masks[0]
    for mask in masks[1:]:
        together = ImageChops.lighter(together, mask)
    if not radius:
        return together
    return _blurred(together, radius).point([min(max((value - 118) * 12, 0), 255) for value in range(256)])


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius * SCALE))


def _faded(mask: Mask, share: float) -> Mask:
    return mask.point([round(value * share) for value in range(256)])


def _numbers(path: str) -> list[tuple[float, ...]]:
    """ "x,y x,y" as tuples."""
    return [tuple(map(float, point.split(","))) for point in path.split()]


def _curve(points: Sequence[tuple[float, ...]], steps: int) -> list[tuple[float, ...]]:
    """The Catmull-Rom spline through all points but the first and the last, which only give it direction."""
    curve = []
    for index in range(1, len(points) - 2):
        around = list(zip(*points[index - 1 : index + 3], strict=True))
        for t in (step / steps for step in range(steps)):
            curve.append(
                tuple(
                    b + 0.5 * t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - a - 3 * c + d)))
                    for a, b, c, d in around
                )
            )
    return [*curve, points[-2]]


class Picture:
    """A canvas in units of SIZE.

    A path is a text of points "x,y x,y …", a colour one of "#rrggbb". While ``mirrored``, masks come out on the other
    side; with ``turn``, turned by so many degrees around the middle.
    """

    def __init__(self, seed: int) -> None:
        self.image = Image.new("RGB", (WHOLE, WHOLE))
        self.random = random.Random(seed)
        self.turn = 0.0
        self.mirrored = False

    def finished(self) -> Image.Image:
        """The picture at its size. The lowest bit, which nobody sees, goes: the PNG is a quarter smaller for it."""
        small = self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        return small.point([value & ~1 for value in range(256)] * 3)

    # Masks

    def polygon(self, path: str) -> Mask:
        return self._polygon(_numbers(path))

    def outline(self, path: str) -> Mask:
        """The inside of a smooth closed curve."""
        points = _numbers(path)
        return self._polygon(_curve([points[-1], *points, *points[:2]], steps=16))

    def limb(self, path: str) -> Mask:
        """A smooth stroke through "x,y,half its width there …"."""
        points = _numbers(path)
        curve = _curve([points[0], *points, points[-1]], steps=200)
        mask = Image.new("L", (WHOLE, WHOLE))
        draw = ImageDraw.Draw(mask)
        for (x, y), (_, _, width) in zip(map(self._place, curve), curve, strict=True):
            radius = max(width, 0.2) * SCALE
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        return mask

    def oval(self, x: float, y: float, rx: float, ry: float, angle: float = 0) -> Mask:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        circle = [(rx * math.cos(math.tau * i / 90), ry * math.sin(math.tau * i / 90)) for i in range(90)]
        return self._polygon([(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in circle])

    def box(self, left: float, top: float, right: float, bottom: float, corner: float = 0) -> Mask:
        return fuse(self._polygon([(left, top), (right, top), (right, bottom), (left, bottom)]), radius=corner)

    def _polygon(self, points: Sequence[tuple[float, ...]]) -> Mask:
        mask = Image.new("L", (WHOLE, WHOLE))
        ImageDraw.Draw(mask).polygon([self._place(point) for point in points], fill=255)
        return mask

    def _place(self, point: Sequence[float]) -> tuple[float, float]:
        """Where a point of a path lies on the canvas."""
        x, y = point[0] - SIZE / 2, point[1] - SIZE / 2
        x = -x if self.mirrored else x
        cos, sin = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        return (x * cos - y * sin) * SCALE + WHOLE / 2, (x * sin + y * cos) * SCALE + WHOLE / 2

    # Paint

    def flat(self, mask: Mask, top: str, bottom: str | None = None, within: Mask | None = None) -> None:
        """Fill a mask from ``top`` to ``bottom``."""
        self.paint(mask, top, bottom, dark=0, light=0, soft=0, within=within)

    def paint(
        self,
        mask: Mask,
        top: str,
        bottom: str | None = None,
        *,
        dark: float = 0.55,
        light: float = 0.4,
        soft: float = 12,
        within: Mask | None = None,
    ) -> None:
        """Fill a mask from ``top`` to ``bottom`` and round it: its edges, ``soft`` units wide, are ``light`` where
        they look to the upper left and ``dark`` where they look away."""
        if within:
            mask = ImageChops.multiply(mask, within)
        bounds = mask.getbbox()
        if not bounds:
            return
        pad = round(soft * SCALE * 3)
        left, above, right, below = bounds[0] - pad, bounds[1] - pad, bounds[2] + pad, bounds[3] + pad
        shape = mask.crop((left, above, right, below))
        gradient = Image.new("L", shape.size, 255)
        gradient.paste(0, (0, 0, shape.width, pad))
        gradient.paste(Image.linear_gradient("L").resize((shape.width, bounds[3] - bounds[1])), (0, pad))

        def filled(colour: str) -> Image.Image:
            return Image.new("RGB", shape.size, colour)

        colour = Image.composite(filled(bottom or mixed(top, "#000000", 0.12)), filled(top), gradient)
        halo, shift = _blurred(shape, soft), round(soft * SCALE * 0.6)
        if dark:
            away = ImageChops.invert(ImageChops.offset(halo, -shift, -shift))
            colour.paste(ImageChops.multiply(colour, filled(_SHADE)), mask=_faded(away, dark))
        if light:
            towards = ImageChops.invert(ImageChops.offset(halo, shift, shift))
            colour.paste(ImageChops.screen(colour, filled(_GLOW)), mask=_faded(towards, light * 0.6))
        self.image.paste(colour, (left, above), shape)

    def glaze(self, mask: Mask, colour: str, share: float, blur: float = 0, within: Mask | None = None) -> None:
        """Lay a colour thinly over what is there: shadows, reflections, markings."""
        if blur:
            mask = _blurred(mask, blur)
        if within:
            mask = ImageChops.multiply(mask, within)
        self.image.paste(colour, (0, 0), _faded(mask, share))

    def fur(
        self, mask: Mask, colours: Sequence[str], count: int, length: float, angle: Callable[[float, float], float]
    ) -> None:
        """Short hairs inside a mask; ``angle`` gives their direction in degrees at a place (x, y)."""
        left, above, right, below = mask.getbbox() or (0, 0, 0, 0)
        layer = self.image.copy()
        draw = ImageDraw.Draw(layer)
        for _ in range(count):
            x, y = self.random.uniform(left, right), self.random.uniform(above, below)
            direction = math.radians(angle(x / SCALE, y / SCALE) + self.random.uniform(-14, 14))
            reach = length * SCALE * self.random.uniform(0.6, 1.3)
            end = (x + reach * math.cos(direction), y + reach * math.sin(direction))
            draw.line((x, y, *end), fill=self.random.choice(colours), width=round(0.8 * SCALE))
        self.image.paste(Image.blend(self.image, layer, 0.3), (0, 0), mask)

    def eye(self, x: float, y: float, radius: float, iris: str) -> None:
        """A round, dark, friendly eye."""
        self.flat(self.oval(x, y, radius * 1.16, radius * 1.1), "#221a18")
        self.flat(self.oval(x, y, radius, radius), mixed(iris, "#000000", 0.35), iris)
        self.flat(self.oval(x, y, radius * 0.62, radius * 0.7), "#0e0c0e")
        self.flat(self.oval(x - radius * 0.34, y - radius * 0.36, radius * 0.27, radius * 0.27), "#ffffff")

    # Surroundings

    def backdrop(self, *stops: tuple[float, str]) -> None:
        """A vertical gradient through (y, colour), from the first at the top to the last at the bottom."""
        for (above, one), (below, other) in itertools.pairwise(stops):
            self.flat(self.box(-SIZE, above, 2 * SIZE, below), one, other)

    def clouds(self, *places: tuple[float, float, float], share: float = 0.8) -> None:
        """Soft clouds at (x, y), so large."""
        for x, y, size in places:
            puffs = [
                self.oval(
                    x + self.random.uniform(-1, 1) * size,
                    y + self.random.uniform(-0.18, 0.12) * size,
                    self.random.uniform(0.3, 0.6) * size,
                    self.random.uniform(0.14, 0.26) * size,
                )
                for _ in range(7)
            ]
            self.glaze(fuse(*puffs), "#ffffff", share, blur=size * 0.08)

    def foliage(self, top: float, bottom: float, colours: Sequence[str], size: float, count: int, blur: float) -> None:
        """Leaves far behind, out of focus."""
        layer, where = self.image.copy(), Image.new("L", self.image.size)
        for _ in range(count):
            x, y = self.random.uniform(-20, SIZE + 20) * SCALE, self.random.uniform(top, bottom) * SCALE
            radius = size * self.random.uniform(0.5, 1.2) * SCALE
            spot = (x - radius, y - radius, x + radius, y + radius)
            ImageDraw.Draw(layer).ellipse(spot, fill=self.random.choice(colours))
            ImageDraw.Draw(where).ellipse(spot, fill=255)
        self.image.paste(_blurred(layer, blur), (0, 0), _blurred(where, blur))

    def grass(self, top: float, bottom: float, colours: Sequence[str], count: int, length: float) -> None:
        """Blades of grass, larger towards the viewer."""
        draw = ImageDraw.Draw(self.image)
        for near in (index / count for index in range(count)):
            x, y = self.random.uniform(-10, SIZE + 10), top + (bottom - top) * near
            tall = length * (0.35 + 0.65 * near) * self.random.uniform(0.6, 1.2)
            lean, width = self.random.uniform(-0.4, 0.4) * tall, 0.5 + 1.6 * near
            blade = [(x - width, y), (x + width, y), (x + lean, y - tall)]
            draw.polygon([(a * SCALE, b * SCALE) for a, b in blade], fill=self.random.choice(colours))

    def waves(self, top: float, colours: Sequence[str], count: int) -> None:
        """Glitter on water, from the horizon at ``top`` to the lower edge."""
        draw = ImageDraw.Draw(self.image)
        for near in (index / count for index in range(count)):
            x, y = self.random.uniform(-20, SIZE + 20), top + (SIZE - top) * near
            half, thick = 6 + 22 * near, 0.6 + near
            spot = (x - half, y - thick, x + half, y + thick)
            draw.ellipse([value * SCALE for value in spot], fill=self.random.choice(colours))
