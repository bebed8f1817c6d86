"""The gates of a pipeline, as sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from penstock.base.calendar import trailing
from penstock.flow.dating import today
from penstock.flow.models import Pipeline
from penstock.reports import overrides as report
from penstock.sales import evidence
from penstock.users import roles
from penstock.users.models import Member, Workspace
from penstock.web import figures
from penstock.web.forms.settings import NEEDS

DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What must be known before a deal leaves a stage."""

    stage_id: int
    stage: str
    needs: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Who may pass without the answers, whether the reader may change that, and how often it happened."""

    who: str
    may_change: bool
    figure: str


def gates(pipeline: Pipeline) -> list[Gate]:
    """One per stage in use, in order; the last stage is left by nobody."""
    *stages, _last = pipeline.stages.filter(retired_at=None).order_by("position", "pk")
    return [
        Gate(
            stage_id=stage.pk,
            stage=stage.label,
            needs=[str(NEEDS.get(need, need)) for need in stage.needs],
        )
        for stage in stages
    ]


def half_lives(workspace: Workspace) -> dict[str, int]:
    """In how many days a claim about each topic loses half of its weight."""
    return {
        topic: int(rule.half_life_days) for topic, rule in evidence.rules_of(workspace.pk).items()
    }


def overrides(member: Member) -> Overrides:
    """Who may pass gates without their answers, and how often that happened of late."""
    workspace = member.workspace
    window = trailing(until=today(workspace), days=DAYS, zone=workspace.zone)
    share = report.in_window(member, window).share
    values = {
        "n": figures.number(share.n),
        "of": figures.number(share.of),
        "days": DAYS,
    }
    return Overrides(
        who=str(workspace.get_overrides_display()),
        may_change=roles.may_administer(member),
        figure=_("%(n)s of %(of)s moves in the last %(days)s days passed a gate by override.")
        % values,
    )
