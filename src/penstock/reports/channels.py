"""Which channels and campaigns bring leads and customers, and what each costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from penstock.analytics import attribution
from penstock.analytics.attribution import Credit, Part
from penstock.base.calendar import Window, end_of
from penstock.catalog.exchange import Exchange
from penstock.catalog.exchange import Part as Sum
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import narrowing, seen
from penstock.reports.slices import ALL
from penstock.sales import campaigns, channels
from penstock.sales.models import Campaign, CampaignCost
from penstock.users.models import Member

#: How a lead stands: an open lead, an open deal that was qualified, and ended ones.
OPEN, QUALIFIED, WON, LOST_QUALIFIED, LOST = "open", "qualified", "won", "lost_qualified", "lost"
QUALIFIED_ONCE = (QUALIFIED, WON, LOST_QUALIFIED)
STILL_OPEN = (OPEN, QUALIFIED)
CLOSED = (WON, LOST_QUALIFIED, LOST)
#: How an address names leads of which nobody knows how they came.
NOT_KNOWN = "none"
#: The figures that lead to their deals.
FIGURES: Mapping[str, tuple[str, ...]] = {
    "leads": (*STILL_OPEN, *CLOSED),
    "qualified": QUALIFIED_ONCE,
    "won": (WON,),
    "open": STILL_OPEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What one channel or campaign earned and cost; ``cost`` None where nobody said what it cost."""

    key: str
    name: str
    credit: Credit
    cost: Fraction | None
    value: Fraction

    def count(self, figure: str) -> Fraction:
        """Its part in a figure."""
        return sum(
            (self.credit.leads.get(kind, Fraction()) for kind in FIGURES[figure]), Fraction()
        )

    @property
    def n_closed(self) -> Fraction:
        """Won and lost ones."""
        return sum((self.credit.leads.get(kind, Fraction()) for kind in CLOSED), Fraction())

    def cost_per(self, figure: str) -> Fraction | None:
        """Cost of one case; None for no cost or no case."""
        n = self.count(figure)
        return None if self.cost is None or not n else self.cost / n

    @property
    def returned(self) -> Fraction | None:
        """Won value for one unit of cost."""
        return self.value / self.cost if self.cost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnings:
    """The leads that came in a window, as they stood at its moment, shared out by a rule.

    ``priced`` is the part of the whole of which the cost is known: what leads and customers cost, and what
    came back, is said of this part alone. ``is_sliced`` where only some deals were asked for; costs are
    then still those of the campaigns, for nobody wrote down for which deals they were spent.
    """

    window: Window
    rule: str
    lines: tuple[Earned, ...]
    whole: Earned
    priced: Earned
    is_sliced: bool
    n: int
    n_open: int
    n_stated: int
    n_without_amount: int
    n_without_rate: int
    costs_without_rate: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Group:
    """Leads alike, as the database counts them."""

    channel: str | None
    campaign_id: int | None
    stated: str
    among: int
    kind: str
    currency: str
    day: date | None
    n: int
    n_with_amount: int
    total: Decimal | None


