"""How members wish to be reminded."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.notices.models import Wishes
from penstock.users.models import Member

LATEST_HOUR, LONGEST_MINUTES = 23, 1440


def of(member: Member) -> Wishes:
    """The wishes of a member: those that were saved, else the defaults."""
    found = Wishes.objects.filter(member=member).first()
    return found or Wishes(workspace_id=member.workspace_id, member=member)


def of_all(workspace_id: int) -> dict[int, Wishes]:
    """The wishes that were saved, by member; one query."""
    return {row.member_id: row for row in Wishes.objects.filter(workspace_id=workspace_id)}


def choose(
    member: Member,
    *,
    has_digest: bool,
    digest_hour: int,
    minutes_before: int,
    has_proposals: bool = True,
) -> Wishes:
    """Save how a member wishes to be reminded.

    Raises:
        RuleBroken: ``notices.hour``; ``notices.minutes``.
    """
    if not 0 <= digest_hour <= LATEST_HOUR:
        raise RuleBroken("notices.hour", _("Choose an hour from 0 to 23."), needs=["digest_hour"])
    if not 0 <= minutes_before <= LONGEST_MINUTES:
        raise RuleBroken(
            "notices.minutes", _("Choose 0 to 1440 minutes."), needs=["minutes_before"]
        )
    with transaction.atomic():
        row, _is_new = Wishes.objects.update_or_create(
            workspace_id=member.workspace_id,
            member=member,
            defaults={
                "has_digest": has_digest,
                "digest_hour": digest_hour,
                "minutes_before": minutes_before,
                "has_proposals": has_proposals,
            },
        )
        return row
