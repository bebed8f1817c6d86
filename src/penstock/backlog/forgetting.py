"""Forgetting an erased person: what people wrote about orders and work, as far as it names them."""

from __future__ import annotations

from penstock.backlog.models import Disruption, ExpediteWording, PromiseWording
from penstock.contacts.models import Person

# A shorter name would be found within other words.
SHORTEST = 4


def forget(person: Person) -> None:
    """Erase the words in which a person or an address of theirs is named; that there were some stays."""
    wordings = [
        table.objects.filter(workspace_id=person.workspace_id)
        for table in (PromiseWording, ExpediteWording)
    ]
    proofs = Disruption.objects.filter(workspace_id=person.workspace_id)
    for named in (person.name, person.email, person.phone):
        if len(named) >= SHORTEST:
            for words in wordings:
                words.filter(text__icontains=named).delete()
            proofs.filter(evidence__icontains=named).update(evidence="")
