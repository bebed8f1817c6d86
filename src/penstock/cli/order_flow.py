"""What ``penstock report`` says about how orders flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from penstock.analytics.flow_times import Spread
from penstock.analytics.survival import Duration
from penstock.base.calendar import Window, trailing
from penstock.base.errors import RuleBroken
from penstock.cli.figures import Laid, Question
from penstock.cli.insights import title
from penstock.cli.rendering import Sheet, percent
from penstock.flow.dating import today
from penstock.reports import backlog_flow, hours_ahead, order_slices, work_times
from penstock.reports.backlog_flow import BacklogFlow
from penstock.reports.hours_ahead import HoursAhead
from penstock.reports.moment import TRAILING_DAYS, moment
from penstock.reports.order_slices import OrderSlice
from penstock.reports.work_times import WorkTimes
from penstock.users.models import Member


def of_flow(member: Member, asked: Question, where: str) -> Laid:
    """Stages, weeks, times and weeks of capacity."""
    window, only = window_of(member, asked), slice_of(member, where)
    found = backlog_flow.in_window(member, window, known=asked.known, only=only)
    work = work_times.in_window(member, window, known=asked.known, only=only, by=asked.by)
    when = moment(member.workspace, on=window.last, known=asked.known)
    ahead = hours_ahead.on_day(member, moment=when, only=only)
    sheets = [_weeks(found), _figures(found, work, ahead), _work(work)]
    return _plain(found, work, ahead), sheets


FIGURES: Mapping[str, Callable[[Member, Question, str], Laid]] = {"flow": of_flow}


def window_of(member: Member, asked: Question) -> Window:
    """The window that was asked for; ninety days that end with the day without one."""
    until = asked.on or today(member.workspace)
    return asked.window or trailing(until=until, days=TRAILING_DAYS, zone=member.workspace.zone)


def slice_of(member: Member, where: str) -> OrderSlice:
    """The slice of orders that was typed, such as ``team=3``.

    Raises:
        RuleBroken: ``cli.where``, ``reports.slice``.
    """
    named = dict(part.partition("=")[::2] for part in where.split(",") if part)
    if set(named) - set(order_slices.DIMENSIONS):
        raise RuleBroken(
            "cli.where",
            _("--where can name these: %(names)s.") % {"names": ", ".join(order_slices.DIMENSIONS)},
        )
    return order_slices.asked(member, named)


def _weeks(found: BacklogFlow) -> Sheet:
    return Sheet(
        title=title(_("Flow"), found.window),
        columns=("from", "came in", "delivered", "cancelled", "owed", "hours", "counts"),
        rows=[
            [
                week.window.first.isoformat(),
                week.n_in,
                week.n_out,
                week.n_cancelled,
                week.n_inside,
                week.hours,
                week.counts,
            ]
            for week in found.weeks
        ],
        note=_(
            "Only whole weeks in which work never ran out count for what can be done in a week."
        ),
    )


def _figures(found: BacklogFlow, work: WorkTimes, ahead: HoursAhead) -> Sheet:
    lead, seen = found.lead.accepted, found.lead.delivered
    longest = ahead.longest or ahead.whole
    return Sheet(
        title=_("Times and capacity"),
        columns=("figure", "n", "middle", "from", "to", "85 %"),
        rows=[
            ["lead time, days, accepted in the window", *_duration(lead)],
            [
                "lead time, days, delivered in it",
                seen.n,
                seen.median_days,
                None,
                None,
                seen.p85_days,
            ],
            ["cycle time, days, begun in it", *_duration(work.whole.cycle)],
            ["orders a week, 15 to 85 %", *_spread(found.orders_per_week)],
            ["hours a week, 15 to 85 %", *_spread(found.hours_per_week)],
            ["weeks of capacity in the backlog", None, longest.weeks, None, None, None],
            [
                "cancelled of accepted",
                found.n_cancelled,
                percent(found.cancelled_of_accepted.share),
                *[None] * 3,
            ],
            [
                "cancelled of owed at the begin",
                found.n_cancelled,
                percent(found.cancelled_of_owed.share),
                *[None] * 3,
            ],
        ],
        note=_("Running orders and work are part of the times (Kaplan-Meier), at 95 %."),
    )


def _work(work: WorkTimes) -> Sheet:
    return Sheet(
        title=work.by,
        columns=("group", "waiting", "in work", "finished", "hours", "cycles", "median", "85 %"),
        rows=[
            [
                one.name or "–",
                one.n_waiting,
                one.n_running,
                one.n_finished,
                round(one.hours, 2),
                one.cycle.n,
                one.cycle.median.days,
                one.cycle.p85.days,
            ]
            for one in work.groups
        ],
    )


def _duration(one: Duration) -> list[Any]:
    return [one.n, one.median.days, one.median.low, one.median.high, one.p85.days]


def _spread(one: Spread) -> list[Any]:
    return [one.n, one.median, one.low, one.high, None]


def _plain(found: BacklogFlow, work: WorkTimes, ahead: HoursAhead) -> dict[str, object]:
    """All of it as JSON holds it: arrays as lists."""
    flow = found.flow
    return {
        "window": found.window,
        "known": found.known,
        "days": [
            {
                "on": day,
                "owed": int(flow.inside[at]),
                "workable": int(flow.workable[at]),
                "delivered": int(flow.delivered[at]),
                "stages": {band.name: int(band.counts[at]) for band in flow.bands},
            }
            for at, day in enumerate(flow.days)
        ],
        "weeks": found.weeks,
        "lead": found.lead,
        "little": found.little,
        "orders_per_week": found.orders_per_week,
        "hours_per_week": found.hours_per_week,
        "cancelled_of_accepted": found.cancelled_of_accepted,
        "cancelled_of_owed": found.cancelled_of_owed,
        "work": work,
        "ahead": ahead,
    }
