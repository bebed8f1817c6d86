"""Pictures that are nothing but pictures."""

from __future__ import annotations

import base64
import struct

import pytest

from penstock.base import pictures

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'


def png(width: int = 8, height: int = 8) -> bytes:
    return pictures.PNG + b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * 9


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(), "png"),
        (b"\xff\xd8\xff\xc0\0\x0b\x08\0\x08\0\x08" + b"\0" * 8, "jpeg"),
        (SVG.format('<g><path d="M0 0h9"/><use xlink:href="#a"/></g>').encode(), "svg"),
        (SVG.format('<rect fill="url(#g)"/>').encode(), "svg"),
    ],
)
def test_plain_picture_is_known(data: bytes, kind: str) -> None:
    assert pictures.kind_of(data) == kind


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<image href="file:///etc/passwd"/>',
        '<use href="https://example.test/a.svg#b"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        "<foreignObject><p>hello</p></foreignObject>",
        '<rect style="fill:url(https://example.test/x)"/>',
        "<style>@import 'https://example.test/x.css';</style>",
        "<animate attributeName='href'/>",
        "<?xml-stylesheet href='x'?>",
    ],
)
def test_drawing_that_does_more_is_refused(inside: str) -> None:
    with pytest.raises(ValueError, match=pictures.ACTIVE):
        pictures.kind_of(SVG.format(inside).encode())


def test_drawing_with_entities_is_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("<text>&a;</text>")

    with pytest.raises(ValueError, match=pictures.ACTIVE):
        pictures.kind_of(bomb.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GIF89a", pictures.UNKNOWN),
        (b"", pictures.UNKNOWN),
        (b"<svg><g></svg>", pictures.UNKNOWN),
        (b"\xff\xd8\xff", pictures.UNKNOWN),
        (png(0, 5), pictures.UNKNOWN),
        (png(100_000, 100_000), pictures.TOO_MANY_PIXELS),
        (b"x" * (pictures.LARGEST + 1), pictures.TOO_LARGE),
    ],
)
def test_anything_else_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        pictures.kind_of(data)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(30, 10), 'width="30" height="10"'),
        (b"\xff\xd8\xff\xc0\0\x0b\x08\0\x05\0\x07" + b"\0" * 8, 'width="7" height="5"'),
    ],
)
def test_picture_becomes_a_drawing_of_its_size(data: bytes, size: str) -> None:
    kind = pictures.kind_of(data)

    drawing = pictures.as_drawing(data, kind=kind).decode()

    assert drawing.count(size) == 2
    assert base64.b64encode(data).decode() in drawing


def test_drawing_in_other_letters_than_utf_8_is_refused() -> None:
    text = '<?xml version="1.0" encoding="latin-1"?>' + SVG.format("<text>Übung</text>")

    with pytest.raises(ValueError, match=pictures.UNKNOWN):
        pictures.kind_of(text.encode("latin-1"))
