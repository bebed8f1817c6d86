"""What ``penstock report`` asks for, and how each figure is laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from penstock.analytics.availability import Hours
from penstock.backlog.holds import WAITS_FOR
from penstock.base.calendar import Window
from penstock.base.errors import RuleBroken
from penstock.cli.rendering import Sheet, percent
from penstock.flow.dating import today
from penstock.reports import (
    backlog,
    capacity,
    holds,
    movements,
    outlook,
    pipeline,
    ratios,
    statement,
    statement_own,
)
from penstock.reports.moment import Moment
from penstock.users.models import Member

Laid = tuple[object, list[Sheet]]
DEAL_GROUPS = ("week", "month", "quarter", "channel", "owner", "team")
HELD = ("deals", "sum", "weighted", "without amount", "median age, days", "oldest, days")
OWED = ("orders", "lines", "value", "goods", "charges", "hours", "lines without hours")
MOVED = ("opened", "won", "won value", "lost", "reopened", "conversion of those closed")


@dataclass(frozen=True, slots=True)
class Question:
    """Days, window and grouping that were asked for."""

    on: date | None
    known: date | None
    window: Window | None
    by: str


def question(
    member: Member, *, on: str, known: str, first: str = "", last: str = "", by: str = ""
) -> Question:
    """Read what was typed.

    Raises:
        RuleBroken: ``cli.date`` for anything but a day, ``cli.window`` for one that ends before it starts.
    """
    until = day_of(last) or day_of(on) or today(member.workspace)
    since = day_of(first)
    if since is not None and until < since:
        raise RuleBroken(
            "cli.window", _("The window ends before it starts. Turn --from and --to round.")
        )
    window = None if since is None else Window(since, until, member.workspace.zone)
    if last and window is None:
        raise RuleBroken("cli.window", _("Give the first day of the window, too, with --from."))
    return Question(on=day_of(on), known=day_of(known), window=window, by=by)


def of_pipeline(member: Member, asked: Question) -> Laid:
    """Open deals by stage; or what happened in a window."""
    _check_by(asked.by, DEAL_GROUPS)
    if asked.by == "channel":
        return _channels(member, asked)
    if asked.by or asked.window:
        return _movements(member, asked)
    found = pipeline.on_day(member, on=asked.on, known=asked.known)
    rows = [[stage.label, *_held(stage.held)] for stage in found.stages]
    rows += [
        [_("Total"), *_held(found.total)],
        [_("Parked, not in the total"), *_held(found.parked)],
    ]
    sheet = Sheet(
        title=_("Pipeline %(moment)s") % {"moment": _moment(found.moment)},
        columns=("stage", *HELD),
        rows=rows,
        note=_(
            "Open deals: neither won nor lost. Weighted by the probability of each stage today."
        ),
    )
    return found, [sheet]


def of_backlog(member: Member, asked: Question) -> Laid:
    """What is owed; or why it changed in a window."""
    _check_by(asked.by, ("day",))
    if asked.by and asked.window:
        return _days(member, asked.window, asked)
    if asked.window:
        return _statement(member, asked.window, asked)
    if asked.by:
        raise RuleBroken("cli.window", _("Give the first day of the window, too, with --from."))
    found = backlog.on_day(member, on=asked.on, known=asked.known)
    waiting = holds.of(found, member=member)
    against = ratios.on_day(member, on=asked.on, known=asked.known)
    rows = [
        [_("Total"), *_owed(found.owed)],
        [_("Overdue"), *_owed(found.overdue)],
        [_("Workable"), *_owed(waiting.workable)],
        *(
            [_("Held, waits for %(side)s") % {"side": WAITS_FOR[part.side]}, *_owed(part.owed)]
            for part in waiting.held
        ),
        *([group.name, *_owed(group.owed)] for group in found.by_stage),
        [_("Impossible history, left out"), None, found.impossible.n_lines, found.impossible.value]
        + [None] * 4,
    ]
    sheet = Sheet(
        title=_("Backlog %(moment)s") % {"moment": _moment(found.moment)},
        columns=("part", *OWED),
        rows=rows,
        note=_("Owed: accepted and neither delivered nor cancelled at the end of the day."),
    )
    return {"backlog": found, "held": waiting, "ratios": against.by_currency}, [
        sheet,
        _ages(found),
        *_ratios(against),
    ]


def of_outlook(member: Member, asked: Question) -> Laid:
    """Pipeline against backlog."""
    found = outlook.on_day(member, on=asked.on, known=asked.known)
    pairs = zip(found.pipeline.measures, found.backlog.measures, strict=True)
    sheet = Sheet(
        title=_("Outlook %(moment)s") % {"moment": _moment(found.moment)},
        columns=("pipeline", "figure", "backlog", "figure"),
        rows=[[str(a.label), _answer(a), str(b.label), _answer(b)] for a, b in pairs],
        note="\n".join(
            f"{side.label}: {side.holds} {side.enters} {side.leaves}"
            for side in (found.pipeline, found.backlog)
        ),
    )
    return found, [sheet]


def of_capacity(member: Member, asked: Question) -> Laid:
    """Hours that can be worked; of the window asked for, or of this week and the seven after it."""
    on = asked.on or today(member.workspace)
    monday = on - timedelta(days=on.weekday())
    window = asked.window or Window(monday, monday + timedelta(days=55), member.workspace.zone)
    found = capacity.by_team(member, window, known=asked.known)
    rows = [
        [team.name, week.first.isoformat(), *_hours(week.hours)]
        for team in found.teams
        for week in team.weeks
    ]
    sheet = Sheet(
        title=_("Hours that can be worked from %(first)s to %(last)s")
        % {"first": window.first.isoformat(), "last": window.last.isoformat()},
        columns=("team", "from", "planned", "ramp", "absent", "lost", "available"),
        rows=[*rows, [_("Total"), None, *_hours(found.total)]],
        note=_("Planned by calendars, less growing into the work, absence and disruptions."),
    )
    return found, [sheet]


def _hours(hours: Hours) -> list[float]:
    lost = sum(hours.lost.values())
    return [
        round(value, 2)
        for value in (hours.planned, hours.ramp, hours.absent, lost, hours.available)
    ]


FIGURES: Mapping[str, Callable[[Member, Question], Laid]] = {
    "pipeline": of_pipeline,
    "backlog": of_backlog,
    "outlook": of_outlook,
    "capacity": of_capacity,
}


def _movements(member: Member, asked: Question) -> Laid:
    window = asked.window or Window(
        (asked.on or today(member.workspace)).replace(month=1, day=1),
        asked.on or today(member.workspace),
        member.workspace.zone,
    )
    found: Sequence[movements.Moved]
    if asked.by in {"owner", "team"}:
        group = movements.by_owner if asked.by == "owner" else movements.by_team
        found = group(member, window, known=asked.known)
    elif asked.by:
        found = movements.by_period(member, window, per=asked.by, known=asked.known)
    else:
        found = (movements.in_window(member, window, known=asked.known),)
    sheet = Sheet(
        title=_("Deals from %(first)s to %(last)s")
        % {"first": window.first.isoformat(), "last": window.last.isoformat()},
        columns=(asked.by or "window", *MOVED),
        rows=[[one.name or "–", *_moved(one)] for one in found],
        note=_("Conversion: won ones of the deals that were won or lost in the window."),
    )
    return {"window": window, "movements": found}, [sheet]


def _channels(member: Member, asked: Question) -> Laid:
    found = movements.by_channel(member, on=asked.on, known=asked.known, opened=asked.window)
    total = movements.total_of(found, name=_("Total"))
    sheet = Sheet(
        title=_("Leads by channel"),
        columns=("channel", "leads", "won", "won value", "won of all leads", "95 % interval"),
        rows=[
            [
                one.channel or "–",
                one.n_leads,
                one.n_won,
                one.won_in_one or one.won,
                percent(one.share.share),
                f"{percent(one.share.low)} … {percent(one.share.high)}",
            ]
            for one in (*found, total)
        ],
        note=_(
            "All deals opened up to the day (or in the window), and those of them won by that day."
        ),
    )
    return found, [sheet]


def _days(member: Member, window: Window, asked: Question) -> Laid:
    found = backlog.daily(member, window, known=asked.known)
    sheet = Sheet(
        title=_("Backlog at the end of each day"),
        columns=("day", "orders", "value"),
        rows=[[end.day.isoformat(), end.n_orders, end.value] for end in found.days],
        note=_("Most orders were owed on %(day)s: %(n)d.")
        % {"day": found.peak.day.isoformat(), "n": found.peak.n_orders},
    )
    return found, [sheet]


def _statement(member: Member, window: Window, asked: Question) -> Laid:
    found = statement.statement(member, window, known=asked.known)
    own = statement_own.own(member, found)
    accounts = {
        _("orders"): found.orders,
        _("orders, net"): found.orders_net,
        **found.value,
        **({_("all in %(currency)s") % {"currency": own.currency}: own.account} if own else {}),
        _("hours"): found.hours,
    }
    sheet = Sheet(
        title=_("Statement from %(first)s to %(last)s")
        % {"first": window.first.isoformat(), "last": window.last.isoformat()},
        columns=("change", *accounts),
        rows=[
            [
                part.name.replace("_", " "),
                *(getattr(account, part.name) for account in accounts.values()),
            ]
            for part in fields(statement.Account)
        ],
        note=_("Net leaves out orders that were accepted and closed at the same instant: %(n)d.")
        % {"n": found.n_at_once},
    )
    return found, [sheet]


def _ages(found: backlog.BacklogOnDay) -> Sheet:
    ages = found.ages
    return Sheet(
        title=_("Age of open orders, in days since acceptance"),
        columns=("orders", "median", "85 %", "95 %", "oldest"),
        rows=[[ages.n, ages.median_days, ages.p85_days, ages.p95_days, ages.oldest_days]],
    )


def _ratios(found: ratios.RatiosOnDay) -> Iterable[Sheet]:
    for one in found.by_currency:
        figures = (one.ratio, one.days_of_sales, one.book_to_bill)
        yield Sheet(
            title=_("Backlog against sales, %(currency)s") % {"currency": one.currency},
            columns=("figure", "value", "from", "to", "entries"),
            rows=[
                [
                    figure.label,
                    figure.note or f"{figure.value:.4f}",
                    figure.window.first.isoformat(),
                    figure.window.last.isoformat(),
                    figure.n,
                ]
                for figure in figures
            ],
        )


def _held(held: pipeline.Held) -> list[Any]:
    ages = held.ages
    return [
        held.n,
        held.sums,
        held.weighted,
        held.n_without_amount,
        ages.median_days,
        ages.oldest_days,
    ]


def _owed(owed: backlog.Owed) -> list[Any]:
    money = [owed.value, owed.goods, owed.charges]
    return [owed.n_orders, owed.n_lines, *money, owed.hours, owed.n_lines_without_hours]


def _moved(one: movements.Moved) -> list[Any]:
    share = f"{percent(one.conversion.share)} ({one.conversion.n}/{one.conversion.of})"
    return [one.n_opened, one.n_won, one.won_in_one, one.n_lost, one.n_reopened, share]


def _answer(measure: outlook.Measure) -> Any:
    return measure.number if measure.money is None else measure.money


def _moment(moment: Moment) -> str:
    if moment.known is None:
        return _("on %(day)s") % {"day": moment.on.isoformat()}
    return _("on %(day)s, as known on %(known)s") % {
        "day": moment.on.isoformat(),
        "known": moment.known.isoformat(),
    }


def _check_by(by: str, known: Sequence[str]) -> None:
    if by and by not in known:
        raise RuleBroken(
            "cli.by", _("--by can be one of these: %(names)s.") % {"names": ", ".join(known)}
        )


def day_of(text: str) -> date | None:
    """The day that was typed; None for none.

    Raises:
        RuleBroken: ``cli.date``.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken(
            "cli.date", _("“%(text)s” is no day. Write it like 2026-03-31.") % {"text": text}
        ) from error
