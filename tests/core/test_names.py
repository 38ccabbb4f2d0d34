from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.errors import UserError
from cnngui.core.names import FORBIDDEN, as_name, check_name

DEVICES = ("CON", "prn", "Aux", "nul", "COM1", "com0", "LPT9", "com¹", "LPT³", "CONIN$")


@pytest.mark.parametrize(
    "name", ["mine", "Äpfel & Birnen", "a.b", "2025-03-04 05.06.07 x", "console", "com10", "x" * 200, "é" * 100]
)
def test_names_that_every_system_takes(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("ending", ["", ".txt", ".tar.gz", " .txt"])
def test_devices_of_windows(device: str, ending: str) -> None:
    with pytest.raises(UserError, match="cannot be a name, because Windows calls a device so"):
        check_name(device + ending)


@pytest.mark.parametrize("letter", sorted(FORBIDDEN))
def test_letters_that_separate_elsewhere(letter: str) -> None:
    with pytest.raises(UserError) as caught:
        check_name(f"a{letter}b")
    assert f"cannot have {letter} in it" in str(caught.value)


@pytest.mark.parametrize("name", ["a\nb", "a\0", "\x1b[0m", "a\x7f", "a\u202eb", "a\udcff", "\u200bx"])
def test_what_cannot_be_seen(name: str) -> None:
    with pytest.raises(UserError, match="cannot be seen"):
        check_name(name)


@pytest.mark.parametrize("name", [".", "..", ".hidden", "a.", "a ", " a", ". "])
def test_dots_and_blanks_at_the_ends(name: str) -> None:
    with pytest.raises(UserError, match="begins or ends with a dot or a blank"):
        check_name(name)


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_no_name(name: str) -> None:
    with pytest.raises(UserError, match="A name is needed"):
        check_name(name)


@pytest.mark.parametrize("name", ["x" * 201, "é" * 101, "🟦" * 51])
def test_too_long(name: str) -> None:
    with pytest.raises(UserError, match=r"^“.{20}…” is too long for a name\. Shorten it\.$"):
        check_name(name)


@given(st.text())
def test_what_is_accepted_can_be_made_and_what_is_not_is_told_shortly(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    sentence = ""
    try:
        check_name(name)
    except UserError as error:
        sentence = str(error)
    assert len(sentence) < 200
    if sentence:
        return
    path = tmp_path_factory.getbasetemp() / f"{name} (12).toml"
    path.touch()
    assert path in list(Path(path.parent).iterdir())
    path.unlink()


@given(st.text(), st.integers(1, 50))
def test_any_text_becomes_a_part_of_a_name(text: str, most: int) -> None:
    made = as_name(text, most)
    assert len(made) <= min(len(text), most)
    assert len(made) == min(len(text), most) or len(made.encode()) > 2 * most - 4
    assert len(made.encode()) <= 2 * most
    assert not FORBIDDEN & set(made)
    assert made.isprintable()