def earned(  # noqa: PLR0913 -- a question has that many sides
    member: Member,
    window: Window,
    *,
    rule: str,
    by: str,
    until: date,
    known: date | None = None,
    only: DealFilter = ALL,
) -> Earnings:
    """What each channel, or campaign (``by``), earned of the leads that came in a window.

    Args:
        member: Who asks.
        window: In which the leads came, and the costs fell.
        rule: ``first``, ``last`` or ``linear``.
        by: ``channel`` or ``campaign``.
        until: The day at whose end they stand as they are shown.
        known: As it was known on this day.
        only: Which deals.
    """
    groups = _groups(member, window, rule=rule, until=until, known=known, only=only)
    known_as = _stated(groups, member)
    exchange = Exchange(member.workspace, day=until, known=_known_at(window, known))
    keys = [_key(one, known_as, by=by) for one in groups]
    worth, n_without_rate = _worth(groups, exchange)
    parts = [
        Part(key, one.among, one.n, one.kind, value)
        for key, one, value in zip(keys, groups, worth, strict=True)
    ]
    credits_ = attribution.credit(parts)
    costs, missing = _costs(member, window, by=by, exchange=exchange, known=known)
    names = _names(member, by=by)
    lines = [
        _earned(key, names.get(key, ""), credits_.get(key), costs.get(key))
        for key in {**credits_, **costs}
    ]
    whole = attribution.credit(Part("", one.among, one.n, one.kind, one.value) for one in parts)
    in_all = sum(costs.values(), Fraction()) if costs else None
    total = _earned("", "", whole.get(""), in_all)
    return Earnings(
        window=window,
        rule=rule,
        lines=tuple(sorted(lines, key=lambda one: (-one.credit.n, -one.value, one.name))),
        whole=total,
        priced=_priced(lines),
        is_sliced=only != ALL,
        n=int(total.credit.n),
        n_open=int(total.count("open")),
        n_stated=int(
            sum((Fraction(one.n, one.among) for one in groups if one.channel is None), Fraction())
        ),
        n_without_amount=int(
            sum(
                (
                    Fraction(one.n - one.n_with_amount, one.among)
                    for one in groups
                    if one.kind == WON
                ),
                Fraction(),
            )
        ),
        n_without_rate=n_without_rate,
        costs_without_rate=missing,
    )


def deals(  # noqa: PLR0913 -- a question has that many sides
    member: Member,
    window: Window,
    *,
    rule: str,
    by: str,
    key: str,
    figure: str,
    until: date,
    known: date | None = None,
    only: DealFilter = ALL,
) -> list[tuple[int, Fraction]]:
    """The items behind a figure with their part in it, the last opened first; ``key`` empty for all."""
    query, params = _cases(member, window, rule=rule, until=until, known=known, only=only)
    query += """
        SELECT item_id, channel, campaign_id, stated, among, kind FROM credited
        WHERE kind = ANY(%(kinds)s) ORDER BY opened_at DESC, item_id DESC
    """
    found = rows.ask(query, params | {"kinds": list(FIGURES[figure])})
    groups = [
        _Group(channel, campaign, stated or "", among, kind, "", None, 1, 0, None)
        for _pk, channel, campaign, stated, among, kind in found
    ]
    known_as = _stated(groups, member)
    parts: dict[int, Fraction] = {}
    for (item_id, *_rest), one in zip(found, groups, strict=True):
        if not key or (_key(one, known_as, by=by) or NOT_KNOWN) == key:
            parts[item_id] = parts.get(item_id, Fraction()) + Fraction(1, one.among)
    return list(parts.items())


def _groups(
    member: Member,
    window: Window,
    *,
    rule: str,
    until: date,
    known: date | None,
    only: DealFilter,
) -> list[_Group]:
    query, params = _cases(member, window, rule=rule, until=until, known=known, only=only)
    query += f"""
        SELECT c.channel, c.campaign_id, coalesce(c.stated, ''), c.among, c.kind,
               coalesce(currency.value, %(own)s),
               CASE WHEN coalesce(currency.value, %(own)s) <> %(own)s
                    THEN (c.ended_at AT TIME ZONE %(zone)s)::date END,
               count(*), count(amount.value), sum(amount.value::numeric)
        FROM credited c
        LEFT JOIN LATERAL ({rows.field("amount", of="c.won_id")}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of="c.won_id")}) currency ON true
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    """  # noqa: S608 -- fragments of this room; values are parameters
    return [_Group(*row) for row in rows.ask(query, params)]


