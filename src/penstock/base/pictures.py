"""Which kind of picture some bytes are, and whether they are nothing but a picture."""

from __future__ import annotations

import base64
import re
from xml.parsers import expat

TOO_LARGE, UNKNOWN = "too_large", "unknown"
TOO_MANY_PIXELS, ACTIVE = "too_many_pixels", "active"
LARGEST = 512 * 1024
MOST_PIXELS = 8_000_000
PNG = b"\x89PNG\r\n\x1a\n"

#: What a drawing needs; everything else, such as script, foreignObject, image or animation, is refused.
SVG_TAGS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "metadata",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "symbol",
        "use",
        "pattern",
        "style",
    ]
)
#: Attributes that may name something else: only parts of the same drawing.
_REFERS = re.compile(r"url\(\s*['\"]?\s*(?!#)|expression|javascript:|@import|\\", re.IGNORECASE)


def kind_of(data: bytes) -> str:
    """``png``, ``jpeg`` or ``svg``; a drawing that could load or run something is none.

    Raises:
        ValueError: With one of the reasons of this module as its text.

    >>> kind_of(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    'svg'
    >>> kind_of(b"<svg><script>alert(1)</script></svg>")
    Traceback (most recent call last):
    ValueError: active
    """
    if len(data) > LARGEST:
        raise ValueError(TOO_LARGE)
    if data.startswith(PNG) and data[12:16] == b"IHDR":
        _check_pixels(*_png_size(data))
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        _check_pixels(*_jpeg_size(data))
        return "jpeg"
    if b"<svg" in data[:4096]:
        _check_drawing(data)
        return "svg"
    raise ValueError(UNKNOWN)


def as_drawing(data: bytes, *, kind: str) -> bytes:
    """A picture as an SVG that shows it in its own size, for what takes text alone.

    >>> as_drawing(b"<svg/>", kind="svg")
    b'<svg/>'
    """
    if kind == "svg":
        return data
    width, height = _png_size(data) if kind == "png" else _jpeg_size(data)
    size = f'width="{width}" height="{height}"'
    body = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{body}"/></svg>'
    ).encode()


def _png_size(data: bytes) -> tuple[int, int]:
    """Width and height from the first chunk; ISO/IEC 15948, 11.2.2."""
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _check_pixels(width: int, height: int) -> None:
    if not (width and height):
        raise ValueError(UNKNOWN)
    if width * height > MOST_PIXELS:
        raise ValueError(TOO_MANY_PIXELS)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height from the frame header; ISO/IEC 10918-1, B.2.2."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        at += 2 + max(length, 2)
    raise ValueError(UNKNOWN)


def _check_drawing(data: bytes) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _check_element
    parser.CharacterDataHandler = _check_text
    # Entities could grow without end, and an instruction could name a style sheet elsewhere.
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        # Whoever sets it on paper reads UTF-8 alone.
        parser.Parse(data.decode(), True)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise ValueError(UNKNOWN) from error


def _check_element(tag: str, attributes: dict[str, str]) -> None:
    if tag.rpartition(" ")[2] not in SVG_TAGS:
        _refuse()
    for name, value in attributes.items():
        plain = name.rpartition(" ")[2].lower()
        refers = plain == "href" and not value.strip().startswith("#")
        if refers or plain.startswith("on") or _REFERS.search(value):
            _refuse()


def _check_text(text: str) -> None:
    if _REFERS.search(text):
        _refuse()


def _refuse(*_what: object) -> None:
    raise ValueError(ACTIVE)
