"""Opening a deal in a late stage asks the gates before it, at every door by which one is opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from penstock.base.errors import PenstockError
from penstock.cli import main
from penstock.contacts.models import Company
from penstock.flow.models import FieldChange, Item, Override, Stage, Transition
from penstock.sales.models import Deal
from penstock.users import walls
from penstock.users.models import Member, Role, Workspace
from penstock.web.errors import CODE
from tests import make
from tests.intake import build
from tests.web.conftest import sign_in

pytestmark = pytest.mark.django_db
Door = Callable[[Member, str, str], str]


def form(by: Member, stage: str, despite: str) -> str:
    """The form for a new deal."""
    told = {"title": "Wheels", "company": "Acme", "currency": "EUR", "owner": by.pk}
    why = {"despite": despite} if despite else {}
    place = make.stage(by.workspace, stage).pk
    answer = sign_in(by).post("deals/new", htmx=True, stage=place, **told, **why)
    assert (answer.status_code < 400) == (CODE not in answer)
    return str(answer.get(CODE, ""))


def command(by: Member, stage: str, despite: str) -> str:
    """``penstock deal open``."""
    place = str(make.stage(by.workspace, stage).pk)
    assert by.account is not None
    where = ["--workspace", by.workspace.slug, "--as", by.account.email]
    why = ["--despite", despite] if despite else []
    act = ["deal", "open", "Wheels", "--company", "Acme", "--stage", place, *why, *where]
    try:
        result = CliRunner().invoke(main.build(), act)
    finally:
        walls.enter(workspace_id=by.workspace_id, account_id=by.account.pk)
    error = result.exception
    assert error is None or isinstance(error, PenstockError), result.output
    return error.code if error else ""


def imported(by: Member, stage: str, despite: str) -> str:
    """A row of deals."""
    place = make.stage(by.workspace, stage)
    text = f"Deal ID,Name,Account,Stage\n7,Wheels,Acme,{place.label}\n"
    options = {"despite": despite} if despite else {}
    return str(build.applied(by, "deals", text, options=options).rows.get().reason)


DOORS: dict[str, Door] = {"form": form, "command": command, "import": imported}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    return DOORS[request.param]


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Whoever leaves Qualification knows the company, whoever leaves Needs assessment what it is worth."""
    workspace = make.workspace()
    for code, needs in (
        ("qualification", ["company"]),
        ("needs_assessment", ["amount", "decider"]),
    ):
        Stage.objects.filter(pk=make.stage(workspace, code).pk).update(needs=needs)
    return workspace


def everything() -> list[int]:
    return [kind.objects.count() for kind in (Item, Deal, Transition, FieldChange, Override)]


def test_late_stage_is_refused_and_leaves_nothing(workspace: Workspace, door: Door) -> None:
    before = everything()

    assert door(make.owner_of(workspace), "proposal", "") == "flow.gate"
    assert everything() == before


@pytest.mark.parametrize("stage", ["lead_generation", "qualification", "needs_assessment"])
def test_stage_whose_gates_are_answered_is_not(
    workspace: Workspace, door: Door, stage: str
) -> None:
    assert door(make.owner_of(workspace), stage, "") == ""
    assert Item.objects.get().stage.code == stage
    assert not Override.objects.exists()


def test_reason_passes_and_is_kept(workspace: Workspace, door: Door) -> None:
    owner = make.owner_of(workspace)

    code = door(owner, "proposal", "Agreed at the fair.")

    kept = Override.objects.get()
    assert (code, kept.needs, kept.wording.text, kept.by) == (
        "",
        ["amount", "decider"],
        "Agreed at the fair.",
        owner,
    )
    assert kept.transition == Transition.objects.get(item=Item.objects.get())


@pytest.mark.parametrize("name", ["form", "command"])
def test_who_may_not_pass_a_gate_opens_nothing(workspace: Workspace, name: str) -> None:
    rep = make.member(workspace, role=Role.REP)

    code = DOORS[name](rep, "proposal", "In a hurry.")

    assert (code, everything(), Company.objects.count()) == ("flow.no_override", [0] * 5, 0)


def test_form_names_what_is_missing_and_asks_who_may_for_a_reason(workspace: Workspace) -> None:
    told = {"title": "Wheels", "currency": "EUR", "stage": make.stage(workspace, "proposal").pk}

    pages = [
        sign_in(one).post("deals/new", htmx=True, **told).content.decode()
        for one in (make.owner_of(workspace), make.member(workspace, role=Role.REP))
    ]

    assert all("Missing: Company, Amount, Somebody who decides." in page for page in pages)
    assert ['name="despite"' in page for page in pages] == [True, False]


def test_ended_deals_of_a_file_are_history(workspace: Workspace) -> None:
    text = "Deal ID,Name,Stage,Close Date\n7,Wheels,Closed Lost,2024-05-01\n"

    assert build.applied(make.owner_of(workspace), "deals", text).rows.get().reason == ""
