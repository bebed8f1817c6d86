"""How holds are said: causes, and who can remove them."""

from __future__ import annotations

from penstock.backlog.holds import CAUSES, WAITS_FOR


def cause(code: str) -> str:
    """A cause in words; one from elsewhere stays as it was written."""
    return str(CAUSES[code][0]) if code in CAUSES else code


def side(code: str) -> str:
    """Whom it waits for, as the end of a sentence; nobody is the empty word."""
    return str(WAITS_FOR.get(code, code))
