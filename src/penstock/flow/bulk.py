"""Writing many rows at once: the set-wise form of opening, moving, changing and ending items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from psycopg import sql

from penstock.flow import items
from penstock.flow.models import FieldChange, Finding, Item, Kind, Outcome, Transition
from penstock.flow.values import Value, encode


@dataclass(frozen=True, slots=True)
class Batch:
    """Where rows belong: workspace, change set, the beginning of their source keys.

    Without a prefix they have no source keys. ``is_assumed`` says that nobody noted when the company knew.
    """

    workspace_id: int
    number: int | None
    prefix: str
    is_assumed: bool = True

    def key(self, *parts: object) -> str | None:
        """The idempotency key of one outside fact."""
        if not self.prefix:
            return None
        return ":".join([self.prefix, *map(str, parts)])[-200:]


@dataclass(slots=True)
class NewItem:
    """An item that is about to be opened, with its place and end as they are by now."""

    title: str
    key: str
    opened_at: datetime
    stage_id: int
    pipeline_id: int
    owner_id: int | None = None
    moves: list[tuple[int, datetime]] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    verdict: str = ""
    decided_at: datetime | None = None
    reason_id: int | None = None
    pk: int = 0


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write many rows through a staging table, for COPY into a walled table is refused.

    Returns:
        The number of rows written.
    """
    table = model._meta.db_table
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    target, staging = sql.Identifier(table), sql.Identifier(f"staged_{table}")
    with connection.cursor() as cursor:
        _stage(cursor, table)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(staging, names)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(target, names, names, staging)
        )
        written = int(cursor.rowcount)
        cursor.execute(sql.SQL("TRUNCATE {}").format(staging))
    return written


