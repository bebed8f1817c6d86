"""Putting an order before all others, and letting it wait for its turn again."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access, expediting
from penstock.reports import overtaking
from penstock.users.middleware import MemberRequest
from penstock.web.forms.order_urgency import ExpediteForm
from penstock.web.htmx import Toast
from penstock.web.pages import order_urgency as pages
from penstock.web.views import dialogs, orders


@orders.ASKS
def expedite(request: MemberRequest, key: str) -> HttpResponse:
    """Say who would wait longer, ask why, and put the order first."""
    order = access.order_for(request.member, key, to="edit")
    found = overtaking.bill(request.member, order)
    form = ExpediteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: expediting.expedite(order, form.why(), bill=found.bill, by=request.member),
    ):
        toast = Toast(
            text=_("%(key)s goes before all others.") % {"key": order.item.key},
            undo_url=reverse("order-calm", args=[request.workspace.slug, order.item.key]),
        )
        return orders.changed(request, order, toast)
    return dialogs.ask(
        request,
        form,
        title=_("Put %(key)s before all others") % {"key": order.item.key},
        text=pages.bill_text(found),
        submit=_("Let them wait"),
    )


@require_POST
def calm(request: MemberRequest, key: str) -> HttpResponse:
    """Let an order wait for its turn again."""
    order = access.order_for(request.member, key, to="edit")
    expediting.calm(order, by=request.member)
    return orders.changed(request, order, Toast(text=_("It waits for its turn again.")))
