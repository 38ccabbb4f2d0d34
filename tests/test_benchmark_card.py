import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import card

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