def take_ids(model: type[models.Model], n: int) -> list[int]:
    """Take the next ``n`` ids of a model."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, n],
        )
        return [row[0] for row in cursor.fetchall()]


def open_items(rows: Sequence[NewItem], *, kind: Kind, batch: Batch) -> None:
    """Open items with all that is known of their past: moves, values and end. Fills in their ``pk``."""
    keys = items.next_keys(batch.workspace_id, kind=kind, n=len(rows))
    for row, pk in zip(rows, take_ids(Item, len(rows)), strict=True):
        row.pk = pk
    insert(Item, _ITEM, (_item(row, key, kind, batch) for row, key in zip(rows, keys, strict=True)))
    enter_stages(
        [
            (row.pk, stage_id, at, batch.key(row.key, "at", number))
            for row in rows
            for number, (stage_id, at) in enumerate(_places(row))
        ],
        batch=batch,
    )
    change_fields([change for row in rows for change in _first_values(row)], batch=batch)
    decide(
        [
            (row.pk, row.verdict, row.decided_at, row.reason_id, batch.key(row.key, "end"))
            for row in rows
            if row.verdict and row.decided_at
        ],
        batch=batch,
    )


def enter_stages(rows: Iterable[tuple[int, int, datetime, str | None]], *, batch: Batch) -> int:
    """Write transitions: item, stage, when, source key."""
    return insert(
        Transition,
        ("item_id", "stage_id", *_DATED),
        ((item, stage, *_dated(at, key, batch)) for item, stage, at, key in rows),
    )


def change_fields(
    rows: Iterable[tuple[int, str, Value, datetime, str | None]], *, batch: Batch
) -> int:
    """Write field changes: item, field, value, when, source key."""
    return insert(
        FieldChange,
        ("item_id", "field", "value", *_DATED),
        (
            (item, name, encode(value), *_dated(at, key, batch))
            for item, name, value, at, key in rows
        ),
    )


def decide(
    rows: Iterable[tuple[int, str, datetime, int | None, str | None]], *, batch: Batch
) -> int:
    """Write outcomes: item, verdict, when, loss reason, source key."""
    return insert(
        Outcome,
        ("item_id", "verdict", "reason_id", *_DATED),
        (
            (item, verdict, reason, *_dated(at, key, batch))
            for item, verdict, at, reason, key in rows
        ),
    )


def correct_stages(
    rows: Iterable[tuple[Transition, int | None]], *, known: datetime, batch: Batch
) -> int:
    """Supersede transitions: with another stage at the same time, or (None) as if they had never been.

    The correction is known from ``known`` on, so what was known before stays as it was known. It is
    still assumed: a later file may say better where the item was opened.
    """
    return insert(
        Transition,
        ("item_id", "stage_id", "supersedes_id", *_DATED),
        (
            (
                row.item_id,
                stage_id or row.stage_id,
                row.pk,
                batch.workspace_id,
                row.occurred_at,
                max(known, row.known_at),
                True,
                stage_id is None,
                None,
                batch.number,
            )
            for row, stage_id in rows
        ),
    )


def find(
    rows: Iterable[tuple[int | None, str, dict[str, Any], str | None]], *, batch: Batch
) -> int:
    """Write findings: item, code, detail, source key."""
    made = Finding.objects.bulk_create(
        Finding(
            workspace_id=batch.workspace_id,
            item_id=item,
            code=code,
            detail=detail,
            source_key=key,
            batch=batch.number,
        )
        for item, code, detail, key in rows
    )
    return len(made)


def void(batch: int) -> set[int]:
    """Void the rows that an import wrote about items which it did not open.

    What it corrected is said again, for the row that was corrected stays superseded.

    Returns:
        The items whose rows were voided; their kept state is to be settled.
    """
    touched: set[int] = set()
    with connection.cursor() as cursor:
        for table, columns in _VOIDED.items():
            cursor.execute(_void(table, columns), [batch, batch])
            touched.update(row[0] for row in cursor.fetchall())
    return touched


def settle(item_ids: Sequence[int]) -> None:
    """Make the state kept on items equal to the last word of their rows; see :func:`penstock.flow.items.settle`."""
    if item_ids:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [list(item_ids)])
        items.keep_also(item_ids)


def _void(table: str, columns: str) -> str:
    # Known as long as the row itself: a revert says that the import never spoke.
    own = ", ".join(
        f"CASE WHEN o.id IS NULL THEN d.{column} ELSE o.{column} END"
        for column in (*columns.split(", "), "occurred_at")
    )
    return f"""
        INSERT INTO {table} (workspace_id, item_id, {columns}, occurred_at, known_at, is_assumed, is_void,
                             supersedes_id, batch)
        SELECT d.workspace_id, d.item_id, {own}, d.known_at, true, o.id IS NULL, d.id, d.batch
        FROM {table} d JOIN flow_item i ON i.id = d.item_id
        LEFT JOIN {table} o ON o.workspace_id = d.workspace_id AND o.id = d.supersedes_id
            AND o.batch IS DISTINCT FROM d.batch
        WHERE d.batch = %s AND i.batch IS DISTINCT FROM %s AND (o.id IS NOT NULL OR NOT d.is_void)
          AND NOT EXISTS (SELECT 1 FROM {table} n WHERE n.workspace_id = d.workspace_id AND n.supersedes_id = d.id)
        RETURNING item_id"""  # noqa: S608 -- names are written in this module


def connect(table: str, columns: str) -> None:
    """Let a room above have its own dated rows voided with an import: its table, and what they say."""
    _VOIDED[table] = columns


_VOIDED = {
    "flow_transition": "stage_id",
    "flow_override": "needs, transition_id",
    "flow_fieldchange": "field, value",
    "flow_outcome": "verdict, reason_id",
    "flow_parking": "until",
    "flow_blocker": "cause, side, until",
}


def _stage(cursor: Any, table: str) -> None:
    cursor.execute(
        sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {} (LIKE {}) ON COMMIT DROP").format(
            sql.Identifier(f"staged_{table}"), sql.Identifier(table)
        )
    )
    # What the database fills in by itself is not given, and so empty, in the staging table.
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND attnum > 0",
        [f"staged_{table}"],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL").format(
                sql.Identifier(f"staged_{table}"), sql.Identifier(name)
            )
        )


_DATED = (
    "workspace_id",
    "occurred_at",
    "known_at",
    "is_assumed",
    "is_void",
    "source_key",
    "batch",
)
_ITEM = (
    "id",
    "workspace_id",
    "key",
    "kind",
    "pipeline_id",
    "stage_id",
    "title",
    "owner_id",
    "opened_at",
    "entered_at",
    "outcome",
    "decided_at",
    "is_blocked",
    "batch",
)


def _dated(at: datetime, key: str | None, batch: Batch) -> tuple[Any, ...]:
    return (batch.workspace_id, at, at, batch.is_assumed, False, key, batch.number)


def _places(row: NewItem) -> list[tuple[int, datetime]]:
    return [(row.stage_id, row.opened_at), *row.moves]


def _item(row: NewItem, key: str, kind: Kind, batch: Batch) -> tuple[Any, ...]:
    stage_id, entered_at = sorted(_places(row), key=lambda place: place[1])[-1]
    return (
        row.pk,
        batch.workspace_id,
        key,
        str(kind),
        row.pipeline_id,
        stage_id,
        row.title.strip()[:250],
        row.owner_id,
        row.opened_at,
        entered_at,
        row.verdict,
        row.decided_at if row.verdict else None,
        False,
        batch.number,
    )


def _first_values(row: NewItem) -> list[tuple[int, str, Value, datetime, str | None]]:
    values = row.values if row.owner_id is None else {"owner": row.owner_id, **row.values}
    return [
        # Without source keys: the identity of the item keeps it from being opened twice.
        (row.pk, name, value, row.opened_at, None)
        for name, value in values.items()
        if value not in (None, "")
    ]


def _last(table: str, columns: str, condition: str = "true") -> str:
    return f"""
        SELECT {columns} FROM {table} d
        WHERE d.workspace_id = i.workspace_id AND d.item_id = i.id AND NOT d.is_void AND {condition}
          AND NOT EXISTS (SELECT 1 FROM {table} n WHERE n.workspace_id = d.workspace_id AND n.supersedes_id = d.id)
        ORDER BY d.occurred_at DESC, d.id DESC LIMIT 1"""  # noqa: S608 -- names are written in this module


_SETTLE = f"""
    UPDATE flow_item SET
        stage_id = now.stage_id, entered_at = now.entered_at, outcome = now.outcome,
        decided_at = now.decided_at, owner_id = now.owner_id, is_blocked = now.is_blocked
    FROM (
        SELECT i.id, t.stage_id, t.occurred_at AS entered_at,
            CASE WHEN o.verdict IS NULL OR o.verdict = 'open' THEN '' ELSE o.verdict END AS outcome,
            CASE WHEN o.verdict <> 'open' THEN o.occurred_at END AS decided_at,
            f.value::bigint AS owner_id, coalesce(b.cause, '') <> '' AS is_blocked
        FROM flow_item i
        JOIN LATERAL ({_last("flow_transition", "d.stage_id, d.occurred_at")}) t ON true
        LEFT JOIN LATERAL ({_last("flow_outcome", "d.verdict, d.occurred_at")}) o ON true
        LEFT JOIN LATERAL ({_last("flow_fieldchange", "d.value", "d.field = 'owner'")}) f ON true
        LEFT JOIN LATERAL ({_last("flow_blocker", "d.cause")}) b ON true
        WHERE i.id = ANY(%s)
    ) now
    WHERE flow_item.id = now.id"""  # noqa: S608 -- names are written in this module
