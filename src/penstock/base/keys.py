"""Keys that people read, and keys by which names are sorted and compared."""

from __future__ import annotations

import re
import unicodedata

_KEY = re.compile(r"^([A-Z]{2,8})-([1-9][0-9]{0,17})$")
# The last Cyrillic letter there is: ё comes after every word in е, and before ж.
_SORTS_AFTER_E = str.maketrans({"ё": "е\u052f"})


def format_key(prefix: str, number: int) -> str:
    """Write a human key.

    >>> format_key("DEAL", 12)
    'DEAL-12'
    """
    return f"{prefix}-{number}"


def parse_key(text: str) -> tuple[str, int] | None:
    """Read a human key as typed by a person, or None if it is none.

    >>> parse_key(" deal-12 ")
    ('DEAL', 12)
    """
    found = _KEY.match(text.strip().upper())
    return (found.group(1), int(found.group(2))) if found else None


def sort_key(name: str) -> str:
    """Text that sorts in byte order as people expect: case folded, accents apart, ё right after е.

    >>> sorted(["Ёлка", "Жук", "едок", "émile", "Zoe"], key=sort_key)
    ['émile', 'Zoe', 'едок', 'Ёлка', 'Жук']
    """
    folded = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    marked = folded.translate(_SORTS_AFTER_E)
    plain = "".join(_without_accent(letter) for letter in marked)
    return plain[:200]


def match_key(name: str) -> str:
    """Text by which two spellings of one name are found to be the same.

    Case, spaces and punctuation do not count.

    >>> match_key("GTX Pro") == match_key("GTXPro") == match_key("gtx-pro")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return "".join(letter for letter in folded if letter.isalnum())[:200]


def _without_accent(letter: str) -> str:
    if letter == "й":
        return letter
    decomposed = unicodedata.normalize("NFD", letter)
    return "".join(part for part in decomposed if not unicodedata.combining(part))
