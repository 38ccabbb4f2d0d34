from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from cnngui.core.progress import EpochResult
from cnngui.core.runs import charts

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_names_of_any_characters_and_unlike_rows_and_columns() -> None:
    svg = charts.confusion(["<b> & “c”"], ["a", "<b> & “c”"], [[3, 1200]])
    assert texts(svg)[1:] == ["a", "<b> & “c”", "<b> & “c”", "3", "1,200"]


def test_a_history_of_one_epoch() -> None:
    svg = ElementTree.fromstring(charts.curve([EpochResult(1, 0.5, 0.5, 0.5, 0.5, 1.0)]))
    points = [(float(end.attrib["cx"]), float(end.attrib["cy"])) for end in svg.iter(f"{SVG}circle")]
    assert points == [(364, 182)] * 2 + [(736, 182)] * 2


@given(st.floats(0, 100), st.floats(0, 100))
def test_ticks_enclose_the_values(one: float, other: float) -> None:
    low, high = sorted([one, other])
    values = charts._round_values(low, high)
    assert 2 <= len(values) <= 8
    assert values[0] <= low + 1e-9
    assert values[-1] >= high - 1e-9
