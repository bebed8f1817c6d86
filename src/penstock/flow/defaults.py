"""What every new workspace starts with: pipelines, stages, loss reasons."""

from __future__ import annotations

from decimal import Decimal

from penstock.flow.models import Kind, LossReason, Pipeline, Stage, StageKind
from penstock.users.models import Workspace

SEVEN_STAGES = (
    ("lead_generation", StageKind.QUEUE, "0.05"),
    ("qualification", StageKind.WORK, "0.10"),
    ("needs_assessment", StageKind.WORK, "0.20"),
    ("first_contact", StageKind.WORK, "0.30"),
    ("proposal", StageKind.WORK, "0.50"),
    ("negotiation", StageKind.WORK, "0.75"),
    ("follow_up", StageKind.DONE, None),
)
FULFILMENT = (
    ("accepted", StageKind.QUEUE),
    ("ready", StageKind.QUEUE),
    ("in_work", StageKind.WORK),
    ("done", StageKind.DONE),
)
WORK = (("to_do", StageKind.QUEUE), ("in_work", StageKind.WORK), ("done", StageKind.DONE))
LOSS_REASONS = tuple(LossReason.LABELS)


def furnish(workspace: Workspace) -> None:
    """Give an empty workspace its three pipelines and the usual loss reasons.

    Names stay empty: the default ones are shown in each reader's language until somebody renames
    them.
    """
    sales = _pipeline(workspace, kind=Kind.DEAL, code="sales", position=0)
    Stage.objects.bulk_create(
        Stage(
            workspace=workspace,
            pipeline=sales,
            code=code,
            canonical=code,
            kind=kind,
            position=position,
            probability=Decimal(share) if share else None,
        )
        for position, (code, kind, share) in enumerate(SEVEN_STAGES)
    )
    for place, (kind, code, stages) in enumerate(
        ((Kind.ORDER, "fulfilment", FULFILMENT), (Kind.WORK, "work", WORK)), start=1
    ):
        pipeline = _pipeline(workspace, kind=kind, code=code, position=place)
        Stage.objects.bulk_create(
            Stage(workspace=workspace, pipeline=pipeline, code=name, kind=sort, position=position)
            for position, (name, sort) in enumerate(stages)
        )
    LossReason.objects.bulk_create(
        LossReason(workspace=workspace, code=code, position=position)
        for position, code in enumerate(LOSS_REASONS)
    )


def _pipeline(workspace: Workspace, *, kind: Kind, code: str, position: int) -> Pipeline:
    return Pipeline.objects.create(workspace=workspace, kind=kind, code=code, position=position)
