"""New against existing business through the real verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from penstock.base.calendar import Window
from penstock.catalog import rates
from penstock.contacts.models import Company
from penstock.flow import dating
from penstock.reports import customers
from penstock.reports.slices import Slice
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make

START = datetime(2026, 1, 10, 9, tzinfo=UTC)


def _win(
    workspace: Workspace, company: Company | None, day: int, amount: str, **values: object
) -> Deal:
    with dating.lived(START + timedelta(days=day)):
        deal = make.deal(workspace, amount=amount, company=company)
        if values:
            deals.change(deal, by=None, **values)
        return deals.win(deal, by=None)


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Mill bought in January, Forge in February, Mill again in February, somebody unknown as well."""
    workspace = make.workspace(time_zone="UTC")
    mill, forge = make.company(workspace, "Mill"), make.company(workspace, "Forge")
    _win(workspace, mill, 0, "100")
    _win(workspace, forge, 30, "30")
    _win(workspace, mill, 32, "200")
    unpriced = _win(workspace, mill, 33, "1")
    with dating.lived(START + timedelta(days=33, hours=1)):
        deals.change(unpriced, by=None, amount=None)
    _win(workspace, None, 34, "7")
    return workspace


def _window(last: date = date(2026, 2, 28)) -> Window:
    return Window(date(2026, 1, 1), last, ZoneInfo("UTC"))


def test_in_window_splits_what_was_won(workspace: Workspace) -> None:
    found = customers.in_window(make.owner_of(workspace), _window())

    assert [(one.name, one.new, one.existing, one.unknown) for one in found.periods] == [
        ("2026-01", Decimal(100), Decimal(0), Decimal(0)),
        ("2026-02", Decimal(30), Decimal(200), Decimal(7)),
    ]
    assert (found.whole.n_new, found.whole.n_existing, found.whole.n_unknown) == (2, 2, 1)
    assert found.whole.new_share == pytest.approx(130 / 330)
    assert (found.n_without_amount, found.n_without_rate) == (1, 0)
    assert [(one.name, one.amount) for one in found.largest] == [
        ("Mill", Decimal(300)),
        ("Forge", Decimal(30)),
    ]
    assert found.standings == {"new": 2, "returned": 0, "regular": 0, "dormant": 0, "lost": 0}


def test_deals_and_buyers_are_those_behind_the_figures(workspace: Workspace) -> None:
    member, window = make.owner_of(workspace), _window()
    found = customers.in_window(member, window)

    n = {kind: len(customers.deals(member, window, kind=kind)) for kind in customers.KINDS}
    stand = {one: len(customers.buyers(member, window, standing=one)) for one in found.standings}

    assert n == {"new": 2, "existing": 2, "unknown": 1}
    assert stand == found.standings
    mill = Company.objects.get(name="Mill")
    assert len(customers.deals(member, window, company=mill.pk)) == 3


def test_slice_does_not_make_an_old_customer_new(workspace: Workspace) -> None:
    mate, member = make.member(workspace), make.owner_of(workspace)
    with dating.lived(START + timedelta(days=35)):
        deal = make.deal(
            workspace, amount="5", company=Company.objects.get(name="Mill"), owner=mate
        )
        deals.win(deal, by=None)

    found = customers.in_window(member, _window(), only=Slice(owner=mate))

    assert (found.whole.n_new, found.whole.n_existing) == (0, 1)
    assert [one.name for one in found.largest] == ["Mill"]


def test_in_window_as_known_then_leaves_out_what_was_entered_late(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    with dating.lived(START + timedelta(days=90)):
        late = make.deal(workspace, amount="9", company=make.company(workspace, "Late"))
    with dating.lived(START + timedelta(days=91)):
        deals.win(late, by=None, at=START + timedelta(days=90, hours=1))
    window = _window(date(2026, 4, 30))

    known = [
        customers.in_window(member, window, known=day).whole.n_new_customers
        for day in (date(2026, 4, 10), date(2026, 4, 11))
    ]

    assert known == [2, 3]


def test_foreign_amounts_take_the_rate_of_their_day(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    foreign = make.company(workspace, "Foreign")
    _win(workspace, foreign, 36, "50", currency="USD")
    without = customers.in_window(member, _window())
    for day, value in ((date(2026, 2, 1), "0.5"), (date(2026, 3, 1), "0.9")):
        rates.enter(workspace, currency="USD", day=day, rate=Decimal(value), by=member)

    found = customers.in_window(member, _window())

    assert (without.n_without_rate, without.whole.new) == (1, Decimal(130))
    assert (found.n_without_rate, found.whole.new) == (0, Decimal(155))


def test_merged_companies_are_one_customer(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    kept, gone = Company.objects.get(name="Mill"), Company.objects.get(name="Forge")
    make.merging.merge_companies(kept, gone=gone, by=member)
    window = Window(date(2026, 1, 1), dating.today(workspace), workspace.zone)

    found = customers.in_window(member, window)

    assert (found.whole.n_new_customers, [one.name for one in found.largest]) == (1, ["Mill"])


def test_share_of_recent_customers_waits_for_a_year_of_record(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    _win(workspace, Company.objects.get(name="Mill"), 400, "70")
    _win(workspace, make.company(workspace, "Fresh"), 401, "30")
    last = (START + timedelta(days=405)).date()
    window = Window(date(2027, 2, 1), last, workspace.zone)

    young = customers.in_window(member, _window())
    old = customers.in_window(member, window)

    assert young.whole.recent_share is None
    assert old.whole.recent_share == pytest.approx(0.3)


def test_nothing_won_is_nothing_said(db: None) -> None:
    found = customers.in_window(make.owner_of(make.workspace()), _window())

    assert (found.whole.new_share, found.record_from, found.largest) == (None, None, ())
    assert found.drought.change is None
