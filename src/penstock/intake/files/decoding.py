"""From bytes to text: which encoding a file is written in."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken

ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1251")
LONGEST_LINE = 4_000_000
_CYRILLIC = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_COMMON_CYRILLIC = set("оеаинтсрвлк")


def guess(head: bytes) -> str:
    """The encoding of a file from its first bytes.

    A mark at the beginning or zero bytes say UTF-16, valid UTF-8 is UTF-8; else the text is read as Russian when most
    of its letters beyond ASCII would be common Russian ones, and as Western European if not.

    >>> guess("Мельница;Вода".encode("cp1251")), guess("Müller;Straße".encode("cp1252"))
    ('cp1251', 'cp1252')
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head[:200]:
        return "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be"
    if _is_utf8(head):
        return "utf-8-sig"
    letters = [letter for letter in head.decode("cp1251", "replace").lower() if ord(letter) > 127]
    russian = sum(letter in _CYRILLIC for letter in letters)
    common = sum(letter in _COMMON_CYRILLIC for letter in letters)
    looks_russian = russian > 0.8 * len(letters) and common > 0.4 * len(letters)
    return "cp1251" if looks_russian else "cp1252"


def lines(chunks: Iterable[bytes], *, encoding: str, filename: str) -> Iterator[str]:
    """The lines of a file with their ends, read piece by piece.

    Raises:
        RuleBroken: ``intake.encoding`` naming file and line where the bytes are no text of this encoding;
            ``intake.line`` for a line of millions of letters, which no table has.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    rest, number = "", 1
    try:
        for chunk in chunks:
            parts = (rest + decoder.decode(chunk)).split("\n")
            rest = parts.pop()
            if len(rest) > LONGEST_LINE:
                raise _too_long(filename, number)
            for part in parts:
                number += 1
                yield part + "\n"
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise RuleBroken(
            "intake.encoding",
            _(
                "%(file)s, near line %(line)d: this is not text in %(encoding)s. Choose another encoding."
            )
            % {"file": filename, "line": number, "encoding": encoding},
            needs=["encoding"],
        ) from error
    if rest:
        yield rest


def _too_long(filename: str, number: int) -> RuleBroken:
    return RuleBroken(
        "intake.line",
        _(
            "%(file)s, line %(line)d: this line is too long. Save the file as CSV with a row per line."
        )
        % {"file": filename, "line": number},
    )


def _is_utf8(head: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        # Not final: the first bytes may end within a letter.
        decoder.decode(head)
    except UnicodeDecodeError:
        return False
    return True
