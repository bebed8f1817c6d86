"""How often do deals pass a gate without its answers?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.flow.models import Override
from penstock.reports import overrides
from penstock.reports.overrides import Overrides, Passed
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.settings import NEEDS
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights import PAGE_SIZE
from penstock.web.pages.insights_losses import interval, per_cent
from penstock.web.pages.tiles import day_text, window_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody who passed gates, or an answer that was missing."""

    name: str
    n: str
    of: str = ""
    share: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One move that passed a gate, with its reason."""

    key: str
    title: str
    company: str
    on: str
    stage: str
    needs: str
    by: str
    reason: str


def head(found: Overrides) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Gates"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Moves from stage to stage in the window; the opening of a deal is no move, and a "
                "move that was taken back does not count. By override is a move that passed at "
                "least one gate without all of its answers, for a reason that was given. The "
                "interval is Wilson's, at 95 %."
            ),
            window=window_text(found.window),
            n=figures.number(found.share.of),
        ),
    )


def members(parts: Sequence[Passed]) -> list[Line]:
    """Who passed gates without their answers, of their own moves."""
    return [
        Line(
            name=part.name or _("From a file"),
            n=figures.number(part.share.n),
            of=figures.number(part.share.of),
            share=per_cent(part.share.share),
            interval=interval(part.share),
        )
        for part in parts
    ]


def needs(found: Overrides) -> list[Line]:
    """Which answers were missing, in how many of the moves."""
    return [Line(name=str(NEEDS.get(need, need)), n=figures.number(n)) for need, n in found.by_need]


def part(found: Overrides, number: str) -> Part[Any]:
    """Some of the overrides."""
    return Paginator(found.ids, PAGE_SIZE).get_page(number)


def lines(ids: Sequence[int], *, member: Member) -> list[Row]:
    """The moves behind the figure."""
    zone = member.workspace.zone
    return [_row(row, zone=zone) for row in overrides.behind(ids)]


def _row(row: Override, *, zone: Any) -> Row:
    wording = getattr(row, "wording", None)
    company = row.item.deal.company
    return Row(
        key=row.item.key,
        title=row.item.title,
        company=company.name if company else "",
        on=day_text(row.occurred_at.astimezone(zone).date()),
        stage=row.transition.stage.label,
        needs=", ".join(str(NEEDS.get(need, need)) for need in row.needs),
        by=row.by.name if row.by else _("From a file"),
        reason=wording.text if wording else "–",
    )


def _answer(found: Overrides) -> str:
    share = found.share
    if not share.of:
        return _("No deal was moved in this window.")
    values = {
        "n": figures.number(share.n),
        "of": figures.number(share.of),
        "share": per_cent(share.share),
        "low": per_cent(share.low),
        "high": per_cent(share.high),
    }
    text = ngettext(
        "%(n)s of %(of)s move passed a gate by override: %(share)s (between %(low)s and %(high)s).",
        "%(n)s of %(of)s moves passed a gate by override: %(share)s (between %(low)s and %(high)s).",
        share.of,
    )
    return text % values
