"""The only way by which a door gets what shapes the flow: pipelines, stages, loss reasons."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.flow.models import LossReason, Pipeline, Stage
from penstock.users import roles
from penstock.users.models import Member


def pipelines_for(member: Member) -> QuerySet[Pipeline]:
    """The pipelines in use, in order."""
    return Pipeline.objects.filter(workspace_id=member.workspace_id, retired_at=None).order_by(
        "position", "id"
    )


def retired_pipelines_for(member: Member) -> QuerySet[Pipeline]:
    """The pipelines out of use, in order."""
    rows = Pipeline.objects.filter(workspace_id=member.workspace_id, retired_at__isnull=False)
    return rows.order_by("position", "id")


def reasons_for(member: Member) -> QuerySet[LossReason]:
    """The loss reasons in use, in order."""
    return LossReason.objects.filter(workspace_id=member.workspace_id, retired_at=None)


def pipeline_for(member: Member, pipeline_id: int, *, to: str = "see") -> Pipeline:
    """A pipeline, to see or to ``shape``.

    Raises:
        NotFound: ``flow.no_such_pipeline``. NotAllowed: ``flow.not_steering``.
    """
    return _pipeline_among(pipelines_for(member), pipeline_id, member=member, to=to)


def retired_pipeline_for(member: Member, pipeline_id: int, *, to: str = "see") -> Pipeline:
    """A pipeline out of use, to see or to ``shape``.

    Raises:
        NotFound: ``flow.no_such_pipeline``. NotAllowed: ``flow.not_steering``.
    """
    return _pipeline_among(retired_pipelines_for(member), pipeline_id, member=member, to=to)


def _pipeline_among(
    rows: QuerySet[Pipeline], pipeline_id: int, *, member: Member, to: str
) -> Pipeline:
    pipeline = rows.filter(pk=pipeline_id).first()
    if pipeline is None:
        raise NotFound("flow.no_such_pipeline", _("There is no such pipeline here."))
    check_shape(member, to=to)
    return pipeline


def stage_for(member: Member, stage_id: int, *, to: str = "see") -> Stage:
    """A stage in use, to see or to ``shape``.

    Raises:
        NotFound: ``flow.no_such_stage``. NotAllowed: ``flow.not_steering``.
    """
    stage = (
        Stage.objects.select_related("pipeline")
        .filter(pk=stage_id, workspace_id=member.workspace_id, retired_at=None)
        .first()
    )
    if stage is None:
        raise NotFound("flow.no_such_stage", _("There is no such stage here, or it is retired."))
    check_shape(member, to=to)
    return stage


def reason_for(member: Member, reason_id: int, *, to: str = "see") -> LossReason:
    """A loss reason in use, to see or to ``shape``.

    Raises:
        NotFound: ``flow.no_such_reason``. NotAllowed: ``flow.not_steering``.
    """
    reason = reasons_for(member).filter(pk=reason_id).first()
    if reason is None:
        raise NotFound("flow.no_such_reason", _("There is no such loss reason here."))
    check_shape(member, to=to)
    return reason


def check_override(member: Member) -> None:
    """Refuse to let somebody pass a gate without its answers who may not.

    Raises:
        NotAllowed: ``flow.no_override``.
    """
    if not roles.may_override(member):
        raise NotAllowed(
            "flow.no_override",
            _("Only an owner or a manager may pass a gate without its answers. Give the answers."),
        )


def check_shape(member: Member, *, to: str) -> None:
    """Refuse changes of pipelines and reasons by a role that does not steer.

    Raises:
        NotAllowed: ``flow.not_steering``.
    """
    if to != "see" and not roles.may_steer(member):
        raise NotAllowed(
            "flow.not_steering",
            _("Only an owner or a manager may change pipelines, stages and loss reasons."),
        )
