"""``penstock report``."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from penstock.base.errors import PenstockError
from penstock.catalog import rates
from penstock.cli import main, rendering, session
from penstock.flow import dating
from penstock.sales import activities, answers, deals, touches
from penstock.users import walls
from penstock.users.models import Workspace
from tests import make
from tests.reports.days import noon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' server runs already, and Django is set up."""
    monkeypatch.setattr(session, "ready", lambda: None)


@pytest.fixture
def workspace() -> Workspace:
    """A deal and an order of early March 2026, seen from outside of the workspace."""
    workspace = make.workspace(slug="mill")
    deals.change(
        make.deal(workspace, amount="1000", at=noon(1)), by=None, channel="fair", at=noon(1)
    )
    deals.win(make.deal(workspace, amount="250", at=noon(1)), by=None, at=noon(3))
    walls.leave()
    return workspace


def test_pipeline_on_a_day_as_json(workspace: Workspace) -> None:
    found = json.loads(_run("pipeline", "--on", "2026-03-02", "--format", "json"))

    assert (found["total"]["n"], found["total"]["sums"]) == (2, {"EUR": "1250.0000"})
    assert found["moment"]["on"] == "2026-03-02"


def test_backlog_on_a_day_as_json(workspace: Workspace) -> None:
    found = json.loads(_run("backlog", "--on", "2026-03-03", "--format", "json"))

    assert found["backlog"]["owed"]["value"] == {"EUR": "250.0000"}
    assert found["ratios"][0]["ratio"]["value"] is None


def test_flow_of_orders_as_json_and_csv(workspace: Workspace) -> None:
    asked = ("flow", "--from", "2026-03-02", "--to", "2026-03-08")
    found = json.loads(_run(*asked, "--format", "json"))
    [week] = csv.DictReader(io.StringIO(_run(*asked, "--format", "csv")))

    assert [day["owed"] for day in found["days"]] == [0, 1, 1, 1, 1, 1, 1]
    assert found["lead"]["accepted"]["n"] == 1
    assert (week["from"], week["came in"], week["owed"]) == ("2026-03-02", "1", "1")


def test_pipeline_as_csv(workspace: Workspace) -> None:
    rows = list(
        csv.DictReader(io.StringIO(_run("pipeline", "--on", "2026-03-03", "--format", "csv")))
    )

    total = next(row for row in rows if row["stage"] == "Total")
    assert (total["deals"], total["sum"]) == ("1", "1000.0000 EUR")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("pipeline --on 2026-03-03", "1,000.00 EUR"),
        ("pipeline --from 2026-03-01 --to 2026-03-31 --by month", "100.000% (1/1)"),
        ("pipeline --by quarter --on 2026-03-31", "2026-Q1"),
        ("pipeline --by channel", "fair"),
        ("pipeline --by owner --from 2026-03-01 --to 2026-03-31", "250.00 EUR"),
        ("pipeline --by team --from 2026-03-01 --to 2026-03-31", "250.00 EUR"),
        ("pipeline --from 2026-03-01 --to 2026-03-31", "250.00 EUR"),
        ("backlog --on 2026-03-03", "250.00 EUR"),
        ("backlog --from 2026-03-01 --to 2026-03-31", "closing"),
        (
            "backlog --from 2026-03-01 --to 2026-03-31 --by day",
            "Most orders were owed on 2026-03-03: 1.",
        ),
        ("outlook --on 2026-03-03", "Open orders"),
    ],
)
def test_figures_are_printed_as_tables(
    workspace: Workspace, asked: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    assert expected in _run(*asked.split())


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("pipeline --on 2026-02-30", "cli.date"),
        ("pipeline --by year", "cli.by"),
        ("pipeline --format xml", "cli.format"),
        ("pipeline --to 2026-03-01", "cli.window"),
        ("backlog --from 2026-03-02 --to 2026-03-01", "cli.window"),
        ("backlog --by day", "cli.window"),
        ("flow --where owner=1", "cli.where"),
        ("flow --where team=1", "reports.slice"),
        ("backlog --on 9999-01-01", "reports.future"),
        ("pipeline --workspace nowhere", "cli.no_workspace"),
        ("pipeline --as nobody@example.test", "cli.no_account"),
    ],
)
def test_what_cannot_be_answered_is_refused(workspace: Workspace, asked: str, code: str) -> None:
    result = CliRunner().invoke(main.build(), ["report", *asked.split()])

    assert isinstance(result.exception, PenstockError)
    assert result.exception.code == code


def test_refusal_is_one_line_and_exit_code_two(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["penstock", "report", "pipeline", "--on", "yesterday"])

    with pytest.raises(SystemExit) as ending:
        main.main()

    assert ending.value.code == 2
    assert capsys.readouterr().err == "“yesterday” is no day. Write it like 2026-03-31.\n"


def test_several_workspaces_have_to_be_named(workspace: Workspace) -> None:
    make.workspace(slug="forge")
    walls.leave()

    refused = CliRunner().invoke(main.build(), ["report", "pipeline"])
    found = json.loads(_run("pipeline", "--workspace", "mill", "--format", "json"))

    assert refused.exception.code == "cli.which_workspace"
    assert found["total"]["n"] == 1


def test_report_shows_what_the_member_may_see(workspace: Workspace) -> None:
    with walls.inside(workspace.pk):
        workspace.reps_see = "own"
        workspace.save()
        bob, eve = make.member(workspace), make.member(workspace, name="Eve")
        make.deal(workspace, amount="7", owner=eve, at=noon(1) + timedelta(hours=1))

    mine = json.loads(_run("pipeline", "--as", bob.account.email, "--format", "json"))

    assert mine["total"]["sums"] == {"EUR": "1000.0000"}


