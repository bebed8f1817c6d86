"""How far can expected closes be trusted, and whose?"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.analytics.slips import Middle, Slips
from penstock.reports.slips import MIN_CASES, CloseDates
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_losses import interval, per_cent
from penstock.web.pages.insights_tables import Cell, Row, Table
from penstock.web.pages.tiles import window_text


def head(found: CloseDates) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Close dates"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Deals that were open in the window and had an expected close, by who owned them. A push puts "
                "the day off, a pull brings it nearer; a day said for the first time is neither. The share is "
                "of deals that were pushed at least once, its interval Wilson's. Days are medians with "
                "intervals by rank, all at 95 %. Won deals are compared with the day that was said first."
            ),
            window=window_text(found.window),
            n="0" if found.whole is None else figures.number(len(found.whole.cases)),
        ),
    )


def tables(found: CloseDates) -> list[Table]:
    """Owner by owner, and all together."""
    rows = [
        _row(one.name or _("Nobody"), one.slips, query=f"whose={one.owner_id}&")
        for one in found.owners
    ]
    if found.whole is not None:
        rows.append(_row(_("All"), found.whole, query="", is_total=True))
    return [
        Table(
            title=_("By owner"),
            heads=(
                _("Owner"),
                _("Deals"),
                _("Pushed"),
                _("Share pushed"),
                _("Pushes"),
                _("Days per push"),
                _("Pulls"),
                _("Days per pull"),
                _("Won deals"),
                _("Won later than said first, days"),
                _("Passed in silence"),
            ),
            rows=rows,
        )
    ]


def notes(found: CloseDates) -> list[str]:
    """What bears on the figures."""
    if found.whole is None:
        return []
    said = [
        _("With fewer than %(n)s deals no share is claimed.") % {"n": figures.number(MIN_CASES)}
    ]
    if found.whole.n_overdue:
        said.append(
            ngettext(
                "%(n)s open deal has an expected close that has passed: its slip is not counted yet.",
                "%(n)s open deals have an expected close that has passed: their slips are not counted yet.",
                found.whole.n_overdue,
            )
            % {"n": figures.number(found.whole.n_overdue)}
        )
    return said


def _row(name: str, one: Slips, *, query: str, is_total: bool = False) -> Row:
    has_enough = one.pushed.of >= MIN_CASES
    return Row(
        name,
        [
            Cell(figures.number(len(one.cases)), f"{query}kind=cases"),
            Cell(figures.number(len(one.pushed_cases)), f"{query}kind=pushed"),
            Cell(per_cent(one.pushed.share), note=interval(one.pushed))
            if has_enough
            else Cell(_("too few")),
            Cell(figures.number(one.n_pushes)),
            _days(one.push),
            Cell(figures.number(one.n_pulls)),
            _days(one.pull),
            Cell(figures.number(len(one.won_cases)), f"{query}kind=won"),
            _days(one.late),
            Cell(figures.number(one.n_overdue), f"{query}kind=overdue"),
        ],
        is_total=is_total,
    )


def _days(middle: Middle) -> Cell:
    if middle.days is None:
        return Cell("–")
    if middle.low is None or middle.high is None:
        return Cell(_number(middle.days), note=_("n = %(n)s") % {"n": figures.number(middle.n)})
    return Cell(_number(middle.days), note=f"{_number(middle.low)} – {_number(middle.high)}")


def _number(days: float) -> str:
    return figures.number(Decimal(str(round(days, 1))), places=0 if days == int(days) else 1)


def _answer(found: CloseDates) -> str:
    whole = found.whole
    if whole is None or not len(whole.cases):
        return _("No open deal had an expected close in this window.")
    told = {
        "n": figures.number(len(whole.cases)),
        "share": per_cent(whole.pushed.share),
        "days": "–" if whole.push.days is None else _number(whole.push.days),
    }
    if whole.push.days is None:
        pushed = _("No expected close was put off: n = %(n)s.") % told
    else:
        pushed = (
            ngettext(
                "%(share)s of %(n)s deal with an expected close was pushed, by %(days)s days in the middle.",
                "%(share)s of %(n)s deals with an expected close were pushed, by %(days)s days in the middle.",
                len(whole.cases),
            )
            % told
        )
    return f"{pushed} {_late(whole)}".strip()


def _late(whole: Slips) -> str:
    days = whole.late.days
    if days is None:
        return ""
    if days < 0:
        return _("Won deals closed %(days)s days earlier than was said first.") % {
            "days": _number(-days)
        }
    return _("Won deals closed %(days)s days later than was said first.") % {"days": _number(days)}
