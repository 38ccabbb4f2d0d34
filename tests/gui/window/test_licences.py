from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest

from cnngui.core.errors import Stopped
from cnngui.gui.window import licences
from cnngui.gui.window.licences import LIBRARIES, licence_of, read_licences


def installed(folder: Path, name: str, *fields: str) -> Distribution:
    """A distribution with these lines in its metadata."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    lines = "\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *fields])
    (info / "METADATA").write_text(f"{lines}\n")
    return PathDistribution(info)


APPROVED = "Classifier: License :: OSI Approved"


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        (["License: BSD", f"{APPROVED} :: MIT License", "License-Expression: 0BSD"], "0BSD"),
        (["License: BSD", f"{APPROVED} :: MIT License", f"{APPROVED} :: ISC"], "MIT License, ISC"),
        (["License: BSD 2-Clause", "        Copyright", APPROVED, "Classifier: Topic :: Games"], "BSD 2-Clause"),
        (["License: "], licences.NOT_STATED),
        ([], licences.NOT_STATED),
    ],
)
def test_the_licence_is_what_the_metadata_say(fields: list[str], licence: str, tmp_path: Path) -> None:
    assert licence_of(installed(tmp_path, "some", *fields)) == licence


def test_what_is_needed_here_is_found_at_any_depth_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = {
        "root": ["a", "B.b[fast]", "gone", 'other; python_version < "3"', 'tool; extra == "test"'],
        "a": ["b-b"],
        "b-b": ["a", "c; python_version > '3'", 'speed; extra == "fast"'],
        **{name: [] for name in ("c", "other", "tool", "speed")},
    }
    for name, wanted in needs.items():
        installed(tmp_path, name, *(f"Requires-Dist: {each}" for each in wanted))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [each.name for each in read_licences("root")] == ["a", "b-b", "c", "speed"]


def test_the_programs_own_are_there_with_the_libraries_inside() -> None:
    found = {each.name.lower().replace("_", "-"): each for each in read_licences()}
    assert {"tensorflow", "keras", "numpy", "pillow", "protobuf", "shiboken6"} <= set(found)
    assert set(found) >= set(LIBRARIES)
    assert not {"cnngui", "pytest", "ruff", "pillow-heif"} & set(found)
    assert [each.name for each in found["pyside6-essentials"].libraries] == ["Qt"]
    assert "LGPL" in found["pi-heif"].licence


def test_the_heif_decoder_brings_no_encoder() -> None:
    """It would be under the GPL. The libraries lie in a folder of their own on Linux alone."""
    names = {Path(str(file)).name.partition("-")[0] for file in distribution("pi-heif").files or ()}
    assert not {name for name in names if name.startswith(("libx265", "libx264"))}


def test_it_stops_when_it_is_asked_to() -> None:
    with pytest.raises(Stopped):
        read_licences(should_stop=lambda: True)
