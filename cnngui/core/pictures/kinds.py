"""What a file is that is not read as a picture, by its first bytes, and what to do about it."""

import re

HEAD = 8192
"""The first bytes of a file, enough for :func:`reason`."""

SUPPORTED = "JPEG, PNG, GIF, WebP, HEIC, BMP, TIFF and AVIF"
NO_PICTURE = f"Not a readable picture. Supported: {SUPPORTED}."

_EXPORT = "Save it as PNG or JPEG with the program that made it, then open that."
_CONVERT = "Convert it to PNG or JPEG, then open that."
_RENDER = "Save the page or picture that you mean as PNG or JPEG, then open that."
_DEVELOP = "Export it as JPEG or TIFF from the camera’s software or a photo editor, then open that."
_FRAME = "Save one of its frames as PNG or JPEG, then open that."
_UNPACK = "Unpack it, then open the pictures in it."
_AGAIN = "Copy or download the picture again."
_PICTURE = "Open the picture itself."

RAW = f"This is a camera’s raw file (such as DNG, NEF, CR2 or ARW). {_DEVELOP}"


def _member(name: bytes) -> bytes:
    """A pattern for a ZIP archive with a member whose name begins like this."""
    return rb"PK\x03\x04(.*?PK\x03\x04)?.{26}" + name