def _cases(
    member: Member,
    window: Window,
    *,
    rule: str,
    until: date,
    known: date | None,
    only: DealFilter,
) -> tuple[str, rows.Params]:
    """The leads of a window, one row for each touch that earns credit; a stated source is one touch."""
    narrow, params = narrowing(only, of="v.item_id")
    opened = seen(member, only).filter(
        item__opened_at__gte=window.start, item__opened_at__lt=window.stop
    )
    visible, more = rows.embedded(opened.values("item_id", "item__opened_at", "qualified_at"))
    order = {
        attribution.FIRST: "t.occurred_at, t.id",
        attribution.LAST: "t.occurred_at DESC, t.id DESC",
    }
    first_of_each = (
        "SELECT DISTINCT ON (t.item_id) t.item_id, t.channel, t.campaign_id, 1 AS among "
    )
    earning = (
        f"{first_of_each} FROM timely t ORDER BY t.item_id, {order[rule]}"
        if rule in order
        else "SELECT t.item_id, t.channel, t.campaign_id, "
        "(count(*) OVER (PARTITION BY t.item_id))::int AS among FROM timely t"
    )
    query = f"""
        WITH RECURSIVE
        answers AS (
            SELECT m.gone_id, m.kept_id FROM contacts_merge m
            WHERE m.workspace_id = %(workspace)s AND m.noun = 'deal' AND m.undone_at IS NULL
            UNION
            SELECT a.gone_id, m.kept_id FROM answers a JOIN contacts_merge m ON m.gone_id = a.kept_id
            WHERE m.workspace_id = %(workspace)s AND m.noun = 'deal' AND m.undone_at IS NULL),
        ended AS (
            SELECT DISTINCT ON (r.item_id) r.item_id, r.verdict, r.occurred_at FROM flow_outcome r
            WHERE r.occurred_at >= %(first)s AND {rows.counting("flow_outcome")}
            ORDER BY r.item_id, r.occurred_at DESC, r.id DESC),
        cases AS (
            SELECT v.item_id, v.opened_at, e.verdict, e.occurred_at AS ended_at,
                   coalesce(v.qualified_at < %(at)s, false) AS is_qualified
            FROM ({visible}) v (item_id, opened_at, qualified_at) {narrow}
            LEFT JOIN ended e ON e.item_id = v.item_id
            WHERE v.opened_at < %(at)s AND e.verdict IS DISTINCT FROM 'merged'),
        touched AS (
            SELECT r.item_id, r.channel, r.campaign_id, r.occurred_at, r.id
            FROM sales_touch r WHERE {rows.counting("sales_touch")}
            UNION ALL
            SELECT a.kept_id, r.channel, r.campaign_id, r.occurred_at, r.id
            FROM sales_touch r JOIN answers a ON a.gone_id = r.item_id
            WHERE {rows.counting("sales_touch")}),
        timely AS (
            SELECT t.* FROM touched t JOIN cases c ON c.item_id = t.item_id
            WHERE t.occurred_at <= coalesce(CASE WHEN c.verdict IN ('won', 'lost') THEN c.ended_at END, %(at)s)),
        earning AS ({earning}),
        credited AS (
            SELECT c.item_id, c.opened_at, c.ended_at, e.channel, e.campaign_id,
                   coalesce(e.among, 1) AS among, stated.value AS stated,
                   CASE WHEN c.verdict = 'won' THEN 'won'
                        WHEN c.verdict = 'lost' AND c.is_qualified THEN 'lost_qualified'
                        WHEN c.verdict = 'lost' THEN 'lost'
                        WHEN c.is_qualified THEN 'qualified' ELSE 'open' END AS kind,
                   CASE WHEN c.verdict = 'won' THEN c.item_id END AS won_id
            FROM cases c LEFT JOIN earning e ON e.item_id = c.item_id
            LEFT JOIN LATERAL ({rows.field("channel", of="(CASE WHEN e.item_id IS NULL THEN c.item_id END)")})
                stated ON true)
    """  # noqa: S608 -- fragments of this room; values are parameters
    moment = end_of(until, zone=window.zone)
    params |= more | rows.times(at=moment, known=_known_at(window, known))
    params |= {
        "first": window.start,
        "workspace": member.workspace_id,
        "own": member.workspace.currency,
        "zone": window.zone.key,
    }
    return query, params


def _known_at(window: Window, known: date | None) -> datetime | None:
    return None if known is None else end_of(known, zone=window.zone)


