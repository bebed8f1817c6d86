"""Forgetting an erased person: what imports keep of the files that named them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from penstock.base.errors import PenstockError
from penstock.contacts.models import Person
from penstock.intake import changesets
from penstock.intake.models import ChangeRow, ChangeSet, Identity

PEOPLE = "people"
IDENTIFYING = ("name", "email", "phone")
# A shorter number would be found within others.
SHORTEST = 6
SOME = 2000


@dataclass(frozen=True, slots=True)
class Words:
    """By what a person is recognised in a row: whole cells, and addresses or numbers within longer ones."""

    whole: frozenset[str]
    within: frozenset[str]

    def are_in(self, texts: Iterable[str]) -> bool:
        """Whether one of the cells names the person."""
        cells = [text.strip().casefold() for text in texts]
        return any(
            cell in self.whole or any(word in cell for word in self.within) for cell in cells
        )


def forget(person: Person) -> None:
    """Erase what imports keep of a person, before the person's own row is emptied.

    * Rows about the person lose their content and what stood there before, so that taking the import
      back does not bring it back. Rows of any file that name the person lose their content.
    * The files of applied imports are gone already. An import that was not applied and names the
      person, or cannot be read, is dropped with its file: applying it would add the person anew.
    * The keys by which sources call the person are dropped: such a key may be an address or a name.

    Raises:
        Conflict: ``intake.running`` while such an import is being applied.
    """
    own = ChangeRow.objects.filter(target_kind="person", target_id=person.pk)
    keys = Identity.objects.filter(noun=PEOPLE, target_id=person.pk)
    words = _words(_details(person, own))
    called = Words(words.whole | _folded(keys.values_list("key", flat=True)), words.within)
    for change_set in ChangeSet.objects.filter(workspace_id=person.workspace_id, applied_at=None):
        if _names(change_set, called if change_set.noun == PEOPLE else words):
            changesets.drop(change_set)
    ChangeRow.objects.filter(pk__in=_naming(person, words)).update(raw={}, params={})
    own.update(raw={}, params={}, before={})
    keys.delete()


def _details(person: Person, own: QuerySet[ChangeRow]) -> Iterator[tuple[str, str]]:
    """What the person is called, was called before, and was called in files."""
    yield from ((name, getattr(person, name)) for name in IDENTIFYING)
    for row in own.select_related("change_set"):
        columns = row.change_set.mapping
        yield from ((name, str(row.before.get(name, ""))) for name in IDENTIFYING)
        yield from ((name, row.raw.get(columns.get(name, ""), "")) for name in IDENTIFYING)


def _words(details: Iterable[tuple[str, str]]) -> Words:
    found = list(details)
    reached = [text for name, text in found if name != "name" and len(text) >= SHORTEST]
    return Words(whole=_folded(text for _name, text in found), within=_folded(reached))


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in texts) - {""}


def _names(change_set: ChangeSet, words: Words) -> bool:
    try:
        return any(words.are_in(row.cells.values()) for row in changesets.rows(change_set))
    except PenstockError:
        return True


def _naming(person: Person, words: Words) -> list[int]:
    """Rows about other things, or about nothing yet, in which the person is named."""
    rows = ChangeRow.objects.filter(workspace_id=person.workspace_id)
    others = rows.exclude(Q(target_kind="person") & ~Q(target_id=person.pk))
    cells = others.values_list("pk", "raw").order_by().iterator(SOME)
    return [pk for pk, raw in cells if words.are_in(raw.values())]
