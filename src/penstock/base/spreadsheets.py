"""Text that a spreadsheet would work out instead of showing it."""

from __future__ import annotations

#: What makes a spreadsheet run a cell, in both widths; OWASP, “CSV Injection”.
RUNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
#: What nobody sees and a spreadsheet skips before them: spaces of all kinds, marks of direction.
UNSEEN = "\u200b\u200e\u200f\u2060\ufeff\u202a\u202c\u00ad \u00a0\u202f\v\f"


def runs(text: str) -> bool:
    """Whether a spreadsheet would run a cell with this text.

    >>> runs("=1+1"), runs(" +7 999"), runs("Acme"), runs("a-b")
    (True, True, False, False)
    """
    return text.lstrip(UNSEEN).startswith(RUNS) or text.startswith(RUNS)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if it would run.

    >>> harmless("=1+1"), harmless("Acme")
    ("'=1+1", 'Acme')
    """
    return f"'{text}" if runs(text) else text
