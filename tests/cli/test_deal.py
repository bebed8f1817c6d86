"""``penstock deal``."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from penstock.base.errors import PenstockError
from penstock.cli import main, session
from penstock.flow import dating
from penstock.flow.models import Stage
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users import walls
from penstock.users.models import Role, Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' server runs already, and Django is set up."""
    monkeypatch.setattr(session, "ready", lambda: None)


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace(slug="mill")


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    company = make.company(workspace, "Acme")
    return make.deal(workspace, company=company, owner=make.owner_of(workspace))


def run(workspace: Workspace, *told: str, form: str = "json") -> Any:
    walls.leave()
    result = CliRunner().invoke(main.build(), ["deal", *told, "--format", form])
    walls.enter(workspace_id=workspace.pk)
    if result.exception:
        raise result.exception
    return json.loads(result.output) if form == "json" else result.output


def refused(workspace: Workspace, *told: str) -> str:
    with pytest.raises(PenstockError) as error:
        run(workspace, *told)
    return error.value.code


def test_a_life_from_open_to_reopened(workspace: Workspace) -> None:
    opened = run(workspace, "open", "A wheel", "--company", "Millrace", "--amount", "1200.50")
    key = opened["key"]

    moved = run(workspace, "move", key, "Proposal", "--seen", "lead_generation")
    won = run(workspace, "win", key)
    back = run(workspace, "reopen", key)
    lost = run(workspace, "lose", key, "--reason", "Price")

    assert (opened["stage"], opened["state"], opened["amount"], opened["company"]) == (
        "Lead generation",
        "open",
        "1200.5000",
        "Millrace",
    )
    assert [one["stage"] for one in (moved, won, back, lost)] == [
        "Proposal",
        "Follow-up",
        "Proposal",
        "Proposal",
    ]
    assert [one["state"] for one in (moved, won, back, lost)] == ["open", "won", "open", "lost"]


def test_parked_and_back_again(workspace: Workspace, deal: Deal) -> None:
    day = (dating.today(workspace) + timedelta(days=9)).isoformat()

    parked = run(workspace, "park", deal.item.key, "--until", day)
    listed = [row["key"] for row in run(workspace, "list", "--state", "parked")]
    back = run(workspace, "reopen", deal.item.key)

    assert (parked["state"], parked["parked_until"], listed) == ("parked", day, [deal.item.key])
    assert (back["state"], back["parked_until"]) == ("open", None)


def test_a_win_takes_the_amount_that_it_lacks(workspace: Workspace) -> None:
    deal = make.deal(workspace, amount=None)

    assert refused(workspace, "win", deal.item.key) == "sales.amount_missing"
    assert run(workspace, "win", deal.item.key, "--amount", "70")["amount"] == "70.0000"


def test_given_to_a_member_and_to_nobody(workspace: Workspace, deal: Deal) -> None:
    bob = make.member(workspace, name="Bob")
    assert bob.account is not None

    owners = [
        run(workspace, "assign", deal.item.key, name)["owner"]
        for name in (bob.account.email, "nobody", "bob")
    ]

    assert owners == ["Bob", "", "Bob"]


def test_it_shows_what_its_gate_still_misses(workspace: Workspace, deal: Deal) -> None:
    Stage.objects.filter(pk=deal.item.stage_id).update(needs=["amount", "need", "decider"])

    found = run(workspace, "show", deal.item.key)
    text = run(workspace, "show", deal.item.key, form="table")

    assert found["missing"] == ["need", "decider"]
    assert "it needs: Need, stated, Somebody who decides." in " ".join(text.split())


def test_a_list_is_cut_by_stage_owner_and_state(workspace: Workspace, deal: Deal) -> None:
    bob = make.member(workspace, name="Bob")
    his = make.deal(workspace, owner=bob, stage=make.stage(workspace))
    gone = make.deal(workspace, owner=bob)
    deals.lose(gone, reason=make.loss_reason(workspace), by=None)

    def keys(*told: str) -> list[str]:
        return [row["key"] for row in run(workspace, "list", *told)]

    assert keys() == [deal.item.key, his.item.key]
    assert keys("--stage", "proposal") == keys("--owner", "Bob") == [his.item.key]
    assert keys("--state", "lost") == [gone.item.key]
    assert keys("--state", "all", "--limit", "2") == [deal.item.key, his.item.key]


@pytest.mark.parametrize("n", [1, 3])
def test_a_list_asks_no_more_for_more(
    workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for number in range(n):
        make.deal(workspace, company=make.company(workspace, f"Firm {number}"))

    with django_assert_num_queries(12):
        run(workspace, "list")


def test_a_cell_that_a_spreadsheet_would_run_is_text(workspace: Workspace) -> None:
    make.deal(workspace, title="=1+1")

    rows = list(csv.DictReader(io.StringIO(run(workspace, "list", form="csv"))))

    assert rows[0]["title"] == "'=1+1"


def test_a_rep_sees_and_moves_what_is_theirs(workspace: Workspace, deal: Deal) -> None:
    workspace.reps_see = "own"
    workspace.save()
    rep = make.member(workspace, role=Role.REP)
    mine = make.deal(workspace, owner=rep)
    assert rep.account is not None
    as_rep = ("--as", rep.account.email)

    assert [row["key"] for row in run(workspace, "list", *as_rep)] == [mine.item.key]
    assert refused(workspace, "move", deal.item.key, "proposal", *as_rep) == "sales.no_deal"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("show DEAL-99", "sales.no_deal"),
        ("move {key} Nowhere", "flow.no_such_stage"),
        ("lose {key} --reason Fate", "flow.no_such_reason"),
        ("assign {key} Mallory", "users.no_member"),
        ("park {key} --until soon", "cli.date"),
        ("park {key} --until 2020-01-01", "flow.park_past"),
        ("win {key} --amount much", "cli.number"),
        ("win {key} --amount NaN", "cli.number"),
        ("open Wheel --amount -5", "sales.amount_negative"),
        ("open Wheel --currency euros", "sales.currency"),
        ("open Wheel --pipeline Nowhere", "flow.no_such_pipeline"),
        ("list --state asleep", "cli.state"),
        ("list --format xml", "cli.format"),
        ("list --as nobody@example.test", "cli.no_account"),
    ],
)
def test_what_cannot_be_is_refused(workspace: Workspace, deal: Deal, told: str, code: str) -> None:
    before = Deal.objects.count()

    walls.leave()
    result = CliRunner().invoke(main.build(), ["deal", *told.format(key=deal.item.key).split()])
    walls.enter(workspace_id=workspace.pk)

    assert isinstance(result.exception, PenstockError)
    assert (result.exception.code, Deal.objects.count()) == (code, before)


def test_a_gate_says_in_one_line_what_it_misses(
    workspace: Workspace,
    deal: Deal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Stage.objects.filter(pk=deal.item.stage_id).update(needs=["need", "close_on"])
    walls.leave()
    monkeypatch.setattr("sys.argv", ["penstock", "deal", "move", deal.item.key, "proposal"])

    with pytest.raises(SystemExit) as ending:
        main.main()

    assert ending.value.code == 2
    assert capsys.readouterr().err == (
        "Before it can leave “Lead generation”, fill in what is missing. "
        "Need, stated, Expected close.\n"
    )