# The first that matches the head counts, from its beginning. "." is any byte.
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    # Pictures of other programs
    (rb"8BPS", "Photoshop document (PSD)", _EXPORT),
    (rb"gimp xcf", "GIMP picture (XCF)", _EXPORT),
    (rb"%PDF", "PDF document", _RENDER),
    (rb".{0,1024}?%!PS-Adobe|\xc5\xd0\xd3\xc6", "PostScript or Illustrator file (EPS, AI)", _EXPORT),
    (rb"\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a", "JPEG XL picture", _CONVERT),
    (rb"(II|MM)\xbc\x01", "JPEG XR picture", _CONVERT),
    (rb"v/1\x01", "OpenEXR picture", _EXPORT),
    (rb"#\?(RADIANCE|RGBE)", "Radiance picture (HDR)", _EXPORT),
    (rb"SIMPLE  =", "FITS picture of a telescope", _EXPORT),
    (rb".{128}DICM", "medical picture (DICOM)", _EXPORT),
    (rb".{344}(n\+1|ni1)\0", "medical volume (NIfTI)", _EXPORT),
    (rb"DDS \x7c\0\0\0", "DirectDraw texture (DDS)", _CONVERT),
    (rb"\xabKTX ", "texture (KTX)", _CONVERT),
    (rb"icns\0", "macOS icon (ICNS)", _CONVERT),
    (rb"qoif\0", "QOI picture", _CONVERT),
    (rb"AT&TFORM", "DjVu document", _RENDER),
    (rb"\x59\xa6\x6a\x95", "Sun raster picture", _CONVERT),
    (rb"\x01\xda[\0\x01][\x01\x02]", "SGI picture", _CONVERT),
    (rb"\x0a[\0\x02-\x05]\x01[\x01\x02\x04\x08]", "PCX picture", _CONVERT),
    (rb"/\* XPM", "XPM picture", _CONVERT),
    (rb"P7\n(WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE|#)", "PAM picture", _CONVERT),
    (rb"PF\s+\d+\s+\d+\s+-?[\d.]+\s", "PFM picture", _CONVERT),
    (rb"[\x8a\x8b][MJ]NG\r\n\x1a\n", "relative of PNG (MNG, JNG)", _CONVERT),
    (rb"BPG\xfb", "BPG picture", _CONVERT),
    (rb"FLIF[1Aa]|FLIF[34QTqt][0-9]", "FLIF picture", _CONVERT),
    (rb"\0\0\x02\0[\x01-\x40]\0.{3}\0.{8}[\x16-\xff]", "mouse pointer (CUR)", _CONVERT),
    (rb"\x01\0\0\0.{36} EMF|\xd7\xcd\xc6\x9a", "Windows metafile (EMF, WMF)", _EXPORT),
    (rb"SQLite format 3\0", "database, perhaps of a drawing program", _EXPORT),
    (rb"BLENDER[-_][vV]", "Blender file", _EXPORT),
    (rb"\x89HDF\r\n\x1a\n", "HDF5 file with data", "Save a picture of the data as PNG, then open that."),
    (rb"\x93NUMPY", "NumPy array", "Save it as PNG, then open that."),
    # Raw files that are no TIFF, or one of another number
    (rb"FUJIFILMCCD-RAW|FOVb|II\x1a\0\0\0HEAP|\0MRM|II(RO|RS|U\0)|MMOR|\0.{3}ftypcrx ", "camera’s raw file", _DEVELOP),
    # Videos and sound
    (
        rb"\0.{3}ftyp(iso|mp4|M4V|m4v|qt  |avc1|MSNV|3g|dash|f4v|XAVC)|\0.{3}(moov|mdat|wide|free|skip|pnot)",
        "video (MP4, MOV), perhaps that of a live photo",
        "Open the photo beside it, or save one of its frames as PNG or JPEG.",
    ),
    (rb"\x1a\x45\xdf\xa3", "video (WebM, MKV)", _FRAME),
    (rb"RIFF.{4}AVI ", "video (AVI)", _FRAME),
    (rb"\0\0\x01[\xba\xb3]|FLV\x01|\x30\x26\xb2\x75|OggS\0", "video", _FRAME),
    (rb"ID3[\x02-\x04]|RIFF.{4}WAVE|fLaC\0|\0.{3}ftypM4A|\xff[\xfb\xf3\xf2]", "sound file", _PICTURE),
    # Archives and documents
    (rb"PK\x03\x04.{26}(metadata|config)\.json", "model (.keras)", "Drop it on the window to use it as the model."),
    (_member(rb"word/"), "Word document", "Save the picture in it as PNG or JPEG, then open that."),
    (_member(rb"ppt/"), "PowerPoint presentation", "Save the slide as PNG or JPEG, then open that."),
    (_member(rb"xl/"), "Excel table", _PICTURE),
    (rb"PK\x03\x04.{26}mimetypeimage/openraster", "OpenRaster picture (ORA)", _EXPORT),
    (rb"PK\x03\x04.{26}mimetypeapplication/x-krita", "Krita picture (KRA)", _EXPORT),
    (rb"PK\x03\x04.{26}mimetypeapplication/(vnd\.oasis|epub)", "document", _RENDER),
    (_member(rb"[ -~]{0,200}?\.(npy|pkl)"), "archive of arrays or weights", _PICTURE),
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "ZIP archive", _UNPACK),
    (rb"Rar!\x1a\x07", "RAR archive", _UNPACK),
    (rb"7z\xbc\xaf\x27\x1c", "7z archive", _UNPACK),
    (rb"\x1f\x8b|BZh\d|\xfd7zXZ\0|\x28\xb5\x2f\xfd|.{257}ustar", "packed archive (tar, gz, xz)", _UNPACK),
    (
        rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "document of an older Office, or a folder’s previews (Thumbs.db)",
        "Open the picture itself, or save it from the document as PNG or JPEG.",
    ),
    (rb"\{\\rtf", "text document (RTF)", "Save the picture in it as PNG or JPEG, then open that."),
    (rb"MZ.{0,60}\0|\x7fELF|\xcf\xfa\xed\xfe", "program", _PICTURE),
    # What stands for a picture
    (
        rb"version https://git-lfs\.github\.com",
        "pointer of Git LFS to a picture",
        "Fetch it with “git lfs pull”.",
    ),
    (rb"/annex/objects/|(\.\./)*\.git/annex/", "pointer of git-annex to a picture", "Fetch it with “git annex get”."),
    (rb"bplist00", "placeholder of iCloud or a property list", "Download the picture in Finder, then open it."),
    (rb"\0\x05\x16[\0\x07]", "side file of macOS (“._…”)", "Open the file of the same name without “._”."),
    (rb"\0\0\0\x01Bud1", "side file of macOS (.DS_Store)", _PICTURE),
    (rb"L\0\0\0\x01\x14\x02\0|\[InternetShortcut\]|\[Desktop Entry\]", "shortcut", "Open the file that it leads to."),
    # By its shape alone, so that it is the last: type, colours, place, size, depth
    (
        rb".(\0[\x02\x03\x0a\x0b]\0{5}|\x01[\x01\x09]\0\0.[\0\x01][\x0f\x10\x18\x20])"
        rb".{4}(?!\0\0).[\0-\x3f](?!\0\0).[\0-\x3f][\x08\x0f\x10\x18\x20][\0-\x3f]",
        "TGA picture",
        _CONVERT,
    ),
)