def test_workspace_is_left_afterwards(workspace: Workspace) -> None:
    _run("pipeline")

    assert walls.current_workspace_id() is None


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main.build(), ["report", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_csv_shows_names_that_look_like_formulas_as_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = rendering.Sheet("Stages", ("Stage", "Sum"), [("=1+1", Decimal(-5)), ("@x", 3)])

    rendering.show({}, [sheet], form="csv")

    assert capsys.readouterr().out.splitlines()[-2:] == ["'=1+1,-5", "'@x,3"]


@pytest.fixture
def abroad(workspace: Workspace) -> Workspace:
    """A deal in dollars besides, which were worth half a euro, then a quarter."""
    walls.enter(workspace_id=workspace.pk)
    deal = make.deal(workspace, amount="100", at=noon(1))
    deals.change(deal, by=None, currency="USD", at=noon(1))
    for day, rate in ((1, "0.5"), (4, "0.25")):
        rates.enter(
            workspace,
            currency="USD",
            day=noon(day).date(),
            rate=Decimal(rate),
            by=None,
            known=noon(day),
        )
    walls.leave()
    return workspace


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("pipeline --on 2026-03-02", "1250.0000 EUR; 100.0000 USD"),
        ("pipeline --on 2026-03-02 --in eur", "1300.0000 EUR"),
        ("pipeline --on 2026-03-04 --in EUR", "1025.0000 EUR"),
        ("pipeline --on 2026-03-02 --in USD", "2600.0000 USD"),
        ("pipeline --from 2026-03-01 --to 2026-03-04 --in USD", "1000.0000 USD"),
        ("losses --from 2026-03-01 --to 2026-03-04 --in EUR", "value"),
        ("backlog --on 2026-03-04 --in USD", "1000.0000 USD"),
    ],
)
def test_sums_are_told_in_a_currency_that_is_asked_for(
    abroad: Workspace, asked: str, expected: str
) -> None:
    assert expected in _run(*asked.split(), "--format", "csv")


def test_currency_without_a_rate_is_refused(workspace: Workspace) -> None:
    result = CliRunner().invoke(main.build(), ["report", "pipeline", "--in", "JPY"])

    assert isinstance(result.exception, PenstockError)
    assert result.exception.code == "cli.no_rate"


@pytest.fixture
def leads(workspace: Workspace) -> Workspace:
    """Two leads of early March, one by a fair that cost something, one answered after an hour."""
    with walls.inside(workspace.pk):
        cost = make.campaign_cost(workspace, first=noon(1).date(), last=noon(10).date())
        for number, came in enumerate(({"campaign": cost.campaign}, {"channel": "search"})):
            with dating.lived(noon(2, minute=number)):
                deal = make.deal(workspace)
                touches.record(deal, by=None, **came)
                answers.start(deal)
        with dating.lived(noon(2, minute=59)):
            activities.log(deal.item, kind="call", by=None)
    return workspace


def test_channels_with_their_costs(leads: Workspace) -> None:
    asked = ("--from", "2026-03-01", "--to", "2026-03-31", "--on", "2026-03-31")
    as_json = json.loads(_run("channels", *asked, "--format", "json"))
    as_csv = list(csv.DictReader(io.StringIO(_run("channels", *asked, "--format", "csv"))))
    by_campaign = json.loads(
        _run("channels", *asked, "--by", "campaign,linear", "--format", "json")
    )
    known = json.loads(_run("channels", *asked, "--known", "2026-03-01", "--format", "json"))

    lines = {one["name"]: one for one in as_json["lines"]}
    assert (lines["Event"]["leads"], lines["Event"]["cost"]) == (2, "310.00")
    assert lines["Search"]["cost"] is None
    assert [row["channel"] for row in as_csv][-1] == "Total"
    assert [one["name"] for one in by_campaign["lines"]] == ["Not known", "Spring fair"]
    assert "More of them" in _run("channels", *asked)
    assert known["whole"]["leads"] == 4


def test_answers_as_known(leads: Workspace) -> None:
    asked = ("--from", "2026-03-01", "--to", "2026-03-31", "--format", "csv")
    now = list(csv.DictReader(io.StringIO(_run("answers", *asked, "--on", "2026-03-31"))))
    before = list(
        csv.DictReader(
            io.StringIO(_run("answers", *asked, "--on", "2026-03-31", "--known", "2026-03-01"))
        )
    )

    assert (now[0]["name"], now[0]["in time"], now[0]["leads"]) == ("Total", "1", "2")
    assert before[0]["in time"] == "0"


def test_way_of_credit_that_is_none_is_refused(leads: Workspace) -> None:
    with pytest.raises(PenstockError) as refused:
        _run("channels", "--by", "planet")

    assert refused.value.code == "cli.by"


def test_table_shows_names_that_look_like_markup_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = rendering.Sheet("[bold]", ("Stage [/]", "Sum"), [("[red]Won[/] [/]", 3)])

    rendering.show({}, [sheet], form="table")

    said = capsys.readouterr().out
    assert "[red]Won[/] [/]" in said
    assert "Stage [/]" in said


def test_csv_guards_heads_and_what_hides_behind_signs_that_nobody_sees(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = rendering.Sheet("Stages", ("=1+1",), [("\u200e=1+1",), (-5,)])

    rendering.show({}, [sheet], form="csv")

    assert capsys.readouterr().out.splitlines()[-3:] == ["'=1+1", "'\u200e=1+1", "-5"]
