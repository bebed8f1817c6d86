"""Shaping a pipeline leaves what happened in it as it was."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from penstock.base.errors import PenstockError, RuleBroken
from penstock.flow import blockers, moves, pipelines, reasons
from penstock.flow.models import Item, Kind, LossReason, Pipeline, Stage, StageKind, Transition
from penstock.sales import deals
from penstock.users import walls
from penstock.users.models import AuditEntry
from tests import make
from tests.together import together

pytestmark = pytest.mark.django_db


def history() -> list[tuple[int, int, object]]:
    return list(Transition.objects.order_by("pk").values_list("item_id", "stage_id", "occurred_at"))


def test_new_workspace_has_seven_sales_stages_and_two_more_pipelines() -> None:
    workspace = make.workspace()

    codes = [stage.code for stage in make.pipeline(workspace).stages.all()]

    assert codes == [
        "lead_generation",
        "qualification",
        "needs_assessment",
        "first_contact",
        "proposal",
        "negotiation",
        "follow_up",
    ]
    assert [pipeline.kind for pipeline in Pipeline.objects.order_by("position")] == [
        "deal",
        "order",
        "work",
    ]
    assert make.stage(workspace, "follow_up").probability is None


def test_names_are_shown_in_the_language_of_the_reader_until_renamed() -> None:
    workspace = make.workspace()
    stage = make.stage(workspace)

    with translation.override("ru"):
        default = stage.label
        renamed = pipelines.rename_stage(stage, name=" Angebot ").label

    assert default != "proposal"
    assert renamed == "Angebot"


def test_pipeline_of_ones_own_waits_first_and_ends_last() -> None:
    workspace = make.workspace()

    pipeline = pipelines.create(
        workspace, kind=Kind.DEAL, name="Partners", stages=["New", "Talks", "Talks", "Signed"]
    )

    stages = list(pipeline.stages.values_list("code", "kind", "position"))
    assert stages == [
        ("new", StageKind.QUEUE, 0),
        ("talks", StageKind.WORK, 1),
        ("talks_2", StageKind.WORK, 2),
        ("signed", StageKind.DONE, 3),
    ]
    assert pipelines.default_for(workspace.pk, kind=Kind.DEAL).code == "sales"


def test_renaming_reordering_adding_and_retiring_leave_history() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    for code in ("qualification", "proposal", "negotiation"):
        moves.move(deal.item, to=make.stage(workspace, code), by=None)
    before = history()
    pipeline = make.pipeline(workspace)

    pipelines.rename_stage(make.stage(workspace, "qualification"), name="Screening")
    pipelines.add_stage(pipeline, name="Legal")
    stages = list(pipeline.stages.filter(retired_at=None))
    pipelines.reorder(pipeline, stages=stages[::-1])
    pipelines.retire_stage(make.stage(workspace, "qualification"))

    assert history() == before
    item = Item.objects.select_related("stage").get()
    assert item.stage.code == "negotiation"
    in_use = pipeline.stages.filter(retired_at=None).order_by("position")
    assert [stage.code for stage in in_use][:2] == ["legal", "follow_up"]


def test_stage_with_open_items_is_not_retired_but_one_with_closed_ones_is() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, stage=make.stage(workspace))

    with pytest.raises(RuleBroken, match="1 open") as refusal:
        pipelines.retire_stage(make.stage(workspace))
    assert refusal.value.code == "flow.stage_occupied"

    deals.lose(deal, reason=make.loss_reason(workspace), by=None)
    retired = pipelines.retire_stage(make.stage(workspace))
    again = pipelines.retire_stage(retired)
    assert again.retired_at == retired.retired_at is not None
    assert Item.objects.get().stage == retired


def test_retired_pipeline_keeps_history_and_takes_nothing_in() -> None:
    workspace = make.workspace()
    pipeline = pipelines.create(workspace, kind=Kind.DEAL, name="Short", stages=["New", "Old"])
    pipelines.retire_stage(pipeline.stages.get(code="old"))
    deal = deals.open_deal(pipeline, title="A gate", by=None)

    with pytest.raises(RuleBroken, match="1 open") as occupied:
        pipelines.retire(pipeline)
    deals.lose(deal, reason=make.loss_reason(workspace), by=None)
    before = history()
    retired = pipelines.retire(pipelines.retire(pipeline))

    assert occupied.value.code == "flow.pipeline_occupied"
    assert history() == before
    with pytest.raises(RuleBroken) as refusal:
        deals.open_deal(retired, title="A sluice", by=None)
    assert refusal.value.code == "flow.no_stage"

    pipelines.take_up(pipelines.take_up(retired))
    assert [stage.code for stage in pipeline.stages.filter(retired_at=None)] == ["new"]
    assert deals.open_deal(pipeline, title="A sluice", by=None).item.stage.code == "new"


def test_last_pipeline_of_a_kind_stays() -> None:
    workspace = make.workspace()

    for kind in (Kind.DEAL, Kind.ORDER, Kind.WORK):
        with pytest.raises(RuleBroken) as refusal:
            pipelines.retire(make.pipeline(workspace, kind))
        assert refusal.value.code == "flow.last_pipeline"


def test_pipeline_into_which_a_form_or_a_rule_leads_stays() -> None:
    workspace = make.workspace()
    pipeline = pipelines.create(workspace, kind=Kind.DEAL, name="Short", stages=["New"])
    form = make.capture_form(workspace, pipeline=pipeline)
    rule = make.followup_rule(workspace, pipeline=pipeline)

    with pytest.raises(RuleBroken) as refusal:
        pipelines.retire(pipeline)

    assert refusal.value.code == "flow.pipeline_needed"
    assert form.name in str(refusal.value)
    assert rule.name in str(refusal.value)


@pytest.mark.django_db(transaction=True)
def test_last_two_stages_are_not_retired_at_the_same_time() -> None:
    workspace = make.workspace()
    pipeline = pipelines.create(workspace, kind=Kind.DEAL, name="Short", stages=["New", "Done"])
    stages = list(pipeline.stages.all())

    results = together(
        2, lambda number: pipelines.retire_stage(stages[number]), workspace_id=workspace.pk
    )

    assert [result.code for result in results if isinstance(result, PenstockError)] == [
        "flow.last_stage"
    ]
    assert pipeline.stages.filter(retired_at=None).count() == 1
    walls.leave()


@pytest.mark.parametrize("pick", [slice(1, None), slice(0, 0)])
def test_reordering_names_every_stage_once(pick: slice) -> None:
    pipeline = make.pipeline(make.workspace())
    stages = list(pipeline.stages.all())

    for order in (stages[pick], [*stages, stages[0]]):
        with pytest.raises(RuleBroken) as refusal:
            pipelines.reorder(pipeline, stages=order)
        assert refusal.value.code == "flow.order_incomplete"


@pytest.mark.parametrize("share", ["-0.01", "1.01"])
def test_probability_is_a_share_for_verb_and_database(share: str) -> None:
    stage = make.stage(make.workspace())

    with pytest.raises(RuleBroken) as refusal:
        pipelines.tune_stage(stage, probability=Decimal(share), wip_limit=None)
    assert refusal.value.code == "flow.probability"
    with pytest.raises(IntegrityError, match="probability_is_share"), transaction.atomic():
        Stage.objects.filter(pk=stage.pk).update(probability=Decimal(share))


def test_nameless_and_stageless_are_refused() -> None:
    workspace = make.workspace()

    for name, stages, code in (
        (" ", ["New"], "flow.name_missing"),
        ("Partners", [], "flow.no_stage"),
        ("Partners", ["New", " "], "flow.name_missing"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            pipelines.create(workspace, kind=Kind.DEAL, name=name, stages=stages)
        assert refusal.value.code == code
    assert Pipeline.objects.count() == 3


def test_workspace_without_a_pipeline_of_a_kind_says_so() -> None:
    with pytest.raises(RuleBroken) as refusal:
        pipelines.default_for(make.workspace().pk, kind=Kind.CHANGE)

    assert refusal.value.code == "flow.no_pipeline"


def test_retired_reason_stays_on_the_deals_that_name_it() -> None:
    workspace = make.workspace()
    row = make.outcome(workspace)

    reasons.retire(make.loss_reason(workspace), by=None)

    row.refresh_from_db()
    assert row.reason is not None
    assert row.reason.retired_at is not None
    assert LossReason.objects.filter(retired_at=None).count() == 7


def test_blocker_is_set_and_cleared_once() -> None:
    item = make.item(make.workspace())

    blockers.block(item, cause="no_answer", side="customer", by=None)
    stale = item
    blockers.clear(stale, by=None)
    blockers.clear(stale, by=None)

    assert not Item.objects.get().is_blocked
    assert [row.cause for row in item.blockers.order_by("pk")] == ["no_answer", ""]


@pytest.mark.parametrize(("cause", "side"), [("", "ours"), ("rain", "nobody")])
def test_blocker_says_what_and_who(cause: str, side: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        blockers.block(make.item(make.workspace()), cause=cause, side=side, by=None)

    assert refusal.value.code == "flow.cause_missing"


def test_shaping_is_written_down_with_who_did_it() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    pipeline = make.pipeline(workspace)

    stage = pipelines.add_stage(pipeline, name="Legal", by=owner)
    pipelines.rename_stage(stage, name="Lawyers", by=owner)
    pipelines.tune_stage(stage, probability=None, wip_limit=3, by=owner)
    pipelines.reorder(pipeline, stages=list(pipeline.stages.all())[::-1], by=owner)
    pipelines.retire_stage(stage, by=owner)

    rows = AuditEntry.objects.exclude(action="workspace.founded").order_by("pk")
    assert [(row.action, row.by) for row in rows] == [
        ("stage.added", owner),
        ("stage.renamed", owner),
        ("stage.tuned", owner),
        ("pipeline.reordered", owner),
        ("stage.retired", owner),
    ]
    assert all(row.detail == {} for row in rows)


def test_shaping_of_loss_reasons_is_written_down_with_who_did_it() -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)

    reason = reasons.add(workspace, name="Too far away", by=owner)
    reasons.rename(reason, name="Too far", by=owner)
    reasons.retire(reasons.retire(reason, by=owner), by=owner)

    rows = AuditEntry.objects.exclude(action="workspace.founded").order_by("pk")
    assert [(row.action, row.by, row.target_id, row.detail) for row in rows] == [
        ("loss_reason.added", owner, reason.pk, {}),
        ("loss_reason.renamed", owner, reason.pk, {}),
        ("loss_reason.retired", owner, reason.pk, {}),
    ]


def test_last_loss_reason_stays_in_use() -> None:
    workspace = make.workspace()
    *others, last = LossReason.objects.filter(workspace=workspace)
    for reason in others:
        reasons.retire(reason, by=None)

    with pytest.raises(RuleBroken) as refusal:
        reasons.retire(last, by=None)

    assert refusal.value.code == "flow.last_reason"
