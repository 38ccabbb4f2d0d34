"""What is costly must be known as such, or be ended in time; what people have must be known as cheap."""

import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import mutations
from benchmarks.costly_pictures import MAKERS
from cnngui.core.child import Child, Message
from cnngui.core.errors import UserError
from cnngui.core.pictures import decoder_pool, images
from cnngui.core.pictures.cost import name_if_cheap

CHEAP = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP")
FEW = 7  # of what makes a picture costly: a picture like others
SOME = {
    "JPEG, EXIF": 2,
    "JPEG, fill": 1,
    "BMP, runs": 5000,
    "PGM, values": 1000,
    "PPM, text": 1000,
    "PPM, comment": 600,
}
SOME |= {"JPEG, scans": 30, "GIF, hidden": 1, "GIF, junk": 1, "JP2, tiles": 300}


@pytest.fixture(scope="module")
def samples() -> dict[str, list[bytes]]:
    return mutations.samples(large=False)


@pytest.mark.parametrize("name", CHEAP)
def test_the_usual_kinds_are_cheap(name: str, samples: dict[str, list[bytes]]) -> None:
    for picture in samples[name]:
        file = io.BytesIO(picture)
        assert name_if_cheap(file) == name.replace("MPO", "JPEG")
        assert file.tell() == 0


def test_of_other_formats_nothing_is_known(samples: dict[str, list[bytes]]) -> None:
    for name in samples.keys() - {*CHEAP, "PPM"}:
        assert not any(name_if_cheap(io.BytesIO(picture)) for picture in samples[name])
    assert [name_if_cheap(io.BytesIO(picture)) for picture in samples["PPM"]][:3] == ["PPM"] * 3


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_costly_is_not_cheap(name: str) -> None:
    maker, count = MAKERS[name]
    assert name_if_cheap(io.BytesIO(maker(min(count, 30_000)))) is None


def test_padding_that_looks_like_a_segment() -> None:
    """Pillow goes through it byte by byte."""
    assert name_if_cheap(io.BytesIO(MAKERS["JPEG, fill"][0](2 + 0xFFFF))) is None


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_picture_cut_short(cut: int, samples: dict[str, list[bytes]]) -> None:
    for name in CHEAP:
        name_if_cheap(io.BytesIO(samples[name][0][:cut]))


@pytest.mark.parametrize("name", ["JPEG, scans", "PGM, values", "TIFF, strips"])
def test_what_takes_too_long_is_ended(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_pool, "SECONDS", 0.3)
    maker, count = MAKERS[name]
    picture = maker(count)
    began = time.monotonic()
    with pytest.raises(UserError, match="takes too long"):
        images.read(picture, 256)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", MAKERS)
def test_a_little_of_it_does_no_harm(name: str) -> None:
    """It is read, or is damaged; what others take the wrong way may be either."""
    picture = MAKERS[name][0](SOME.get(name, FEW))
    try:
        assert images.read(picture, 256).mode == "RGB"
    except UserError as error:
        assert "damaged" in str(error)  # noqa: PT017
        assert name in ("GIF, hidden", "JP2, tiles")


def test_what_is_decoded_is_ended_when_the_program_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    maker, count = MAKERS["PGM, values"]
    picture = maker(count)
    began, asked = time.monotonic(), threading.Event()
    ask = Child.ask

    def noted(child: Child, *args: Any, **options: Any) -> Iterator[Message]:
        asked.set()
        return ask(child, *args, **options)

    monkeypatch.setattr(Child, "ask", noted)
    monkeypatch.setattr(decoder_pool, "SECONDS", 60)
    errors: list[str] = []

    def read() -> None:
        for _ in range(2):  # the second one gets no child
            with pytest.raises(UserError) as caught:
                images.read(picture, 256)
            errors.append(str(caught.value))

    reader = threading.Thread(target=read)
    reader.start()
    assert asked.wait(20)
    with decoder_pool.closed():
        reader.join(20)
    assert len(errors) == 2
    assert time.monotonic() - began < 20
    small = maker(1000)
    assert images.read(small, 256).mode == "RGB"  # there are children again
