"""Why gates of deals were passed without their answers, as far as it names people."""

from __future__ import annotations

from penstock.contacts.models import Person
from penstock.flow.models import OverrideWording

# A shorter name would be found within other words.
SHORTEST = 4


def forget(person: Person) -> None:
    """Erase the reasons in which a person or an address of theirs is named; that there was one stays."""
    wordings = OverrideWording.objects.filter(workspace_id=person.workspace_id)
    for named in (person.name, person.email, person.phone):
        if len(named) >= SHORTEST:
            wordings.filter(text__icontains=named).delete()
