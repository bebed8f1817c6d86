"""A form that a member sent: what arrives twice is acted on once."""

from __future__ import annotations

from django.db import models

from penstock.users.models.member import Member
from penstock.users.walls import Walled, WorkspaceKey


class Sending(Walled):
    """One sending of a form by a member, known by a digest of all that it said.

    ``leads_to`` is where its answer led, once it is done. Kept for a day by ``users.sendings``.
    """

    member = WorkspaceKey(Member, related_name="+")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    is_done = models.BooleanField(default=False)
    leads_to = models.CharField(max_length=500, blank=True)

    class Meta:
        """The same is sent once; old ones are found by their age."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "member", "digest"], name="users_sending_once"
            )
        ]
        indexes = [models.Index(fields=["workspace", "sent_at"], name="users_sending_age")]

    def __str__(self) -> str:
        return self.digest[:8]
