"""What happened to deals as arrays, for figures that follow each deal through time; see ``analytics.eventlog``.

Rows are those that count by the rule of ``flow.replay``, happened before a moment and were known before
another; they come from :mod:`penstock.reports.columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from penstock.analytics import bridge
from penstock.analytics.eventlog import UNKNOWN, Facts, Ints, looked_up, member_of
from penstock.base.calendar import end_of, start_of
from penstock.contacts.models import Company
from penstock.reports import columns, rows
from penstock.reports.column_files import NEVER
from penstock.reports.copying import copied
from penstock.reports.filters import DealFilter
from penstock.sales import access
from penstock.users.models import Member

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DAY_ZERO = date(2000, 1, 1)


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

    @property
    def known_number(self) -> int:
        """The moment of knowledge as a number, NEVER for all that is known."""
        return NEVER if self.known is None else moment(self.known)


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
    query, params = rows.embedded(items.values("pk", "opened_at"))
    case, at = copied(query, params, n=2)
    by = np.argsort(case, kind="stable")
    case, at = case[by], _as_it_counts(source, case[by], at[by])
    kept = at < moment(source.at)
    return Facts(case[kept], at[kept], np.ones(int(kept.sum()), dtype=np.int64))


def _as_it_counts(source: Source, case: Ints, at: Ints) -> Ints:
    """When each of some deals was opened; NEVER if nothing of it counts.

    A deal is there from its first entry into a stage. That is its opening, unless a move was corrected
    or entered later than is to count.
    """
    told = columns.read(source.member.workspace_id, "transition")
    stop, known = moment(source.at), source.known_number
    odd = [
        one.item[(one.until != NEVER) | ((one.known >= known) & (one.at < stop))]
        for one in (told.kept, told.fresh)
    ]
    places = np.flatnonzero(member_of(case, np.unique(np.concatenate(odd))))
    if not len(places):
        return at
    entered = told.of(case[places]).counting(before=stop, known=known).facts
    first = entered.first()
    found = looked_up(case[places], Facts(first.case, first.at, first.at))
    at = at.copy()
    at[places] = np.where(found == UNKNOWN, NEVER, found)
    return at


def transitions(source: Source, *, stages: Sequence[int], since: datetime) -> Facts:
    """Entries into stages since a moment; the value is the place of the stage in the list."""
    told = _counting(source, "transition").since(moment(since)).facts
    place = _places(told.value, stages)
    kept = place != UNKNOWN
    return Facts(told.case[kept], told.at[kept], place[kept])


def _places(values: Ints, names: Sequence[int]) -> Ints:
    """The place of each value in a list; UNKNOWN for any other."""
    if not len(names):
        return np.full(len(values), UNKNOWN)
    by = np.argsort(names)
    ranked = np.asarray(names, dtype=np.int64)[by]
    places = np.minimum(np.searchsorted(ranked, values), len(ranked) - 1)
    return np.where(ranked[places] == values, by[places], UNKNOWN)


def outcomes(source: Source) -> Facts:
    """How deals ended, or that they were reopened; the value is one of ``analytics.bridge``."""
    told = _counting(source, "outcome").facts
    return Facts(told.case, told.at, told.value % columns.ASSUMED)


def delays(source: Source, *, since: datetime) -> Ints:
    """How long after it happened each win and loss since a moment came to be known, where that is not assumed."""
    told = _counting(source, "outcome").since(moment(since))
    found = []
    for one in (told.kept, told.fresh):
        mine = (one.value == bridge.WON) | (one.value == bridge.LOST)
        found.append(one.known[mine] - one.at[mine])
    return np.concatenate(found)


def parkings(source: Source) -> Facts:
    """Until which moment deals wait: the first of the day until which they are parked."""
    told = _counting(source, "parking").facts
    days, places = np.unique(told.value, return_inverse=True)
    zone = source.member.workspace.zone
    starts = [
        UNKNOWN if day == UNKNOWN else moment(start_of(DAY_ZERO + timedelta(days=day), zone=zone))
        for day in days.tolist()
    ]
    return Facts(told.case, told.at, np.array(starts, dtype=np.int64)[places])


def field(source: Source, name: str) -> Facts:
    """The values of one field of deals over time, as numbers."""
    return _counting(source, "fieldchange", name).facts


def kept(source: Source, only: DealFilter) -> dict[str, tuple[Facts, Ints]]:
    """The fields that cut a slice, each over time with the values that belong to it."""
    return {
        name: (field(source, field_name), np.array(sorted(values), dtype=np.int64))
        for name, field_name, values in _wanted(source.member, only)
    }


def channels(source: Source, names: Sequence[str]) -> Facts:
    """Channels over time; the value is the place of the channel in the list, UNKNOWN for any other."""
    told = field(source, "channel")
    return Facts(told.case, told.at, _places(told.value, [*map(columns.text_code, names)]))


def _counting(source: Source, story: str, part: str = "") -> columns.Pieces:
    told = columns.read(source.member.workspace_id, story, part)
    return told.counting(before=moment(source.at), known=source.known_number)


def belonging(source: Source, only: DealFilter) -> Ints:
    """The deals, in rising order, that may be seen and belong to a slice at the moment of the source."""
    return opened_in(source, only=only).case


def opened_in(source: Source, *, only: DealFilter) -> Facts:
    """The deals that may be seen and belong to a slice at the moment of the source, each with its opening."""
    found = opened(source, only=only)
    for told, values in kept(source, only).values():
        last = told.last()
        found = found.of(last.case[np.isin(last.value, values)])
    return found


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
    if only.channel is not None:
        wanted.append(("channel", "channel", [columns.text_code(only.channel)]))
    if only.segment is not None:
        buyers = Company.objects.filter(workspace_id=member.workspace_id, segment=only.segment)
        wanted.append(("segment", "company", list(buyers.values_list("pk", flat=True))))
    return wanted


def known_at(member: Member, known: date | None) -> datetime | None:
    """The first moment after a day of knowledge."""
    return None if known is None else end_of(known, zone=member.workspace.zone)
