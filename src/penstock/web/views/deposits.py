"""What a customer paid towards an order: received, refunded, taken back; and what cancelling costs."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access, deposits
from penstock.backlog.deposits import Told
from penstock.backlog.models import Order
from penstock.users.middleware import MemberRequest
from penstock.web.forms.line_acts import moment_in
from penstock.web.forms.order_urgency import CancelForm, DepositForm
from penstock.web.htmx import Toast
from penstock.web.views import dialogs, orders


@orders.ASKS
def receive(request: MemberRequest, key: str) -> HttpResponse:
    """Ask how much was paid."""
    order = access.order_for(request.member, key, to="edit")
    form = DepositForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: deposits.receive(
            order, amount=form.cleaned_data["amount"], told=_told(request, form, order)
        ),
    ):
        return orders.changed(request, order, Toast(text=_("The deposit is kept.")))
    return dialogs.ask(
        request,
        form,
        title=_("A deposit for %(key)s") % {"key": order.item.key},
        text=_("In %(currency)s, the currency of the order.") % {"currency": order.currency},
        submit=_("Received"),
    )


@orders.ASKS
def refund(request: MemberRequest, key: str) -> HttpResponse:
    """Ask how much went back, offering what pays for no delivery."""
    order = access.order_for(request.member, key, to="edit")
    form = DepositForm(
        request.POST if request.method == "POST" else None,
        initial={"amount": deposits.due_back(order).normalize()},
    )
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: deposits.refund(
            order, amount=form.cleaned_data["amount"], told=_told(request, form, order)
        ),
    ):
        return orders.changed(request, order, Toast(text=_("The refund is kept.")))
    return dialogs.ask(
        request,
        form,
        title=_("A refund for %(key)s") % {"key": order.item.key},
        text=_("In %(currency)s, the currency of the order.") % {"currency": order.currency},
        submit=_("Refunded"),
    )


def _told(request: MemberRequest, form: DepositForm, order: Order) -> Told:
    at = moment_in(form.cleaned_data["happened_on"], order=order)
    return Told(by=request.member, at=at)


@require_POST
def withdraw(request: MemberRequest, deposit_id: int) -> HttpResponse:
    """Say that a payment or refund never was."""
    row = access.deposit_for(request.member, deposit_id)
    order = access.order_for(request.member, row.item.key, to="edit")
    deposits.withdraw(row, by=request.member)
    return orders.changed(request, order, Toast(text=_("The payment is taken back.")))


@require_POST
def penalty(request: MemberRequest, key: str) -> HttpResponse:
    """Say whether the customer may cancel without penalty."""
    order = access.order_for(request.member, key, to="edit")
    is_free = request.POST.get("free") == "1"
    deposits.allow_free_cancelling(order, is_free=is_free)
    text = (
        _("It can be cancelled without penalty.")
        if is_free
        else _("It cannot be cancelled without penalty.")
    )
    return orders.changed(request, order, Toast(text=text))


@orders.ASKS
def cancel(request: MemberRequest, key: str) -> HttpResponse:
    """Cancel what is left of an order, for a reason, and pay back what is due of its deposit."""
    order = access.order_for(request.member, key, to="edit")
    form = CancelForm(
        request.POST if request.method == "POST" else None,
        due_back=deposits.due_back(order),
        is_free=order.is_cancellable_without_penalty,
    )

    def act() -> bool:
        deposits.cancel(
            order,
            reason=form.cleaned_data["reason"],
            pay_back=form.cleaned_data.get("pay_back"),
            told=Told(by=request.member),
        )
        return True

    if request.method == "POST" and dialogs.attempt(form, act):
        return orders.changed(request, order, Toast(text=_("What was left is cancelled.")))
    return dialogs.ask(
        request,
        form,
        title=_("Cancel what is left of %(key)s") % {"key": order.item.key},
        submit=_("Cancel it"),
    )
