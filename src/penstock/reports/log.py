"""What happened to deals as arrays, for figures that follow each deal through time; see ``analytics.eventlog``.

One query per kind of fact, copied in binary as one array per column. Rows are those that count
by the rule of ``flow.replay``, happened before a moment and were known before another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import F

from penstock.analytics import bridge
from penstock.analytics.eventlog import UNKNOWN, Facts, Ints, facts, member_of
from penstock.base.calendar import end_of
from penstock.contacts.models import Company
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.sales import access
from penstock.users.models import Member

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DAY_ZERO = date(2000, 1, 1)
#: In ten-thousandths beyond these bounds no sum of 64 bits would be exact; such an amount counts as unknown.
LARGEST_AMOUNT = 900_000_000_000_000
_HEADER, _ARRAY_HEAD = 19, 20


@dataclass(frozen=True, slots=True)
class Source:
    """Whose deals are read, up to which moment, as known before which (None for all that is known)."""

    member: Member
    at: datetime
    known: datetime | None = None

    @property
    def params(self) -> rows.Params:
        """What every query asks for."""
        return {"workspace": self.member.workspace_id, **rows.times(at=self.at, known=self.known)}


def moment(at: datetime) -> int:
    """A moment as a number.

    >>> moment(datetime(2000, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (at - EPOCH) // timedelta(microseconds=1)


def day_number(day: date) -> int:
    """A day as a number."""
    return (day - DAY_ZERO).days


def instant(at: int) -> datetime:
    """The moment that a number stands for."""
    return EPOCH + timedelta(microseconds=int(at))


def currency_code(number: int, *, own: str) -> str:
    """The currency that a number stands for; the workspace's own for UNKNOWN.

    >>> currency_code(4543826, own="EUR"), currency_code(UNKNOWN, own="EUR")
    ('EUR', 'EUR')
    """
    return own if number == UNKNOWN else number.to_bytes(3, "big").decode("ascii")


def opened(source: Source, *, only: DealFilter, also_withdrawn: bool = False) -> Facts:
    """The deals that may be seen, each with its opening; ``also_withdrawn`` those withdrawn since it was known."""
    present_at = source.known if also_withdrawn else None
    items = access.items_for(source.member, present_at=present_at)
    if only.pipeline is not None:
        items = items.filter(pipeline=only.pipeline)
    deals, more = rows.embedded(items.values("pk", at=F("opened_at")))
    first = (
        "SELECT min(r.occurred_at) FROM flow_transition r WHERE r.item_id = d.item_id "  # noqa: S608 -- fragments of this room; values are parameters
        f"AND {rows.counting('flow_transition')}"
    )
    # A deal is there from its first entry into a stage. That is its opening, unless a move was corrected
    # or entered later than is to count; only of such deals the moves are looked at, a probe each.
    late = "OR (s.known_at >= %(known)s AND s.occurred_at < %(at)s)" if source.known else ""
    query = f"""
        SELECT o.item_id, o.at, 1::bigint, 0::bigint
        FROM (SELECT d.item_id, CASE WHEN odd.item_id IS NULL THEN d.at ELSE ({first}) END AS at
              FROM ({deals}) d (item_id, at)
              LEFT JOIN (SELECT DISTINCT s.item_id FROM flow_transition s
                         WHERE s.workspace_id = %(workspace)s AND (s.supersedes_id IS NOT NULL {late})
                        ) odd USING (item_id)
              WHERE d.at < %(at)s) o
        WHERE o.at < %(at)s
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(query, source.params | more)


def transitions(source: Source, *, stages: Sequence[int], since: datetime) -> Facts:
    """Entries into stages since a moment; the value is the place of the stage in the list."""
    query = f"""
        SELECT r.item_id, r.occurred_at, array_position(%(stages)s::bigint[], r.stage_id)::bigint - 1, r.id
        FROM flow_transition r
        WHERE r.stage_id = ANY(%(stages)s) AND {_within("%(since)s")} AND {rows.known("flow_transition")}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(query, source.params | {"stages": list(stages), "since": since})


def _within(since: str) -> str:
    """From one moment to that of the source.

    In this form no index answers it: the one that could is ordered by deal, and would have half of the
    table read row by row at random, five times as slow as all of it in turn.
    """
    return f"(r.occurred_at >= {since} AND r.occurred_at < %(at)s) IS TRUE"


def outcomes(source: Source) -> Facts:
    """How deals ended, or that they were reopened; the value is one of ``analytics.bridge``."""
    query = f"""
        SELECT r.item_id, r.occurred_at,
               (CASE r.verdict WHEN 'open' THEN {bridge.OPEN} WHEN 'won' THEN {bridge.WON}
                WHEN 'lost' THEN {bridge.LOST} WHEN 'merged' THEN {bridge.MERGED} ELSE 9 END)::bigint, r.id
        FROM flow_outcome r
        WHERE r.verdict IN ('open', 'won', 'lost', 'merged') AND {rows.counting("flow_outcome")}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(query, source.params)


def parkings(source: Source) -> Facts:
    """Until which moment deals wait: the first of the day until which they are parked."""
    zone = source.member.workspace.zone.key
    query = f"""
        SELECT r.item_id, r.occurred_at,
               coalesce((extract(epoch FROM (r.until::timestamp AT TIME ZONE %(zone)s)
                         - '2000-01-01 00:00:00+00'::timestamptz) * 1000000)::bigint, {UNKNOWN}), r.id
        FROM flow_parking r WHERE {rows.counting("flow_parking")}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(query, source.params | {"zone": zone})


def field(source: Source, name: str) -> Facts:
    """The values of one field of deals over time, as numbers."""
    query = f"""
        SELECT r.item_id, r.occurred_at, coalesce({_NUMBER[name]}, {UNKNOWN}), r.id
        FROM flow_fieldchange r WHERE r.field = %(field)s AND {rows.counting("flow_fieldchange")}
    """  # noqa: S608 -- fragments of this room; values are parameters
    if name == "currency":
        # The partial index of deals with a currency of their own needs the name as a constant.
        query = query.replace("%(field)s", "'currency'")
    return _facts(query, source.params | {"field": name})


_NUMBER = {
    "amount": f"CASE WHEN r.value::numeric < {LARGEST_AMOUNT} THEN (r.value::numeric * 10000)::bigint END",
    "currency": "(ascii(r.value) * 65536 + ascii(substr(r.value, 2)) * 256 + ascii(substr(r.value, 3)))::bigint",
    "close_on": "(r.value::date - '2000-01-01'::date)::bigint",
    **dict.fromkeys(("owner", "company", "product"), "r.value::bigint"),
    "channel": "(r.value = %(channel)s)::int::bigint",
}


def kept(source: Source, only: DealFilter) -> dict[str, tuple[Facts, Ints]]:
    """The fields that cut a slice, each over time with the values that belong to it."""
    found: dict[str, tuple[Facts, Ints]] = {}
    for name, field_name, values in _wanted(source.member, only):
        found[name] = (field(source, field_name), np.array(sorted(values), dtype=np.int64))
    if only.channel is not None:
        query = f"""
            SELECT r.item_id, r.occurred_at, coalesce({_NUMBER["channel"]}, 0), r.id
            FROM flow_fieldchange r WHERE r.field = 'channel' AND {rows.counting("flow_fieldchange")}
        """  # noqa: S608 -- fragments of this room; values are parameters
        told = _facts(query, source.params | {"channel": only.channel})
        found["channel"] = (told, np.array([1], dtype=np.int64))
    return found


def channels(source: Source, names: Sequence[str]) -> Facts:
    """Channels over time; the value is the place of the channel in the list, UNKNOWN for any other."""
    query = f"""
        SELECT r.item_id, r.occurred_at,
               coalesce(array_position(%(names)s::text[], r.value)::bigint - 1, {UNKNOWN}), r.id
        FROM flow_fieldchange r
        WHERE r.field = 'channel' AND {rows.counting("flow_fieldchange")}
    """  # noqa: S608 -- fragments of this room; values are parameters
    return _facts(query, source.params | {"names": list(names)})


def belonging(source: Source, only: DealFilter) -> Ints:
    """The deals, in rising order, that may be seen and belong to a slice at the moment of the source."""
    cases = np.unique(opened(source, only=only).case)
    for told, values in kept(source, only).values():
        last = told.last()
        cases = cases[member_of(cases, np.unique(last.case[np.isin(last.value, values)]))]
    return cases


def _wanted(member: Member, only: DealFilter) -> list[tuple[str, str, list[int]]]:
    wanted = []
    if only.owner is not None:
        wanted.append(("owner", "owner", [only.owner.pk]))
    if only.team is not None:
        mates = Member.objects.filter(workspace_id=member.workspace_id, team=only.team)
        wanted.append(("team", "owner", list(mates.values_list("pk", flat=True))))
    if only.company is not None:
        wanted.append(("company", "company", [only.company.pk]))
    if only.product is not None:
        wanted.append(("product", "product", [only.product.pk]))
    if only.segment is not None:
        buyers = Company.objects.filter(workspace_id=member.workspace_id, segment=only.segment)
        wanted.append(("segment", "company", list(buyers.values_list("pk", flat=True))))
    return wanted


def known_at(member: Member, known: date | None) -> datetime | None:
    """The first moment after a day of knowledge."""
    return None if known is None else end_of(known, zone=member.workspace.zone)


def _facts(query: str, params: rows.Params) -> Facts:
    case, at, value, order = copied(query, params, n=4)
    return facts(case, at, value, order=order)


def copied(query: str, params: rows.Params, *, n: int) -> list[Ints]:
    """The columns of a query, eight bytes each and none of them null.

    Each column comes as one array: a row of its own per row would cost a dozen calls of Python each,
    five times as long as all the rest.
    """
    names = [f"c{number}" for number in range(n)]
    arrays = ", ".join(f"array_agg({name})" for name in names)
    whole = (
        f"COPY (SELECT {arrays} FROM ({query}) q ({', '.join(names)})) TO STDOUT (FORMAT BINARY)"  # noqa: S608 -- names of this function around a query of this room
    )
    with connection.cursor() as cursor:
        # The cursor of the driver: the one that Django puts around it to log queries copies without parameters.
        copy: Any = cursor.cursor.copy(whole, params)
        with copy as pieces:
            body = b"".join(bytes(piece) for piece in pieces)
    found, at = [], _HEADER + 2
    for _name in names:
        [size] = np.frombuffer(body, dtype=">i4", count=1, offset=at)
        found.append(_column(body, at + 4, size=int(size)))
        at += 4 + max(int(size), 0)
    return found


def _column(body: bytes, at: int, *, size: int) -> Ints:
    """One array as PostgreSQL sends it: a head, then a length and eight bytes for each value; nothing for none."""
    if size <= _ARRAY_HEAD:
        return np.empty(0, dtype=np.int64)
    layout = np.dtype([("length", ">i4"), ("value", ">i8")])
    count = (size - _ARRAY_HEAD) // layout.itemsize
    table = np.frombuffer(body, dtype=layout, count=count, offset=at + _ARRAY_HEAD)
    return table["value"].astype(np.int64)
