"""What deals do when two companies or two people become one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from penstock.contacts.models import Company, Person
from penstock.flow import changes, replay
from penstock.flow.dating import when
from penstock.flow.models import FieldChange, Item
from penstock.sales.models import Deal, DealPerson
from penstock.users.models import Member


class CompaniesOfDeals:
    """Deals of the company that goes belong to the survivor from now on: a field change each."""

    keys: Collection[str] = ("sales.Deal.company",)

    def follow(self, *, gone: Company, kept: Company, by: Member | None) -> dict[str, Any]:
        """Write the changes, and remember them."""
        deals = list(Deal.objects.filter(company=gone).order_by("pk").select_related("item"))
        times = when(None)
        rows = [
            row
            for deal in deals
            for row in changes.record(
                deal.item, values={"company": kept.pk}, by=by, times=times
            )
        ]  # fmt: skip
        Deal.objects.filter(pk__in=[deal.pk for deal in deals]).update(company=kept)
        return {"changes": [row.pk for row in rows]}

    def unfollow(
        self, moved: dict[str, Any], *, gone: Company, kept: Company, by: Member | None
    ) -> None:
        """Take the changes away; a deal that was given to a third company since stays there."""
        items = void_changes(moved.get("changes", []), by=by)
        for item in items:
            rows = FieldChange.objects.filter(item=item, field="company")
            last = replay.last(rows)
            number = int(last.value) if last and last.value else None
            Deal.objects.filter(pk=item.pk).update(company=number)


class PeopleOnDeals:
    """Parts in decisions follow the person; where both stand on a deal, the survivor's part stays."""

    keys: Collection[str] = ("sales.DealPerson.person",)

    def follow(self, *, gone: Person, kept: Person, by: Member | None) -> dict[str, Any]:
        """Tie the parts to the survivor, and remember those that were there twice."""
        there = DealPerson.objects.filter(person=kept).values_list("deal_id", flat=True)
        twice = DealPerson.objects.filter(person=gone, deal_id__in=list(there))
        dropped = list(twice.values_list("deal_id", "part"))
        twice.delete()
        rows = DealPerson.objects.filter(person=gone)
        ids = list(rows.values_list("pk", flat=True))
        rows.update(person=kept)
        return {"parts": ids, "dropped": dropped}

    def unfollow(
        self, moved: dict[str, Any], *, gone: Person, kept: Person, by: Member | None
    ) -> None:
        """Tie them back, and bring back those that were there twice."""
        DealPerson.objects.filter(pk__in=moved.get("parts", []), person=kept).update(person=gone)
        restore_parts(
            {"deal_id": deal, "person": gone, "part": part}
            for deal, part in moved.get("dropped", [])
        )


def restore_parts(rows: Iterable[dict[str, Any]]) -> None:
    """Bring back parts in decisions that a merge took away, unless they are there again."""
    for row in rows:
        part = row.pop("part")
        deal = Deal.objects.get(pk=row["deal_id"])
        DealPerson.objects.get_or_create(
            workspace_id=deal.workspace_id, **row, defaults={"part": part}
        )


def void_changes(ids: Iterable[int], *, by: Member | None) -> list[Item]:
    """Take field changes away, from now on; those that were taken away already are left.

    Returns:
        The items whose values are to be settled.
    """
    rows = FieldChange.objects.filter(pk__in=list(ids), superseded_by=None).select_related("item")
    touched: dict[int, Item] = {}
    for row in rows:
        times = when(None, not_before=row.known_at)
        columns = times.columns() | {"occurred_at": row.occurred_at}
        FieldChange.objects.create(
            workspace_id=row.workspace_id,
            item=row.item,
            field=row.field,
            value=row.value,
            is_void=True,
            supersedes=row,
            by=by,
            **columns,
        )
        touched[row.item_id] = row.item
    return list(touched.values())
