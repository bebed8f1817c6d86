"""One order: its page, its dates, what is delivered or cancelled of it as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from penstock.backlog import access, amendments
from penstock.backlog.models import Order
from penstock.base.errors import NotFound
from penstock.flow.models import Finding, Item
from penstock.handoff import amended_order
from penstock.reports.moment import Moment, moment
from penstock.sales import followups
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.order_dates import DatesForm
from penstock.web.htmx import Toast
from penstock.web.pages import activities, promises, queue_order
from penstock.web.pages import followups as follow_pages
from penstock.web.pages import order_boards as boards
from penstock.web.pages import orders as pages
from penstock.web.pages.followups import Followups
from penstock.web.views import shell

ASKS = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def page(request: MemberRequest, key: str) -> HttpResponse:
    """The page of one order, now or as it was on a day."""
    order = access.order_for(request.member, key)
    asked = asked_moment(request)
    pieces = context(request, order, asked=asked)
    return shell.show(
        request,
        "web/order/page.html",
        pages.head(pieces["state"], slug=request.workspace.slug),
        on=None if asked.is_now else asked.on,
        **pieces,
    )


def context(request: MemberRequest, order: Order, *, asked: Moment) -> dict[str, Any]:
    """What the pieces of the page show."""
    state = pages.read(order, moment=asked)
    return {
        "state": state,
        "order": order,
        **_ready(order, asked),
        "place": _place(request, order) if asked.is_now and order.item.is_open else None,
        "dates_form": DatesForm(initial={row.name: row.day for row in state.days.rows}),
        "may_edit": asked.is_now and roles.may_deliver(request.member),
        "workspace": request.workspace,
        "activities": activities.of_order(
            _at_home(request, order), member=request.member, moment=asked
        ),
        "followups": _followups(request, order) if _is_over(order, asked) else None,
        "slug": request.workspace.slug,
    }


def _ready(order: Order, asked: Moment) -> dict[str, Any]:
    """When it is ready, as it was foreseen; nothing where it is over."""
    if not order.item.is_open and asked.is_now:
        return {}
    ready, lines = promises.of_order(order, asked)
    return {"ready": ready, "ready_lines": lines}


def _place(request: MemberRequest, order: Order) -> queue_order.Standing | None:
    return queue_order.standing(request.member, order)


def _at_home(request: MemberRequest, order: Order) -> Item:
    """The item of an order, knowing the workspace that was read with the request."""
    item: Item = order.item
    item.workspace = request.workspace
    return item


def _is_over(order: Order, asked: Moment) -> bool:
    """Whether anything can follow it: it is delivered or cancelled, now."""
    return asked.is_now and not order.item.is_open


def _followups(request: MemberRequest, order: Order) -> Followups:
    deal = followups.deal_behind(order.item)
    may_edit = (
        roles.may_sell_for(request.member, owner_id=deal.item.owner_id)
        if deal
        else roles.may_deliver(request.member)
    )
    return follow_pages.build(order.item, member=request.member, may_edit=may_edit)


@require_POST
def accept_amendment(request: MemberRequest, key: str, finding_id: int) -> HttpResponse:
    """Give the order the amount, or the lines, with which its deal was won again."""
    order = access.order_for(request.member, key, to="edit")
    amended_order.accept(_proposal(order, finding_id), by=request.member)
    return changed(request, order, Toast(text=_("The order now is what was agreed.")))


@require_POST
def dismiss_amendment(request: MemberRequest, key: str, finding_id: int) -> HttpResponse:
    """Leave the order as it is."""
    order = access.order_for(request.member, key, to="edit")
    amendments.dismiss(_proposal(order, finding_id))
    return changed(request, order, Toast(text=_("The order stays as it is.")))


def _proposal(order: Order, finding_id: int) -> Finding:
    found = Finding.objects.filter(
        pk=finding_id, item_id=order.pk, code=amendments.PROPOSAL, withdrawn_at=None
    ).first()
    if found is None:
        raise NotFound("backlog.no_proposal", _("This proposal is closed. Reload the page."))
    return found


def changed(request: MemberRequest, order: Order, toast: Toast) -> HttpResponse:
    """Answer to a change: the order drawn anew in place, and a toast."""
    url = reverse("order", args=[request.workspace.slug, order.item.key])
    if not htmx.is_htmx(request):
        messages.success(request, toast.text)
        return htmx.go(request, url)
    if board_is_shown(request):
        return htmx.moved(request, columns=boards.order_columns(request.member), toast=toast)
    fresh = access.order_for(request.member, order.item.key)
    pieces = context(request, fresh, asked=moment(request.workspace))
    return render(
        request,
        "web/order/changed.html",
        {
            **pieces,
            "toast": toast,
            "page": pages.head(pieces["state"], slug=request.workspace.slug),
        },
    )


def board_is_shown(request: MemberRequest) -> bool:
    """Whether the dialog was opened from the board of orders."""
    board = reverse("backlog-board", args=[request.workspace.slug])
    return board in request.headers.get("HX-Current-URL", "")


def asked_moment(request: MemberRequest) -> Moment:
    """The day that the address asks for, as it was known on the other."""
    return moment(
        request.workspace,
        on=shell.asked_day(request),
        known=shell.asked_day(request, "known"),
    )
