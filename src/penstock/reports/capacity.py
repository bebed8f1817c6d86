"""How many hours each team can work, week by week, and what it lost them to; as it was known on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from penstock.analytics import availability
from penstock.analytics.availability import Hours
from penstock.backlog.models import Absence, Disruption, Place
from penstock.base.calendar import Window, end_of, start_of
from penstock.base.working_time import NoWorkingTime, WorkingTime
from penstock.catalog import calendars
from penstock.flow import dating
from penstock.users.models import Member, Team

#: Why a team has no hours, by code.
NO_PLACES, NO_HOURS, NO_DAYS = "no_places", "no_hours", "no_working_days"


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The hours of a team in one week, or the part of it that lies in the window."""

    first: date
    last: date
    hours: Hours


@dataclass(frozen=True, slots=True)
class TeamHours:
    """The hours of a team; ``problem`` says by code why there are none, or that some are missing."""

    team_id: int
    name: str
    n_places: int
    weeks: tuple[WeekHours, ...]
    total: Hours
    problem: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """All teams over a window of days."""

    window: Window
    known: date | None
    teams: tuple[TeamHours, ...]

    @property
    def total(self) -> Hours:
        """All teams together."""
        return availability.together(team.total for team in self.teams)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the hours of a workspace."""

    places: Sequence[Place]
    absences: Mapping[int, Sequence[Absence]]
    disruptions: Mapping[int, Sequence[Disruption]]
    calendars: Mapping[int | None, WorkingTime | None]
    now: datetime


def by_team(
    member: Member, window: Window, *, known: date | None = None, stage_id: int | None = None
) -> Capacity:
    """The hours of every team in use, by week from Monday; holidays, absence and disruptions taken off.

    Args:
        member: Who asks.
        window: Which days; those to come are as far as they are known.
        known: Only what was known at the end of this day.
        stage_id: Only hours for this stage: those of places for it, and of places for all stages.
    """
    facts = _facts(member, window, known=known, stage_id=stage_id)
    teams = Team.objects.filter(workspace_id=member.workspace_id, retired_at=None)
    rows = [_team(team, facts, window, stage_id=stage_id) for team in teams.order_by("sort_key")]
    return Capacity(window=window, known=known, teams=tuple(rows))


@dataclass(frozen=True, slots=True)
class PlaceDays:
    """The hours that one place can work on each day of a window."""

    team_id: int
    stage_id: int | None
    hours: tuple[float, ...]


def in_days(member: Member, window: Window) -> list[PlaceDays]:
    """The hours of every place of a team in use, day by day, as they are known now."""
    facts = _facts(member, window, known=None, stage_id=None)
    teams = Team.objects.filter(workspace_id=member.workspace_id, retired_at=None)
    used = set(teams.values_list("pk", flat=True))
    days = [window.first + timedelta(days=k) for k in range(window.n_days)]
    return [
        PlaceDays(
            team_id=place.team_id,
            stage_id=place.stage_id,
            hours=tuple(_day(place, day, facts, stage_id=None).available for day in days),
        )
        for place in facts.places
        if place.team_id in used
    ]


def in_each(member: Member, spans: Sequence[Window], *, known: date | None = None) -> list[Hours]:
    """The hours of all teams in use together, in each of some windows that follow one another."""
    whole = Window(spans[0].first, spans[-1].last, spans[0].zone)
    facts = _facts(member, whole, known=known, stage_id=None)
    teams = Team.objects.filter(workspace_id=member.workspace_id, retired_at=None)
    used = set(teams.values_list("pk", flat=True))
    places = [place for place in facts.places if place.team_id in used]
    return [
        availability.together(
            _day(place, span.first + timedelta(days=k), facts, stage_id=None)
            for place in places
            for k in range(span.n_days)
        )
        for span in spans
    ]


def _facts(member: Member, window: Window, *, known: date | None, stage_id: int | None) -> _Facts:
    at = None if known is None else end_of(known, zone=window.zone)
    places = _told(Place.objects.all(), member, at).filter(from_on__lte=window.last).filter(
        Q(until_on=None) | Q(until_on__gte=window.first)
    )  # fmt: skip
    if stage_id is not None:
        places = places.filter(Q(stage=None) | Q(stage_id=stage_id))
    found = list(places.select_related("calendar").order_by("pk"))
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in _told(Absence.objects.all(), member, at).filter(
        last_on__gte=window.first, first_on__lte=window.last
    ):
        absences[absence.place_id].append(absence)
    disruptions: dict[int, list[Disruption]] = defaultdict(list)
    lasting = Q(ended_at=None) | Q(ended_at__gt=window.start)
    for row in _told(Disruption.objects.all(), member, at).filter(
        lasting, started_at__lt=window.stop
    ):
        disruptions[row.team_id].append(row)
    return _Facts(
        places=found,
        absences=absences,
        disruptions=disruptions,
        calendars=_calendars(member, found),
        now=at or dating.now(),
    )


def _told(rows: QuerySet[Any], member: Member, at: datetime | None) -> QuerySet[Any]:
    rows = rows.filter(workspace_id=member.workspace_id)
    if at is None:
        return rows.filter(withdrawn_at=None)
    return rows.filter(known_at__lt=at).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=at))


def _calendars(member: Member, places: Sequence[Place]) -> dict[int | None, WorkingTime | None]:
    """The working time of each calendar in use; None where nobody ever works."""
    chosen = {place.calendar_id: place.calendar for place in places}
    found: dict[int | None, WorkingTime | None] = {}
    for number, calendar in chosen.items():
        try:
            found[number] = calendars.of(member.workspace, calendar)
        except NoWorkingTime:
            found[number] = None
    return found


def _team(team: Team, facts: _Facts, window: Window, *, stage_id: int | None) -> TeamHours:
    places = [place for place in facts.places if place.team_id == team.pk]
    weeks = []
    for first, last in _weeks(window):
        days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
        hours = availability.together(
            _day(place, day, facts, stage_id=stage_id) for place in places for day in days
        )
        weeks.append(WeekHours(first, last, hours))
    total = availability.together(week.hours for week in weeks)
    return TeamHours(
        team_id=team.pk,
        name=team.name,
        n_places=len(places),
        weeks=tuple(weeks),
        total=total,
        problem=_problem(places, facts, total),
    )


def _problem(places: Sequence[Place], facts: _Facts, total: Hours) -> str:
    if not places:
        return NO_PLACES
    if any(facts.calendars[place.calendar_id] is None for place in places):
        return NO_DAYS
    return "" if total.available > 0 else NO_HOURS


def _weeks(window: Window) -> Iterator[tuple[date, date]]:
    day = window.first
    while day <= window.last:
        last = min(day + timedelta(days=6 - day.weekday()), window.last)
        yield day, last
        day = last + timedelta(days=1)


def _day(place: Place, day: date, facts: _Facts, *, stage_id: int | None) -> Hours:
    calendar = facts.calendars[place.calendar_id]
    is_there = place.from_on <= day and (place.until_on is None or day <= place.until_on)
    if calendar is None or not is_there or not calendar.is_working_day(day):
        return Hours()
    absences = facts.absences.get(place.pk, ())
    return availability.of_day(
        float(place.hours_per_day),
        grown_share=availability.grown(
            (day - place.from_on).days, weeks=place.ramp_weeks, first_share=float(place.ramp_share)
        ),
        absent_share=sum(
            float(one.lost_share) for one in absences if one.first_on <= day <= one.last_on
        ),
        lost=_lost(place, day, calendar, facts, stage_id=stage_id),
    )


def _lost(
    place: Place, day: date, calendar: WorkingTime, facts: _Facts, *, stage_id: int | None
) -> dict[str, float]:
    """Shares of the working hours of a day that disruptions took from a place, by cause."""
    opens = start_of(day, zone=calendar.zone)
    ends = start_of(day + timedelta(days=1), zone=calendar.zone)
    whole = calendar.hours_between(opens, ends)
    shares: dict[str, float] = {}
    for one in facts.disruptions.get(place.team_id, ()):
        # That of one stage takes nothing from a place for another one.
        if one.stage_id and one.stage_id not in (place.stage_id or one.stage_id, stage_id):
            continue
        until = one.ended_at or max(facts.now, one.started_at)
        begins, stops = max(opens, one.started_at), min(ends, until)
        if begins < stops and whole:
            share = calendar.hours_between(begins, stops) / whole * float(one.lost_share)
            shares[one.cause] = shares.get(one.cause, 0.0) + share
    return shares
