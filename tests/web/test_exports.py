"""Lists as files: the same rows, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from penstock.contacts import companies
from penstock.flow.dating import lived
from penstock.sales import deals
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from penstock.web import exporting
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

HOSTILE = [
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\u200e=1+1",
    "\uff1d1+1",
    "  =1+1",
    '=1;2,3"x"',
]


def read(browser: Browser, path: str, *, delimiter: str = ",") -> list[list[str]]:
    response = browser.get(path)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    browser.get("search")  # the streamed answer left the workspace
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_can_be_run_by_a_spreadsheet(
    owner: Browser, workspace: Workspace, name: str
) -> None:
    company = make.company(workspace, name)
    make.deal(workspace, title=name, company=company)

    _heads, deal = read(owner, "pipeline/export")
    _heads, row = read(owner, "companies/export")

    assert deal[1].startswith("'")
    assert deal[2].startswith("'")
    assert row[0] == f"'{company.name}"


def test_numbers_and_days_stay_what_they_are(owner: Browser, workspace: Workspace) -> None:
    make.deal(workspace, amount="1234.5", close_on=date(2026, 3, 1), title="Wheel")

    _heads, row = read(owner, "pipeline/export")

    assert row[1:8] == ["Wheel", "", "Lead generation", "Open", "1234.5", "EUR", "2026-03-01"]


def test_file_in_russian_has_semicolons_and_commas(owner: Browser, workspace: Workspace) -> None:
    make.deal(workspace, amount="1234.5")
    owner.account.language = "ru"
    owner.account.save()

    heads, row = read(owner, "pipeline/export", delimiter=";")

    assert heads[5] == "Сумма"
    assert row[5] == "1234,5"


def test_export_asks_the_same_filters_as_the_list(owner: Browser, workspace: Workspace) -> None:
    make.deal(workspace, title="Small", amount="10")
    make.deal(workspace, title="Large", amount="1000")
    lost = make.deal(workspace, title="Gone", amount="5000")
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)

    rows = read(owner, "pipeline/export?amount_from=100&sort=amount")
    all_of_them = read(owner, "pipeline/export?state=all&sort=-amount")

    assert [row[1] for row in rows[1:]] == ["Large"]
    assert [row[1] for row in all_of_them[1:]] == ["Gone", "Large", "Small"]


def test_export_of_a_day_is_what_was_open_then(owner: Browser, workspace: Workspace) -> None:
    with lived(datetime(2026, 1, 10, 9, tzinfo=UTC)):
        deal = make.deal(workspace, amount="100", title="Old")
    with lived(datetime(2026, 2, 10, 9, tzinfo=UTC)):
        deals.change(deal, by=None, amount=Decimal(900))
    make.deal(workspace, title="New")

    rows = read(owner, "pipeline/export?on=2026-01-31")

    assert [(row[1], row[5]) for row in rows[1:]] == [("Old", "100")]


def test_rep_gets_no_more_than_the_pages_show(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    rep = make.member(workspace, role=Role.REP)
    make.deal(workspace, title="Mine", owner=rep)
    make.deal(workspace, title="Theirs", owner=make.owner_of(workspace))

    rows = read(sign_in(rep), "pipeline/export")

    assert [row[1] for row in rows[1:]] == ["Mine"]


@pytest.mark.parametrize(
    "path", ["pipeline/export", "companies/export", "pipeline/closed/export", "backlog/export"]
)
def test_stranger_gets_no_file(stranger: Browser, path: str) -> None:
    assert stranger.get(path).status_code == 404


def test_closed_deals_are_exported_with_reason_and_amount(
    owner: Browser, workspace: Workspace
) -> None:
    with lived(datetime(2026, 1, 10, 9, tzinfo=UTC)):
        deals.win(make.deal(workspace, title="Wheel", amount="70"), by=None)
        lost = make.deal(workspace, title="Axle", amount="30")
        deals.lose(lost, reason=make.loss_reason(workspace), by=None)

    rows = read(owner, "pipeline/closed/export?first=2026-01-01&last=2026-01-31")

    assert [(row[1], row[4], row[6], row[8]) for row in rows[1:]] == [
        ("Wheel", "Won", "70", ""),
        ("Axle", "Lost", "30", "Price"),
    ]


def test_queue_is_exported_with_what_is_left(owner: Browser, workspace: Workspace) -> None:
    make.order(workspace, reference="=1")

    _heads, row = read(owner, "backlog/export")

    assert (row[1], row[3], row[5]) == ("Wheels", "'=1", "50")


def test_company_has_a_row_per_currency(owner: Browser, workspace: Workspace) -> None:
    acme = companies.add(workspace, name="Acme", by=None, city="Ufa")
    make.deal(workspace, amount="10", company=acme)
    deals.change(make.deal(workspace, amount="7", company=acme), by=None, currency="USD")

    rows = read(owner, "companies/export")

    assert [(row[0], row[6], row[7], row[9]) for row in rows[1:]] == [
        ("Acme", "2", "10", "EUR"),
        ("Acme", "", "7", "USD"),
    ]


def test_many_rows_are_sent_in_pieces(owner: Browser, workspace: Workspace) -> None:
    for number in range(3):
        make.deal(workspace, title=f"Wheel {number}")
    exporting.N_AT_ONCE, before = 2, exporting.N_AT_ONCE
    try:
        rows = read(owner, "pipeline/export?sort=title")
    finally:
        exporting.N_AT_ONCE = before

    assert [row[1] for row in rows[1:]] == ["Wheel 0", "Wheel 1", "Wheel 2"]
