"""The pipeline on a day: what stood in each stage, now or then, as it was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.analytics.ageing import Ages
from penstock.reports.filters import DealFilter
from penstock.reports.moment import Moment
from penstock.users.models import Member

Money = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Held:
    """What some open deals come to. ``sums`` and ``weighted`` are per currency; ages count from the opening."""

    n: int
    sums: Money
    weighted: Money
    n_without_amount: int
    ages: Ages


@dataclass(frozen=True, slots=True)
class StageOnDay:
    """One stage and the open deals that stood in it, parked ones left out."""

    stage_id: int
    pipeline_id: int
    code: str
    label: str
    position: int
    probability: Decimal | None
    held: Held


@dataclass(frozen=True, slots=True)
class PipelineOnDay:
    """Open deals by stage; ``total`` is their sum, ``parked`` stands apart from it."""

    moment: Moment
    stages: tuple[StageOnDay, ...]
    total: Held
    parked: Held


def on_day(
    member: Member,
    *,
    on: date | None = None,
    known: date | None = None,
    only: DealFilter = DealFilter(),  # noqa: B008 -- frozen
) -> PipelineOnDay:
    """What the pipeline held at the end of a day; without a day, now."""
    raise NotImplementedError
