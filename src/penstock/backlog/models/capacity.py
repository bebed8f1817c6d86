"""Who can work how much, and what kept them from it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Told(Walled):
    """A fact of capacity that is never changed: another word on it withdraws it and says it anew.

    So it can be asked as it was known on a day: known before it, and not yet withdrawn.
    """

    known_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    class Meta:
        """No table of its own."""

        abstract = True


class Place(Told):
    """A person or a machine that works for a team on its working days, from a day on or for a time.

    Somebody new grows into it: from ``ramp_share`` of the hours to all of them within ``ramp_weeks``.
    """

    team = WorkspaceKey("users.Team", related_name="places")
    stage = WorkspaceKey("flow.Stage", null=True, blank=True, related_name="+")
    calendar = WorkspaceKey("catalog.Calendar", null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)
    hours_per_day = models.DecimalField(_("hours per working day"), max_digits=5, decimal_places=2)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ramp_weeks = models.PositiveSmallIntegerField(default=0)
    ramp_share = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal(0))

    class Meta:
        """A day has twenty-four hours; it ends after it begins."""

        constraints = [
            models.CheckConstraint(
                condition=Q(hours_per_day__gt=0, hours_per_day__lte=24),
                name="backlog_place_hours_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ramp_share__gte=0, ramp_share__lte=1),
                name="backlog_place_ramp_is_share",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="backlog_place_ends_after",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "team"], name="backlog_place_of_team")]

    def __str__(self) -> str:
        return self.name or f"{self.team_id}: {self.hours_per_day}"


class Absence(Told):
    """A place works less, or not at all, from a day to a day, both included; why is nobody's business."""

    place = WorkspaceKey(Place, related_name="absences")
    first_on = models.DateField()
    last_on = models.DateField()
    lost_share = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal(1))

    class Meta:
        """A share above nothing; it ends after it begins."""

        constraints = [
            models.CheckConstraint(
                condition=Q(lost_share__gt=0, lost_share__lte=1), name="backlog_absence_is_share"
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="backlog_absence_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "place"], name="backlog_absence_of_place")]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.first_on} – {self.last_on}"


class Disruption(Told):
    """A team, or one stage of its work, lost a share of its hours for a time, by a cause."""

    class Cause(models.TextChoices):
        """Where it came from."""

        PRODUCTION = "production", _("Production")
        SUPPLIER = "supplier", _("Supplier")
        ABSENCE = "absence", _("Absence")
        QUALITY = "quality", _("Quality")
        OTHER = "other", _("Other")

    team = WorkspaceKey("users.Team", related_name="disruptions")
    stage = WorkspaceKey("flow.Stage", null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    lost_share = models.DecimalField(max_digits=4, decimal_places=3)
    cause = models.CharField(max_length=16, choices=Cause.choices)
    evidence = models.CharField(_("proof"), max_length=500, blank=True)
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- none must not be equal

    class Meta:
        """A share above nothing; it ends after it begins; idempotent by source key."""

        constraints = [
            models.CheckConstraint(
                condition=Q(lost_share__gt=0, lost_share__lte=1),
                name="backlog_disruption_is_share",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="backlog_disruption_ends_after",
            ),
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="backlog_disruption_source_once",
                condition=Q(source_key__isnull=False, withdrawn_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "started_at"], name="backlog_disruption_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.cause} {self.lost_share}"
