"""What a member should know, and how they wish to be told."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Notice(Walled):
    """One thing for one member, read or unread. It names what it is about and holds no words of its own."""

    class Kind(models.TextChoices):
        """What it tells."""

        GIVEN = "given", _("Given to you")
        SOON = "soon", _("Due soon")
        VIEWED = "viewed", _("Proposal viewed")
        COMMENTED = "commented", _("Comment on the proposal")
        ACCEPTED = "accepted", _("Proposal accepted")
        DECLINED = "declined", _("Proposal declined")
        EXPIRING = "expiring", _("Proposal about to expire")
        LEAD = "lead", _("New lead")
        UNANSWERED = "unanswered", _("Lead not answered")

    member = WorkspaceKey("users.Member", related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    item = WorkspaceKey("flow.Item", related_name="+")
    activity = WorkspaceKey("sales.Activity", null=True, blank=True, related_name="+")
    proposal = WorkspaceKey("sales.Proposal", null=True, blank=True, related_name="+")
    source_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Nothing is told twice; the newest first."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"], name="notices_notice_source_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "member"],
                name="notices_notice_unread",
                condition=models.Q(read_at=None),
            ),
            models.Index(fields=["workspace", "member", "-created_at"], name="notices_notice_new"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key}"


class Wishes(Walled):
    """How a member wishes to be reminded by e-mail; who never chose has the defaults."""

    member = WorkspaceKey("users.Member", related_name="+")
    has_digest = models.BooleanField(_("a list each working day"), default=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("from which hour"), default=8, validators=[MaxValueValidator(23)]
    )
    minutes_before = models.PositiveSmallIntegerField(
        _("minutes before something is due"), default=30, validators=[MaxValueValidator(1440)]
    )
    has_proposals = models.BooleanField(
        _("what happens to proposals"), default=True, db_default=True
    )

    class Meta:
        """One row per member; 0 minutes means no reminder."""

        constraints = [
            models.UniqueConstraint(fields=["workspace", "member"], name="notices_wishes_once"),
            models.CheckConstraint(
                condition=models.Q(digest_hour__lte=23, minutes_before__lte=1440),
                name="notices_wishes_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.digest_hour}"
