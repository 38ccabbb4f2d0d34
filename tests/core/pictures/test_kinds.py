"""What people open that is no picture, or none that can be read: each is named, with what to do."""

import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from cnngui.core.errors import UserError
from cnngui.core.pictures import decoder_pool, formats, images, kinds


def packed(*names: str, first: bytes = b"text") -> bytes:
    """A ZIP archive with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, first)
    return file.getvalue()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.png"), io.BytesIO())
    return file.getvalue()


def boxes(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"isommp42" + bytes(900)


FILES: dict[str, tuple[bytes, str, str]] = {
    "photo.psd": (b"8BPS\0\1" + bytes(300), "Photoshop document (PSD)", "Save it as PNG"),
    "drawing.xcf": (b"gimp xcf v011\0" + bytes(90), "GIMP picture (XCF)", "Save it as PNG"),
    "drawing.kra": (packed("mimetype", first=b"application/x-krita"), "Krita", "Save it as PNG"),
    "paper.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(90), "PDF document", "Save the page"),
    "logo.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n" * 9, "PostScript", "Save it as PNG"),
    "logo.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9"/>', "drawing (SVG)", "Save it as PNG"),
    "lead.svg": (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- " + b"x" * 900 + b" -->\n<svg>", "drawing (SVG)", "Save it"),
    "photo.jxl": (b"\xff\x0a" + bytes(range(200)), "JPEG XL", "Convert it"),
    "boxed.jxl": (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(90), "JPEG XL", "Convert it"),
    "sky.exr": (b"v/1\x01\2\0\0\0" + bytes(90), "OpenEXR", "Save it as PNG"),
    "sky.hdr": (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n", "Radiance", "Save it as PNG"),
    "star.fits": (b"SIMPLE  =                    T".ljust(2880), "FITS", "Save it as PNG"),
    "scan.dcm": (bytes(128) + b"DICM" + bytes(90), "DICOM", "Save it as PNG"),
    "fuji.raf": (b"FUJIFILMCCD-RAW 0201" + bytes(90), "raw file", "Export it"),
    "canon.cr3": (boxes(b"crx "), "raw file", "Export it"),
    "olympus.orf": (b"IIRO\x08\0\0\0" + bytes(90), "raw file", "Export it"),
    "panasonic.rw2": (b"IIU\0\x18\0\0\0" + bytes(90), "raw file", "Export it"),
    "live.jpg": (boxes(b"qt  "), "live photo", "Open the photo beside it"),
    "clip.mp4": (boxes(b"isom"), "video (MP4, MOV)", "frames"),
    "clip.webm": (b"\x1a\x45\xdf\xa3\x01\0\0\0" + bytes(90), "WebM", "frames"),
    "clip.avi": (b"RIFF\0\1\0\0AVI LIST" + bytes(90), "AVI", "frames"),
    "all.zip": (packed("a.png", "b.png"), "ZIP archive", "Unpack it"),
    "all.rar": (b"Rar!\x1a\x07\x01\0" + bytes(90), "RAR archive", "Unpack it"),
    "all.7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(90), "7z archive", "Unpack it"),
    "all.tar": (tar(), "packed archive", "Unpack it"),
    "all.tgz": (b"\x1f\x8b\x08" + bytes(90), "packed archive", "Unpack it"),
    "text.docx": (packed("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "Word", "Save the picture"),
    "talk.pptx": (packed("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint", "Save the slide"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), "older Office", "save it from the document"),
    "model.keras": (packed("metadata.json", "config.json"), "model (.keras)", "use it as the model"),
    "weights.h5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "HDF5", "as PNG"),
    "array.npy": (b"\x93NUMPY\1\0" + bytes(90), "NumPy", "as PNG"),
    "lfs.jpg": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "Git LFS",
        "git lfs pull",
    ),
    "annex.jpg": (b"/annex/objects/SHA256E-s12--4d7a.jpg\n", "git-annex", "git annex get"),
    "page.jpg": (b"\r\n<!DOCTYPE html>\n<html><head><title>Not found</title>", "web page", "right-click"),
    "logo.jpg": (b"<html><head></head><body><svg width=9 />", "web page", "right-click"),
    "plain page.jpg": (b"<html lang=en>\n<body>404</body>", "web page", "right-click"),
    "error.jpg": (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "XML", "Open the picture"),
    "labels.json": (b'{"images": [{"file": "a.jpg"}]}', "JSON", "Open the picture"),
    "link.url": (b"[InternetShortcut]\r\nURL=https://example.org/a.jpg\r\n", "shortcut", "leads to"),
    "address.jpg": (b"https://example.org/a.jpg\n", "address", "save it"),
    ".photo.jpg.icloud": (b"bplist00\xd3\1\2\3" + b"NSURLNameKey" + bytes(90), "iCloud", "download the picture"),
    "._photo.jpg": (b"\0\x05\x16\x07\0\x02\0\0Mac OS X" + bytes(90), "side file", "without “._”"),
    "a.pam": (b"P7\nWIDTH 2\nHEIGHT 2\n", "PAM", "Convert it"),
    "a.pfm": (b"PF\n2 2\n-1.0\n" + bytes(48), "PFM", "Convert it"),
    "a.mng": (b"\x8aMNG\r\n\x1a\n" + bytes(90), "MNG", "Convert it"),
    "a.bpg": (b"BPG\xfb" + bytes(90), "BPG", "Convert it"),
    "a.crw": (b"II\x1a\0\0\0HEAPCCDR" + bytes(90), "raw file", "Export it"),
    "a.cur": (b"\0\0\2\0\1\0\x20\x20\0\0\3\0\4\0\x30\1\0\0\x16\0\0\0" + bytes(90), "CUR", "Convert it"),
    "a.tga": (bytes((0, 0, 2)) + bytes(9) + b"\x40\1\xf0\0\x18\x20" + bytes(range(90)), "TGA", "Convert it"),
    "palette.tga": (b"\0\1\x09\0\0\0\1\x18\0\0\0\0\x40\1\xf0\0\x08\0" + bytes(range(90)), "TGA", "Convert it"),
    "swords.zip": (packed("photos/sword/a.jpg", "pixel/b.jpg", "script/c.jpg"), "ZIP", "Unpack it"),
    "arrays.npz": (packed("first.npy", "second.npy"), "arrays", "Open the picture"),
    "zeros.jpg": (bytes(5000), "nothing but zeros", "again"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_kind_is_named_with_what_to_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_pool, "decode", None)  # no process is needed for it
    content, kind, to_do = FILES[name]
    (tmp_path / name).write_bytes(content)
    for source in (tmp_path / name, content):
        with pytest.raises(UserError) as caught:
            images.read(source, 256)
        text = str(caught.value)
        assert kind.lower() in text.lower()
        assert to_do.lower() in text.lower()
        assert text.endswith(".")


@pytest.mark.parametrize("article", ["an archive", "an Excel", "an HDF5", "an OpenEXR", "a PDF", "a GIMP", "an RAR"])
def test_articles(article: str) -> None:
    texts = [kinds.reason(content) for content, _, _ in FILES.values()]
    texts += [kinds.reason(packed("[Content_Types].xml", "xl/a")), kinds.reason(packed("a.npy"))]
    assert any(f"This is {article}" in text for text in texts), texts


PAGE = "<!DOCTYPE html>\n<html lang=de><head><title>{0}</title></head><body><p>{0}</p></body></html>"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        *(("latin-1", "Zugriff verweigert. Größe"), ("cp1252", "Übersicht – „Größe“"), ("cp1251", "Доступ запрещён")),
        *(
            ("gbk", "访问被拒绝"),
            ("big5", "拒絕存取"),
            ("shift_jis", "アクセス"),
            ("euc_jp", "アクセス"),
            ("iso2022_jp", "アクセス"),
        ),
        *(("utf-8", "–"), ("utf-16", "–")),
    ],
)
def test_a_web_page_in_any_encoding(encoding: str, words: str) -> None:
    for repeated in (1, 2000):
        head = PAGE.format(words * repeated).encode(encoding)[: kinds.HEAD]
        assert "web page" in kinds.reason(head)
    assert "web page" in kinds.reason(PAGE.format(words).encode(encoding) + b"\0" * 2)
    assert "drawing (SVG)" in kinds.reason(f"<?xml version='1.0'?><!-- {words} --><svg>".encode(encoding))


@pytest.mark.parametrize(
    "start",
    [
        "<title>404",
        "<meta charset=x>",
        "<!doctype><b>",
        "\n<script>x",
        "<div class=a>",
        "<h1>Not",
        "<!-- x --><TITLE>x",
    ],
)
def test_a_web_page_without_its_usual_begin(start: str) -> None:
    assert "web page" in kinds.reason(start.encode())


WORDS = ["Python", "BMW makes cars", "Going home", "MZ and other letters", "ID3", "The free fall", "Garfield" * 30]


@pytest.mark.parametrize("text", WORDS)
def test_texts(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert kinds.reason((text + " — and so on. 🐈").encode(encoding)).startswith(
            "Not a readable picture. It is a text"
        )


def test_a_text_that_is_cut_in_a_character() -> None:
    for length in range(kinds.HEAD - 4, kinds.HEAD):
        head = ("x" * length + "🐈🐈").encode()[: kinds.HEAD]
        assert "text file" in kinds.reason(head)


@pytest.mark.parametrize("head", [b"\x80\x81\x82\x83" * 90, b"a\0b\1c" * 9, b"\0" * 9 + b"\x99", b""])
def test_what_nobody_knows(head: bytes) -> None:
    assert kinds.reason(head) == kinds.NO_PICTURE


def test_no_picture_is_taken_for_something_else() -> None:
    for name, (content, _, _) in FILES.items():
        assert not formats.looks_like_picture(content[: formats.START]), name
