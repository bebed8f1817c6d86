"""Saying who can work how much, and what keeps them from it; every word can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Absence, Disruption, Place
from penstock.backlog.models.capacity import Told
from penstock.base.errors import Conflict, RuleBroken
from penstock.catalog.models import Calendar
from penstock.flow import dating
from penstock.flow.dating import SKEW
from penstock.flow.models import Stage
from penstock.users import audit
from penstock.users.models import Member, Team

DAY_HOURS = 24
#: What the causes of disruptions are called.
CAUSES = dict(Disruption.Cause.choices)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Hours per working day from a day on; with a ramp they grow to that within some weeks."""

    hours_per_day: Decimal
    from_on: date
    until_on: date | None = None
    name: str = ""
    stage: Stage | None = None
    calendar: Calendar | None = None
    ramp_weeks: int = 0
    ramp_share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Loss:
    """What a team lost: since when, until when (None while it lasts), which share of its hours, why."""

    started_at: datetime
    lost_share: Decimal
    cause: str
    ended_at: datetime | None = None
    stage: Stage | None = None
    evidence: str = ""


def add_place(team: Team, place: NewPlace, *, by: Member | None) -> Place:
    """Give a team hours.

    Raises:
        RuleBroken: ``backlog.place_hours`` unless above 0 and at most 24, ``backlog.ends_before``,
            ``backlog.share_of_hours``.
    """
    if not 0 < place.hours_per_day <= DAY_HOURS:
        raise RuleBroken(
            "backlog.place_hours",
            _("A day has hours above zero, and at most 24. Enter how many are worked."),
            needs=["hours_per_day"],
        )
    _check_order(place.from_on, place.until_on, needs="until_on")
    if not 0 <= place.ramp_share <= 1:
        raise _no_share("ramp_share")
    with transaction.atomic():
        row = Place.objects.create(
            workspace_id=team.workspace_id,
            team=team,
            known_at=dating.now(),
            by=by,
            **{name: getattr(place, name) for name in NewPlace.__slots__},
        )
        audit.record(workspace_id=row.workspace_id, by=by, action="place.added", target=row)
        return row


def end_place(place: Place, *, on: date, by: Member | None) -> Place:
    """Say that a place works up to a day, that day included; what was known before stays as it was.

    Raises:
        RuleBroken: ``backlog.ends_before``. Conflict: ``backlog.taken_back`` when somebody was faster.
    """
    _check_order(place.from_on, on, needs="until_on")
    with transaction.atomic():
        _replace(place, by=by)
        told = NewPlace(**{name: getattr(place, name) for name in NewPlace.__slots__})
        fresh = add_place(place.team, replace(told, until_on=on), by=by)
        for absence in place.absences.filter(withdrawn_at=None):
            withdraw(absence, by=by)
            add_absence(
                fresh, absence.first_on, absence.last_on, lost_share=absence.lost_share, by=by
            )
        return fresh


def add_absence(
    place: Place,
    first_on: date,
    last_on: date,
    *,
    by: Member | None,
    lost_share: Decimal = Decimal(1),
) -> Absence:
    """Say that a place works less, or not at all, from a day to a day.

    Raises:
        RuleBroken: ``backlog.ends_before``, ``backlog.share_of_hours``.
    """
    _check_order(first_on, last_on, needs="last_on")
    _check_lost(lost_share)
    with transaction.atomic():
        row = Absence.objects.create(
            workspace_id=place.workspace_id,
            place=place,
            first_on=first_on,
            last_on=last_on,
            lost_share=lost_share,
            known_at=dating.now(),
            by=by,
        )
        audit.record(workspace_id=row.workspace_id, by=by, action="absence.added", target=row)
        return row


