"""Forms that members sent: each is acted on once, also when a browser or an impatient hand sends it twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from penstock.users.models import Member, Sending, Workspace

#: Nobody sends the same form again after this time.
KEPT = timedelta(days=1)


def begin(member: Member, *, digest: str) -> tuple[Sending, bool]:
    """The sending with this digest, and whether it is new; of two at the same moment one is new."""
    return Sending.objects.get_or_create(
        workspace_id=member.workspace_id,
        member=member,
        digest=digest,
        defaults={"sent_at": timezone.now()},
    )


def finish(sending: Sending, *, leads_to: str = "") -> None:
    """Say that it was acted on, and where its answer led."""
    longest = Sending._meta.get_field("leads_to").max_length or 0
    leads_to = leads_to if len(leads_to) <= longest else ""
    Sending.objects.filter(pk=sending.pk).update(is_done=True, leads_to=leads_to)


def withdraw(sending: Sending) -> None:
    """Forget it: it was refused, and may be sent again as it is."""
    Sending.objects.filter(pk=sending.pk).delete()


def clear(workspace: Workspace) -> int:
    """Forget those that are too old to be sent again; answers of how many."""
    before = timezone.now() - KEPT
    return Sending.objects.filter(workspace=workspace, sent_at__lt=before).delete()[0]
