"""History as columns: rows that were read once are kept in files, and only what came since is asked for.

Figures that follow every deal read all of the history. It is append-only, so that what was read stays true.
A file holds a workspace's rows of one table up to a mark below which nothing can appear any more; the rest
is read from the database each time, as whoever asks, behind both walls.
See ``docs/decisions/0020-columns.md``.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings

from penstock.analytics.eventlog import UNKNOWN, Bools, Facts, Ints, in_order, inserted, member_of
from penstock.reports import column_files, copying, rows
from penstock.reports.column_files import NEVER, Kept, Mark, Rows

_log = logging.getLogger(__name__)

#: So many rows are read from the database each time rather than kept; fewer are not worth a file.
WORTH_KEEPING = 20_000
#: So many rows are read at once when a file is made.
CHUNK = 500_000
#: Rows count as decided only so long after they were written; see :func:`_decided`.
DECIDED_SECONDS = 60
#: In ten-thousandths beyond these bounds no sum of 64 bits would be exact; such an amount counts as unknown.
LARGEST_AMOUNT = 900_000_000_000_000
#: An outcome that was assumed to be known at once has this beside its verdict.
ASSUMED = 64
VERDICTS = {"open": 0, "won": 1, "lost": 2, "merged": 3}


@dataclass(frozen=True, slots=True)
class Story:
    """What is read of one table: per part which rows, and what each says as a number."""

    table: str
    parts: Mapping[str, tuple[str, str]]


def _field(name: str, number: str) -> tuple[str, str]:
    return f"r.field = '{name}'", number


_VERDICTS = " ".join(f"WHEN '{name}' THEN {code}" for name, code in VERDICTS.items())
_OF_DEALS = (
    "SELECT s.id FROM flow_stage s JOIN flow_pipeline p ON p.id = s.pipeline_id "
    "WHERE p.kind = 'deal' AND p.workspace_id = %(workspace)s"
)
STORIES = {
    "transition": Story("flow_transition", {"": (f"r.stage_id IN ({_OF_DEALS})", "r.stage_id")}),
    "outcome": Story(
        "flow_outcome",
        {
            "": (
                "r.verdict IN ('open', 'won', 'lost', 'merged')",
                f"(CASE r.verdict {_VERDICTS} END + CASE WHEN r.is_assumed THEN {ASSUMED} ELSE 0 END)::bigint",
            )
        },
    ),
    "parking": Story("flow_parking", {"": ("true", "(r.until - '2000-01-01'::date)::bigint")}),
    "fieldchange": Story(
        "flow_fieldchange",
        {
            "amount": _field(
                "amount",
                f"CASE WHEN r.value::numeric < {LARGEST_AMOUNT} THEN (r.value::numeric * 10000)::bigint END",
            ),
            "currency": _field(
                "currency",
                "(ascii(r.value) * 65536 + ascii(substr(r.value, 2)) * 256 + ascii(substr(r.value, 3)))::bigint",
            ),
            "close_on": _field("close_on", "(r.value::date - '2000-01-01'::date)::bigint"),
            **{name: _field(name, "r.value::bigint") for name in ("owner", "company", "product")},
            "channel": _field("channel", "('x' || substr(md5(r.value), 1, 16))::bit(64)::bigint"),
        },
    ),
}


def text_code(text: str) -> int:
    """The number that stands for a text, here as in the database.

    >>> text_code("social")
    3961542702305345114
    """
    import hashlib  # noqa: PLC0415 -- only where channels are asked for

    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class Pieces:
    """What was read of a file, and what came since; each in order."""

    kept: Rows
    fresh: Rows

    def counting(self, *, before: int, known: int) -> Pieces:
        """Only what counts: it happened and was known before some moments, and nothing known supersedes it."""
        return Pieces(*(_counting(one, before, known) for one in (self.kept, self.fresh)))

    def since(self, moment: int) -> Pieces:
        """Only what happened from a moment on."""
        return Pieces(*(one.where(one.at >= moment) for one in (self.kept, self.fresh)))

    def of(self, cases: Ints) -> Pieces:
        """Only what is of some cases, which are in rising order."""
        return Pieces(*(one.where(member_of(one.item, cases)) for one in (self.kept, self.fresh)))

    @property
    def facts(self) -> Facts:
        """Both together, in order."""
        kept, fresh = (Facts(one.item, one.at, one.value) for one in (self.kept, self.fresh))
        return inserted(kept, fresh)


def _counting(one: Rows, before: int, known: int) -> Rows:
    kept = (one.at < before) & (one.until >= known)
    return one.where(kept & (one.known < known) if known != NEVER else kept)


def read(workspace_id: int, story: str, part: str = "") -> Pieces:
    """All that one part of a table says, of any time; rows that only take others away are applied."""
    path = _path(workspace_id, story)
    kept = column_files.opened(path)
    found = _since(workspace_id, STORIES[story], (part,), mark=kept.mark.id if kept else 0)
    if kept is not None and not _continues(found, kept.mark):
        # The database was restored from a backup, or is another one.
        kept, found = None, _since(workspace_id, STORIES[story], (part,), mark=0)
    if kept is not None:
        found = found.where(found.id > kept.mark.id)
    if len(found.id) >= WORTH_KEEPING:
        _keep(workspace_id, story, kept)
    fresh = found.rows(0)
    old = found.applied(kept.part(part)) if kept else fresh.where(np.zeros(len(fresh), bool))
    return Pieces(old, fresh)


def forget() -> None:
    """Remove all files: what they hold is read again. After a migration, which may mean rows otherwise."""
    shutil.rmtree(Path(settings.COLUMNS_ROOT), ignore_errors=True)


def _path(workspace_id: int, story: str) -> Path:
    return Path(settings.COLUMNS_ROOT) / str(workspace_id) / f"{story}.columns"


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows as the database tells them, in the order of their numbers; ``part`` is -1 for what says nothing."""

    id: Ints
    item: Ints
    at: Ints
    known: Ints
    value: Ints
    supersedes: Ints
    part: Ints

    def where(self, kept: Bools) -> _Found:
        return _Found(*(getattr(self, name)[kept] for name in self.__slots__))

    def rows(self, part: int) -> Rows:
        """What one part says, in order."""
        mine = self.where(self.part == part)
        never = np.full(len(mine.id), NEVER)
        said = Rows(mine.id, mine.item, mine.at, mine.known, never, mine.value)
        return self.applied(said.at_places(in_order(mine.item, mine.at)))

    def applied(self, to: Rows) -> Rows:
        """Some rows, those that one of these supersedes marked."""
        mine = np.flatnonzero(self.supersedes)
        if not len(mine) or not len(to):
            return to
        by = mine[np.argsort(self.supersedes[mine])]
        targets = self.supersedes[by]
        places = np.flatnonzero(np.isin(to.id, targets))
        until = to.until.copy()
        until[places] = self.known[by[np.searchsorted(targets, to.id[places])]]
        return Rows(to.id, to.item, to.at, to.known, until, to.value)


