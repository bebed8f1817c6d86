"""The links by which customers see a proposal: made, found and taken back."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from penstock.contacts.models import Person
from penstock.flow import dating
from penstock.sales.models import Proposal, ProposalLink
from penstock.users.models import Member

#: 32 random bytes: nobody guesses 256 bits.
N_BYTES = 32
LONGEST = 64


def make(
    proposal: Proposal, *, by: Member | None, address: str = "", person: Person | None = None
) -> tuple[ProposalLink, str]:
    """Make one more link, and return it with its secret: that is told now and never again.

    Args:
        proposal: What it opens.
        by: Who hands it out.
        address: Where it is mailed; empty for a link that is handed over otherwise.
        person: Whose address that is, if we know.
    """
    token = secrets.token_urlsafe(N_BYTES)
    link = ProposalLink.objects.create(
        workspace_id=proposal.workspace_id,
        proposal=proposal,
        token_hash=hashed(token),
        by=by,
        address=address,
        person=person,
        made_at=dating.now(),
    )
    return link, token


def find(token: str) -> ProposalLink | None:
    """The link of a secret, if there is one here and it was not taken back."""
    if not 20 <= len(token) <= LONGEST:
        return None
    rows = ProposalLink.objects.select_related("proposal__deal__item", "proposal__person")
    return rows.filter(
        token_hash=hashed(token), revoked_at=None, proposal__deal__item__withdrawn_at=None
    ).first()


def revoke(proposal: Proposal, *, by: Member | None) -> int:
    """Take all links of a proposal back; how many there were. Safe to call twice."""
    return ProposalLink.objects.filter(proposal=proposal, revoked_at=None).update(
        revoked_at=dating.now()
    )


def renew(proposal: Proposal, *, by: Member | None) -> str:
    """Take all links back and make a new one."""
    with transaction.atomic():
        revoke(proposal, by=by)
        return make(proposal, by=by)[1]


def hashed(token: str) -> str:
    """What is kept of a secret. It is random and long, so a plain hash tells nothing of it."""
    return hashlib.sha256(token.encode()).hexdigest()
