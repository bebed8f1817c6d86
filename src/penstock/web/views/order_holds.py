"""Holding an order or a line, and releasing it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.backlog import access, holds
from penstock.users.middleware import MemberRequest
from penstock.web.forms.holds import HoldForm, ReleaseForm
from penstock.web.forms.line_acts import moment_in
from penstock.web.htmx import Toast
from penstock.web.views import dialogs, orders


@orders.ASKS
def hold(request: MemberRequest, key: str) -> HttpResponse:
    """Ask why an order waits, and hold all of it."""
    order = access.order_for(request.member, key, to="edit")
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: holds.hold(
            order,
            form.why(),
            by=request.member,
            at=moment_in(form.cleaned_data["happened_on"], order=order),
        ),
    ):
        undo = reverse("order-release", args=[request.workspace.slug, order.item.key])
        return orders.changed(
            request,
            order,
            Toast(text=_("It waits."), detail=order.item.title, undo_url=undo),
        )
    return dialogs.ask(
        request,
        form,
        title=_("Hold %(key)s") % {"key": order.item.key},
        text=_("It stays owed, but nobody is asked to work on it."),
        submit=_("Hold"),
    )


@orders.ASKS
def release(request: MemberRequest, key: str) -> HttpResponse:
    """Ask since when an order no longer waits, and release it."""
    order = access.order_for(request.member, key, to="edit")
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: (
            holds.release(
                order,
                by=request.member,
                at=moment_in(form.cleaned_data["happened_on"], order=order),
            )
            or True
        ),
    ):
        return orders.changed(request, order, Toast(text=_("It no longer waits.")))
    return dialogs.ask(
        request,
        form,
        title=_("Release %(key)s") % {"key": order.item.key},
        submit=_("Release"),
    )


@orders.ASKS
def hold_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Ask why a line waits, and hold it alone."""
    line = access.line_for(request.member, line_id, to="edit")
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: holds.hold_line(
            line,
            form.why(),
            by=request.member,
            at=moment_in(form.cleaned_data["happened_on"], order=line.order),
        ),
    ):
        undo = reverse("order-line-release", args=[request.workspace.slug, line.pk])
        return orders.changed(
            request, line.order, Toast(text=_("It waits."), detail=line.title, undo_url=undo)
        )
    return dialogs.ask(request, form, title=_("Hold this line"), text=line.title, submit=_("Hold"))


@orders.ASKS
def release_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Ask since when a line no longer waits, and release it."""
    line = access.line_for(request.member, line_id, to="edit")
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: (
            holds.release_line(
                line,
                by=request.member,
                at=moment_in(form.cleaned_data["happened_on"], order=line.order),
            )
            or True
        ),
    ):
        return orders.changed(
            request, line.order, Toast(text=_("It no longer waits."), detail=line.title)
        )
    return dialogs.ask(
        request, form, title=_("Release this line"), text=line.title, submit=_("Release")
    )
