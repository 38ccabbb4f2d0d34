"""The sample pictures are what they are called, to the shipped model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cnngui import paths

SAMPLES = sorted((paths.resources_dir() / "samples").glob("*.png"))


def test_there_are_enough() -> None:
    assert len(SAMPLES) >= 6


@pytest.mark.skipif(not paths.shipped_model().is_file(), reason="models/cifar10.keras is not there")
def test_the_shipped_model_names_every_sample(tmp_path: Path) -> None:
    command: list[str | Path] = [sys.executable, "-m", "cnngui", "predict", "--json", *SAMPLES]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert said.returncode == 0, said.stderr
    answers = [json.loads(line) for line in said.stdout.splitlines()]
    named = {Path(answer["image"]).stem: answer["label"] for answer in answers}
    assert all(answer["known"] and answer["familiarity"] is not None for answer in answers)
    assert named == {path.stem: path.stem for path in SAMPLES}
