"""Draws the README's picture of Classes, with drawn pictures in it: python -m scripts.classes_screenshot.

Writes resources/screenshots/classes.png. The same pictures come out each time; the fonts are the system's.
"""

import math
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from benchmarks.window import wait_until
from cnngui import paths
from cnngui.gui.classes.grid.view import GridView
from cnngui.gui.common import style
from cnngui.gui.common.labels.elided_label import ElidedLabel
from cnngui.gui.window.main_window import MainWindow

SIDE, SCALE = 208, 4  # pixels of a picture, and how much larger it is drawn, so that edges come out smooth
SIZE = (1280, 800)
COUNTS = {"cherry": 41, "fish": 38, "leaf": 39, "mushroom": 3}
EXCLUDED = 2  # of the leaves

Point = tuple[float, float]
Pen = ImageDraw.ImageDraw


def place(turn: float, zoom: float) -> Callable[..., list[Point]]:
    """Turns points around the middle, from -1 to 1 each, into pixels."""
    whole, sine, cosine = SIDE * SCALE, math.sin(turn), math.cos(turn)

    def placed(*points: Point) -> list[Point]:
        turned = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in points]
        return [((zoom * x + 1) * whole / 2, (zoom * y + 1) * whole / 2) for x, y in turned]

    return placed


def disc(x: float, y: float, wide: float, high: float, begin: float = 0, end: float = math.tau) -> list[Point]:
    """The outline of an ellipse, or of a part of it."""
    steps = [begin + (end - begin) * step / 60 for step in range(61)]
    return [(x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in steps]


def leaf(pen: Pen, at: Callable[..., list[Point]], dice: random.Random) -> None:
    """A leaf with its veins."""
    hue = dice.choice(["#4f8a3c", "#6ba04a", "#a5762f", "#b8552f", "#d0a13a"])
    wide = dice.uniform(0.3, 0.45)
    edge = [(wide * math.sin(math.pi * t / 40) * (1 - t / 130), t / 20 - 1) for t in range(41)]
    pen.polygon(at(*edge, *((-x, y) for x, y in reversed(edge))), fill=hue)
    for y in (-0.6, -0.3, 0.0, 0.3):
        pen.line(at((-wide * 0.6, y - 0.15), (0, y + 0.1), (wide * 0.6, y - 0.15)), fill="#f3e9c9", width=2 * SCALE)
    pen.line(at((0, -0.9), (0, 1.15)), fill="#f3e9c9", width=3 * SCALE)


def fish(pen: Pen, at: Callable[..., list[Point]], dice: random.Random) -> None:
    """A fish that swims to the left."""
    hue, high = dice.choice(["#e07b39", "#3f7fb5", "#c94f6d", "#5a9a8b", "#e3b23c"]), dice.uniform(0.32, 0.5)
    pen.polygon(at((0.4, 0), (1, -0.45), (0.85, 0), (1, 0.45)), fill=hue)
    pen.polygon(at(*disc(-0.15, 0, 0.75, high)), fill=hue)
    for x in (-0.2, 0.1, 0.35):
        pen.line(at(*disc(x - 0.2, 0, 0.2, high * 0.7, -1, 1)), fill="#fdf6e3", width=3 * SCALE)
    pen.polygon(at(*disc(-0.6, -0.1, 0.08, 0.08)), fill="#fdf6e3")
    pen.polygon(at(*disc(-0.62, -0.1, 0.04, 0.04)), fill="#222222")


def mushroom(pen: Pen, at: Callable[..., list[Point]], dice: random.Random) -> None:
    """A mushroom with dots on its cap."""
    hue = dice.choice(["#b8322a", "#a8743f", "#c8553d"])
    pen.polygon(at((-0.18, -0.1), (0.18, -0.1), (0.26, 0.9), (-0.26, 0.9)), fill="#f1e7d3")
    pen.polygon(at(*disc(0, 0, 0.85, 0.75, math.pi, math.tau)), fill=hue)
    for x, y in ((-0.45, -0.25), (0.0, -0.5), (0.4, -0.2), (-0.05, -0.15)):
        pen.polygon(at(*disc(x, y, 0.09, 0.07)), fill="#fdf6e3")


def cherry(pen: Pen, at: Callable[..., list[Point]], dice: random.Random) -> None:
    """Two cherries on their stalks."""
    hue, wide = dice.choice(["#a51c30", "#c2283b", "#7d1128"]), dice.uniform(0.32, 0.42)
    for x in (-0.4, 0.4):
        pen.line(at((x, 0.4), (x / 2, -0.3), (0.1, -0.9)), fill="#5b7a36", width=5 * SCALE)
        pen.polygon(at(*disc(x, 0.45, wide, wide)), fill=hue)
        pen.polygon(at(*disc(x - 0.12, 0.32, 0.08, 0.06)), fill="#f4c7cd")


def draw(what: Callable[[Pen, Callable[..., list[Point]], random.Random], None], dice: random.Random) -> Image.Image:
    """A picture of it, as it was never drawn before."""
    ground = dice.choice(["#e8f1f5", "#f6efe2", "#e6ebdc", "#efe6ee", "#dde7f0", "#fbf3d9"])
    image = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), ground)
    at = place(dice.uniform(-0.6, 0.6), dice.uniform(0.6, 0.85))
    what(ImageDraw.Draw(image), at, dice)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def make_collection(folder: Path) -> None:
    """Draw all pictures."""
    dice = random.Random(1)
    for what in (cherry, fish, leaf, mushroom):
        (folder / what.__name__).mkdir(parents=True)
        for number in range(COUNTS[what.__name__]):
            draw(what, dice).save(folder / what.__name__ / f"{number:02}.png")


def show(window: MainWindow) -> None:
    """Bring the window to where the picture is taken: the leaves, two of them excluded and one selected."""
    state, (grid,) = window.classes_state, window.findChildren(GridView)

    window.places.show_place("classes")
    wait_until(lambda: state.collection is not None)
    window.classes._view.class_list.choose("leaf")
    for row in range(EXCLUDED):
        flag = grid.selectionModel().SelectionFlag
        grid.selectionModel().select(grid.model().index(4 + 7 * row, 0), flag.Select)
    window.actions_table["exclude pictures"].trigger()
    wait_until(lambda: not state.is_busy)
    grid.selectionModel().setCurrentIndex(grid.model().index(10, 0), flag.ClearAndSelect)
    tiles = [grid.model().index(row, 0) for row in range(COUNTS["leaf"])]
    wait_until(lambda: not any([tile.data(Qt.ItemDataRole.DecorationRole).isNull() for tile in tiles]))
    wait_until(lambda: any("idle" in label.text() for label in window.findChildren(ElidedLabel)))


def main() -> None:
    """Draw the pictures, open the window, and save what it shows."""
    app = QApplication([])
    with tempfile.TemporaryDirectory() as home:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(home) / name.lower())
        make_collection(Path(home) / "Garden")
        app.setStyle("Fusion")
        style.set_appearance(app, "light")
        window = MainWindow(runs_dir=Path(home) / "runs")
        window.settings.collections = [Path(home) / "Garden"]
        window.resize(*SIZE)
        window.show()
        wait_until(lambda: not window.opener.is_running)
        show(window)
        window.grab().save(str(paths.resources_dir() / "screenshots" / "classes.png"))
        window.close()


if __name__ == "__main__":
    main()
