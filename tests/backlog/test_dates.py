"""The days of orders and lines: kept apart, each change of a promise with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from penstock.backlog import dates, holds, orders, splitting
from penstock.backlog.dates import PROMISE, Told, Why
from penstock.backlog.models import Disruption, Line, Order, PromiseReason, PromiseWording
from penstock.base.errors import RuleBroken
from penstock.contacts import people
from penstock.flow import bulk, dating
from penstock.flow.models import FieldChange
from tests import make

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST, SECOND = date(2026, 6, 1), date(2026, 6, 20)
TOLD = Told(by=None, why=Why("supplier", "The foundry is late."))


def test_another_promise_needs_a_reason() -> None:
    order = make.order(make.workspace(), promised_on=FIRST)

    with pytest.raises(RuleBroken) as refusal:
        dates.change(order, {PROMISE: SECOND}, told=Told(by=None))

    assert (refusal.value.code, refusal.value.needs) == ("backlog.promise_reason", ("cause",))
    assert Order.objects.get().promised_on == FIRST


def test_cause_that_nobody_knows_is_refused() -> None:
    order = make.order(make.workspace(), promised_on=FIRST)

    with pytest.raises(RuleBroken, match="Say why it changes"):
        dates.change(order, {PROMISE: SECOND}, told=Told(by=None, why=Why("weather")))


def test_promise_keeps_its_reason_its_words_and_the_first_one() -> None:
    order = make.order(make.workspace(), promised_on=FIRST)

    dates.change(order, {PROMISE: SECOND}, told=TOLD)

    fresh = Order.objects.get()
    assert (fresh.first_promised_on, fresh.promised_on) == (FIRST, SECOND)
    reason = PromiseReason.objects.get()
    assert (reason.cause, reason.wording.text) == ("supplier", "The foundry is late.")
    assert reason.change.value == SECOND.isoformat()


def test_first_promise_and_other_dates_need_no_reason() -> None:
    order = make.order(make.workspace())

    dates.change(order, {PROMISE: FIRST, "planned_on": SECOND}, told=Told(by=None))
    dates.change(order, {"planned_on": FIRST}, told=Told(by=None))

    fresh = Order.objects.get()
    assert (fresh.promised_on, fresh.planned_on, fresh.first_promised_on) == (FIRST, FIRST, None)
    assert PromiseReason.objects.count() == 0


def test_promise_that_is_learned_of_late_becomes_the_first_one() -> None:
    order = make.order(make.workspace(), at=MAY)
    dates.change(order, {PROMISE: SECOND}, told=Told(by=None, at=MAY + timedelta(days=9)))

    dates.change(order, {PROMISE: FIRST}, told=Told(by=None, at=MAY + timedelta(days=2)))

    fresh = Order.objects.get()
    assert (fresh.first_promised_on, fresh.promised_on) == (FIRST, SECOND)


def test_line_has_days_of_its_own_and_gives_them_back() -> None:
    order = make.order(make.workspace(), promised_on=FIRST, lines=[make.line(), make.line()])
    line = order.lines.last()
    assert line is not None

    dates.change_line(line, {PROMISE: SECOND}, told=Told(by=None))
    assert Line.objects.get(pk=line.pk).promised_on == SECOND

    dates.change_line(line, {PROMISE: None}, told=TOLD)
    assert Line.objects.get(pk=line.pk).promised_on is None
    assert Order.objects.get().promised_on == FIRST
    values = FieldChange.objects.filter(item__work_item__line=line, field=PROMISE).order_by("pk")
    assert [row.value for row in values] == [SECOND.isoformat(), None]


def test_charge_goes_with_its_order() -> None:
    order = make.order(make.workspace(), lines=[make.line(), make.line(sort="charge")])
    charge = order.lines.get(sort="charge")

    with pytest.raises(RuleBroken) as refusal:
        dates.change_line(charge, {PROMISE: SECOND}, told=Told(by=None))

    assert refusal.value.code == "backlog.charge_dated"


def test_part_that_is_split_off_keeps_every_promise_and_the_days_of_its_line() -> None:
    order = make.order(make.workspace(), at=MAY, promised_on=FIRST)
    dates.change(order, {PROMISE: SECOND}, told=TOLD)
    line = order.lines.get()
    dates.change_line(line, {"planned_on": FIRST}, told=Told(by=None))

    fresh = splitting.split(order, [(Line.objects.get(), make.Decimal(3))], by=None)

    fresh.refresh_from_db()
    told = FieldChange.objects.filter(item_id=fresh.pk, field=PROMISE).order_by("occurred_at", "pk")
    assert [row.value for row in told] == [FIRST.isoformat(), SECOND.isoformat()]
    assert (fresh.first_promised_on, fresh.promised_on) == (FIRST, SECOND)
    assert fresh.lines.get().planned_on == FIRST


def test_import_that_is_taken_back_leaves_the_promise_of_before() -> None:
    order = make.order(make.workspace(), promised_on=FIRST)
    with dating.in_batch(4711):
        dates.change(order, {PROMISE: SECOND}, told=TOLD)

    dates.settle(bulk.void(4711))

    fresh = Order.objects.get()
    assert (fresh.promised_on, fresh.first_promised_on) == (FIRST, None)


def test_erased_person_is_forgotten_in_notes_and_proofs() -> None:
    workspace = make.workspace()
    person = make.person(workspace, "Carol Danvers")
    reason = make.promise_reason(workspace, "Carol Danvers asked for it.")
    make.promise_reason(workspace, "The foundry is late.")
    make.disruption(workspace, evidence="Said Carol Danvers.")

    people.erase(person, by=make.owner_of(workspace))

    assert [row.text for row in PromiseWording.objects.all()] == ["The foundry is late."]
    assert PromiseReason.objects.filter(pk=reason.pk).exists()
    assert Disruption.objects.get().evidence == ""


def test_hold_and_days_of_a_line_stand_on_the_same_work() -> None:
    line = make.order_line(make.workspace())
    dates.change_line(line, {PROMISE: FIRST}, told=Told(by=None))
    row = holds.hold_line(line, holds.Why("payment", "customer"), by=None)

    assert FieldChange.objects.get(field=PROMISE).item_id == row.item_id


def test_unknown_date_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="an order has no invoiced_on"):
        orders.change_dates(make.order(make.workspace()), by=None, invoiced_on=FIRST)
