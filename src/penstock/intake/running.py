"""One pass over a change set: the check is the real run minus its commit."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import IO, Any

from django.db import connection, transaction

from penstock.flow import bulk, dating
from penstock.intake import storage
from penstock.intake.files import table
from penstock.intake.models import ChangeRow, ChangeSet, Verdict
from penstock.intake.nouns import registry
from penstock.intake.nouns.cells import Cells, Parsed
from penstock.intake.nouns.ruling import Group, Ruling, conflict, reject, same
from penstock.intake.nouns.run import Run

CHUNK = 2000
#: From this many rows on, the planner is told about them at once.
MANY = 1000
Tell = Callable[[int], None]


@dataclass(slots=True)
class Result:
    """What a pass found: rows per verdict, and what it made beside them."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    n_rows: int = 0


def check(change_set: ChangeSet, *, start: Tell, advance: Tell) -> Result:
    """Run all of it, keep the verdicts, and take everything else back."""
    with tempfile.TemporaryFile("w+") as spool:
        with transaction.atomic():
            with _planned_anew():
                result = _run(change_set, spool, start=start, advance=advance)
            transaction.set_rollback(True)
        with transaction.atomic():
            _keep(change_set, spool)
    return result


def apply(change_set: ChangeSet, *, start: Tell, advance: Tell) -> Result:
    """Run all of it inside the caller's transaction, and keep it with its verdicts."""
    with tempfile.TemporaryFile("w+") as spool, _planned_anew():
        result = _run(change_set, spool, start=start, advance=advance)
        _keep(change_set, spool)
    if result.n_rows >= MANY:
        _refresh_statistics()
    return result


@contextmanager
def _planned_anew() -> Iterator[None]:
    """Let each of our questions be planned when it is asked; checks of keys keep their plans.

    Tables grow under a run: a plan that was made while one was empty would read all of it for each
    thousand rows.
    """
    connection.ensure_connection()
    driver: Any = connection.connection
    threshold, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = threshold


def _refresh_statistics() -> None:
    """Tell the planner now: until autovacuum came by, it would take full tables for empty ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT penstock_refresh_statistics()")


def _run(change_set: ChangeSet, spool: IO[str], *, start: Tell, advance: Tell) -> Result:
    noun = registry.NOUNS[change_set.noun]
    workspace = change_set.workspace
    cells = Cells(
        noun.fields, mapping=change_set.mapping, options=change_set.options, zone=workspace.zone
    )
    run = Run(change_set=change_set, workspace=workspace, by=change_set.by, cells=cells)
    with connection.cursor() as cursor:
        # A check is rolled back before deferred constraints would speak.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    n_rows = _stage(change_set, noun, run)
    start(n_rows)
    run.staged = lambda name: _distinct(change_set.mapping.get(name, ""))
    result = Result(made=run.made, n_rows=n_rows)
    handler = noun.handler(run)
    with dating.in_batch(change_set.pk):
        for groups in _chunks(cells):
            rulings = _rule(noun, handler, groups)
            run.write_findings()
            _spool(spool, rulings, result)
            advance(len(rulings))
    return result


def _stage(change_set: ChangeSet, noun: registry.Noun, run: Run) -> int:
    """Copy all rows with their keys beside each other, so that those of one key are found together."""
    form = table.Form(
        encoding=run.option("encoding", default="utf-8-sig"),
        delimiter=run.option("delimiter", default=","),
    )
    rows = table.rows(storage.chunks(change_set), form=form, filename=change_set.filename)
    n_rows = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS intake_staged")
        cursor.execute(
            "CREATE TEMP TABLE intake_staged (number bigint, key text, raw json) ON COMMIT DROP"
        )
        # Reading asks the same connection for the next piece of the file, which it cannot answer during a COPY.
        while some := list(islice(rows, CHUNK)):
            n_rows = some[-1].number
            with cursor.copy("COPY intake_staged FROM STDIN") as copy:
                for row in some:
                    key = noun.key_of(run, row.cells) or f"#{row.number}"
                    text = json.dumps(row.cells, ensure_ascii=False)
                    copy.write_row((row.number, key[:200], text))
    return n_rows


def _chunks(cells: Cells) -> Iterator[list[Group]]:
    """Groups of rows with one key, in the order of the file, some thousand rows at a time."""
    query = (
        "SELECT number, key, raw::text, min(number) OVER (PARTITION BY key) AS first "
        "FROM intake_staged ORDER BY first, number"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        groups: list[Group] = []
        n_rows = 0
        for key, rows in groupby(_fetched(cursor), key=lambda row: row[1]):
            group = Group(key, [cells.read(row[0], json.loads(row[2])) for row in rows])
            groups.append(group)
            n_rows += len(group.rows)
            if n_rows >= CHUNK:
                yield groups
                groups, n_rows = [], 0
        if groups:
            yield groups


def _fetched(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(CHUNK):
        yield from rows


def _distinct(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT raw->>%s AS text FROM intake_staged GROUP BY text ORDER BY min(number)",
            [column],
        )
        return [row[0] for row in cursor.fetchall() if row[0]]


def _rule(noun: registry.Noun, handler: registry.Handler, groups: list[Group]) -> list[Ruling]:
    """Set unreadable and contradicting rows aside, and let the noun rule on the others."""
    rulings: list[Ruling] = []
    fine: list[Group] = []
    for group in groups:
        aside, rest = _sift(noun, group)
        rulings += aside
        if rest:
            fine.append(Group(group.key, rest))
    rulings += handler.handle(fine)
    return sorted(rulings, key=lambda ruling: ruling.row.number)


def _sift(noun: registry.Noun, group: Group) -> tuple[list[Ruling], list[Parsed]]:
    bad = [reject(row, row.problem, **row.params) for row in group.rows if row.problem]
    good = [row for row in group.rows if not row.problem]
    if noun.is_grouped or len(good) < 2:
        return bad, good
    first = good[0]
    if any(row.values != first.values for row in good[1:]):
        return bad + [conflict(row, "repeated_differently", key=group.key) for row in good], []
    return bad + [same(row, None, "repeated") for row in good[1:]], [first]


def _spool(spool: IO[str], rulings: list[Ruling], result: Result) -> None:
    for one in rulings:
        result.counts[str(one.verdict)] += 1
        for reason in {one.reason, *one.notes} - {""}:
            result.reasons[reason] += 1
        record = (
            one.row.number,
            str(one.verdict),
            one.reason,
            one.params,
            one.notes,
            one.row.raw,
            one.before,
            one.target_kind,
            one.target_id,
        )
        spool.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")


def _keep(change_set: ChangeSet, spool: IO[str]) -> None:
    """Replace the rows kept of an earlier pass by those of this one."""
    ChangeRow.objects.filter(change_set=change_set).delete()
    spool.seek(0)
    bulk.insert(
        ChangeRow,
        (
            "workspace_id",
            "change_set_id",
            "number",
            "verdict",
            "reason",
            "params",
            "notes",
            "raw",
            "before",
            "target_kind",
            "target_id",
        ),
        (_kept(change_set, json.loads(line)) for line in spool),
    )


def _kept(change_set: ChangeSet, record: list[Any]) -> tuple[Any, ...]:
    number, verdict, reason, params, notes, raw, before, kind, target_id = record
    is_there = verdict != Verdict.REJECT
    return (
        change_set.workspace_id,
        change_set.pk,
        number,
        verdict,
        reason[:40],
        _json(params),
        notes,
        _json(raw),
        _json(before),
        kind if is_there else "",
        target_id if is_there else None,
    )


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else "{}"
