"""Settings: workspace, members, pipelines, stages, loss reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from penstock.flow import access as flow
from penstock.flow import pipelines
from penstock.flow.models import Kind, LossReason, Pipeline, Stage
from penstock.users.models import Account, AuditEntry, Member, Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

OWNERS = ["settings/members", "settings/members/new"]
STEERERS = [
    "settings/pipelines",
    "settings/pipelines/new",
    "settings/reasons",
    "settings/reasons/new",
]
WORKSPACE = {
    "name": "Forge",
    "time_zone": "Asia/Tokyo",
    "language": "ru",
    "reps_see": "own",
    "overrides": "sellers",
}


@pytest.mark.parametrize("page", ["settings", *OWNERS, *STEERERS])
def test_owner_opens_every_page_and_strangers_none(
    owner: Browser, stranger: Browser, page: str
) -> None:
    assert owner.get(page).status_code == 200
    assert stranger.get(page).status_code == 404


@pytest.mark.parametrize("page", OWNERS)
def test_only_owners_see_members(workspace: Workspace, viewer: Browser, page: str) -> None:
    manager = sign_in(make.member(workspace, role=Role.MANAGER))

    assert manager.get(page).status_code == 403
    assert viewer.get(page).status_code == 403


@pytest.mark.parametrize("page", STEERERS)
def test_managers_shape_pipelines_and_reps_do_not(workspace: Workspace, page: str) -> None:
    manager = sign_in(make.member(workspace, role=Role.MANAGER))
    rep = sign_in(make.member(workspace, role=Role.REP))

    assert manager.get(page).status_code == 200
    assert rep.get(page).status_code == 403


def test_settings_lead_everybody_to_what_they_may_open(
    workspace: Workspace, viewer: Browser
) -> None:
    manager = sign_in(make.member(workspace, role=Role.MANAGER))

    assert manager.get("settings")["Location"] == manager.url("settings/pipelines")
    assert viewer.get("settings")["Location"] == viewer.url("settings/products")


def test_workspace_is_changed(owner: Browser) -> None:
    owner.post("settings", **WORKSPACE)

    workspace = Workspace.objects.get()
    assert {name: getattr(workspace, name) for name in WORKSPACE} == WORKSPACE


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"time_zone": "Moon/Base"},
        {"language": "xx"},
        {"reps_see": "none"},
        {"overrides": "anybody"},
    ],
)
def test_wrong_settings_are_refused(owner: Browser, change: dict[str, str]) -> None:
    answer = owner.post("settings", **{**WORKSPACE, **change})

    assert answer.status_code == 422
    assert Workspace.objects.get().name == "Mill"


def test_viewer_changes_no_settings(viewer: Browser) -> None:
    assert viewer.post("settings", **WORKSPACE).status_code == 403
    assert Workspace.objects.get().name == "Mill"


def test_member_is_added_by_email_with_a_new_account(owner: Browser) -> None:
    owner.post("settings/members/new", email="New@Example.test", name="Nora", role="manager")

    member = Member.objects.get(name="Nora")
    assert (member.role, member.account.email) == ("manager", "new@example.test")
    assert not member.account.has_usable_password()
    assert AuditEntry.objects.filter(action="member.added", target_id=member.pk).exists()


def test_member_with_an_account_keeps_it(owner: Browser) -> None:
    account = make.account("Zoe")

    owner.post("settings/members/new", email=account.email, name="", role="rep")

    assert Member.objects.get(account=account).name == "Zoe"


def test_member_is_added_once(owner: Browser, workspace: Workspace) -> None:
    known = make.member(workspace)

    answer = owner.post(
        "settings/members/new", htmx=True, email=known.account.email, name="", role="rep"
    )

    assert answer.status_code == 422
    assert "member of the workspace already" in answer.content.decode()


def test_wrong_invitation_is_refused(owner: Browser) -> None:
    n_accounts = Account.objects.count()

    answer = owner.post("settings/members/new", htmx=True, email="nobody", role="king")

    assert answer.status_code == 422
    assert Account.objects.count() == n_accounts


def test_role_changes_and_member_leaves_and_comes_back(
    owner: Browser, workspace: Workspace
) -> None:
    member = make.member(workspace)

    owner.post(f"settings/members/{member.pk}/role", role="operations")
    owner.post(f"settings/members/{member.pk}/deactivate")

    member.refresh_from_db()
    assert (member.role, member.is_active) == ("operations", False)
    owner.post("settings/members/new", email=member.account.email, name="", role="viewer")
    member.refresh_from_db()
    assert (member.role, member.is_active) == ("viewer", True)


def test_last_owner_stays(owner: Browser, workspace: Workspace) -> None:
    founder = make.owner_of(workspace)

    answer = owner.post(f"settings/members/{founder.pk}/role", htmx=True, role="rep")

    assert answer.status_code == 422
    assert make.owner_of(workspace) == founder


def test_nobody_else_changes_members(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    member = make.member(workspace)

    for act in ("role", "deactivate"):
        assert viewer.post(f"settings/members/{member.pk}/{act}", role="owner").status_code == 403
        assert stranger.post(f"settings/members/{member.pk}/{act}", role="owner").status_code == 404
    assert viewer.post("settings/members/999999/role", role="owner").status_code == 404
    member.refresh_from_db()
    assert (member.role, member.is_active) == ("rep", True)


def test_pipeline_is_made_with_its_stages(owner: Browser) -> None:
    owner.post("settings/pipelines/new", name="Service", kind="deal", stages="Call\n\nVisit\n")

    pipeline = Pipeline.objects.get(name="Service")
    assert [stage.name for stage in pipeline.stages.order_by("position")] == ["Call", "Visit"]


def test_pipeline_is_renamed_retired_and_used_again(owner: Browser, workspace: Workspace) -> None:
    pipeline = pipelines.create(workspace, kind=Kind.DEAL, name="Service", stages=["Call", "Visit"])

    owner.post(f"settings/pipelines/{pipeline.pk}", name="Repairs")
    owner.post(f"settings/pipelines/{pipeline.pk}/retire")
    page = owner.get("settings/pipelines").text
    assert page.index("Retired pipelines") < page.index("Repairs")
    assert owner.post(f"settings/pipelines/{pipeline.pk}", name="X").status_code == 404

    owner.post(f"settings/pipelines/{pipeline.pk}/take-up")
    assert "Retired pipelines" not in owner.get("settings/pipelines").text
    assert len(in_use(pipeline)) == 2


def test_pipeline_with_open_deals_is_not_retired_and_the_page_says_why(
    owner: Browser, workspace: Workspace
) -> None:
    make.deal(workspace)

    answer = owner.post(f"settings/pipelines/{make.pipeline(workspace).pk}/retire", htmx=True)

    assert answer.status_code == 422
    assert "1 open item stands in this pipeline" in answer.text


def test_pipeline_without_stages_is_refused(owner: Browser) -> None:
    answer = owner.post("settings/pipelines/new", htmx=True, name="X", kind="deal", stages=" ")

    assert answer.status_code == 422
    assert not Pipeline.objects.filter(name="X").exists()


def test_stage_is_renamed_and_tuned(owner: Browser, workspace: Workspace) -> None:
    stage = make.stage(workspace, "proposal")

    owner.post(
        f"settings/stages/{stage.pk}",
        name="Offer",
        probability="55.5",
        wip_limit="7",
        needs=["amount", "company"],
    )

    stage.refresh_from_db()
    assert (stage.name, stage.probability, stage.wip_limit) == ("Offer", Decimal("0.5550"), 7)
    assert stage.needs == ["amount", "company"]


def test_default_name_stays_translatable_when_it_is_not_changed(
    owner: Browser, workspace: Workspace
) -> None:
    stage = make.stage(workspace, "proposal")

    owner.post(f"settings/stages/{stage.pk}", name=stage.label, probability="50")

    stage.refresh_from_db()
    assert stage.name == ""


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"probability": "101"}, {"wip_limit": "0"}, {"needs": ["luck"]}]
)
def test_wrong_stage_is_refused(
    owner: Browser, workspace: Workspace, change: dict[str, Any]
) -> None:
    stage = make.stage(workspace, "proposal")

    answer = owner.post(f"settings/stages/{stage.pk}", htmx=True, **{"name": "Offer", **change})

    assert answer.status_code == 422
    stage.refresh_from_db()
    assert stage.name == ""


def test_stage_of_work_has_a_limit_and_no_gate(owner: Browser, workspace: Workspace) -> None:
    stage = make.stage(workspace, "in_work", kind=Kind.WORK)

    page = owner.get(f"settings/stages/{stage.pk}", htmx=True).content.decode()
    owner.post(f"settings/stages/{stage.pk}", name="In the shop", wip_limit="3")

    assert "probability" not in page
    stage.refresh_from_db()
    assert (stage.name, stage.wip_limit) == ("In the shop", 3)


def test_stage_is_added_moved_and_retired(owner: Browser, workspace: Workspace) -> None:
    pipeline = make.pipeline(workspace)

    owner.post(f"settings/pipelines/{pipeline.pk}/stages", name="Legal")
    legal = Stage.objects.get(name="Legal")
    owner.post(f"settings/pipelines/{pipeline.pk}/order", stage=legal.pk, step="up")
    moved = in_use(pipeline)
    owner.post(f"settings/stages/{legal.pk}/retire")

    assert moved.index(legal.pk) == len(moved) - 2
    assert legal.pk not in in_use(pipeline)


def test_stages_are_dragged_into_another_order(owner: Browser, workspace: Workspace) -> None:
    pipeline = make.pipeline(workspace)
    turned = list(reversed(in_use(pipeline)))

    owner.post(f"settings/pipelines/{pipeline.pk}/order", stage=turned)

    assert in_use(pipeline) == turned


def test_incomplete_order_is_refused(owner: Browser, workspace: Workspace) -> None:
    pipeline = make.pipeline(workspace)
    before = in_use(pipeline)

    answer = owner.post(f"settings/pipelines/{pipeline.pk}/order", htmx=True, stage=before[:2])

    assert answer.status_code == 422
    assert in_use(pipeline) == before


def test_occupied_stage_is_not_retired(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)

    answer = owner.post(f"settings/stages/{deal.item.stage_id}/retire", htmx=True)

    assert answer.status_code == 422
    assert Stage.objects.get(pk=deal.item.stage_id).retired_at is None


def test_stages_of_orders_keep_their_shape(owner: Browser, workspace: Workspace) -> None:
    pipeline = make.pipeline(workspace, Kind.ORDER)
    before = in_use(pipeline)

    answers = [
        owner.post(f"settings/pipelines/{pipeline.pk}/stages", htmx=True, name="More"),
        owner.post(f"settings/pipelines/{pipeline.pk}/order", htmx=True, stage=before[::-1]),
        owner.post(f"settings/stages/{before[0]}/retire", htmx=True),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert in_use(pipeline) == before


def test_loss_reason_is_added_renamed_and_retired(owner: Browser, workspace: Workspace) -> None:
    owner.post("settings/reasons/new", name="Too far away")
    reason = LossReason.objects.get(name="Too far away")
    owner.post(f"settings/reasons/{reason.pk}", name="Too far")
    owner.post(f"settings/reasons/{reason.pk}/retire")

    reason.refresh_from_db()
    assert (reason.name, reason.code) == ("Too far", "too_far_away")
    assert reason not in flow.reasons_for(make.owner_of(workspace))


def test_loss_reason_twice_is_refused(owner: Browser) -> None:
    answer = owner.post("settings/reasons/new", htmx=True, name="price")

    assert answer.status_code == 422


def test_viewer_and_stranger_shape_nothing(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    stage, pipeline = make.stage(workspace, "proposal"), make.pipeline(workspace)
    reason = make.loss_reason(workspace)
    paths = [
        "settings/pipelines/new",
        f"settings/pipelines/{pipeline.pk}",
        f"settings/pipelines/{pipeline.pk}/retire",
        f"settings/pipelines/{pipeline.pk}/stages",
        f"settings/pipelines/{pipeline.pk}/order",
        f"settings/stages/{stage.pk}",
        f"settings/stages/{stage.pk}/retire",
        "settings/reasons/new",
        f"settings/reasons/{reason.pk}",
        f"settings/reasons/{reason.pk}/retire",
    ]

    assert {viewer.post(path, name="X").status_code for path in paths} == {403}
    assert {stranger.post(path, name="X").status_code for path in paths} == {404}


def test_another_workspaces_stage_is_not_found(owner: Browser, workspace: Workspace) -> None:
    other = make.workspace("Anvil")
    foreign = make.stage(other, "proposal")

    assert owner.post(f"settings/stages/{foreign.pk}", name="Mine").status_code == 404


def in_use(pipeline: Pipeline) -> list[int]:
    stages = Stage.objects.filter(pipeline=pipeline, retired_at=None)
    return list(stages.order_by("position", "pk").values_list("pk", flat=True))
