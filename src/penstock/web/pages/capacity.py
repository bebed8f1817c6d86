"""How much can be worked: the weeks of each team, what it loses hours to, and the facts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics.availability import Hours
from penstock.backlog.models import Absence, Disruption, Place
from penstock.base.calendar import Window
from penstock.reports.capacity import NO_DAYS, NO_HOURS, NO_PLACES, Capacity, TeamHours
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import short_day, window_text

WEEKS_BEFORE, WEEKS_AHEAD = 4, 8

PROBLEMS = {
    NO_PLACES: gettext_lazy("Nobody works here in this time. Add who does."),
    NO_HOURS: gettext_lazy("All hours are lost: look at its absences and disruptions."),
    NO_DAYS: gettext_lazy("One of its calendars has no working day. Give its week hours."),
}


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with its hours of each week."""

    name: str
    cells: Sequence[str]
    total: str
    problem: str


@dataclass(frozen=True, slots=True)
class LossRow:
    """How the planned hours of a team become those that can be worked."""

    name: str
    planned: str
    ramp: str
    absent: str
    lost: Sequence[str]
    available: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was said: places, absences and disruptions that count now."""

    places: Sequence[Place]
    absences: Sequence[Absence]
    disruptions: Sequence[Disruption]


def window(on: date, member: Member) -> Window:
    """Four whole weeks before the one of a day, and eight from it on."""
    monday = on - timedelta(days=on.weekday())
    first = monday - timedelta(weeks=WEEKS_BEFORE)
    return Window(first, monday + timedelta(weeks=WEEKS_AHEAD, days=-1), member.workspace.zone)


def head(found: Capacity, *, on: date) -> Page:
    """What can be worked from this week on, and what was lost before."""
    return Page(
        title=_("Settings"),
        nav="settings",
        answer=_answer(found, on=on),
        definition=Definition(
            text=_(
                "Hours per working day of all that work for a team on that day, by its calendar; "
                "less growing into the work, less absence, less the share that recorded disruptions "
                "took of the working hours."
            ),
            window=window_text(found.window),
            n=figures.number(sum(team.n_places for team in found.teams)),
        ),
    )


def _answer(found: Capacity, *, on: date) -> str:
    if not any(team.n_places for team in found.teams):
        return _("Nobody has said yet how many hours the teams can work.")
    monday = on - timedelta(days=on.weekday())
    weeks = [week for team in found.teams for week in team.weeks]
    ahead = sum(week.hours.available for week in weeks if week.first >= monday)
    lost = sum(sum(week.hours.lost.values()) for week in weeks if week.first < monday)
    parts = [
        _("%(hours)s hours can be worked in this week and the seven after it.")
        % {"hours": _hours(ahead)}
    ]
    if lost:
        parts.append(
            _("In the four weeks before, disruptions took %(hours)s hours.")
            % {"hours": _hours(lost)}
        )
    n = sum(1 for team in found.teams if team.problem)
    if n:
        parts.append(
            ngettext("%(n)s team has no hours.", "%(n)s teams have no hours.", n)
            % {"n": figures.number(n)}
        )
    return " ".join(parts)


def weeks(found: Capacity) -> list[str]:
    """The Mondays of the window, as heads."""
    return [short_day(week.first) for week in found.teams[0].weeks] if found.teams else []


def teams(found: Capacity) -> list[TeamRow]:
    """Available hours by team and week."""
    return [
        TeamRow(
            name=team.name,
            cells=[_hours(week.hours.available) for week in team.weeks],
            total=_hours(team.total.available),
            problem=str(PROBLEMS.get(team.problem, "")),
        )
        for team in found.teams
    ]


def causes(found: Capacity) -> list[str]:
    """The causes by which anything was lost, in the usual order."""
    seen = found.total.lost
    return [cause for cause in Disruption.Cause.values if cause in seen]


def losses(found: Capacity) -> list[LossRow]:
    """Planned to available, for the teams that have hours."""
    shown = causes(found)
    rows = [_loss(team.name, team.total, shown) for team in found.teams if _has_hours(team)]
    return [*rows, _loss(_("Together"), found.total, shown)] if len(rows) > 1 else rows


def _has_hours(team: TeamHours) -> bool:
    return team.total.planned > 0


def _loss(name: str, hours: Hours, shown: Sequence[str]) -> LossRow:
    return LossRow(
        name=name,
        planned=_hours(hours.planned),
        ramp=_less(hours.ramp),
        absent=_less(hours.absent),
        lost=[_less(hours.lost.get(cause, 0.0)) for cause in shown],
        available=_hours(hours.available),
    )


def _less(hours: float) -> str:
    return f"−\u202f{_hours(hours)}" if hours else "–"


def _hours(hours: float) -> str:
    return figures.number(Decimal(str(round(hours, 1))), places=0 if hours >= 100 else 1)


def facts(member: Member, *, window: Window) -> Facts:
    """What counts now and is not over before the window."""
    mine: Mapping[str, Any] = {"workspace_id": member.workspace_id, "withdrawn_at": None}
    places = Place.objects.filter(**mine).exclude(until_on__lt=window.first)
    absences = Absence.objects.filter(**mine, last_on__gte=window.first)
    disruptions = Disruption.objects.filter(**mine).exclude(ended_at__lt=window.start)
    return Facts(
        places=list(
            places.select_related("team", "stage", "calendar").order_by("team__sort_key", "pk")
        ),
        absences=list(absences.select_related("place__team").order_by("first_on", "pk")),
        disruptions=list(
            disruptions.select_related("team", "stage", "by").order_by("-started_at", "-pk")
        ),
    )
