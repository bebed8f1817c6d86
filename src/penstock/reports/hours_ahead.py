"""How many weeks of capacity the backlog is: its hours against those that can be worked, forward along the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from penstock.analytics import backlog as arithmetic
from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.reports import capacity, ledger, rows
from penstock.reports.backlog import ALL
from penstock.reports.capacity import Capacity
from penstock.reports.filters import OrderFilter
from penstock.reports.moment import Moment
from penstock.users.models import Member

#: So far ahead hours are looked for.
N_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Ahead:
    """The hours that one team still has to work, or all of them together (``team_id`` and ``name`` empty).

    Attributes:
        hours: Of the lines that are owed; those of unknown hours, ``n_lines_unknown``, add none.
        weeks: The first calendar week, the running one being 1, by whose end they are worked off; None where the
            hours of a year are not enough.
        per_week: Hours that can be worked in an average week of the coming thirteen.
        has_capacity: Whether anybody said who works there.
    """

    team_id: int | None
    name: str
    hours: Decimal
    n_lines_unknown: int
    weeks: int | None
    per_week: float
    has_capacity: bool


@dataclass(frozen=True, slots=True)
class HoursAhead:
    """All teams, and all together; ``longest`` is the team for which it takes the longest: what covers the backlog."""

    moment: Moment
    teams: tuple[Ahead, ...]
    whole: Ahead
    hours_of_no_team: Decimal

    @property
    def longest(self) -> Ahead | None:
        """The team that needs the most weeks; of those whose hours are not enough the one with most hours."""
        told = [one for one in self.teams if one.has_capacity and one.hours > 0]
        if not told:
            return None
        return max(told, key=lambda one: (one.weeks is None, one.weeks or 0, one.hours))


def on_day(member: Member, *, moment: Moment, only: OrderFilter = ALL) -> HoursAhead:
    """The hours owed at the end of a day, team by team, against the hours of the weeks after it."""
    owed = _owed(member, moment, only)
    first = moment.on + timedelta(days=1)
    window = Window(first, first + timedelta(weeks=N_WEEKS, days=-1), moment.zone)
    found = capacity.by_team(member, window, known=moment.known)
    wanted = None if only.team is None else only.team.pk
    teams = [
        _ahead(team.team_id, team.name, *owed.get(team.team_id, (ZERO, 0)), _weeks(found, team.team_id))
        for team in found.teams
        if wanted in {None, team.team_id}
    ]  # fmt: skip
    return HoursAhead(
        moment=moment,
        teams=tuple(teams),
        whole=_ahead(
            None,
            "",
            sum((hours for hours, _n in owed.values()), start=ZERO),
            sum(n for _hours, n in owed.values()),
            _weeks(found, wanted),
        ),
        hours_of_no_team=owed.get(None, (ZERO, 0))[0],
    )


def _ahead(
    team_id: int | None, name: str, hours: Decimal, n_unknown: int, weeks: Sequence[float]
) -> Ahead:
    near = weeks[:13]
    return Ahead(
        team_id=team_id,
        name=name,
        hours=hours,
        n_lines_unknown=n_unknown,
        weeks=arithmetic.coverage_weeks(float(hours), capacity=weeks),
        per_week=sum(near) / len(near) if near else 0.0,
        has_capacity=any(weeks),
    )


def _weeks(found: Capacity, team_id: int | None) -> list[float]:
    """Hours that can be worked in each week, of one team or of all."""
    sums: dict[date, float] = defaultdict(float)
    for team in found.teams:
        if team_id in {None, team.team_id}:
            for week in team.weeks:
                sums[week.first] += week.hours.available
    return [sums[day] for day in sorted(sums)]


def _owed(
    member: Member, moment: Moment, only: OrderFilter
) -> Mapping[int | None, tuple[Decimal, int]]:
    """Hours owed and lines of unknown hours by team, None for those of no team.

    A line whose work several teams have is shared by the number of its open work items.
    """
    orders, params = ledger.orders(member, only)
    query = f"""
        WITH d (order_id, currency, company_id) AS NOT MATERIALIZED ({orders}), {_lines(moment, only)},
             shares AS (
                SELECT w.line_id, w.team_id, count(*)::numeric / sum(count(*)) OVER (PARTITION BY w.line_id) AS share
                FROM backlog_workitem w JOIN flow_item i ON i.id = w.item_id
                WHERE w.workspace_id = %(workspace)s AND i.withdrawn_at IS NULL AND i.outcome <> 'dropped'
                  AND w.line_id IN (SELECT line_id FROM owed) GROUP BY 1, 2)
        SELECT shares.team_id, coalesce(sum(owed.hours * coalesce(shares.share, 1)), 0),
               count(*) FILTER (WHERE owed.hours IS NULL)
        FROM owed JOIN d USING (order_id) LEFT JOIN shares USING (line_id)
        WHERE %(team)s::bigint IS NULL OR shares.team_id = %(team)s
        GROUP BY 1
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= ledger.params(member, only) | rows.times(at=moment.at, known=moment.known_at)
    return {team: (Decimal(hours), n) for team, hours, n in rows.ask(query, params)}


def _lines(moment: Moment, only: OrderFilter) -> str:
    """CTE ``owed``: the goods owed with their hours, from what is kept, or from the ledger of a past day."""
    if moment.is_now:
        return f"""
            owed AS (SELECT id AS line_id, order_id, remaining_hours AS hours FROM ({ledger.rest(only)}) l
                     WHERE remaining_quantity > 0 AND sort <> 'charge')
        """  # noqa: S608 -- fragments of this room; values are parameters
    stood = ledger.stood(only, at="%(at)s", known=moment.known_at, is_quantity_only=True)
    return f"""
        {stood},
        owed AS (
            SELECT stood.line_id, stood.order_id, e.hours
            FROM stood JOIN backlog_line l ON l.id = stood.line_id AND l.sort <> 'charge'
            JOIN LATERAL (
                SELECT CASE WHEN count(*) FILTER (WHERE r.hours IS NULL) < count(*) THEN sum(r.hours) END AS hours
                FROM backlog_entry r
                WHERE r.line_id = stood.line_id AND {rows.counting("backlog_entry")}) e ON true
            WHERE stood.quantity > 0)
    """  # noqa: S608 -- fragments of this room; values are parameters
