"""The funnel by cohort: what became of the deals that entered each stage in a window, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from penstock.analytics import bridge
from penstock.analytics import funnel as walking
from penstock.analytics.eventlog import MICROSECONDS_A_DAY, Facts, Ints, member_of
from penstock.analytics.funnel import Cycle, Log, Step
from penstock.base.calendar import Window
from penstock.flow.models import Kind, Pipeline, Stage
from penstock.reports import log
from penstock.reports.filters import DealFilter
from penstock.reports.log import Source
from penstock.reports.moment import Moment
from penstock.reports.pipeline import ALL
from penstock.users.models import Member

#: With fewer deals than this no share is claimed.
MIN_CASES = 10
#: Ends that are entered later than this make the follow-up end earlier.
PROMPT_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class StageStep:
    """A stage and what became of the deals that entered it in the window."""

    stage_id: int
    label: str
    step: Step

    @property
    def has_enough(self) -> bool:
        """Whether there are enough deals for a share."""
        return self.step.n_entered >= MIN_CASES


@dataclass(frozen=True, slots=True)
class Funnel:
    """One pipeline's stages in order, without the one that a win leads to.

    ``followed_until`` is how far deals were followed: to the moment asked, or ``lag_days`` less when
    ends are entered late, so that what is not known yet is not taken for what did not happen.
    """

    pipeline: Pipeline
    window: Window
    moment: Moment
    followed_until: datetime
    lag_days: float
    steps: tuple[StageStep, ...]
    cycle: Cycle
    n_parked: int


def funnel(
    member: Member,
    window: Window,
    *,
    moment: Moment,
    only: DealFilter = ALL,
    pipeline: Pipeline | None = None,
) -> Funnel:
    """Follow the deals that entered each stage in a window up to a moment, as known then.

    The slice is that of the moment; the pipeline is the slice's, or the first of the workspace.
    """
    pipeline = pipeline or only.pipeline or _first_pipeline(member)
    stages = _stages(pipeline)
    at, lag = followed(member, window, moment)
    source = Source(member, at=moment.at, known=moment.known_at)
    opened = log.opened_in(source, only=_in(only, pipeline))
    told = _log(source, window, stages=stages, cases=opened.case, at=at)
    start, until = log.moment(window.start), log.moment(window.stop)
    steps = walking.steps(told, n_stages=len(stages), start=start, until=until)
    return Funnel(
        pipeline=pipeline,
        window=window,
        moment=moment,
        followed_until=at,
        lag_days=lag,
        steps=tuple(
            StageStep(stage.pk, stage.label, step)
            for stage, step in zip(stages, steps, strict=True)
            if not _is_after_the_win(stage)
        ),
        cycle=walking.cycle(told, opened, start=start, until=until),
        n_parked=len(told.left),
    )


def deals(found: Funnel, *, stage_id: int, kind: int | None) -> list[int]:
    """The deals behind a stage: all that entered it, or those that went on in one way."""
    for one in found.steps:
        if one.stage_id == stage_id:
            cases = one.step.cases if kind is None else one.step.cases[one.step.kinds == kind]
            return [int(case) for case in cases[::-1]]
    return []


def timed(found: Funnel, *, stage_id: int | None, part: str = "") -> list[int]:
    """The deals behind a time: in a stage, or (without one) from the opening to the end.

    ``part`` asks for those that are ``running``, or of the cycle those ``won``; all without one.
    """
    if stage_id is None:
        cases, kinds = found.cycle.cases, found.cycle.kinds
        chosen = {"running": kinds == 0, "won": kinds == walking.ADVANCED}.get(part)
    else:
        steps = [one.step for one in found.steps if one.stage_id == stage_id]
        if not steps:
            return []
        cases = steps[0].cases
        chosen = steps[0].stays_on if part == "running" else None
    return [int(case) for case in (cases if chosen is None else cases[chosen])[::-1]]


def _first_pipeline(member: Member) -> Pipeline:
    pipelines = Pipeline.objects.filter(
        workspace_id=member.workspace_id, kind=Kind.DEAL, retired_at=None
    )
    found = pipelines.order_by("position", "id").first()
    assert found is not None, "a workspace keeps a pipeline of deals"
    return found


def _stages(pipeline: Pipeline) -> list[Stage]:
    """All stages in order, retired ones too: deals went through them."""
    return list(pipeline.stages.order_by("position", "id"))


def _is_after_the_win(stage: Stage) -> bool:
    return stage.canonical == "follow_up"


def _in(only: DealFilter, pipeline: Pipeline) -> DealFilter:
    return DealFilter(
        pipeline=pipeline,
        owner=only.owner,
        team=only.team,
        company=only.company,
        channel=only.channel,
        product=only.product,
        segment=only.segment,
    )


def _log(source: Source, window: Window, *, stages: list[Stage], cases: Ints, at: datetime) -> Log:
    stop = log.moment(at)
    ids = [stage.pk for stage in stages]
    visits = log.transitions(source, stages=ids, since=window.start).of(cases)
    ends = log.outcomes(source).of(cases).before(stop).last()
    parked = log.parkings(source).of(cases).before(stop).last()
    waiting = parked.value >= stop
    return Log(
        visits=visits,
        won=_ended(ends, bridge.WON),
        lost=_ended(ends, bridge.LOST),
        left=_merged(
            _ended(ends, bridge.MERGED),
            Facts(parked.case[waiting], parked.at[waiting], parked.value[waiting]),
        ),
        stop=stop,
    )


def _ended(ends: Facts, verdict: int) -> Facts:
    kept = ends.value == verdict
    return Facts(ends.case[kept], ends.at[kept], ends.value[kept])


def _merged(one: Facts, other: Facts) -> Facts:
    rest = ~member_of(other.case, one.case)
    case = np.concatenate((one.case, other.case[rest]))
    by = np.argsort(case)
    return Facts(
        case[by],
        np.concatenate((one.at, other.at[rest]))[by],
        np.concatenate((one.value, other.value[rest]))[by],
    )


def followed(member: Member, window: Window, moment: Moment) -> tuple[datetime, float]:
    """How far deals can be followed, and within how many days 95 % of the ends of the window were entered."""
    source = Source(member, at=moment.at, known=moment.known_at)
    delays = np.sort(log.delays(source, since=window.start))
    # The smallest delay that 95 % do not exceed: one that was.
    last = ceil(0.95 * len(delays)) - 1
    days = float(delays[last]) / MICROSECONDS_A_DAY if len(delays) else 0.0
    if days <= PROMPT_DAYS:
        return moment.at, 0.0
    return max(moment.at - timedelta(days=days), window.start), days
