"""What is to be done when a deal enters a stage."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.sales.models.activity import Activity
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class Who(models.TextChoices):
    """To whom a task falls."""

    OWNER = "owner", _("Owner of the deal")
    LEAD = "lead", _("Lead of the owner’s team")
    MEMBER = "member", _("A certain member")


class Counted(models.TextChoices):
    """From where the working days are counted."""

    ENTRY = "entry", _("after it enters the stage")
    CLOSE = "close", _("before the expected close")


class PlaybookTask(Walled):
    """One task that the playbook of a stage puts on each deal that enters it.

    Changing it changes what is planned from then on; it is retired, never deleted.
    """

    stage = WorkspaceKey("flow.Stage", related_name="playbook")
    kind = models.CharField(_("kind"), max_length=16, choices=Activity.ActivityKind.choices)
    title = models.CharField(_("title"), max_length=250)
    link = models.URLField(_("document"), max_length=500, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), default=0)
    counted = models.CharField(max_length=8, choices=Counted.choices, default=Counted.ENTRY)
    who = models.CharField(_("who"), max_length=8, choices=Who.choices, default=Who.OWNER)
    member = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    least_amount = models.DecimalField(
        _("only from this amount"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    is_required = models.BooleanField(_("required"), default=False)
    ends_with_stage = models.BooleanField(_("called off when the deal leaves"), default=True)
    template = WorkspaceKey("sales.MailTemplate", null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A certain member is named; read by stage."""

        constraints = [
            models.CheckConstraint(
                condition=~models.Q(who="member") | models.Q(member__isnull=False),
                name="sales_playbooktask_names_member",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "stage", "position", "id"],
                name="sales_playbooktask_of_stage",
                condition=models.Q(retired_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlayedTask(Walled):
    """That an activity was put on a deal by a task of a playbook."""

    task = WorkspaceKey(PlaybookTask, related_name="played")
    activity = WorkspaceOneToOne(Activity, related_name="played")
    item = WorkspaceKey("flow.Item", related_name="+")

    class Meta:
        """Read by deal."""

        indexes = [models.Index(fields=["workspace", "item"], name="sales_playedtask_of_item")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.activity_id}"
