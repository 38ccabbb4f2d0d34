"""The page of an export, in a real browser that real pictures are dropped on."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from cnngui.commands.predict_output import as_text
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import predict, views_of
from cnngui.core.export.proof import picture_files
from tests.conftest import easy_split
from tests.core.export import browser
from tests.core.export.conftest import Export

MOST_LEVELS = 2  # of 255, by which pixels differ where the browser decodes or blends otherwise than Pillow
MOST_DIFFERENCE = 0.02  # of a probability, which comes of that


pytestmark = [
    pytest.mark.skipif(browser.browser() is None, reason="there is no chromium"),
    pytest.mark.skipif(browser.RUNTIME not in os.environ, reason=f"{browser.RUNTIME} names no onnxruntime-web"),
]


def test_it_answers_dropped_pictures_as_the_program(exported: Export, with_views: Path, tmp_path: Path) -> None:
    for name in ("pictures", "profile"):
        (tmp_path / name).mkdir()
    paths = picture_files.write(easy_split(50, 8).images, tmp_path / "pictures")
    (tmp_path / "pictures" / "letter.png").write_text("no picture")
    export = shutil.copytree(exported("onnx").folder, tmp_path / "export")
    *answers, refused = browser.answers(export, [*paths, tmp_path / "pictures" / "letter.png"], tmp_path / "profile")
    assert refused["text"].startswith("letter.png: this picture could not be read")
    classifier = Classifier.load(with_views)
    expected = [each for group in predict(classifier, paths) for each in group]
    assert len(answers) == len(expected) == 50
    texts = 0
    for path, found, of_program in zip(paths, answers, expected, strict=True):
        assert of_program.classification is not None
        pixels = views_of(path, classifier).astype(int)
        assert np.abs(np.array(found["pixels"]).reshape(pixels.shape) - pixels).max() <= MOST_LEVELS, path.name
        shares = dict(found["classes"])
        for name, share in of_program.classification.top:
            assert shares[name] == pytest.approx(share, abs=MOST_DIFFERENCE), path.name
        assert found["known"] == of_program.classification.known
        texts += as_text(of_program).endswith(found["text"])
    assert texts >= 25  # exactly the same words where the pixels are the same
    assert json.loads((export / "card.json").read_text())["views"]


@pytest.mark.parametrize("name", ["model.onnx", "remembered.npy", "card.json"])
def test_a_file_that_was_changed_is_told(name: str, exported: Export, tmp_path: Path) -> None:
    for folder in ("pictures", "profile"):
        (tmp_path / folder).mkdir()
    export = shutil.copytree(exported("onnx").folder, tmp_path / "export")
    (export / name).write_bytes((export / name).read_bytes()[:-1] + b"!")
    (picture,) = picture_files.write(easy_split(1, 8).images[:1], tmp_path / "pictures")
    (answer,) = browser.answers(export, [picture], tmp_path / "profile")
    assert "This export is damaged or mixed up" in answer["text"]
