"""Writing that a field has another value from now on, or had from a day on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from penstock.flow import replay
from penstock.flow.dating import When
from penstock.flow.models import FieldChange, Item
from penstock.flow.values import Value, encode
from penstock.users.models import Member


def record(
    item: Item,
    *,
    values: Mapping[str, Value],
    by: Member | None,
    times: When,
    source_key: str | None = None,
) -> list[FieldChange]:
    """Write one row per field; call inside the verb's transaction, with the item locked.

    Numbers, dates, codes and ids only: free text may be personal and has no history.
    """
    return FieldChange.objects.bulk_create(
        FieldChange(
            workspace_id=item.workspace_id,
            item=item,
            field=field,
            value=encode(value),
            by=by,
            source_key=f"{source_key}:{field}" if source_key else None,
            **times.columns(),
        )
        for field, value in values.items()
    )


def differing(
    item: Item, values: Mapping[str, Value], *, now: Mapping[str, Value], at: datetime | None
) -> dict[str, Value]:
    """Which of the values are news: unlike what is so now, or was so at an instant.

    Args:
        item: The item, locked.
        values: What is said, by field.
        now: What its columns hold.
        at: Since when it is said to be so; None for now.
    """
    if at is None:
        return {field: value for field, value in values.items() if now[field] != value}
    then = said(item, values, at=at)
    return {field: value for field, value in values.items() if then.get(field) != encode(value)}


def last_words(item: Item, values: Mapping[str, Value]) -> list[str]:
    """The fields of which nothing later is known: a late record does not win over a newer one."""
    now = said(item, values, at=None)
    return [field for field, value in values.items() if now.get(field) == encode(value)]


def said(item: Item, fields: Collection[str], *, at: datetime | None) -> dict[str, str | None]:
    """What rows say of some fields at an instant (None for now), as it is stored."""
    rows = replay.effective(FieldChange.objects.filter(item=item, field__in=list(fields)))
    return {row.field: row.value for row in rows if at is None or row.occurred_at <= at}