def _stated(groups: Sequence[_Group], member: Member) -> dict[str, str]:
    texts = {one.stated for one in groups if one.channel is None and one.stated}
    return channels.of_stated(texts, own=channels.rules_of(member.workspace_id))


def _key(one: _Group, stated: Mapping[str, str], *, by: str) -> str:
    """The channel or campaign that earns; nothing where none is known."""
    if by == "campaign":
        return str(one.campaign_id or "")
    return one.channel or stated.get(one.stated, "")


def _worth(groups: Sequence[_Group], exchange: Exchange) -> tuple[list[Decimal | None], int]:
    """What won ones come to in the workspace's currency, at the rate of the day on which they were won."""
    sums = [
        Sum(one.currency, one.total, one.n_with_amount, one.day) if one.total else None
        for one in groups
    ]
    exchange.learn(one for one in sums if one is not None)
    found: list[Decimal | None] = []
    lost = Fraction()
    for one, its in zip(groups, sums, strict=True):
        rate = exchange.rate_of(its) if its is not None else None
        if its is not None and rate is None:
            lost += Fraction(its.n, one.among)
        found.append(None if its is None or rate is None else its.amount * rate)
    return found, int(lost)


def _costs(
    member: Member, window: Window, *, by: str, exchange: Exchange, known: date | None
) -> tuple[dict[str, Fraction], dict[str, Decimal]]:
    """What campaigns cost in a window in the workspace's currency, each day at its own rate."""
    at = _known_at(window, known)
    found = (
        campaigns.costs(member.workspace_id, known=at)
        .filter(first__lte=window.last, last__gte=window.first)
        .select_related("campaign")
    )
    costs: dict[str, Fraction] = {}
    missing: dict[str, Decimal] = {}
    for row in found:
        key = row.campaign.channel if by == "channel" else str(row.campaign_id)
        inside = _in_own(row, window, exchange)
        if inside is None:
            spread = _spread(row, window)
            missing[row.currency] = missing.get(row.currency, Decimal()) + decimal(spread)
        else:
            costs[key] = costs.get(key, Fraction()) + inside
    return costs, missing


def _spread(row: CampaignCost, window: Window) -> Fraction:
    return attribution.cost_within(
        row.amount, of=(row.first, row.last), window=(window.first, window.last)
    )


def _in_own(row: CampaignCost, window: Window, exchange: Exchange) -> Fraction | None:
    if row.currency == exchange.own:
        return _spread(row, window)
    first, last = max(row.first, window.first), min(row.last, window.last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    a_day = Fraction(row.amount) / ((row.last - row.first).days + 1)
    sums = [Sum(row.currency, Decimal(1), 1, day) for day in days]
    exchange.learn(sums)
    total = Fraction()
    for one in sums:
        rate = exchange.rate_of(one)
        if rate is None:
            return None
        total += a_day * Fraction(rate)
    return total


def _names(member: Member, *, by: str) -> dict[str, str]:
    if by == "channel":
        return {}
    rows_ = Campaign.objects.filter(workspace_id=member.workspace_id)
    return {str(pk): name for pk, name in rows_.values_list("pk", "name")}


def _earned(key: str, name: str, credit: Credit | None, cost: Fraction | None) -> Earned:
    credit = credit or Credit({}, {})
    return Earned(
        key=key, name=name, credit=credit, cost=cost, value=credit.value.get(WON, Fraction())
    )


def _priced(lines: Sequence[Earned]) -> Earned:
    """All lines of which somebody said what they cost, as one."""
    known = [one for one in lines if one.cost is not None]
    leads: dict[str, Fraction] = {}
    for one in known:
        for kind, n in one.credit.leads.items():
            leads[kind] = leads.get(kind, Fraction()) + n
    value = sum((one.value for one in known), Fraction())
    cost = sum((one.cost for one in known if one.cost is not None), Fraction())
    return _earned("", "", Credit(leads, {WON: value}), cost if known else None)


def decimal(value: Fraction) -> Decimal:
    """A fraction as money."""
    return Decimal(value.numerator) / Decimal(value.denominator)
