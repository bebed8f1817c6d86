"""What proposals forget when a person is erased: words and names; figures and dates stay."""

from __future__ import annotations

from django.db.models import Q

from penstock.contacts.models import Person
from penstock.flow import dating
from penstock.sales.models import (
    Proposal,
    ProposalDocument,
    ProposalLink,
    ProposalNote,
    ProposalVersion,
)


def forget(person: Person) -> None:
    """Empty what the person said and where they were written to; erase the documents that name them.

    Their links open nothing any more. Introductions are letters to a person, so they go too. The
    SHA-256 of a document stays: whoever has a copy can still show that it is the one that was sent.
    """
    now = dating.now()
    ProposalNote.objects.filter(person=person).update(name="", text="", erased_at=now)
    theirs = Q(person=person)
    if person.email:
        theirs |= Q(address__iexact=person.email)
    links = ProposalLink.objects.filter(theirs)
    links.filter(revoked_at=None).update(revoked_at=now)
    links.update(address="")
    proposals = Proposal.objects.filter(person=person)
    ProposalVersion.objects.filter(proposal__in=proposals).update(introduction="")
    documents = ProposalDocument.objects.filter(version__proposal__in=proposals, erased_at=None)
    documents.update(data=b"", erased_at=now)