def disrupt(
    team: Team,
    loss: Loss,
    *,
    by: Member | None,
    known: datetime | None = None,
    source_key: str | None = None,
) -> Disruption:
    """Record that a team lost hours. Calling it twice with one source key changes nothing.

    Raises:
        RuleBroken: ``backlog.ends_before``, ``backlog.share_of_hours``, ``backlog.cause``,
            ``flow.future`` for a beginning that has not come yet.
        Conflict: ``backlog.source_key`` when the key was used for another one.
    """
    if loss.ended_at is not None and loss.ended_at <= loss.started_at:
        raise _ends_before("ended_at")
    _check_lost(loss.lost_share)
    if loss.cause not in Disruption.Cause.values:
        raise RuleBroken("backlog.cause", _("Say where it came from."), needs=["cause"])
    if loss.started_at > dating.now() + SKEW:
        raise RuleBroken(
            "flow.future",
            _("This date lies in the future. Enter when it happened, today at the latest."),
            needs=["started_at"],
        )
    with transaction.atomic():
        if source_key and (told := _told_before(team, loss, source_key=source_key)):
            return told
        row = Disruption.objects.create(
            workspace_id=team.workspace_id,
            team=team,
            known_at=known or dating.now(),
            by=by,
            source_key=source_key,
            **{name: getattr(loss, name) for name in Loss.__slots__},
        )
        audit.record(workspace_id=row.workspace_id, by=by, action="disruption.recorded", target=row)
        return row


def end_disruption(row: Disruption, *, at: datetime | None, by: Member | None) -> Disruption:
    """Say that a disruption is over; without a time now.

    Raises:
        RuleBroken: ``backlog.ends_before``; ``backlog.over_already``. Conflict: ``backlog.taken_back``
            when somebody was faster.
    """
    if row.ended_at is not None or row.withdrawn_at is not None:
        raise RuleBroken("backlog.over_already", _("It is over already. Reload the page."))
    with transaction.atomic():
        _replace(row, by=by)
        told = Loss(**{name: getattr(row, name) for name in Loss.__slots__})
        fresh = replace(told, ended_at=at or dating.now())
        return disrupt(row.team, fresh, by=by, source_key=row.source_key)


def withdraw(row: Told, *, by: Member | None) -> bool:
    """Take a word back: from now on it was never so. Safe to call twice.

    Returns:
        Whether it was this call that took it back.
    """
    with transaction.atomic():
        n = type(row)._default_manager.filter(pk=row.pk, withdrawn_at=None).update(
            withdrawn_at=dating.now()
        )  # fmt: skip
        if n:
            audit.record(
                workspace_id=row.workspace_id, by=by, action="capacity.withdrawn", target=row
            )
        return bool(n)


def _replace(row: Told, *, by: Member | None) -> None:
    """Take back what is said anew at once: whoever comes second would say it twice."""
    if not withdraw(row, by=by):
        raise Conflict("backlog.taken_back", _("Somebody changed it meanwhile. Reload the page."))


def _told_before(team: Team, loss: Loss, *, source_key: str) -> Disruption | None:
    row = Disruption.objects.filter(
        workspace_id=team.workspace_id, source_key=source_key, withdrawn_at=None
    ).first()
    if row is not None and (row.team_id, row.started_at) != (team.pk, loss.started_at):
        raise Conflict(
            "backlog.source_key",
            _("This record was taken in before as another one. Give it a key of its own."),
        )
    return row


def _check_order(first: date, last: date | None, *, needs: str) -> None:
    if last is not None and last < first:
        raise _ends_before(needs)


def _ends_before(field: str) -> RuleBroken:
    return RuleBroken(
        "backlog.ends_before",
        _("It cannot end before it begins. Enter a later day."),
        needs=[field, "happened_on"],
    )


def _check_lost(share: Decimal) -> None:
    if not 0 < share <= 1:
        raise _no_share("lost_share")


def _no_share(field: str) -> RuleBroken:
    return RuleBroken(
        "backlog.share_of_hours",
        _("Enter a share of the hours: above 0 %, and at most 100 %."),
        needs=[field],
    )
