"""How a deal ended, in one word and a tone."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

ENDINGS: dict[str, tuple[str | Promise, str]] = {
    "won": (pgettext_lazy("deal", "Won"), "ok"),
    "lost": (pgettext_lazy("deal", "Lost"), "late"),
    "merged": (pgettext_lazy("deal", "Merged"), "info"),
}


def of(outcome: str) -> tuple[str, str]:
    """The word and its tone; empty for an open deal."""
    word, tone = ENDINGS.get(outcome, ("", ""))
    return str(word), tone
