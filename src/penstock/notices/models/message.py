"""A letter: written in the transaction of what it tells of, sent by the worker afterwards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Message(Walled):
    """One e-mail to one address. Its words are emptied when the person is erased; the row stays.

    Waiting messages have a job of their own. ``claimed_at`` says that a worker is talking to the mail
    server about it just now; a claim that is old was left behind by a worker that died.
    """

    class Status(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused")
        GIVEN_UP = "given_up", _("Given up")

    kind = models.CharField(max_length=40)
    to_address = models.EmailField(_("to"), max_length=254, blank=True)
    member = WorkspaceKey("users.Member", null=True, blank=True, related_name="messages")
    reply_to = models.EmailField(_("reply to"), max_length=254, blank=True)
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="messages")
    item = WorkspaceKey("flow.Item", null=True, blank=True, related_name="messages")
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    mail_id = models.CharField(max_length=120)
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- many have none
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.WAITING)
    n_tries = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(_("what the mail server said"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Nothing is told twice; the history of an item finds its letters."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source_key"],
                name="notices_message_source_once",
                condition=models.Q(source_key__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "item"], name="notices_message_of_item"),
            models.Index(fields=["workspace", "-created_at"], name="notices_message_newest"),
            models.Index(
                fields=["workspace", "claimed_at"],
                name="notices_message_waiting",
                condition=models.Q(status="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class Attachment(Walled):
    """A file that goes with a message: its bytes, or the document of a proposal's ``version``."""

    message = WorkspaceKey(Message, related_name="attachments")
    version = WorkspaceKey("sales.ProposalVersion", null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    data = models.BinaryField(default=bytes, blank=True)

    class Meta:
        """Read with its message."""

        indexes = [
            models.Index(fields=["workspace", "message"], name="notices_attachment_of_message")
        ]

    def __str__(self) -> str:
        return self.name
