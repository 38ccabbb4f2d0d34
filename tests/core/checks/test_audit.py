"""A folder from its files to what is found in it."""

import shutil
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from cnngui.core.answers.classifier import Classifier
from cnngui.core.checks import examined, together
from cnngui.core.checks.audit import Audit, audit
from cnngui.core.checks.findings import Kind
from cnngui.core.checks.looks import Extractor
from cnngui.core.checks.together import with_doubles
from cnngui.core.data import datasets
from cnngui.core.errors import Stopped, UserError
from cnngui.core.pictures import images
from tests.core.checks.test_doubles import pictures


@pytest.fixture(scope="module")
def extractor(classifier: Classifier) -> Extractor:
    return Extractor(classifier, "tiny")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six different pictures each of a robin and a wren, in training, and two each in the test."""
    shown = pictures(48, seed=4).reshape(16, 3, 32, 32).transpose(0, 2, 3, 1)
    for number, image in enumerate(shown):
        part, name = "train" if number < 12 else "test", ("robin", "wren")[number % 2]
        path = tmp_path / "birds" / part / name / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).resize((64, 64)).save(path)
    return tmp_path / "birds"


def checked(folder: Path, extractor: Extractor, side: int = 32) -> Audit:
    return audit(folder, extractor, side=side, store=folder.parent / "looks.sqlite")


def found(result: Audit) -> dict[Kind, set[str]]:
    return {finding.kind: {path.name for path in finding.pictures} for finding in result.findings}


def test_nothing_is_found_in_a_good_folder(folder: Path, extractor: Extractor) -> None:
    result = checked(folder, extractor)
    assert result.findings == ()
    assert (result.classes, len(result.pictures), len(result.looks)) == (("robin", "wren"), 16, 16)
    assert np.linalg.norm(result.looks.features.astype(float), axis=1) == pytest.approx(1, abs=1e-3)


def test_everything_is_found(folder: Path, extractor: Extractor) -> None:
    train = folder / "train"
    shutil.copy(train / "robin" / "0.png", train / "robin" / "copy.png")
    with Image.open(train / "robin" / "2.png") as image:
        image.save(train / "robin" / "alike.jpg", quality=90)
        image.convert("L").save(train / "robin" / "grey.png")
    shutil.copy(train / "wren" / "1.png", train / "robin" / "shared.png")
    shutil.copy(folder / "test" / "wren" / "13.png", train / "wren" / "leak.png")
    (train / "wren" / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    Image.open(train / "wren" / "3.png").resize((20, 90)).save(train / "wren" / "3.png")
    result = found(checked(folder, extractor))
    assert result.pop(Kind.ALIKE) >= {"2.png", "alike.jpg"}  # and perhaps the grey one
    assert result == {
        Kind.UNREADABLE: {"bad.png"},
        Kind.LEAK: {"13.png", "leak.png"},
        Kind.SHARED: {"1.png", "shared.png"},
        Kind.COPY: {"0.png", "copy.png"},
        Kind.GREY: {"grey.png"},
        Kind.SMALL: {"3.png"},
    }


def test_a_second_look_reads_nothing(folder: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = checked(folder, extractor)
    monkeypatch.setattr(images, "read", lambda *_: pytest.fail("a picture was read"))
    monkeypatch.setattr(examined, "_digest", lambda *_: pytest.fail("a file was read"))
    second = checked(folder, extractor)
    assert second.pictures == first.pictures
    np.testing.assert_array_equal(second.looks.features, first.looks.features)


def test_a_moved_picture_is_known_by_its_content(
    folder: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = checked(folder, extractor)
    folder.rename(folder.parent / "moved")
    monkeypatch.setattr(images, "read", lambda *_: pytest.fail("a picture was read"))
    second = checked(folder.parent / "moved", extractor)
    np.testing.assert_array_equal(second.looks.pixels, first.looks.pixels)


def test_a_changed_picture_is_read_again(folder: Path, extractor: Extractor) -> None:
    checked(folder, extractor)
    Image.new("RGB", (8, 8)).save(folder / "train" / "wren" / "1.png")
    assert found(checked(folder, extractor))[Kind.SMALL] == {"1.png"}


def test_a_folder_without_readable_pictures(tmp_path: Path, extractor: Extractor) -> None:
    for name in ("robin", "wren"):
        (tmp_path / "birds" / name).mkdir(parents=True)
        (tmp_path / "birds" / name / "1.png").write_bytes(b"")
    result = checked(tmp_path / "birds", extractor)
    assert found(result)[Kind.UNREADABLE] == {"1.png"}
    assert [picture.error for picture in result.pictures] == ["The file is empty."] * 2


def test_a_folder_without_classes(tmp_path: Path, extractor: Extractor) -> None:
    with pytest.raises(UserError, match=r"needs at least two|no pictures"):
        audit(tmp_path, extractor, store=tmp_path / "looks.sqlite")


def test_a_stop_keeps_what_was_read(folder: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examined, "AT_ONCE", 4)
    asked = iter(range(100))
    walk = sum(1 for _ in folder.rglob("*")) + 1  # asked at each entry of the folder
    with pytest.raises(Stopped):
        audit(
            folder,
            extractor,
            store=folder.parent / "looks.sqlite",
            should_stop=lambda: next(asked) > walk + 6,
        )
    read = Mock(wraps=images.read)
    monkeypatch.setattr(images, "read", read)
    checked(folder, extractor)
    assert 0 < read.call_count < 16


def test_the_division_of_a_folder_keeps_doubles_together(
    folder: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "shipped_extractor", lambda: extractor)
    shutil.copy(folder / "train" / "wren" / "1.png", folder / "train" / "wren" / "11a.png")
    raw = with_doubles(datasets.read(str(folder / "train")))
    assert raw.doubles is not None
    assert len(raw.doubles) == 1
    for seed in range(8):
        data = datasets.divide(raw, validation_fraction=0.3, seed=seed)
        parts = [{image.tobytes() for image in split.images} for split in (data.train, data.validation, data.test)]
        assert sum(map(len, parts)) == 12  # the double lies where its original does


def test_the_same_data_are_looked_at_once(folder: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Mock(wraps=extractor.looks)
    monkeypatch.setattr(together, "_known", {})
    monkeypatch.setattr(together, "shipped_extractor", lambda: Mock(looks=looks))
    train = folder / "train"
    first, again = (with_doubles(datasets.read(str(train))) for _ in range(2))
    assert first.doubles == again.doubles
    assert looks.call_count == 1
    shutil.copy(train / "wren" / "1.png", train / "wren" / "11a.png")
    assert with_doubles(datasets.read(str(train))).doubles
    assert looks.call_count == 2


@pytest.mark.parametrize("source", ["cifar10", "shapes"])
def test_no_doubles_are_looked_for_in_what_ships(source: str, extractor: Extractor) -> None:
    split = datasets.Split(np.zeros((2, 32, 32, 3), np.uint8), np.arange(2, dtype=np.int32))
    raw = datasets.RawData(source, source, ("a", "b"), split, None, split)
    assert with_doubles(raw) is raw
