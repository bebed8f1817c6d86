"""What happened to deals in a window: opened, won, lost, reopened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from penstock.analytics import conversion
from penstock.analytics.conversion import Share
from penstock.base.calendar import Window, end_of
from penstock.base.money import ZERO
from penstock.catalog import exchange as exchanging
from penstock.catalog.exchange import Exchange, InOne, Part
from penstock.flow.models import LossReason
from penstock.reports import periods, rows
from penstock.reports.counts import Count, counted, foreign_day, window_times
from penstock.reports.filters import DealFilter
from penstock.reports.moment import moment
from penstock.reports.periods import Period
from penstock.reports.pipeline import ALL, Money, narrowing, seen
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class Moved:
    """Deals opened, won, lost and reopened in a window (or a group of them); money is per currency.

    A deal counts by the last that happened to it in the window: won and reopened within it is reopened.
    ``won_in_one`` takes each amount at the rate of the day on which the deal was closed.
    ``conversion`` is the share of won ones of the deals closed in the window. Amounts are those in
    force at the end of the window.
    """

    name: str
    window: Window
    n_opened: int
    n_won: int
    n_lost: int
    n_reopened: int
    won: Money
    lost: Money
    n_won_without_amount: int
    conversion: Share
    won_in_one: InOne
    lost_in_one: InOne


@dataclass(frozen=True, slots=True)
class ChannelLeads:
    """Leads of one channel and how many of them were won; an empty channel is an unknown one."""

    channel: str
    n_leads: int
    n_won: int
    won: Money
    share: Share
    won_in_one: InOne | None


@dataclass(frozen=True, slots=True)
class ClosedDeal:
    """One deal behind a figure of won or lost ones."""

    key: str
    title: str
    company: str
    owner: str
    closed_at: datetime
    amount: Decimal | None
    currency: str
    reason: str


def in_window(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> Moved:
    """What happened in a window."""
    counts = counted(member, (Period("", window),), known=known, only=only)
    return _moved("", window, counts, _exchange(member, window, counts, known))


def by_period(
    member: Member,
    window: Window,
    *,
    per: str = "month",
    known: date | None = None,
    only: DealFilter = ALL,
) -> tuple[Moved, ...]:
    """What happened in each week, month or quarter of a window, empty ones included; the monthly report.

    Raises:
        RuleBroken: ``reports.period``.
    """
    return in_each(member, periods.split(window, per=per), known=known, only=only)


def in_each(
    member: Member,
    spans: Sequence[Period],
    *,
    known: date | None = None,
    only: DealFilter = ALL,
) -> tuple[Moved, ...]:
    """What happened in each of some periods that follow one another without a gap."""
    counts = counted(member, spans, known=known, only=only)
    exchange = _exchange(member, spans[-1].window, counts, known)
    return tuple(
        _moved(
            span.name, span.window, [count for count in counts if count.period == number], exchange
        )
        for number, span in enumerate(spans, start=1)
    )


def by_owner(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> tuple[Moved, ...]:
    """What happened in a window, per owner on its last day; the name is empty for unassigned deals."""
    counts = counted(member, (Period("", window),), known=known, only=only, by="owner")
    owners = Member.objects.filter(workspace_id=member.workspace_id)
    names = {str(pk): name for pk, name in owners.values_list("pk", "name")}
    return _grouped(window, counts, _exchange(member, window, counts, known), names=names)


def by_team(
    member: Member, window: Window, *, known: date | None = None, only: DealFilter = ALL
) -> tuple[Moved, ...]:
    """What happened in a window, per team of the owner on its last day; the name is empty without a team."""
    counts = counted(member, (Period("", window),), known=known, only=only, by="owner")
    mates = Member.objects.filter(workspace_id=member.workspace_id, team__isnull=False)
    teams = {str(pk): name for pk, name in mates.values_list("pk", "team__name")}
    return _grouped(window, counts, _exchange(member, window, counts, known), names=teams)


def by_channel(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    opened: Window | None = None,
    only: DealFilter = ALL,
) -> tuple[ChannelLeads, ...]:
    """Leads opened up to a day (or in a window), per channel, and how many of them were won by that day.

    Channel and amount are those in force on the day. Most leads first.
    """
    when = moment(member.workspace, on=on, known=known)
    narrow, params = narrowing(only, of="d.item_id")
    deals, more = rows.embedded(seen(member, only).values("item_id", "item__opened_at"))
    won = "(CASE WHEN ended.value = 'won' THEN d.item_id END)"
    query = f"""
        WITH ended AS ({rows.last_of_each("flow_outcome", "occurred_at, r.verdict")})
        SELECT coalesce(channel.value, ''), ended.value = 'won',
               coalesce(currency.value, %(own)s), count(*), count(amount.value),
               sum(amount.value::numeric), {foreign_day("ended.occurred_at")}
        FROM ({deals}) d (item_id, opened_at)
        {narrow}
        LEFT JOIN ended ON ended.item_id = d.item_id
        LEFT JOIN LATERAL ({rows.field("channel", of="d.item_id")}) channel ON true
        LEFT JOIN LATERAL ({rows.field("amount", of=won)}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of=won)}) currency ON true
        WHERE d.opened_at >= %(first)s AND d.opened_at < %(stop)s
          AND ended.value IS DISTINCT FROM 'merged'
        GROUP BY 1, 2, 3, 7
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= more | rows.times(at=when.at, known=when.known_at)
    params |= {
        "workspace": member.workspace_id,
        "zone": member.workspace.time_zone,
        "own": member.workspace.currency,
        "first": opened.start if opened else "-infinity",
        "stop": min(opened.stop, when.at) if opened else when.at,
    }
    found = rows.ask(query, params)
    return _channels(found, Exchange(member.workspace, day=when.on, known=when.known_at))


