"""Which channels and campaigns bring leads and customers, and what each costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from penstock.analytics import attribution
from penstock.analytics.attribution import Credit, Part
from penstock.base.calendar import Window
from penstock.catalog.exchange import Exchange
from penstock.catalog.exchange import Part as Sum
from penstock.flow.dating import today
from penstock.reports import channel_cases, channel_costs, rows
from penstock.reports.channel_cases import (
    LOST,
    LOST_QUALIFIED,
    OPEN,
    QUALIFIED,
    WON,
    Group,
    Question,
)
from penstock.reports.filters import DealFilter
from penstock.reports.moment import Moment
from penstock.reports.slices import ALL
from penstock.sales.models import Campaign
from penstock.users.models import Member

if TYPE_CHECKING:
    from penstock.analytics.survival import Estimate

QUALIFIED_ONCE = (QUALIFIED, WON, LOST_QUALIFIED)
STILL_OPEN = (OPEN, QUALIFIED)
CLOSED = (WON, LOST_QUALIFIED, LOST)
#: The two ways in which the following of a lead ends.
ENDED = {WON: 1, LOST_QUALIFIED: 2, LOST: 2}
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
class Followed:
    """What part of the leads is won by a day after they came, with open ones as what they are: not decided yet.

    Aalen-Johansen; ``n`` and ``n_open`` are sums of credit. ``horizon_days`` is how far enough were followed.
    """

    n: float
    n_open: float
    won: Estimate
    undecided: float | None
    horizon_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What one channel or campaign earned and cost; ``cost`` None where nobody said what it cost."""

    key: str
    name: str
    credit: Credit
    cost: Fraction | None
    value: Fraction
    followed: Followed | None = None

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
    came back, is said of this part alone. ``is_part`` where only some leads are asked for, or seen: they
    bear their part of what their campaigns cost, and ``idle_cost`` is what brought no lead at all.
    ``followed_until`` and ``lag_days`` are those of :class:`penstock.reports.funnel.Funnel`.
    """

    window: Window
    rule: str
    lines: tuple[Earned, ...]
    whole: Earned
    priced: Earned
    is_part: bool
    idle_cost: Fraction
    followed_until: datetime
    lag_days: float
    n: int
    n_open: int
    n_stated: int
    n_without_amount: int
    n_without_rate: int
    costs_without_rate: Mapping[str, Decimal] = field(default_factory=dict)


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
    asked = Question(member=member, window=window, rule=rule, until=until, known=known, only=only)
    followed, lag = _until(asked)
    groups = channel_cases.groups(asked, followed=followed)
    stated = channel_cases.stated(groups, member)
    exchange = Exchange(member.workspace, day=until, known=asked.known_at)
    keys = [channel_cases.key(one, stated, by=by) for one in groups]
    worth, n_without_rate = _worth(groups, exchange)
    parts = [
        Part(key, one.among, one.n, one.kind, value)
        for key, one, value in zip(keys, groups, worth, strict=True)
    ]
    credits_ = attribution.credit(parts)
    costs = channel_costs.costs(asked, groups, by=by, stated=stated, exchange=exchange)
    names, ends = _names(member, by=by), _followed(groups, keys)
    lines = [
        _earned(key, names.get(key, ""), credits_.get(key), costs.by_key.get(key), ends.get(key))
        for key in {**credits_, **costs.by_key}
    ]
    whole = attribution.credit(Part("", one.among, one.n, one.kind, one.value) for one in parts)
    in_all = sum(costs.by_key.values(), Fraction()) if costs.by_key else None
    all_ends = _followed(groups, [""] * len(groups))
    total = _earned("", "", whole.get(""), in_all, all_ends.get(""))
    return Earnings(
        window=window,
        rule=rule,
        lines=tuple(sorted(lines, key=lambda one: (-one.credit.n, -one.value, one.name))),
        whole=total,
        priced=_priced(lines),
        is_part=channel_costs.is_part(asked),
        idle_cost=costs.idle,
        followed_until=followed,
        lag_days=lag,
        n=int(total.credit.n),
        n_open=int(total.count("open")),
        n_stated=_counted(groups, lambda one: one.n if one.channel is None else 0),
        n_without_amount=_counted(
            groups, lambda one: one.n - one.n_with_amount if one.kind == WON else 0
        ),
        n_without_rate=n_without_rate,
        costs_without_rate=costs.without_rate,
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
    asked = Question(member=member, window=window, rule=rule, until=until, known=known, only=only)
    query, params = channel_cases.cases(asked)
    query += """
        SELECT item_id, channel, campaign_id, stated, among, kind FROM credited
        WHERE kind = ANY(%(kinds)s) ORDER BY opened_at DESC, item_id DESC
    """
    found = rows.ask(query, params | {"kinds": list(FIGURES[figure])})
    groups = [
        Group(channel, campaign, stated or "", among, kind, "", None, 1, 0, None)
        for _pk, channel, campaign, stated, among, kind in found
    ]
    known_as = channel_cases.stated(groups, member)
    parts: dict[int, Fraction] = {}
    for (item_id, *_rest), one in zip(found, groups, strict=True):
        if not key or (channel_cases.key(one, known_as, by=by) or NOT_KNOWN) == key:
            parts[item_id] = parts.get(item_id, Fraction()) + Fraction(1, one.among)
    return list(parts.items())


def _until(asked: Question) -> tuple[datetime, float]:
    """How far leads are followed, and how many days ends are entered late."""
    from penstock.reports import funnel  # noqa: PLC0415 -- brings NumPy, which the pages of every day do without

    now = today(asked.member.workspace)
    on = min(asked.until, now)
    is_now = on == now and asked.known in (None, now)
    when = Moment(on=on, known=asked.known, is_now=is_now, zone=asked.window.zone)
    return funnel.followed(asked.member, asked.window, when)


def _counted(groups: Sequence[Group], number: Callable[[Group], int]) -> int:
    return int(sum((Fraction(number(one), one.among) for one in groups), Fraction()))


def _followed(groups: Sequence[Group], keys: Sequence[str]) -> dict[str, Followed]:
    """What part of the leads of each key is won, by those that were followed."""
    import numpy as np  # noqa: PLC0415 -- only Insights count so, and the pages of every day do without

    from penstock.analytics import survival  # noqa: PLC0415 -- as above

    spans: dict[str, list[tuple[int, int, float]]] = {}
    for key, one in zip(keys, groups, strict=True):
        kind = ENDED.get(one.kind, 0)
        spans.setdefault(key, []).extend(
            (span, kind, 1 / one.among) if span >= 0 else (-1 - span, 0, 1 / one.among)
            for span in one.spans
        )
    found: dict[str, Followed] = {}
    for key, told in spans.items():
        days, kinds, weights = (
            (np.array(column) for column in zip(*told, strict=True)) if told else (np.empty(0),) * 3
        )
        ends = survival.incidence(
            days.astype(float), kinds.astype(np.int64), n_kinds=2, weights=weights.astype(float)
        )
        found[key] = Followed(
            n=float(ends.n),
            n_open=float(ends.n_censored),
            won=ends.ended[0],
            undecided=ends.undecided,
            horizon_days=ends.horizon_days,
        )
    return found


def _worth(groups: Sequence[Group], exchange: Exchange) -> tuple[list[Decimal | None], int]:
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


def _names(member: Member, *, by: str) -> dict[str, str]:
    if by == "channel":
        return {}
    rows_ = Campaign.objects.filter(workspace_id=member.workspace_id)
    return {str(pk): name for pk, name in rows_.values_list("pk", "name")}


def _earned(
    key: str,
    name: str,
    credit: Credit | None,
    cost: Fraction | None,
    followed: Followed | None = None,
) -> Earned:
    credit = credit or Credit({}, {})
    return Earned(
        key=key,
        name=name,
        credit=credit,
        cost=cost,
        value=credit.value.get(WON, Fraction()),
        followed=followed,
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
