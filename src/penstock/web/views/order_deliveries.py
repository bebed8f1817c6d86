"""What of an order leaves: planned, planned anew, made, taken back."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access, deliveries
from penstock.backlog.deliveries import Paper
from penstock.backlog.models import Delivery, Line, Order
from penstock.users.middleware import MemberRequest
from penstock.web.forms import line_acts
from penstock.web.forms.deliveries import DeliveryForm, PlanForm
from penstock.web.htmx import Toast
from penstock.web.views import dialogs, orders


def lines_of(order: Order) -> list[Line]:
    """The lines of which something is left, in their order."""
    lines = order.lines.select_related("order", "workspace").filter(remaining_quantity__gt=0)
    return list(lines.order_by("position"))


def form_of(request: MemberRequest, order: Order, *, is_empty: bool = False) -> DeliveryForm:
    """One field per line with something left, prefilled with it; bound to what was sent."""
    sent = None if is_empty or request.method != "POST" else request.POST
    return DeliveryForm(sent, lines=lines_of(order))


@orders.ASKS
def deliver(request: MemberRequest, key: str) -> HttpResponse:
    """Ask how much of each line was delivered, prefilled with all that is left, and book it."""
    order = access.order_for(request.member, key, to="edit")
    form = form_of(request, order)
    if request.method == "POST" and dialogs.attempt(form, lambda: _book(request, order, form)):
        return orders.changed(request, order, Toast(text=_("Delivered.")))
    return dialogs.ask(
        request,
        form,
        title=_("How much of %(key)s was delivered?") % {"key": order.item.key},
        text=_("What is left stays owed."),
        submit=_("Deliver"),
    )


def _book(request: MemberRequest, order: Order, form: DeliveryForm) -> Delivery:
    at = line_acts.moment_in(form.cleaned_data["happened_on"], order=order)
    paper = Paper(reference=form.cleaned_data["reference"])
    return deliveries.book(
        order, quantities=form.quantities(), by=request.member, at=at, paper=paper
    )


@orders.ASKS
def plan(request: MemberRequest, key: str) -> HttpResponse:
    """Ask what is to leave together and on which day; offered is what is not planned yet."""
    order = access.order_for(request.member, key, to="edit")
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        lines=lines_of(order),
        offered=deliveries.unplanned(order),
    )
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: deliveries.plan(
            order,
            on=form.cleaned_data["planned_on"],
            quantities=form.quantities(),
            by=request.member,
        ),
    ):
        return orders.changed(request, order, Toast(text=_("The delivery is planned.")))
    return dialogs.ask(
        request,
        form,
        title=_("Plan a delivery of %(key)s") % {"key": order.item.key},
        text=_("What leaves together on one day. The rest can be planned for another day."),
        submit=_("Plan it"),
    )


@orders.ASKS
def replan(request: MemberRequest, delivery_id: int) -> HttpResponse:
    """Ask for another day or other quantities of what is planned."""
    delivery = access.delivery_for(request.member, delivery_id)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        lines=lines_of(delivery.order),
        offered=_planned(delivery),
        initial={"planned_on": delivery.planned_on},
    )
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: deliveries.replan(
            delivery,
            on=form.cleaned_data["planned_on"],
            quantities=form.quantities(),
            by=request.member,
        ),
    ):
        toast = Toast(text=_("The delivery is planned anew."))
        return orders.changed(request, delivery.order, toast)
    return dialogs.ask(request, form, title=_("Plan this delivery anew"), submit=_("Plan it"))


@orders.ASKS
def make(request: MemberRequest, delivery_id: int) -> HttpResponse:
    """Ask what of a planned delivery left, prefilled with all of it."""
    delivery = access.delivery_for(request.member, delivery_id)
    form = DeliveryForm(
        request.POST if request.method == "POST" else None,
        lines=lines_of(delivery.order),
        offered=_planned(delivery),
        reference=delivery.reference,
    )

    def leave() -> Delivery:
        return deliveries.make(
            delivery,
            quantities=form.quantities(),
            by=request.member,
            at=line_acts.moment_in(form.cleaned_data["happened_on"], order=delivery.order),
            reference=form.cleaned_data["reference"],
        )

    if request.method == "POST" and dialogs.attempt(form, leave):
        return orders.changed(request, delivery.order, Toast(text=_("Delivered.")))
    return dialogs.ask(
        request,
        form,
        title=_("What of this delivery left?"),
        text=_("What was planned and did not leave stays planned for the same day."),
        submit=_("Deliver"),
    )


@require_POST
def drop(request: MemberRequest, delivery_id: int) -> HttpResponse:
    """Plan a delivery no longer."""
    delivery = access.delivery_for(request.member, delivery_id)
    deliveries.drop(delivery, by=request.member)
    return orders.changed(request, delivery.order, Toast(text=_("It is planned no longer.")))


@require_POST
def take_back(request: MemberRequest, delivery_id: int) -> HttpResponse:
    """Take a delivery back that did not happen."""
    delivery = access.delivery_for(request.member, delivery_id)
    deliveries.take_back(delivery, by=request.member)
    return orders.changed(request, delivery.order, Toast(text=_("The delivery is taken back.")))


@require_POST
def together(request: MemberRequest, key: str) -> HttpResponse:
    """Say whether the customer wants all at once."""
    order = access.order_for(request.member, key, to="edit")
    is_together = request.POST.get("together") == "1"
    deliveries.ship_together(order, is_together=is_together)
    text = _("It leaves all at once.") if is_together else _("It may leave in parts.")
    return orders.changed(request, order, Toast(text=text))


def _planned(delivery: Delivery) -> dict[int, Decimal]:
    return dict(delivery.parts.values_list("line_id", "quantity"))