_MANY = 64  # zeros
_CONTROLS = re.compile(rb"[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")  # without those of white space and of ISO 2022
_FORMATTING = "\x1b\ufeff\u200b\u200c\u200d\u200e\u200f\ufffd"  # of ISO 2022, and marks within words
_AN = ("archive", "Excel", "HDF5", "Open", "RAR", "SGI", "XPM")

_COMPILED = tuple((re.compile(pattern, re.DOTALL), kind, to_do) for pattern, kind, to_do in _KINDS)

_HTML = r"<(?:!DOCTYPE html|html|head|body)[\s>]"
_BY_BROWSER = "In the browser, right-click the picture itself and save that."
_PARTS = "!doctype|title|meta|script|style|link|noscript|iframe|div|span|center|table|form|h[1-6]|p|a|br|b|font"
# Texts: the first whose pattern is found anywhere in the head.
_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(rf"\A(?:(?!{_HTML}).)*?<(?:\w{{1,20}}:)?svg[\s>/]", re.I | re.DOTALL), "drawing (SVG)", _EXPORT),
    (re.compile(_HTML, re.I), "web page", _BY_BROWSER),
    (re.compile(r"\A\s*<\?xml"), "text file (XML)", _PICTURE),
    (re.compile(rf"\A\s*<(?:{_PARTS})[\s>/]|<(?:title|meta)[\s>]", re.I), "web page", _BY_BROWSER),
    (re.compile(r"^\s*<\w+[\s>]"), "text file (XML)", _PICTURE),
    (
        re.compile(r"^(data:image/|https?://\S+\s*$)"),
        "text file with an address",
        "Open that in a browser, and save it.",
    ),
    (re.compile(r"^\s*[{\[]"), "text file (JSON)", _PICTURE),
)


def reason(head: bytes) -> str:
    """A sentence that says why a file is no readable picture.

    head: its first bytes, up to HEAD of them.
    """
    if found := named(head):
        return found
    return NO_PICTURE if _text(head) is None else f"Not a readable picture. It is a text file. {_PICTURE}"


def named(head: bytes) -> str:
    """A sentence that names the kind of a file that is no readable picture, and says what to do; "" if unknown."""
    for pattern, kind, to_do in _COMPILED:
        if pattern.match(head):
            return _sentence(kind, to_do)
    if len(head) >= _MANY and not head.strip(b"\0"):
        return f"The file holds nothing but zeros: it was not copied or downloaded to its end. {_AGAIN}"
    text = _text(head) or ""
    return next((_sentence(kind, to_do) for found, kind, to_do in _TEXTS if found.search(text)), "")


def _sentence(kind: str, to_do: str) -> str:
    article = "an" if kind.startswith(_AN) else "a"
    return f"This is {article} {kind}, which cnngui does not read. {to_do}"


def _text(head: bytes) -> str | None:
    """The head as text; None if it is none. A character may be cut at its end.

    Markup that is not Unicode is read as Latin-1, so that what is ASCII in it can be found.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="replace")
    else:
        try:
            text = head.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if error.start < len(head) - 3:
                return _markup(head)
            text = head[: error.start].decode("utf-8-sig")
    text = text.rstrip("\0") if text.lstrip().startswith("<") else text
    is_plain = all(letter.isprintable() or letter.isspace() or letter in _FORMATTING for letter in text)
    return text if is_plain and text.strip() else None


def _markup(head: bytes) -> str | None:
    """The head if it may be markup in an encoding of one or two bytes a letter: without control characters."""
    head = head.strip(b"\0\t\n\r ")
    return head.decode("latin-1") if head.startswith(b"<") and not _CONTROLS.search(head) else None
