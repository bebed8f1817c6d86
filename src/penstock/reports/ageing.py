"""When a deal is late in its stage: by the deals that were won, as they stood on a day and were known then."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from penstock.base.calendar import start_of
from penstock.flow.models import Outcome, Pipeline
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.moment import Moment
from penstock.users.models import Member, Role
from penstock.users.models.workspace import Sees

if TYPE_CHECKING:
    from penstock.analytics.ageing_in_stage import Ageing, Left

#: With fewer won deals nothing is claimed of a stage, as in ``analytics.ageing_in_stage``.
MIN_WON = 20
#: Pipelines and moments that are remembered.
MOST_KEPT = 64
#: They are read anew with the day, and when one of so many more of the deals that they follow was decided.
ONE_IN = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read when ``upto`` was the last deal's end that had been written."""

    by_stage: Mapping[int, Ageing]
    upto: int

    def is_good(self, member: Member) -> bool:
        """Whether hardly a deal was decided since: no share can have moved by more than half a per cent."""
        slack = max((one.n_entered for one in self.by_stage.values()), default=0) // ONE_IN
        later = Outcome.objects.filter(workspace_id=member.workspace_id, pk__gt=self.upto)
        return later[: slack + 1].count() <= slack


_kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
_lock = Lock()
#: Held by whoever reads: it takes much memory for a moment, and who comes meanwhile asks for the same.
_reading = Lock()


@dataclass(frozen=True, slots=True)
class Ages:
    """The distributions of the stages of one pipeline at a moment, and the share from which a deal is late.

    ``promised`` reads, once and only where it is asked for, the deals for which the customer is to remove
    what stands in the way by a day that has not passed.
    """

    by_stage: Mapping[int, Ageing]
    at: datetime
    on: date
    late_share: float
    promised: Callable[[], frozenset[int]] = frozenset

    def left(self, stage_id: int, *, since: datetime) -> Left | None:
        """How many of the won deals had left a stage by the age of one that stands in it since then."""
        ageing = self.by_stage.get(stage_id)
        return None if ageing is None else ageing.left_by(self.days(since))

    def days(self, since: datetime) -> float:
        """An age in days."""
        return max(0.0, (self.at - since).total_seconds() / 86400)

    def is_late(
        self, left: Left | None, *, step_on: date | None, item_id: int | None = None
    ) -> bool:
        """Whether that is late; a dated commitment that is not over yet pauses it, ours or the customer's."""
        if left is None or (step_on is not None and step_on >= self.on):
            return False
        return left.share >= self.late_share and item_id not in self.promised()

    def late(self) -> Q:
        """The condition on items of this pipeline by which they are late now."""
        found = Q(pk__in=[])
        for stage_id, ageing in self.by_stage.items():
            if (limit := ageing.limit(self.late_share)) is not None:
                since = self.at - timedelta(days=limit)
                parked = Q(parked_until=None) | Q(parked_until__lte=since.date())
                found |= Q(stage_id=stage_id, entered_at__lte=since) & parked
        paused = Q(deal__next_step_on__gte=self.on)
        return found & ~paused & ~Q(pk__in=self.promised())


def since(entered_at: datetime, parked_until: date | None, *, member: Member) -> datetime:
    """From when the age of a deal counts: its entry, or the end of a parking after that."""
    if parked_until is None:
        return entered_at
    return max(entered_at, start_of(parked_until, zone=member.workspace.zone))


def of_pipeline(member: Member, pipeline: Pipeline, *, when: Moment | None = None) -> Ages:
    """The distributions of a pipeline, now or as of a moment; remembered until enough deals are decided."""
    is_past = when is not None and not when.is_now
    at = when.at if when is not None and is_past else timezone.now()
    known = when.known_at if when is not None and is_past else None
    on = at.astimezone(member.workspace.zone).date() if when is None else when.on
    # A rep who sees only their own deals learns nothing from those of others.
    whose = member.pk if member.role == Role.REP and member.workspace.reps_see == Sees.OWN else None
    key = (pipeline.pk, whose, at if is_past else on, known)
    return Ages(
        by_stage=_remembered(key, member=member, pipeline=pipeline, at=at, known=known),
        at=at,
        on=on,
        late_share=float(member.workspace.late_share),
        promised=cache(
            partial(_promised, pipeline, on=on, at=at if is_past else None, known=known)
        ),
    )


def _promised(
    pipeline: Pipeline, *, on: date, at: datetime | None, known: datetime | None
) -> frozenset[int]:
    """Deals that wait for something which the customer is to remove by that day or later; now without ``at``."""
    last = rows.last("flow_blocker", "id", of="i.id")
    now = "i.is_blocked AND" if at is None else ""
    query = f"""
        SELECT i.id FROM flow_item i
        CROSS JOIN LATERAL ({last}) last
        JOIN flow_blocker b ON b.id = last.value
        WHERE i.pipeline_id = %(pipeline)s AND {now} b.cause <> '' AND b.side = 'customer'
          AND b.until >= %(on)s
          AND i.id IN (SELECT s.item_id FROM flow_blocker s WHERE s.side = 'customer')
    """  # noqa: S608 -- fragments of this room; values are parameters
    named = {"workspace": pipeline.workspace_id, "pipeline": pipeline.pk, "on": on}
    params = named | rows.times(at=at or timezone.now(), known=known)
    return frozenset(pk for (pk,) in rows.ask(query, params))


def _last_decided(member: Member) -> int:
    decided = Outcome.objects.filter(workspace_id=member.workspace_id).order_by("-pk")
    return decided.values_list("pk", flat=True).first() or 0


def _remembered(
    key: tuple[object, ...],
    *,
    member: Member,
    pipeline: Pipeline,
    at: datetime,
    known: datetime | None,
) -> Mapping[int, Ageing]:
    if (found := _good(key, member)) is not None:
        return found
    with _reading:
        if (found := _good(key, member)) is not None:
            return found
        upto = _last_decided(member)
        found = _read(member, pipeline, at=at, known=known)
        with _lock:
            _kept[key] = _Kept(by_stage=found, upto=upto)
            _kept.move_to_end(key)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return found


def _good(key: tuple[object, ...], member: Member) -> Mapping[int, Ageing] | None:
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
    return kept.by_stage if kept is not None and kept.is_good(member) else None


def _read(
    member: Member, pipeline: Pipeline, *, at: datetime, known: datetime | None
) -> Mapping[int, Ageing]:
    from penstock.analytics import stretches  # noqa: PLC0415 -- NumPy, which most pages do without
    from penstock.reports import log  # noqa: PLC0415 -- as above

    stages = list(pipeline.stages.order_by("position", "pk").values_list("pk", flat=True))
    source = log.Source(member=member, at=at, known=known)
    opened = log.opened(source, only=DealFilter(pipeline=pipeline))
    found = stretches.ageing_by_place(
        visits=log.transitions(source, stages=stages, since=log.EPOCH).of(opened.case),
        outcomes=log.outcomes(source).of(opened.case),
        parkings=log.parkings(source).of(opened.case),
        stop=log.moment(at),
        n_places=len(stages),
    )
    return dict(zip(stages, found, strict=True))
