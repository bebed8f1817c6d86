"""Who was won and who was lost: what happened to deals in a window, by period, owner, team or channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from penstock.analytics.conversion import Share
from penstock.base.calendar import Window
from penstock.reports import movements
from penstock.reports.moment import Moment
from penstock.reports.movements import ChannelLeads, ClosedDeal, Moved
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.money import Shown, sentence, shown
from penstock.web.pages.tiles import day_text, window_text

#: How the window can be divided; the first is the default.
BY = {
    "month": gettext_lazy("By month"),
    "quarter": gettext_lazy("By quarter"),
    "owner": gettext_lazy("By owner"),
    "team": gettext_lazy("By team"),
    "channel": gettext_lazy("By channel"),
}
N_DEALS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One part of the window, ready to be shown; ``is_total`` sums up the others."""

    name: str
    n_opened: str
    n_won: str
    won: Shown
    share: str
    interval: str
    n_lost: str = ""
    n_reopened: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A deal behind the figures."""

    key: str
    title: str
    company: str
    owner: str
    closed_on: str
    amount: str
    reason: str


def head(whole: Moved) -> Page:
    """The answer for the whole window, and how it is measured."""
    return Page(
        title=_("Won and lost"),
        nav="pipeline",
        answer=_answer(whole),
        definition=Definition(
            text=_(
                "A deal counts by the last that happened to it in the window, with the amount in force "
                "at its end. The conversion is the share of won deals among those won or lost in the "
                "window; open and parked deals are no part of it. The interval is Wilson's, at 95 %."
            ),
            window=window_text(whole.window),
            n=figures.number(whole.n_won + whole.n_lost),
        ),
    )


def lines(member: Member, window: Window, *, by: str, moment: Moment) -> list[Line]:
    """The parts of the window and their total."""
    if by == "channel":
        found = movements.by_channel(member, on=moment.on, known=moment.known, opened=window)
        total = movements.total_of(found, name=_("Total"))
        return [*map(_channel, found), _channel(total, is_total=True)]
    whole = movements.in_window(member, window, known=moment.known)
    parts = _parts(member, window, by=by, moment=moment)
    return [*map(_line, parts), _line(whole, is_total=True)]


def deals(member: Member, window: Window, *, verdict: str, moment: Moment) -> list[Deal]:
    """The newest deals behind the figures."""
    found = movements.deals(member, window, verdict=verdict, known=moment.known, limit=N_DEALS)
    return [_deal(one, window) for one in found]


def _parts(member: Member, window: Window, *, by: str, moment: Moment) -> Sequence[Moved]:
    if by == "owner":
        return movements.by_owner(member, window, known=moment.known)
    if by == "team":
        return movements.by_team(member, window, known=moment.known)
    return movements.by_period(member, window, per=by, known=moment.known)


def _answer(whole: Moved) -> str:
    n_closed = whole.n_won + whole.n_lost
    if not n_closed:
        return _("No deal was won or lost in this window.")
    won = ngettext(
        "%(n)s deal was won, worth %(sum)s.", "%(n)s deals were won, worth %(sum)s.", whole.n_won
    ) % {"n": figures.number(whole.n_won), "sum": sentence(whole.won_in_one)}
    share = _("%(share)s of the %(n)s that were closed (between %(low)s and %(high)s).") % {
        "share": _per_cent(whole.conversion.share),
        "n": figures.number(n_closed),
        "low": _per_cent(whole.conversion.low),
        "high": _per_cent(whole.conversion.high),
    }
    return f"{won} {share}"


def _line(part: Moved, *, is_total: bool = False) -> Line:
    return Line(
        name=_("Total") if is_total else part.name or "–",
        n_opened=figures.number(part.n_opened),
        n_won=figures.number(part.n_won),
        won=shown(part.won_in_one),
        n_lost=figures.number(part.n_lost),
        n_reopened=figures.number(part.n_reopened),
        share=_per_cent(part.conversion.share),
        interval=_interval(part.conversion),
        is_total=is_total,
    )


def _channel(part: ChannelLeads, *, is_total: bool = False) -> Line:
    return Line(
        name=part.channel or pgettext("channel", "Unknown"),
        n_opened=figures.number(part.n_leads),
        n_won=figures.number(part.n_won),
        won=shown(part.won_in_one) if part.won_in_one else Shown("–"),
        share=_per_cent(part.share.share),
        interval=_interval(part.share),
        is_total=is_total,
    )


def _deal(one: ClosedDeal, window: Window) -> Deal:
    return Deal(
        key=one.key,
        title=one.title,
        company=one.company,
        owner=one.owner,
        closed_on=day_text(one.closed_at.astimezone(window.zone).date()),
        amount="–" if one.amount is None else figures.money(one.amount, one.currency),
        reason=one.reason,
    )


def _interval(share: Share) -> str:
    return "–" if share.low is None else f"{_per_cent(share.low)} – {_per_cent(share.high)}"


def _per_cent(share: float | None) -> str:
    return "–" if share is None else figures.share(share, places=1)
