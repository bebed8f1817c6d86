"""Splitting an order in two, and merging two into one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.backlog import access, splitting
from penstock.backlog.models import Order
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.line_acts import moment_in
from penstock.web.forms.order_splits import MergeForm, SplitForm
from penstock.web.htmx import Toast
from penstock.web.views import dialogs, orders

MOST_OTHERS = 100


@orders.ASKS
def split(request: MemberRequest, key: str) -> HttpResponse:
    """Ask how much of each line goes into a new order, and lead there."""
    order = access.order_for(request.member, key, to="edit")
    lines = order.lines.filter(remaining_quantity__gt=0).order_by("position")
    sent = request.POST if request.method == "POST" else None
    form = SplitForm(sent, order=order, lines=list(lines))
    if sent is not None:
        fresh = dialogs.attempt(form, lambda: _split(request, order, form))
        if fresh is not None:
            messages.success(
                request,
                _("Split off from %(key)s. Both are owed what they were owed together.")
                % {"key": order.item.key},
            )
            return htmx.go(request, reverse("order", args=[request.workspace.slug, fresh.item.key]))
    return dialogs.ask(
        request,
        form,
        title=_("Split %(key)s") % {"key": order.item.key},
        text=_(
            "The new order has the same customer, dates and age. What you leave empty stays here."
        ),
        submit=_("Split"),
    )


def _split(request: MemberRequest, order: Order, form: SplitForm) -> Order:
    return splitting.split(
        order,
        form.quantities(),
        by=request.member,
        title=form.cleaned_data["title"],
        at=moment_in(form.cleaned_data["happened_on"], order=order),
    )


@orders.ASKS
def merge(request: MemberRequest, key: str) -> HttpResponse:
    """Ask which other order of the customer comes into this one."""
    order = access.order_for(request.member, key, to="edit")
    form = MergeForm(
        request.POST if request.method == "POST" else None, others=_others(request, order)
    )
    if request.method == "POST" and dialogs.attempt(
        form, lambda: splitting.merge(order, gone=form.gone, by=request.member)
    ):
        return orders.changed(request, order, Toast(text=_("Merged."), detail=form.gone.item.key))
    return dialogs.ask(
        request,
        form,
        title=_("Merge another order into %(key)s") % {"key": order.item.key},
        text=_(
            "What is owed of it comes here, line by line; what was delivered stays there. "
            "Only open orders of this customer in this currency can be chosen."
        ),
        submit=_("Merge"),
    )


def _others(request: MemberRequest, order: Order) -> list[Order]:
    if order.company_id is None:
        return []
    found = access.orders_for(request.member).open().exclude(pk=order.pk)
    same = found.filter(company_id=order.company_id, currency=order.currency)
    return list(same.select_related("item").order_by("-accepted_at", "pk")[:MOST_OTHERS])
