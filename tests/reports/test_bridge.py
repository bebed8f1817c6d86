"""The bridge through the real verbs: it balances, and its ends are what the pipeline held."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.base.calendar import Window
from penstock.catalog import exchange, rates
from penstock.catalog.rates import DayRate
from penstock.flow import dating, outcomes
from penstock.flow.models import Item
from penstock.reports import bridge, pipeline
from penstock.reports.slices import Slice
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import histories, make

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def workspace(db: None) -> Workspace:
    """A week in which something of every kind happened to eight deals; two were open before."""
    workspace = make.workspace(time_zone="UTC")
    mate = make.member(workspace)
    day = timedelta(days=1)

    def at(number: float) -> AbstractContextManager[None]:
        return dating.lived(START + number * day)

    with at(0):
        won = make.deal(workspace, title="Won", amount="100", owner=mate)
        moved = make.deal(workspace, title="Moved", amount="200", close_on=(START + 3 * day).date())
    with at(2):
        make.deal(workspace, title="New", amount="50")
        deals.change(moved, by=None, amount=Decimal(260))
        parked = make.deal(workspace, title="Parked", amount="30")
        foreign = make.deal(workspace, title="Foreign", amount="70")
        lost = make.deal(workspace, title="Lost", amount="9")
    with at(2.5):
        outcomes.park(parked.item, until=(START + 9 * day).date(), by=None)
        deals.change(foreign, by=None, currency="USD")
    with at(3):
        deals.win(won, by=None)
        deals.lose(lost, reason=make.loss_reason(workspace), by=None)
        deals.change(moved, by=None, close_on=(START + 30 * day).date())
        deals.assign(moved, owner=mate, by=None)
    return workspace


def _window(first: int, last: int, workspace: Workspace) -> Window:
    day = timedelta(days=1)
    return Window((START + first * day).date(), (START + last * day).date(), workspace.zone)


def _lines(found: bridge.Bridge) -> dict[str, dict[str, int]]:
    return {
        line.code: {name: int(amount) for name, amount in line.sums.items()}
        for line in found.lines
        if line.n
    }


def test_bridge_puts_every_change_into_its_line(workspace: Workspace) -> None:
    found = bridge.bridge(make.owner_of(workspace), _window(1, 5, workspace))

    assert found.opening.sums == {"EUR": 300}
    assert _lines(found) == {
        "new": {"EUR": 159},
        "up": {"EUR": 60},
        "currency": {"EUR": -70, "USD": 70},
        "parked": {"EUR": -30},
        "lost": {"EUR": -9},
        "won": {"EUR": -100},
    }
    assert found.closing.sums == {"EUR": 310, "USD": 70}
    assert found.ties


def test_bridge_of_deals_due_says_what_was_pushed_out(workspace: Workspace) -> None:
    window = _window(1, 5, workspace)

    found = bridge.bridge(make.owner_of(workspace), window, due=window)

    assert (found.opening.sums, found.closing.sums) == ({"EUR": 200}, {})
    assert _lines(found) == {"up": {"EUR": 60}, "pushed_out": {"EUR": -260}}
    assert found.ties


def test_bridge_of_an_owner_says_what_came_to_them(workspace: Workspace) -> None:
    mate = Item.objects.select_related("owner").get(title="Moved").owner

    found = bridge.bridge(
        make.owner_of(workspace), _window(1, 5, workspace), only=Slice(owner=mate)
    )

    assert _lines(found) == {"transferred_in": {"EUR": 260}, "won": {"EUR": -100}}
    assert found.ties


def test_bridge_brings_back_what_waited_when_its_day_comes(workspace: Workspace) -> None:
    found = bridge.bridge(make.owner_of(workspace), _window(8, 10, workspace))

    assert _lines(found) == {"unparked": {"EUR": 30}}


def test_bridge_from_what_was_known_then_says_what_is_known_otherwise(
    workspace: Workspace,
) -> None:
    with dating.lived(START + timedelta(days=6)):
        late = Item.objects.get(title="Moved").deal
        deals.change(late, by=None, at=START + timedelta(hours=1), amount=Decimal(500))
    member, window = make.owner_of(workspace), _window(1, 5, workspace)

    then = bridge.bridge(member, window, as_known_then=True)
    today = bridge.bridge(member, window)

    assert (then.opening.sums, today.opening.sums) == ({"EUR": 300}, {"EUR": 600})
    assert _lines(then)["corrected"] == {"EUR": 300}
    assert then.ties
    assert then.closing.sums == today.closing.sums


def test_bridge_names_imports_that_were_taken_back(workspace: Workspace) -> None:
    Item.objects.filter(title="Moved").update(withdrawn_at=START + timedelta(days=8))
    member, window = make.owner_of(workspace), _window(1, 5, workspace)

    found = bridge.bridge(member, window, as_known_then=True)

    assert found.opening.sums == {"EUR": 300}
    assert _lines(found)["withdrawn"] == {"EUR": -200}
    assert found.ties


@pytest.mark.parametrize("line", ["opening", "new", "up", "won", "closing", "currency", "nothing"])
def test_changes_add_up_to_their_line(workspace: Workspace, line: str) -> None:
    member, window = make.owner_of(workspace), _window(1, 5, workspace)
    found = bridge.bridge(member, window)
    lines = {one.code: one for one in (found.opening, *found.lines, found.closing)}

    told = bridge.changes(member, window, line=line)

    sums: dict[str, Decimal] = {}
    for one in told:
        for currency, amount in one.sums.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    assert sums == (lines[line].sums if line in lines else {})


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=histories.steps, days=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_ends_of_the_bridge_are_what_the_pipeline_held(
    monkeypatch: pytest.MonkeyPatch, story: list[histories.Step], days: tuple[int, int]
) -> None:
    with histories.clock(monkeypatch) as set_clock, histories.rolled_back():
        life = histories.live(story, set_clock)
        set_clock(life.now + timedelta(days=40))
        first, last = sorted(histories.START.date() + timedelta(days=number) for number in days)
        member = make.owner_of(life.workspace)

        found = bridge.bridge(member, Window(first, last, life.workspace.zone))

        held = pipeline.on_day(member, on=last).total
        before = pipeline.on_day(member, on=first - timedelta(days=1)).total
        assert found.ties
        assert (found.closing.change, dict(found.closing.sums)) == (held.n, _some(held.sums))
        assert (found.opening.change, dict(found.opening.sums)) == (before.n, _some(before.sums))


def _some(sums: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {name: amount for name, amount in sums.items() if amount}


@pytest.fixture
def foreign(workspace: Workspace) -> Workspace:
    """Dollars from the first day on, worth 0.50, 0.60 from the third and 0.80 from the sixth."""
    with dating.lived(START):
        make.deal(workspace, title="Steady", amount="1000")
        deals.change(Item.objects.get(title="Steady").deal, by=None, currency="USD")
    for number, value in ((-5, "0.5"), (2, "0.6"), (5, "0.8")):
        day = (START + timedelta(days=number)).date()
        rates.enter(workspace, currency="USD", day=day, rate=Decimal(value), by=None)
    return workspace


def _own(found: bridge.Bridge) -> dict[str, Decimal]:
    return {line.code: line.own for line in found.lines if line.own}


def test_bridge_in_own_currency_says_what_rates_did(foreign: Workspace) -> None:
    member = make.owner_of(foreign)

    found = bridge.bridge(member, _window(1, 5, foreign))

    # A thousand dollars went from 0.50 to 0.80; seventy became dollars at 0.60 and then rose, too.
    steady = exchange.revalued(
        Decimal(1000), before=_rate("0.5"), after=_rate("0.6")
    ) + exchange.revalued(Decimal(1000), before=_rate("0.6"), after=_rate("0.8"))
    late = exchange.revalued(Decimal(70), before=_rate("0.6"), after=_rate("0.8"))
    assert found.opening.own == 300 + 500
    assert _own(found)["revalued"] == steady + late == 314
    assert _own(found)["currency"] == -70 + 42
    assert found.closing.own == 310 + 70 * Decimal("0.8") + 800
    assert found.ties
    told = bridge.changes(member, _window(1, 5, foreign), line="revalued")
    assert sum(one.sums["EUR"] for one in told) == 314


def _rate(value: str) -> DayRate:
    return DayRate(Decimal(value), START.date())


def test_bridge_leaves_out_a_currency_that_has_no_rate_on_some_day(foreign: Workspace) -> None:
    with dating.lived(START + timedelta(days=2)):
        deal = make.deal(foreign, title="Yen", amount="5000")
        deals.change(deal, by=None, currency="JPY")

    found = bridge.bridge(make.owner_of(foreign), _window(1, 5, foreign))

    assert found.missing == ("JPY",)
    assert found.closing.sums["JPY"] == 5000
    assert found.ties


def test_bridge_of_one_currency_has_no_second_column(workspace: Workspace) -> None:
    found = bridge.bridge(make.owner_of(workspace), _window(0, 1, workspace))

    assert not found.is_mixed
    assert [line.code for line in found.lines if line.code == "revalued"] == []


def test_bridge_from_what_was_known_then_ties_in_own_currency_when_a_rate_was_corrected(
    foreign: Workspace,
) -> None:
    day = (START - timedelta(days=5)).date()
    rates.enter(foreign, currency="USD", day=day, rate=Decimal("0.55"), by=None)
    member, window = make.owner_of(foreign), _window(1, 5, foreign)

    then = bridge.bridge(member, window, as_known_then=True)
    today = bridge.bridge(member, window)

    assert today.opening.own == 300 + 550
    assert then.ties
    assert today.ties
    assert then.closing.own == today.closing.own
