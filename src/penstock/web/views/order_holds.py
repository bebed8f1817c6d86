"""Holding an order or a line, and releasing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.backlog import access, holds
from penstock.backlog.models import Order
from penstock.users.middleware import MemberRequest
from penstock.web.forms.holds import HoldForm, ReleaseForm
from penstock.web.forms.line_acts import moment_in
from penstock.web.htmx import Toast
from penstock.web.views import dialogs, orders

#: A verb that knows what it is about, and is told since when, and by whom.
Act = Callable[..., object]


@orders.ASKS
def hold(request: MemberRequest, key: str) -> HttpResponse:
    """Ask why an order waits, and hold all of it."""
    order = access.order_for(request.member, key, to="edit")
    return _hold(
        request,
        order,
        partial(holds.hold, order),
        detail=order.item.title,
        undo_url=reverse("order-release", args=[request.workspace.slug, order.item.key]),
        title=_("Hold %(key)s") % {"key": order.item.key},
        text=_("It stays owed, but nobody is asked to work on it."),
    )


@orders.ASKS
def release(request: MemberRequest, key: str) -> HttpResponse:
    """Ask since when an order no longer waits, and release it."""
    order = access.order_for(request.member, key, to="edit")
    title = _("Release %(key)s") % {"key": order.item.key}
    return _release(request, order, partial(holds.release, order), title=title)


@orders.ASKS
def hold_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Ask why a line waits, and hold it alone."""
    line = access.line_for(request.member, line_id, to="edit")
    return _hold(
        request,
        line.order,
        partial(holds.hold_line, line),
        detail=line.title,
        undo_url=reverse("order-line-release", args=[request.workspace.slug, line.pk]),
        title=_("Hold this line"),
        text=line.title,
    )


@orders.ASKS
def release_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Ask since when a line no longer waits, and release it."""
    line = access.line_for(request.member, line_id, to="edit")
    return _release(
        request,
        line.order,
        partial(holds.release_line, line),
        title=_("Release this line"),
        text=line.title,
    )


def _hold(
    request: MemberRequest, order: Order, act: Act, *, detail: str, undo_url: str, **ask: Any
) -> HttpResponse:
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: act(form.why(), by=request.member, at=_since(form, order))
    ):
        toast = Toast(text=_("It waits."), detail=detail, undo_url=undo_url)
        return orders.changed(request, order, toast)
    return dialogs.ask(request, form, submit=_("Hold"), **ask)


def _release(
    request: MemberRequest, order: Order, act: Act, *, title: str, text: str = ""
) -> HttpResponse:
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    # What is not held stays as it is, and that is an answer too.
    if request.method == "POST" and dialogs.attempt(
        form, lambda: (act(by=request.member, at=_since(form, order)), True)[1]
    ):
        return orders.changed(request, order, Toast(text=_("It no longer waits."), detail=text))
    return dialogs.ask(request, form, title=title, text=text, submit=_("Release"))


def _since(form: HoldForm | ReleaseForm, order: Order) -> datetime | None:
    return moment_in(form.cleaned_data["happened_on"], order=order)
