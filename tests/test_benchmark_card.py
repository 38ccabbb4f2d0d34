import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import card
from cnngui.core.answers.evaluation import calibration_error
from cnngui.core.progress import EpochResult

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_model_of_other_classes(
    model: Path, easy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "card"
    arguments = ["--model", model, "--data", easy_folder, "--out", out, "--json", out / "figures.json"]
    monkeypatch.setattr(sys, "argv", ["card.py", *map(str, arguments)])
    card.main()
    figures = json.loads((out / "figures.json").read_text())
    gaps = [part["images"] * abs(part["right"] - part["confidence"]) for part in figures["reliability"]]
    assert sum(gaps) / figures["images"] == pytest.approx(figures["ece"], abs=1e-6)  # its classes have another order
    right = sum(part["images"] * part["right"] for part in figures["reliability"])
    assert right / figures["images"] == pytest.approx(figures["accuracy"])
    assert 0 <= figures["unfamiliar"] <= 0.5
    pictures = {path.stem: texts(path.read_text(encoding="utf-8")) for path in out.glob("*.svg")}
    assert pictures.keys() == {"curve", "calibration", "confusion"}
    assert f"expected calibration error {figures['ece']:.4f}" in pictures["calibration"]
    counts = [int(text) for text in pictures["confusion"] if text.isdigit()]
    assert counts == [count for row in figures["confusion"] for count in row]


@given(st.lists(st.tuples(st.floats(0.5, 1, width=32), st.booleans()), min_size=1))
def test_bins_make_up_the_calibration_error(answers: list[tuple[float, bool]]) -> None:
    confidence, right = (np.array(column) for column in zip(*answers, strict=True))
    bins = card.reliability(confidence.astype(np.float32), right)
    probabilities = np.stack([confidence, np.full(len(confidence), 0.0)], axis=1).astype(np.float32)
    assert sum(part.images for part in bins) == len(answers)
    ece = sum(part.images * abs(part.right - part.confidence) for part in bins) / len(answers)
    assert ece == pytest.approx(calibration_error(probabilities, np.where(right, 0, 1)), abs=1e-6)


def test_names_of_any_characters_and_unlike_rows_and_columns() -> None:
    svg = card.confusion(["<b> & “c”"], ["a", "<b> & “c”"], [[3, 1200]])
    assert texts(svg)[1:] == ["a", "<b> & “c”", "<b> & “c”", "3", "1,200"]


def test_a_history_of_one_epoch() -> None:
    svg = ElementTree.fromstring(card.curve([EpochResult(1, 0.5, 0.5, 0.5, 0.5, 1.0)]))
    points = [(float(end.attrib["cx"]), float(end.attrib["cy"])) for end in svg.iter(f"{SVG}circle")]
    assert points == [(364, 182)] * 2 + [(736, 182)] * 2


@given(st.floats(0, 100), st.floats(0, 100))
def test_ticks_enclose_the_values(one: float, other: float) -> None:
    low, high = sorted([one, other])
    values = card._round_values(low, high)
    assert 2 <= len(values) <= 8
    assert values[0] <= low + 1e-9
    assert values[-1] >= high - 1e-9
