import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnngui.core.errors import Stopped
from cnngui.core.pictures import html_fragment
from cnngui.core.pictures.html_fragment import HtmlFragment, may_hold_picture, pictures_in, source_url

PAGE = "https://example.org/birds/wren.html"
DATA = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def found(html: str, page: str = PAGE) -> list[str]:
    return pictures_in(HtmlFragment(html.encode(), page))


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ('src="https://a.example/b.png"', "https://a.example/b.png"),
        ("SRC=http://a.example/b.png", "http://a.example/b.png"),
        ("src='wren.jpg'", "https://example.org/birds/wren.jpg"),
        ('src="../owl.jpg?a=1&amp;b=2"', "https://example.org/owl.jpg?a=1&b=2"),
        ('src="/owl.jpg"', "https://example.org/owl.jpg"),
        ('src="//cdn.example/owl.jpg"', "https://cdn.example/owl.jpg"),
        ('src=" \n owl.jpg "', "https://example.org/birds/owl.jpg"),
        ('src="o\nwl.jpg"', "https://example.org/birds/owl.jpg"),
        ('src="a&#46;png"', "https://example.org/birds/a.png"),
        (f'src="{DATA}"', DATA),
        ('src="data:image/png,%89PNG"', "data:image/png,%89PNG"),
        ('src="file:///tmp/caf%E9.png"', "file:///tmp/caf%E9.png"),
        ('src="a.png" srcset="b.png 2x"', "https://example.org/birds/a.png"),
        ('srcset="s.png 100w, l.png 900w,m.png 400w"', "https://example.org/birds/l.png"),
        ('srcset="a.png, b.png 1.5x"', "https://example.org/birds/b.png"),
        ('srcset="a,b.png"', "https://example.org/birds/a,b.png"),
        (f'src="{DATA}" data-src="late.png"', "https://example.org/birds/late.png"),
        (f'src="{DATA}" srcset="late.png 2x"', "https://example.org/birds/late.png"),
        ('data-lazy-src="late.png"', "https://example.org/birds/late.png"),
        ('data-srcset="s.png 1x, late.png 2x"', "https://example.org/birds/late.png"),
        ('src="blob:https://example.org/1" data-src="late.png"', "https://example.org/birds/late.png"),
        ('src="first.png" src="second.png"', "https://example.org/birds/first.png"),
    ],
)
def test_the_address_of_an_image(attributes: str, address: str) -> None:
    assert found(f'<a href="page.html"><img alt="a > b" {attributes}></a>') == [address]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="blob:https://example.org/1">',
        '<img src="cid:1">',
        '<img src="about:blank">',
        '<img src="javascript:alert(1)">',
        "<img>",
        "<img src>",
        '<img src="">',
        '<img src="http://[half">',
        '<!-- <img src="a.png"> -->',
        '<script>"<img src=a.png>"</script>',
        '<image-list src="a.png">',
        "",
        "<",
    ],
)
def test_what_has_no_picture(html: str) -> None:
    assert found(html) == []


def test_relative_addresses_without_a_page_name_nothing() -> None:
    assert found('<img src="a.png"><img src="//b.example/c.png">', "") == ["https://b.example/c.png"]


def test_the_base_of_a_page() -> None:
    assert found('<base href="/other/"><img src="a.png">') == ["https://example.org/other/a.png"]
    assert found('<base href="http://b.example/"><img src="a.png">', "") == ["http://b.example/a.png"]


def test_a_page_on_the_disk() -> None:
    assert found('<img src="my%20owl.png">', "file:///home/me/page.html") == ["file:///home/me/my%20owl.png"]


def test_several_pictures_each_once() -> None:
    html = '<img src="a.png"><p><img src="b.png"/><img src="a.png">'
    assert found(html, "http://a.example") == ["http://a.example/a.png", "http://a.example/b.png"]
    assert len(found("".join(f"<img src={number}.png>" for number in range(500)))) == html_fragment.MOST_PICTURES


def test_the_header_of_windows() -> None:
    html = b"Version:0.9\r\nStartHTML:00000097\r\nSourceURL:https://b.example/c/\r\n<html><img src='a.png'>"
    assert source_url(html) == "https://b.example/c/"
    assert pictures_in(HtmlFragment(html, PAGE)) == ["https://b.example/c/a.png"]
    assert source_url(b"Version:0.9\r\n<html>SourceURL:https://b.example") == ""
    assert source_url(b"<html>") == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    html = '<a href="x"><IMG src="https://a.example/ö.png"></a>'.encode(encoding)
    assert may_hold_picture(html)
    assert pictures_in(HtmlFragment(html)) == ["https://a.example/ö.png"]


def test_a_glance() -> None:
    assert not may_hold_picture(b'<a href="img">image</a>')
    assert not may_hold_picture(b"")


def test_a_picture_of_many_megabytes_in_its_address() -> None:
    address = "data:image/png;base64," + "A" * 15_000_000
    began = time.process_time()
    assert found(f'<b>data:</b><img src="{address}" data-src="late.png"><img src=\'{DATA}\'>') == [address, DATA]
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "hostile",
    [
        "<",
        "<a ",
        "<img a",
        "<img src=",
        '<img src="',
        "<!--",
        "<![x[",
        "<?",
        "&#",
        "</a",
        "data:",
        '"data:',
        ",",
        "<a a=' ",
    ],
)
def test_megabytes_of_html_are_bounded(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_fragment, "MOST_SECONDS", 0.2)
    began = time.process_time()
    found(hostile * (1_000_000 // len(hostile)))
    found(f"<img srcset='{hostile * 100_000}'>")
    assert time.process_time() - began < 3


def test_a_stop() -> None:
    with pytest.raises(Stopped):
        pictures_in(HtmlFragment(b"<img src=a.png>"), lambda: True)


_word: Callable[..., st.SearchStrategy[str]] = st.sampled_from
_pieces = st.lists(
    st.one_of(
        _word(
            ["<img ", "src=", '"', "'", ">", "<", "<!", "<![", "<!--", "-->", "data:", "srcset=", " 2x", ",", "//", "&"]
        ),
        st.text(max_size=5),
    )
).map("".join)


@settings(max_examples=40)
@given(_pieces, st.one_of(st.text(max_size=10), st.just(PAGE)))
def test_no_html_breaks_it(html: str, page: str) -> None:
    for address in pictures_in(HtmlFragment(html.encode(errors="replace"), page)):
        assert address.partition(":")[0].lower() in ("http", "https", "data", "file")
