"""Value at risk: a planted world in which lateness costs customers, few cases, past days, and surveys."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from penstock.analytics import cancellation
from penstock.backlog import dates, ledger, orders
from penstock.backlog.models import Order
from penstock.flow import dating
from penstock.reports import harm, order_risks
from penstock.reports.moment import Moment, moment
from penstock.sales import surveys
from penstock.users.models import Member
from tests import make
from tests.reports.days import day, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return make.owner_of(make.workspace())


def on(owner: Member, number: int, known: int | None = None) -> Moment:
    return moment(owner.workspace, on=day(number), known=day(known) if known else None)


def order(owner: Member, *, at: int, promised: int | None = None) -> Order:
    with dating.lived(noon(at)):
        return make.order(owner.workspace, promised_on=None if promised is None else day(promised))


def cancel(one: Order, *, at: int, reason: str = "customer") -> None:
    with dating.lived(noon(at)):
        orders.cancel_rest(one, reason=reason, by=None)


def deliver(one: Order, *, at: int, quantity: str = "10") -> None:
    with dating.lived(noon(at)):
        ledger.fulfil(one.lines.get(), quantity=Decimal(quantity), act=ledger.Act(by=None))


def world(owner: Member) -> None:
    """Of ten on time all are delivered; of ten late ones six are cancelled in their third week late."""
    for number in range(10):
        deliver(order(owner, at=1 + number, promised=20 + number), at=15 + number)
    for number in range(6):
        cancel(order(owner, at=1 + number, promised=8), at=25)
    for number in range(4):
        deliver(order(owner, at=1 + number, promised=8), at=25)


def test_late_weeks_are_told_apart_and_the_late_order_is_at_risk(owner: Member) -> None:
    world(owner)
    late, early = order(owner, at=10, promised=20), order(owner, at=10, promised=60)

    found = harm.on_day(owner, moment=on(owner, 40))
    by_order = {one.order_id: one for one in found.orders}

    assert found.hazard.method == cancellation.SHRUNK
    assert [one.n_customer for one in found.hazard.classes] == [0, 0, 6, 0]
    assert [one.n_delivered for one in found.hazard.classes] == [10, 0, 4, 0]
    assert found.per_week is not None
    assert by_order[late.pk].late_weeks == pytest.approx(20 / 7)
    assert by_order[late.pk].chance is not None
    assert by_order[early.pk].chance is not None
    assert by_order[late.pk].chance > by_order[early.pk].chance > 0
    assert found.value == 100
    assert found.at_risk == sum(one.at_risk for one in found.orders if one.at_risk is not None)
    assert found.orders[0].order_id == late.pk


def test_our_own_cancellations_are_no_loss_of_customers(owner: Member) -> None:
    for number in range(8):
        cancel(order(owner, at=1 + number, promised=20), at=15, reason="unavailable")

    found = harm.on_day(owner, moment=on(owner, 30))

    assert (found.hazard.method, found.hazard.n) == (cancellation.OFF, 0)
    assert sum(one.n_ours for one in found.hazard.classes) == 8
    assert found.at_risk is None


def test_shares_of_ends_compete(owner: Member) -> None:
    world(owner)

    ended = harm.on_day(owner, moment=on(owner, 40)).ended

    assert [one.share for one in ended.ended] == pytest.approx([0.7, 0.3, 0])


def test_past_day_does_not_know_what_came_later(owner: Member) -> None:
    world(owner)

    found = harm.on_day(owner, moment=on(owner, 20))

    assert found.hazard.n == 0
    assert len(found.orders) == 14


def test_promise_put_off_begins_a_new_spell_and_a_part_is_remembered(owner: Member) -> None:
    one = order(owner, at=1, promised=10)
    with dating.lived(noon(5)):
        orders.change_dates(one, by=None, why=dates.Why("customer"), promised_on=day(30))
    deliver(one, at=12, quantity="4")

    told = order_risks.history(owner, moment=on(owner, 20))

    assert told.order.tolist() == [one.pk]
    assert told.owed.changes.tolist() == [1]
    assert told.owed.is_partial.tolist() == [True]
    assert told.owed.late[0] == pytest.approx(-10 / 7)
    assert told.hazard.weeks == pytest.approx(19.5 / 7)


def test_expected_day_says_when_an_order_is_delivered(owner: Member) -> None:
    workspace = owner.workspace
    one = make.order(workspace)
    orders.change_dates(one, by=None, expected_on=dating.today(workspace) + timedelta(days=21))

    found = harm.on_day(owner, moment=moment(workspace))

    assert [risk.left_weeks for risk in found.orders] == [3.0]


def test_nothing_delivered_means_nobody_knows_when(owner: Member) -> None:
    order(owner, at=1)

    found = harm.on_day(owner, moment=on(owner, 5))

    assert [risk.left_weeks for risk in found.orders] == [None]
    assert found.n_unknown == 1


def test_unhappy_answers_are_told_by_lateness(owner: Member) -> None:
    for late, score in ((0, 5), (3, 1)):
        one = order(owner, at=1, promised=10)
        deliver(one, at=10 + late)
        with dating.lived(noon(15)):
            survey = surveys.ask(Order.objects.get(pk=one.pk).item, scale="csat", by=None).survey
            surveys.answer(survey, score=score)

    found = harm.on_day(owner, moment=on(owner, 20)).feelings

    assert [(one.unhappy.n, one.unhappy.of) for one in found] == [(0, 1), (1, 1), (0, 0), (0, 0)]


def test_other_workspaces_are_not_learned_from(owner: Member) -> None:
    world(make.owner_of(make.workspace()))

    found = harm.on_day(owner, moment=on(owner, 40))

    assert (found.hazard.weeks, found.orders) == (0, ())