def total_of(channels: Sequence[ChannelLeads], *, name: str) -> ChannelLeads:
    """All channels as one."""
    n_leads, n_won = (
        sum(channel.n_leads for channel in channels),
        sum(channel.n_won for channel in channels),
    )
    won: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for channel in channels:
        for currency, value in channel.won.items():
            won[currency] += value
    return ChannelLeads(
        name,
        n_leads,
        n_won,
        dict(won),
        conversion.share(n_won, of=n_leads),
        exchanging.together([one.won_in_one for one in channels if one.won_in_one]),
    )


def deals(
    member: Member, window: Window, *, verdict: str, known: date | None = None, limit: int = 100
) -> list[ClosedDeal]:
    """Who was won or lost in a window and stayed so to its end, newest first, with the amount of that time."""
    visible, params = rows.embedded(
        seen(member, ALL).values("item_id", "item__key", "item__title", "company__name")
    )
    query = f"""
        WITH ended AS (SELECT DISTINCT ON (r.item_id) r.item_id, r.verdict, r.occurred_at, r.reason_id
                       FROM flow_outcome r WHERE r.occurred_at >= %(first)s AND {rows.counting("flow_outcome")}
                       ORDER BY r.item_id, r.occurred_at DESC, r.id DESC)
        SELECT d.key, d.title, coalesce(d.company, ''), coalesce(mate.name, ''), ended.occurred_at,
               amount.value::numeric, coalesce(currency.value, %(own)s), ended.reason_id
        FROM ended JOIN ({visible}) d (item_id, key, title, company) USING (item_id)
        LEFT JOIN LATERAL ({rows.field("amount", of="d.item_id")}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of="d.item_id")}) currency ON true
        LEFT JOIN LATERAL ({rows.field("owner", of="d.item_id")}) owner ON true
        LEFT JOIN users_member mate ON mate.id = owner.value::bigint
        WHERE ended.verdict = %(verdict)s
        ORDER BY ended.occurred_at DESC, d.item_id DESC LIMIT %(limit)s
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= window_times(window, known) | {
        "workspace": member.workspace_id,
        "own": member.workspace.currency,
        "verdict": verdict,
        "limit": limit,
    }
    reasons = {reason.pk: reason.label for reason in LossReason.objects.all()}
    return [ClosedDeal(*(*row[:-1], reasons.get(row[-1], ""))) for row in rows.ask(query, params)]


def _grouped(
    window: Window, counts: Iterable[Count], exchange: Exchange, *, names: Mapping[str, str]
) -> tuple[Moved, ...]:
    groups: dict[str, list[Count]] = defaultdict(list)
    for count in counts:
        groups[names.get(count.group, "")].append(count)
    moved = [_moved(name, window, found, exchange) for name, found in groups.items()]
    return tuple(sorted(moved, key=lambda group: (-group.n_won, group.name)))


def _moved(name: str, window: Window, counts: Sequence[Count], exchange: Exchange) -> Moved:
    n = {
        what: sum(count.n for count in counts if count.what == what)
        for what in ("opened", "won", "lost", "open")
    }
    won = [count for count in counts if count.what == "won"]
    lost = [count for count in counts if count.what == "lost"]
    return Moved(
        name=name,
        window=window,
        n_opened=n["opened"],
        n_won=n["won"],
        n_lost=n["lost"],
        n_reopened=n["open"],
        won=_sums(won),
        lost=_sums(lost),
        n_won_without_amount=sum(count.n - count.n_with_amount for count in won),
        conversion=conversion.closed(n["won"], n["lost"]),
        won_in_one=exchange.in_one(_parts(won)),
        lost_in_one=exchange.in_one(_parts(lost)),
    )


def _sums(counts: Iterable[Count]) -> Money:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for count in counts:
        if count.total is not None:
            sums[count.currency] += count.total
    return dict(sorted(sums.items()))


def _exchange(
    member: Member, window: Window, counts: Sequence[Count], known: date | None
) -> Exchange:
    """All rates that some counts need, asked for at once."""
    known_at = None if known is None else end_of(known, zone=window.zone)
    exchange = Exchange(member.workspace, day=window.last, known=known_at)
    exchange.learn(_parts(counts))
    return exchange


def _parts(counts: Iterable[Count]) -> list[Part]:
    return [
        Part(count.currency, count.total, count.n_with_amount, count.closed_on)
        for count in counts
        if count.total is not None
    ]


def _channels(
    found: Iterable[tuple[str, bool | None, str, int, int, Decimal | None, date | None]],
    exchange: Exchange,
) -> tuple[ChannelLeads, ...]:
    groups: dict[str, list[Count]] = defaultdict(list)
    for channel, is_won, currency, n, n_with, total, day in found:
        what = "won" if is_won else "not won"
        groups[channel].append(Count(1, channel, what, currency, n, n_with, total, day))
    exchange.learn(_parts(count for counts in groups.values() for count in counts))
    channels = [_channel(name, counts, exchange) for name, counts in groups.items()]
    return tuple(sorted(channels, key=lambda channel: (-channel.n_leads, channel.channel)))


def _channel(name: str, counts: Sequence[Count], exchange: Exchange) -> ChannelLeads:
    won = [count for count in counts if count.what == "won"]
    n_leads, n_won = sum(count.n for count in counts), sum(count.n for count in won)
    return ChannelLeads(
        channel=name,
        n_leads=n_leads,
        n_won=n_won,
        won=_sums(won),
        share=conversion.share(n_won, of=n_leads),
        won_in_one=exchange.in_one(_parts(won)),
    )