def _since(
    workspace_id: int,
    story: Story,
    parts: tuple[str, ...],
    *,
    mark: int,
    until: int | None = None,
) -> _Found:
    """Rows from a mark on, its own row first; with ``until`` not beyond that number."""
    matches = " OR ".join(f"({story.parts[name][0]})" for name in parts)
    number = " ".join(f"WHEN {story.parts[name][0]} THEN {story.parts[name][1]}" for name in parts)
    place = " ".join(f"WHEN {story.parts[name][0]} THEN {at}" for at, name in enumerate(parts))
    query = f"""
        SELECT r.id, r.item_id, r.occurred_at, r.known_at, coalesce(CASE {number} END, {UNKNOWN}),
               coalesce(r.supersedes_id, 0),
               (CASE WHEN r.is_void THEN -1 {place} ELSE -1 END)::bigint
        FROM {story.table} r
        WHERE r.workspace_id = %(workspace)s
          {"AND r.id >= %(mark)s" if mark else ""} {"AND r.id <= %(until)s" if until else ""}
          AND ({matches} OR r.supersedes_id IS NOT NULL {"OR r.id = %(mark)s" if mark else ""})
    """  # noqa: S608 -- fragments of this module; values are parameters
    params = {"workspace": workspace_id, "mark": mark, "until": until}
    found = _Found(*copying.copied(query, params, n=7))
    by = np.argsort(found.id, kind="stable")
    return (
        found
        if (by[1:] > by[:-1]).all()
        else _Found(*(getattr(found, name)[by] for name in found.__slots__))
    )


