"""One order: its page, its dates, what is delivered or cancelled of it as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from penstock.backlog import access, orders
from penstock.backlog.models import Order
from penstock.base.errors import RuleBroken
from penstock.reports.moment import Moment, moment
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms import line_acts
from penstock.web.forms.orders import CancelRestForm, DatesForm, DeliveryForm
from penstock.web.htmx import Toast
from penstock.web.pages import orders as pages
from penstock.web.views import shell

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def page(request: MemberRequest, key: str) -> HttpResponse:
    """The page of one order, now or as it was on a day."""
    order = access.order_for(request.member, key)
    asked = _moment(request)
    return shell.show(
        request,
        "web/order/page.html",
        pages.head(pages.page(order, moment=asked)),
        on=None if asked.is_now else asked.on,
        **context(request, order, asked=asked),
    )


def context(request: MemberRequest, order: Order, *, asked: Moment) -> dict[str, object]:
    """What the pieces of the page need."""
    state = pages.page(order, moment=asked)
    return {
        "state": state,
        "order": order,
        "dates_form": DatesForm(initial={row.name: row.day for row in state.dates}),
        "may_edit": asked.is_now and roles.may_deliver(request.member),
        "workspace": request.workspace,
    }


@require_POST
def set_dates(request: MemberRequest, key: str) -> HttpResponse:
    """Set the dates that people set."""
    order = access.order_for(request.member, key, to="edit")
    form = DatesForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Enter dates such as 2026-03-31."))
    orders.change_dates(order, by=request.member, **form.cleaned_data)
    return changed(request, order, Toast(text=_("The dates are saved.")))


@READ_AND_WRITE
def deliver(request: MemberRequest, key: str) -> HttpResponse:
    """Ask how much of each line was delivered, and book it."""
    order = access.order_for(request.member, key, to="edit")
    lines = list(order.lines.filter(remaining_quantity__gt=0).order_by("position"))
    form = DeliveryForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            _book(form, request)
        except RuleBroken as error:
            form.add_error(None, error.message)
        else:
            return changed(request, order, Toast(text=_("Delivered.")))
    return delivery_dialog(request, order, form)


def delivery_dialog(request: MemberRequest, order: Order, form: DeliveryForm) -> HttpResponse:
    """The dialog that asks how much, prefilled with what is left."""
    dialog = {
        "dialog_id": "delivery",
        "title": _("How much of %(key)s was delivered?") % {"key": order.item.key},
        "text": _("What is left stays owed."),
        "form": form,
        "action": reverse("order-deliveries", args=[request.workspace.slug, order.item.key]),
        "submit": _("Deliver"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_dialog.html", dialog, status=status)


def _book(form: DeliveryForm, request: MemberRequest) -> None:
    day = form.cleaned_data["happened_on"]
    quantities = form.quantities()
    if not quantities:
        raise RuleBroken("web.nothing_delivered", _("Enter how much of at least one line."))
    at = line_acts.moment_on(day, line=quantities[0][0])
    orders.fulfil(quantities, by=request.member, at=at)


@READ_AND_WRITE
def cancel(request: MemberRequest, key: str) -> HttpResponse:
    """Cancel what is left of an order, for a reason."""
    order = access.order_for(request.member, key, to="edit")
    form = CancelRestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        orders.cancel_rest(order, reason=form.cleaned_data["reason"], by=request.member)
        return changed(request, order, Toast(text=_("What was left is cancelled.")))
    dialog = {
        "dialog_id": "cancellation",
        "title": _("Cancel what is left of %(key)s") % {"key": order.item.key},
        "form": form,
        "action": request.path,
        "submit": _("Cancel it"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_dialog.html", dialog, status=status)


@require_POST
def amend_to_deal(request: MemberRequest, key: str) -> HttpResponse:
    """Give the only line of an order the amount with which its deal was won again."""
    order = access.order_for(request.member, key, to="edit")
    amendments.to_deal(order, by=request.member)
    return changed(request, order, Toast(text=_("The order now has the amount of the deal.")))


def changed(request: MemberRequest, order: Order, toast: Toast) -> HttpResponse:
    """Answer to a change: the page of the order drawn anew in place, and a toast."""
    if not htmx.is_htmx(request):
        messages.success(request, toast.text)
        return htmx.go(request, reverse("order", args=[request.workspace.slug, order.item.key]))
    fresh = access.order_for(request.member, order.item.key)
    state = context(request, fresh, asked=moment(request.workspace))
    return render(request, "web/order/changed.html", {**state, "toast": toast})


def refused(request: MemberRequest, text: str) -> HttpResponse:
    """Answer to what cannot be: a toast."""
    return htmx.moved(request, toast=Toast(text=text, tone="error"), status=422)


def _moment(request: MemberRequest) -> Moment:
    return moment(
        request.workspace,
        on=shell.asked_day(request),
        known=shell.asked_day(request, "known"),
    )
