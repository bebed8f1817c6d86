"""The columns of the table of deals: which can be shown, and by what each is sorted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What a column is called, and by what it is sorted.
SORTS: dict[str, tuple[Any, str]] = {
    "key": (gettext_lazy("Number"), "id"),
    "title": (gettext_lazy("Deal"), "title"),
    "company": (gettext_lazy("Company"), "deal__company__sort_key"),
    "stage": (gettext_lazy("Stage"), "stage__position"),
    "amount": (gettext_lazy("Amount"), "deal__amount"),
    "close_on": (gettext_lazy("Expected close"), "deal__close_on"),
    "step": (gettext_lazy("Next step"), "deal__next_step_on"),
    "owner": (gettext_lazy("Owner"), "owner__sort_key"),
    "channel": (gettext_lazy("Channel"), "deal__channel"),
    "opened": (gettext_lazy("Opened"), "opened_at"),
    "age": (gettext_lazy("In this stage"), "entered_at"),
}
NUMBERS = frozenset({"amount", "age"})
#: Whom a row is about; without it no row could be opened.
ALWAYS = "title"
#: As many as fit beside each other with words as long as the Russian ones.
USUAL = ("key", "title", "company", "stage", "amount", "close_on", "step", "owner", "age")


def shown(asked: Iterable[str]) -> tuple[str, ...]:
    """The columns asked for, in their order; the usual ones if none is asked for."""
    wanted = set(asked) & set(SORTS)
    if not wanted - {ALWAYS}:
        return USUAL
    return tuple(name for name in SORTS if name in wanted or name == ALWAYS)


def optional() -> list[tuple[str, Any]]:
    """The columns that can be left out, with their names."""
    return [(name, label) for name, (label, _by) in SORTS.items() if name != ALWAYS]


def orders() -> list[tuple[str, str]]:
    """The orders to choose from: every column upwards and downwards."""
    found = [("", _("Newest first"))]
    for name, (label, _by) in SORTS.items():
        found += [
            (name, _("%(column)s, ascending") % {"column": label}),
            (f"-{name}", _("%(column)s, descending") % {"column": label}),
        ]
    return found