def _continues(found: _Found, mark: Mark) -> bool:
    """Whether the row of a mark is still there, and reads as it did."""
    if not len(found.id):
        return False
    first = (found.id[0], found.item[0], found.at[0], found.known[0])
    return first == (mark.id, mark.item, mark.at, mark.known)


#: Per workspace and story: a mark, and the transaction from which on it is decided; see :func:`_decided`.
_waiting: dict[tuple[int, str], tuple[Mark, int]] = {}
_busy = Lock()


def _keep(workspace_id: int, story: str, kept: Kept | None) -> None:
    """Put what is decided into the file, unless another thread is at it."""
    if not _busy.acquire(blocking=False):
        return
    try:
        mark = _decided(workspace_id, story)
        if mark is not None and (kept is None or mark.id > kept.mark.id):
            parts = _gathered(workspace_id, STORIES[story], kept, mark)
            column_files.write(_path(workspace_id, story), mark, parts)
    except OSError as problem:
        _log.warning("Columns of %s are not kept: %s", story, problem)
    finally:
        _busy.release()


def _decided(workspace_id: int, story: str) -> Mark | None:
    """The last row below which none can appear any more.

    Numbers are given before rows can be seen. Where no transaction is under way, all up to the last row
    are there; else the last row is remembered until all that were under way are over. A transaction that
    has taken a number but written nothing yet is not seen to be under way: so only rows count that were
    written some time before.
    """
    query = f"""
        SELECT s.xmin, s.xmax, r.id, r.item_id, r.occurred_at, r.known_at
        FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin,
                     pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax) s,
             (SELECT * FROM {STORIES[story].table} t
              WHERE t.workspace_id = %(workspace)s AND t.recorded_at < now() - %(age)s * interval '1 second'
              ORDER BY t.id DESC LIMIT 1) r
    """  # noqa: S608 -- a name of this module; values are parameters
    params = {"workspace": workspace_id, "age": DECIDED_SECONDS}
    told = copying.copied(query, params, n=6)
    if not len(told[0]):
        return None
    xmin, xmax, *row = (int(column[0]) for column in told)
    if xmin == xmax:
        _waiting.pop((workspace_id, story), None)
        return Mark(*row)
    mark, needed = _waiting.setdefault((workspace_id, story), (Mark(*row), xmax))
    if xmin < needed:
        return None
    del _waiting[workspace_id, story]
    return mark


def _gathered(
    workspace_id: int, story: Story, kept: Kept | None, mark: Mark
) -> dict[str, list[Rows]]:
    """All rows up to a mark by part: those of the old file, and those since, read in pieces."""
    names = tuple(story.parts)
    start = kept.mark.id + 1 if kept else 1
    pieces = []
    while start <= mark.id:
        stop = _end_of_chunk(workspace_id, story, start, mark.id)
        pieces.append(_since(workspace_id, story, names, mark=start, until=stop))
        start = stop + 1
    new = _Found(
        *(np.concatenate([getattr(one, name) for one in pieces]) for name in _Found.__slots__)
    )
    made = {}
    for place, name in enumerate(names):
        fresh = new.rows(place)
        old = new.applied(kept.part(name)) if kept else fresh.where(np.zeros(len(fresh), bool))
        whole = Rows(
            *(
                np.concatenate((getattr(old, column), getattr(fresh, column)))
                for column in column_files.NAMES
            )
        )
        made[name] = [whole.at_places(in_order(whole.item, whole.at))]
    return made


def _end_of_chunk(workspace_id: int, story: Story, start: int, last: int) -> int:
    query = (
        f"SELECT r.id FROM {story.table} r WHERE r.workspace_id = %(workspace)s "  # noqa: S608 -- a name of this module; values are parameters
        "AND r.id >= %(start)s ORDER BY r.id OFFSET %(chunk)s LIMIT 1"
    )
    params = {"workspace": workspace_id, "start": start, "chunk": CHUNK - 1}
    found = rows.ask(query, params)
    return min(found[0][0], last) if found else last
