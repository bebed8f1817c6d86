"""What happens to a proposal, who said what about it, and by which links it is seen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.flow.models import Dated
from penstock.sales.models.proposal import Proposal, ProposalVersion
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class ProposalEvent(Dated):
    """Something happened to a version of a proposal; without ``by`` it was the customer.

    ``amount`` is what was sent or accepted, without tax; ``options`` are the marks of the optional
    lines that were chosen; ``mark`` is the line that a comment is about. Words stand apart, in a
    :class:`ProposalNote`, for they can be erased.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SENT = "sent", _("Proposal sent")
        VIEWED = "viewed", _("Proposal viewed")
        COMMENTED = "commented", _("Comment on the proposal")
        ACCEPTED = "accepted", _("Proposal accepted")
        DECLINED = "declined", _("Proposal declined")
        WITHDRAWN = "withdrawn", _("Proposal withdrawn")
        REOPENED = "reopened", _("Proposal open again")
        ORDERED = "ordered", _("Proposal ordered")

    #: The last of these on a version says how it stands.
    VERDICTS = (Kind.ACCEPTED, Kind.DECLINED, Kind.WITHDRAWN, Kind.REOPENED)

    proposal = WorkspaceKey(Proposal, related_name="events")
    version = WorkspaceKey(ProposalVersion, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    options = models.JSONField(default=list, blank=True)
    mark = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Dated.Meta):
        """Read by version and kind."""

        indexes = [
            *Dated.Meta.indexes,
            models.Index(
                fields=["workspace", "version", "kind", "occurred_at", "id"],
                name="sales_proposalevent_of_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.kind}"


class ProposalNote(Walled):
    """The words of an event: a name, a comment, a reason; emptied when its person is erased."""

    event = WorkspaceOneToOne(ProposalEvent, primary_key=True, related_name="note")
    name = models.CharField(_("name"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True, max_length=4000)
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by person."""

        indexes = [
            models.Index(fields=["workspace", "person"], name="sales_proposalnote_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.event_id}"


class ProposalLink(Walled):
    """A link by which a customer sees a proposal; only the hash of its secret is kept.

    ``address`` is where it was mailed, and ``person`` who that is if we know; both are emptied when the
    person is erased.
    """

    proposal = WorkspaceKey(Proposal, related_name="links")
    token_hash = models.CharField(max_length=64)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")
    address = models.EmailField(_("e-mail"), max_length=254, blank=True)
    person = WorkspaceKey("contacts.Person", null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by hash."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "token_hash"], name="sales_proposallink_token_once"
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "proposal"], name="sales_proposallink_of_proposal")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.made_at:%Y-%m-%d}"


class ProposalDocument(Walled):
    """The PDF of a sent version as it was made then; it never changes, it can only be erased."""

    version = WorkspaceOneToOne(ProposalVersion, primary_key=True, related_name="document")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.version_id} {self.sha256[:12]}"
