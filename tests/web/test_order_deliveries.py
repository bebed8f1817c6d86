"""What of an order is to leave and what left, on its page."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.backlog import deliveries, ledger
from penstock.backlog.models import Delivery, Line, Order
from penstock.flow import dating
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db

DAY = date(2031, 1, 10)


def shown(owner: Browser, order: Order, **query: object) -> tuple[list[object], list[object]]:
    """What is to leave and what left, as the page shows it: day and quantities."""
    found = owner.get(f"orders/{order.item.key}", **query).context["state"].deliveries
    coming = [(one.planned_on, [part.quantity for part in one.parts]) for one in found.coming]
    made = [(one.left_on, [part.quantity for part in one.parts]) for one in found.made]
    return coming, made


def test_delivery_is_planned_and_made_on_the_page(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace)
    line = order.lines.get()

    owner.post(
        f"orders/{order.item.key}/deliveries/plan",
        **{f"line_{line.pk}": "6", "planned_on": DAY.isoformat()},
    )
    assert shown(owner, order) == ([(DAY, [6])], [])

    answer = owner.post(
        f"deliveries/{Delivery.objects.get().pk}/made",
        htmx=True,
        **{f"line_{line.pk}": "5", "reference": "DN-7"},
    )

    assert answer.status_code == 200
    assert "DN-7" in answer.content.decode()
    assert shown(owner, order) == ([(DAY, [1])], [(timezone.now().date(), [5])])


def test_dialog_offers_what_is_not_planned_yet(owner: Browser, workspace: Workspace) -> None:
    delivery = make.delivery(workspace)
    line = delivery.order.lines.get()

    asked = owner.get(f"orders/{delivery.order.item.key}/deliveries/plan", htmx=True)

    assert asked.context["form"][f"line_{line.pk}"].value() == Decimal(6)


def test_too_much_is_said_at_its_field(owner: Browser, workspace: Workspace) -> None:
    delivery = make.delivery(workspace)
    order, line = delivery.order, delivery.order.lines.get()

    planned = owner.post(
        f"orders/{order.item.key}/deliveries/plan",
        htmx=True,
        **{f"line_{line.pk}": "7", "planned_on": DAY.isoformat()},
    )
    made = owner.post(f"deliveries/{delivery.pk}/made", htmx=True, **{f"line_{line.pk}": "11"})

    assert (planned.status_code, made.status_code) == (422, 422)
    assert "only 6 is left and not planned yet" in planned.content.decode()
    assert Line.objects.get().remaining_quantity == 10


def test_plan_is_said_anew_dropped_and_taken_back(owner: Browser, workspace: Workspace) -> None:
    delivery = make.delivery(workspace)
    order, line = delivery.order, delivery.order.lines.get()
    later = DAY + timedelta(days=7)

    owner.post(
        f"deliveries/{delivery.pk}/plan",
        **{f"line_{line.pk}": "3", "planned_on": later.isoformat()},
    )
    assert shown(owner, order) == ([(later, [3])], [])
    fresh = Delivery.objects.get(withdrawn_at=None)
    owner.post(f"deliveries/{fresh.pk}/made", **{f"line_{line.pk}": "3"})
    owner.post(f"deliveries/{fresh.pk}/back")
    assert shown(owner, order) == ([(later, [3])], [])
    owner.post(f"deliveries/{Delivery.objects.get(withdrawn_at=None).pk}/drop")
    assert shown(owner, order) == ([], [])


def test_page_tells_that_more_is_planned_than_is_left(owner: Browser, workspace: Workspace) -> None:
    delivery = make.delivery(workspace)
    line = delivery.order.lines.get()
    ledger.cancel(line, quantity=Decimal(8), act=ledger.Act(by=None))

    page = owner.get(f"orders/{delivery.order.item.key}").content.decode()

    assert "More is planned than is left. Plan it anew." in page


def test_what_the_ledger_alone_knows_stands_among_the_deliveries(
    owner: Browser, workspace: Workspace
) -> None:
    order = make.order(workspace)
    ledger.fulfil(order.lines.get(), quantity=Decimal(4), act=ledger.Act(by=None))

    assert shown(owner, order) == ([], [(timezone.now().date(), [4])])


def test_past_day_shows_the_plan_of_then(owner: Browser, workspace: Workspace) -> None:
    then = timezone.now() - timedelta(days=10)
    with dating.lived(then):
        delivery = make.delivery(workspace, on=DAY)
    line = delivery.order.lines.get()
    deliveries.replan(
        delivery, on=DAY + timedelta(days=7), quantities=[(line, Decimal(2))], by=None
    )
    plan = Delivery.objects.get(withdrawn_at=None)
    deliveries.make(plan, quantities=[(line, Decimal(2))], by=None)

    day = (then + timedelta(days=2)).date().isoformat()

    assert shown(owner, delivery.order, on=day) == ([(DAY, [4])], [])
    assert shown(owner, delivery.order) == ([], [(timezone.now().date(), [2])])


def test_order_is_said_to_leave_all_at_once(owner: Browser, workspace: Workspace) -> None:
    order = make.order(workspace, lines=[make.line(), make.line()])
    line = order.lines.first()
    assert line is not None

    owner.post(f"orders/{order.item.key}/together", together="1")
    refused = owner.post(
        f"orders/{order.item.key}/deliveries", htmx=True, **{f"line_{line.pk}": "10"}
    )

    assert (refused.status_code, Order.objects.get().is_shipped_together) == (422, True)
    assert "wants all of this order at once" in refused.content.decode()
    owner.post(f"orders/{order.item.key}/together", together="0")
    assert Order.objects.get().is_shipped_together is False


@pytest.mark.parametrize("act", ["plan", "made", "drop", "back"])
def test_only_who_delivers_changes_deliveries(
    viewer: Browser, stranger: Browser, workspace: Workspace, act: str
) -> None:
    delivery = make.delivery(workspace)

    assert viewer.post(f"deliveries/{delivery.pk}/{act}").status_code == 403
    assert stranger.post(f"deliveries/{delivery.pk}/{act}").status_code == 404
    assert viewer.post(f"orders/{delivery.order.item.key}/together").status_code == 403
    assert Delivery.objects.filter(withdrawn_at=None, delivered_at=None).count() == 1


def test_delivery_that_is_none_is_not_found(owner: Browser) -> None:
    assert owner.post("deliveries/999999/drop").status_code == 404
