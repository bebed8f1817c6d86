"""What goals count: won deals, new leads and activities done, each with its day and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from penstock.analytics import bridge
from penstock.analytics.eventlog import UNKNOWN, Bools, Facts, Ints, exact_sum, looked_up, member_of
from penstock.analytics.pace import Floats
from penstock.reports import copying, log, rows, won
from penstock.reports.log import Source
from penstock.reports.moment import Moment
from penstock.reports.pipeline import ALL
from penstock.sales.models import Goal, Metric
from penstock.sales.models.activity import Activity
from penstock.users.models import Member

Subject = tuple[str, int | str | None]
#: One of something, in ten-thousandths like money.
ONE = 10**won.PLACES
KINDS = list(Activity.ActivityKind.values)


@dataclass(frozen=True, slots=True)
class Rows:
    """Things that count towards a goal; ``amount`` is in ten-thousandths, UNKNOWN for none.

    ``begins`` is the first day on which the workspace has any such thing, whosever it is.
    """

    item: Ints
    at: Ints
    day: Ints
    amount: Ints
    begins: int | None

    def between(self, first: int, last: int) -> tuple[Ints, Floats]:
        """Days and amounts from one day to another, both included."""
        kept = self._within(first, last) & (self.amount != UNKNOWN)
        return self.day[kept], self.amount[kept].astype(np.float64) / ONE

    def total(self, first: int, last: int) -> Decimal:
        """The exact sum of some days."""
        kept = self._within(first, last) & (self.amount != UNKNOWN)
        return won.money(exact_sum(self.amount[kept]))

    def n(self, first: int, last: int) -> int:
        """How many there are on some days."""
        return int(self._within(first, last).sum())

    def n_unknown(self, first: int, last: int) -> int:
        """How many of them have no amount, or none that a rate turns."""
        return int((self._within(first, last) & (self.amount == UNKNOWN)).sum())

    def items(self, first: int, last: int) -> list[int]:
        """The items behind some days, the last first."""
        kept = self._within(first, last)
        item, at = self.item[kept], self.at[kept]
        return [int(one) for one in item[np.lexsort((item, at))][::-1]]

    def where(self, kept: Bools) -> Rows:
        """Only some of them."""
        return Rows(self.item[kept], self.at[kept], self.day[kept], self.amount[kept], self.begins)

    def _within(self, first: int, last: int) -> Bools:
        return np.asarray((self.day >= first) & (self.day <= last))


@dataclass
class Counted:
    """All that goals of a workspace count, each kind read once when a goal asks for it."""

    member: Member
    moment: Moment
    channels: list[str]

    def of(self, goal: Goal) -> Rows:
        """What counts towards a goal."""
        if goal.metric == Metric.ACTIVITIES:
            return self._done_of(goal)
        is_amount = goal.metric == Metric.WON_AMOUNT
        found = self._leads if goal.metric == Metric.NEW_LEADS else self._won
        if not is_amount:
            found = Rows(
                found.item, found.at, found.day, np.full(len(found.item), ONE), found.begins
            )
        return found.where(self._belongs(found.item, goal))

    @property
    def source(self) -> Source:
        """Whose rows, up to which moment, as known before which."""
        return Source(self.member, at=self.moment.at, known=self.moment.known_at)

    @cached_property
    def _won(self) -> Rows:
        found = won.load(self.source)
        return Rows(found.case, found.at, found.day, found.amount, _first(found.day))

    @cached_property
    def _leads(self) -> Rows:
        opened = log.opened(self.source, only=ALL)
        ends = log.outcomes(self.source).last()
        is_merged = looked_up(opened.case, ends) == bridge.MERGED
        case, at = opened.case[~is_merged], opened.at[~is_merged]
        day = won.days_of(at, self.source)
        return Rows(case, at, day, np.full(len(case), ONE), _first(day))

    @cached_property
    def _done(self) -> tuple[Rows, Ints, Ints]:
        """Activities done, whose each is, and of which kind."""
        query = f"""
            SELECT item_id, at, coalesce(owner_id, {UNKNOWN}), kind, is_deal FROM (
                SELECT DISTINCT ON (r.activity_id) r.item_id, r.occurred_at AS at, r.owner_id, r.state,
                       array_position(%(kinds)s::text[], a.kind::text)::bigint - 1 AS kind,
                       (i.kind = 'deal')::int::bigint AS is_deal
                FROM sales_activitychange r
                JOIN sales_activity a ON a.id = r.activity_id
                JOIN flow_item i ON i.id = r.item_id AND i.withdrawn_at IS NULL
                WHERE {rows.counting("sales_activitychange")}
                ORDER BY r.activity_id, r.occurred_at DESC, r.id DESC) last
            WHERE state = 'done'
        """  # noqa: S608 -- fragments of this room; values are parameters
        params = self.source.params | {"kinds": KINDS}
        item, at, owner, kind, is_deal = copying.copied(query, params, n=5)
        seen = (is_deal == 0) | member_of(item, log.belonging(self.source, ALL))
        item, at, owner, kind = item[seen], at[seen], owner[seen], kind[seen]
        day = won.days_of(at, self.source)
        found = Rows(item, at, day, np.full(len(item), ONE), _first(day))
        return found, owner, kind

    def _done_of(self, goal: Goal) -> Rows:
        found, owner, kind = self._done
        kept = np.ones(len(owner), dtype=bool)
        if goal.activity:
            kept &= kind == KINDS.index(goal.activity)
        if goal.owner_id is not None:
            kept &= owner == goal.owner_id
        if goal.team_id is not None:
            kept &= np.isin(owner, mates(self.member, goal.team_id))
        return found.where(kept)

    def _belongs(self, item: Ints, goal: Goal) -> Bools:
        if goal.channel:
            place = self.channels.index(goal.channel)
            return np.asarray(looked_up(item, self._channels) == place)
        if goal.product_id is not None:
            return np.asarray(looked_up(item, self._products) == goal.product_id)
        whose = [goal.owner_id] if goal.owner_id is not None else None
        if goal.team_id is not None:
            whose = mates(self.member, goal.team_id)
        if whose is None:
            return np.ones(len(item), dtype=bool)
        return np.isin(looked_up(item, self._owners), whose)

    @cached_property
    def _owners(self) -> Facts:
        return log.field(self.source, "owner").last()

    @cached_property
    def _products(self) -> Facts:
        return log.field(self.source, "product").last()

    @cached_property
    def _channels(self) -> Facts:
        return log.channels(self.source, self.channels).last()


def mates(member: Member, team_id: int) -> list[int]:
    """The members of a team."""
    found = Member.objects.filter(workspace_id=member.workspace_id, team_id=team_id)
    return list(found.values_list("pk", flat=True))


def name_of(goal: Goal) -> str:
    """Whose goal it is, as people call it; empty for the workspace's."""
    if goal.channel:
        return goal.channel
    for one in (goal.team, goal.owner, goal.product):
        if one is not None:
            return str(one.name)
    return ""


def _first(day: Ints) -> int | None:
    return int(day.min()) if len(day) else None
