"""Why do we lose deals, and where?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.analytics.conversion import Share
from penstock.reports.losses import Losses, Lost
from penstock.web import figures
from penstock.web.pages import money
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.money import Shown
from penstock.web.pages.tiles import window_text

#: Below this a share in whole per cent would say nothing.
SMALL = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reason or stage, ready to be shown; ``query`` leads to its deals."""

    name: str
    n: str
    value: Shown | str
    share: str
    interval: str
    query: str


def head(found: Losses) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Loss reasons"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Deals that were lost in the window and stayed lost to its end. The stage is the one in "
                "which the deal died, the value the amount in force at the end of the window; deals "
                "without an amount add nothing to it. The share is of the number of lost deals, its "
                "interval Wilson's, at 95 %."
            ),
            window=window_text(found.window),
            n=figures.number(found.n),
        ),
    )


def lines(parts: Sequence[Lost], *, of: str) -> list[Line]:
    """The parts of the losses; ``of`` says whether they are reasons or stages."""
    return [
        Line(
            name=part.name or _("No reason said"),
            n=figures.number(part.n),
            value=money.shown(part.in_one) if part.value else "–",
            share=per_cent(part.share.share),
            interval=interval(part.share),
            query=f"{of}={part.pk or 0}",
        )
        for part in parts
    ]


def notes(found: Losses) -> list[str]:
    """What bears on the figures."""
    said = []
    if found.n_without_reason:
        said.append(
            ngettext(
                "%(n)s of the lost deals has no stated reason: the shares of the others are too low by that.",
                "%(n)s of the lost deals have no stated reason: the shares of the others are too low by that.",
                found.n_without_reason,
            )
            % {"n": figures.number(found.n_without_reason)}
        )
    if found.n_without_amount:
        said.append(
            ngettext(
                "%(n)s of the lost deals has no amount and is in no sum.",
                "%(n)s of the lost deals have no amount and are in no sum.",
                found.n_without_amount,
            )
            % {"n": figures.number(found.n_without_amount)}
        )
    return said


def charts(found: Losses) -> list[dict[str, Any]]:
    """The reasons as bars, most first."""
    if not found.n:
        return []
    names = [part.name or _("No reason said") for part in found.by_reason]
    counts = [part.n for part in found.by_reason]
    return [
        {
            "id": "chart-reasons",
            "title": _("Lost deals by reason"),
            "summary": _("%(name)s is the most frequent reason, %(n)s of %(total)s.")
            % {"name": names[0], "n": figures.number(counts[0]), "total": figures.number(found.n)},
            "data": {
                "x": names,
                "sideways": True,
                "series": [
                    {"name": _("Lost deals"), "kind": "bar", "values": counts, "tone": "late"}
                ],
            },
            "heads": [_("Reason"), _("Lost deals")],
            "rows": [[name, figures.number(n)] for name, n in zip(names, counts, strict=True)],
        }
    ]


def _answer(found: Losses) -> str:
    if not found.n:
        return _("No deal was lost in this window.")
    first = found.by_reason[0]
    lost = ngettext(
        "%(n)s deal was lost, worth %(value)s.",
        "%(n)s deals were lost, worth %(value)s.",
        found.n,
    ) % {"n": figures.number(found.n), "value": money.sentence(found.in_one) or "–"}
    most = _("Most often: %(reason)s, %(share)s of them (between %(low)s and %(high)s).") % {
        "reason": first.name or _("No reason said"),
        "share": per_cent(first.share.share),
        "low": per_cent(first.share.low),
        "high": per_cent(first.share.high),
    }
    return f"{lost} {most}"


def per_cent(share: float | None) -> str:
    """A share as people read it, with a place below one per cent; a dash for none.

    >>> per_cent(0.004), per_cent(0.004 * 10), per_cent(0), per_cent(None)
    ('0.4%', '4%', '0%', '–')
    """
    if share is None:
        return "–"
    return figures.share(share, places=1 if 0 < share < SMALL else 0)


def interval(share: Share) -> str:
    """The bounds of a share."""
    return "–" if share.low is None else f"{per_cent(share.low)} – {per_cent(share.high)}"
