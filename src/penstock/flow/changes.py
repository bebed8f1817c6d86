"""Writing that a field has another value from now on, or had from a day on."""

from __future__ import annotations

from collections.abc import Mapping

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
