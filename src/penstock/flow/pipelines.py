"""Shaping pipelines: stages are added, renamed, reordered and retired without touching history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from penstock.base.errors import RuleBroken
from penstock.flow.models import Item, Kind, Pipeline, Stage, StageKind
from penstock.users import audit
from penstock.users.kept import Kept
from penstock.users.models import Member, Workspace

#: What still needs a pipeline, as a room above says it, one sentence each.
_needs: list[Callable[[Pipeline], Iterable[str]]] = []

_stages = Kept(
    lambda pipeline_id: Stage.objects.filter(pipeline_id=pipeline_id).order_by("position", "pk")
)


def stages_of(pipeline_id: int, *, in_use: bool = True) -> list[Stage]:
    """The stages of a pipeline in order, those that were retired only if asked for; one query."""
    rows = _stages(pipeline_id)
    return [stage for stage in rows if stage.retired_at is None] if in_use else rows


def create(
    workspace: Workspace,
    *,
    kind: Kind,
    name: str,
    stages: Sequence[str],
    by: Member | None = None,
) -> Pipeline:
    """Make a pipeline with stages in this order; the first waits, the last is done.

    Raises:
        RuleBroken: ``flow.name_missing`` without a name, ``flow.no_stage`` without a stage.
    """
    if not stages:
        raise RuleBroken("flow.no_stage", _("A pipeline needs at least one stage."))
    with transaction.atomic():
        pipeline = Pipeline.objects.create(
            workspace=workspace,
            kind=kind,
            name=_checked(name),
            code=_free_code(name, Pipeline.objects.filter(workspace=workspace), "pipeline"),
            position=_next_position(Pipeline.objects.filter(workspace=workspace)),
        )
        for position, stage in enumerate(stages, start=1):
            add_stage(pipeline, name=stage, kind=_kind_at(position, of=len(stages)))
        _record("pipeline.made", pipeline, by=by)
        return pipeline


def default_for(workspace_id: int, *, kind: Kind) -> Pipeline:
    """The first pipeline of a kind that is in use.

    Raises:
        RuleBroken: ``flow.no_pipeline``.
    """
    pipeline = (
        Pipeline.objects.filter(workspace_id=workspace_id, kind=kind, retired_at=None)
        .order_by("position", "id")
        .first()
    )
    if pipeline is None:
        raise RuleBroken(
            "flow.no_pipeline",
            _("This workspace has no pipeline of this kind. Add one in the settings."),
        )
    return pipeline


def connect(needs: Callable[[Pipeline], Iterable[str]]) -> None:
    """Let a room above say what still needs a pipeline; it is not retired before."""
    _needs.append(needs)


def rename(pipeline: Pipeline, *, name: str, by: Member | None = None) -> Pipeline:
    """Give a pipeline another name; what stands in it shows the new one, in the past too."""
    with transaction.atomic():
        pipeline.name = _checked(name)
        pipeline.save(update_fields=["name"])
        _record("pipeline.renamed", pipeline, by=by)
        return pipeline


def retire(pipeline: Pipeline, *, by: Member | None = None) -> Pipeline:
    """Take a pipeline out of use with all its stages; its history stays.

    Raises:
        RuleBroken: ``flow.pipeline_occupied`` while open items stand in it, ``flow.last_pipeline``
            of its kind, ``flow.pipeline_needed`` while a rule or form leads into it.
    """
    with transaction.atomic():
        # All pipelines are locked in one order, so that the last two of a kind cannot be retired at
        # the same time; the stages, so that nothing enters meanwhile.
        rows = Pipeline.objects.select_for_update().filter(
            workspace_id=pipeline.workspace_id, kind=pipeline.kind, retired_at=None
        )
        in_use = {row.pk: row for row in rows.order_by("pk")}
        if pipeline.pk not in in_use:
            return pipeline
        pipeline = in_use[pipeline.pk]
        stages = list(pipeline.stages.select_for_update().filter(retired_at=None).order_by("pk"))
        _check_retirable(pipeline, n_in_use=len(in_use))
        pipeline.retired_at = timezone.now()
        pipeline.save(update_fields=["retired_at"])
        Stage.objects.filter(pk__in=[stage.pk for stage in stages]).update(
            retired_at=pipeline.retired_at
        )
        _record("pipeline.retired", pipeline, by=by)
        return pipeline


def _check_retirable(pipeline: Pipeline, *, n_in_use: int) -> None:
    n_open = Item.objects.open().filter(pipeline=pipeline).count()
    if n_open:
        raise RuleBroken(
            "flow.pipeline_occupied",
            ngettext(
                "%(n)d open item stands in this pipeline. Close it first, then retire the pipeline.",
                "%(n)d open items stand in this pipeline. Close them first, then retire the pipeline.",
                n_open,
            )
            % {"n": n_open},
        )
    if n_in_use == 1:
        raise RuleBroken(
            "flow.last_pipeline", _("A workspace keeps at least one pipeline of each kind in use.")
        )
    sentences = [sentence for ask in _needs for sentence in ask(pipeline)]
    if sentences:
        raise RuleBroken("flow.pipeline_needed", " ".join(sentences))


def take_up(pipeline: Pipeline, *, by: Member | None = None) -> Pipeline:
    """Use a retired pipeline again, with the stages that went out of use with it."""
    with transaction.atomic():
        pipeline = Pipeline.objects.select_for_update().get(pk=pipeline.pk)
        if pipeline.retired_at is None:
            return pipeline
        pipeline.stages.filter(retired_at=pipeline.retired_at).update(retired_at=None)
        pipeline.retired_at = None
        pipeline.save(update_fields=["retired_at"])
        _record("pipeline.taken_up", pipeline, by=by)
        return pipeline


def add_stage(
    pipeline: Pipeline,
    *,
    name: str,
    kind: StageKind = StageKind.WORK,
    canonical: str = "",
    probability: Decimal | None = None,
    by: Member | None = None,
) -> Stage:
    """Add a stage at the end."""
    stages = pipeline.stages.all()
    with transaction.atomic():
        stage = Stage.objects.create(
            workspace_id=pipeline.workspace_id,
            pipeline=pipeline,
            name=_checked(name),
            code=_free_code(name, stages, "stage"),
            kind=kind,
            canonical=canonical,
            probability=probability,
            position=_next_position(stages),
        )
        _record("stage.added", stage, by=by)
        return stage


def rename_stage(stage: Stage, *, name: str, by: Member | None = None) -> Stage:
    """Give a stage another name; past rows keep its id and so show the new one."""
    with transaction.atomic():
        stage.name = _checked(name)
        stage.save(update_fields=["name"])
        _record("stage.renamed", stage, by=by)
        return stage


def tune_stage(
    stage: Stage,
    *,
    probability: Decimal | None,
    wip_limit: int | None,
    needs: Sequence[str] | None = None,
    by: Member | None = None,
) -> Stage:
    """Set a stage's probability of winning, its limit and what its gate needs.

    Raises:
        RuleBroken: ``flow.probability`` outside 0 to 1.
    """
    if probability is not None and not 0 <= probability <= 1:
        raise RuleBroken("flow.probability", _("A probability lies between 0 % and 100 %."))
    stage.probability, stage.wip_limit = probability, wip_limit
    if needs is not None:
        stage.needs = list(needs)
    with transaction.atomic():
        stage.save(update_fields=["probability", "wip_limit", "needs"])
        _record("stage.tuned", stage, by=by)
        return stage


def reorder(pipeline: Pipeline, *, stages: Sequence[Stage], by: Member | None = None) -> None:
    """Put the stages in use into this order.

    Raises:
        RuleBroken: ``flow.order_incomplete`` unless each stage in use is named exactly once.
    """
    with transaction.atomic():
        rows = pipeline.stages.filter(retired_at=None).order_by("pk")
        in_use = {stage.pk for stage in rows.select_for_update(no_key=True)}
        if in_use != {stage.pk for stage in stages} or len(in_use) != len(stages):
            raise RuleBroken(
                "flow.order_incomplete", _("Name every stage in use exactly once, then save again.")
            )
        for position, stage in enumerate(stages):
            Stage.objects.filter(pk=stage.pk).update(position=position)
        _record("pipeline.reordered", pipeline, by=by)


def retire_stage(stage: Stage, *, by: Member | None = None) -> Stage:
    """Take a stage out of use; its history stays. Items must have left it.

    Raises:
        RuleBroken: ``flow.stage_occupied`` while open items stand in it, ``flow.last_stage``.
    """
    with transaction.atomic():
        # All stages are locked in one order, so that the last two cannot be retired at the same
        # time; this waits for whoever is moving an item into one of them.
        in_use = {
            row.pk: row
            for row in Stage.objects.select_for_update()
            .filter(pipeline_id=stage.pipeline_id, retired_at=None)
            .order_by("pk")
        }
        if stage.pk not in in_use:
            return stage
        stage = in_use[stage.pk]
        n_open = Item.objects.open().filter(stage=stage).count()
        if n_open:
            raise RuleBroken(
                "flow.stage_occupied",
                ngettext(
                    "%(n)d open item stands in this stage. Move it first, then retire the stage.",
                    "%(n)d open items stand in this stage. Move them first, then retire the stage.",
                    n_open,
                )
                % {"n": n_open},
            )
        if len(in_use) == 1:
            raise RuleBroken("flow.last_stage", _("A pipeline keeps at least one stage in use."))
        stage.retired_at = timezone.now()
        stage.save(update_fields=["retired_at"])
        _record("stage.retired", stage, by=by)
        return stage


def _record(action: str, target: Pipeline | Stage, *, by: Member | None) -> None:
    audit.record(workspace_id=target.workspace_id, by=by, action=action, target=target)


def _checked(name: str) -> str:
    if not name.strip():
        raise RuleBroken("flow.name_missing", _("Give it a name."), needs=["name"])
    return name.strip()[:120]


def _kind_at(position: int, *, of: int) -> StageKind:
    if position == of and of > 1:
        return StageKind.DONE
    return StageKind.QUEUE if position == 1 else StageKind.WORK


def _next_position(rows: QuerySet[Any]) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _free_code(name: str, rows: QuerySet[Any], fallback: str) -> str:
    base = slugify(name)[:32].replace("-", "_") or fallback
    taken = set(rows.values_list("code", flat=True))
    candidates = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in candidates if code not in taken)
