"""Who has a say in a deal, now or on a day, and whose part nobody plays yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from penstock.contacts.models import Person
from penstock.flow.models import FieldChange
from penstock.flow.timeline import Event
from penstock.sales.deals import PART_OF
from penstock.sales.models import Deal, DealPerson
from penstock.users.kept import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDeal:
    """Somebody on a deal and their part in the decision."""

    id: int
    name: str
    job_title: str
    part: str
    part_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePanel:
    """The people of a deal, the parts there are, and in words which of them is missing."""

    people: Sequence[OnDeal]
    parts: Sequence[tuple[str, str]]
    missing: str


_on = Kept(lambda deal_id: DealPerson.objects.filter(deal_id=deal_id).select_related("person"))


def build(deal: Deal, *, events: Sequence[Event] | None = None) -> PeoplePanel:
    """The people of a deal now, or after some events of its past."""
    rows = [(row.person, row.part) for row in _on(deal.pk)]
    if events is not None:
        rows = _then(deal, rows, events)
    people = [_on_deal(person, part) for person, part in sorted(rows, key=_by_name)]
    return PeoplePanel(
        people=people,
        parts=[(part.value, str(part.label)) for part in DealPerson.Part],
        missing=_missing({one.part for one in people}) if people else "",
    )


def _then(
    deal: Deal, rows: Sequence[tuple[Person, str]], events: Sequence[Event]
) -> list[tuple[Person, str]]:
    """Who was on the deal: as its history says; of whom it says nothing, as now."""
    said: dict[int, str | None] = {}
    for event in events:
        row = event.row
        if event.is_corrected or not isinstance(row, FieldChange):
            continue
        if row.field.startswith(PART_OF):
            said.setdefault(int(row.field.removeprefix(PART_OF)), row.value)
    told = set(said) | _told_later(rows, deal)
    people = Person.objects.in_bulk([pk for pk, part in said.items() if part])
    then = [(people[pk], part) for pk, part in said.items() if part and pk in people]
    return [*then, *((person, part) for person, part in rows if person.pk not in told)]


def _told_later(rows: Sequence[tuple[Person, str]], deal: Deal) -> set[int]:
    fields = [f"{PART_OF}{person.pk}" for person, _part in rows]
    told = FieldChange.objects.filter(item_id=deal.pk, field__in=fields)
    return {int(name.removeprefix(PART_OF)) for name in told.values_list("field", flat=True)}


def _on_deal(person: Person, part: str) -> OnDeal:
    return OnDeal(
        id=person.pk,
        name=person.name or _("Erased person"),
        job_title=person.job_title,
        part=part,
        part_name=str(DealPerson.Part(part).label),
    )


def _missing(parts: set[str]) -> str:
    if {DealPerson.Part.DECIDES, DealPerson.Part.PAYS} <= parts:
        return ""
    if DealPerson.Part.DECIDES in parts:
        return _("Who holds the budget is not known yet.")
    if DealPerson.Part.PAYS in parts:
        return _("Who decides is not known yet.")
    return _("Who decides and who holds the budget is not known yet.")


def _by_name(row: tuple[Person, str]) -> tuple[str, int]:
    return (row[0].sort_key, row[0].pk)
