"""How important a customer is."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.contacts import access, tiers
from penstock.flow.dating import today
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.order_urgency import TierForm
from penstock.web.views import dialogs
from penstock.web.views.orders import ASKS


@ASKS
def assign(request: MemberRequest, company_id: int) -> HttpResponse:
    """Ask which tier a company has, and since when."""
    company = access.company_for(request.member, company_id, to="edit")
    form = TierForm(
        request.POST if request.method == "POST" else None, initial={"tier": company.tier}
    )
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: tiers.assign(
            company,
            form.cleaned_data["tier"],
            by=request.member,
            at=_since(request, form.cleaned_data["happened_on"]),
        ),
    ):
        messages.success(request, _("Saved."))
        return htmx.go(request, reverse("company", args=[request.workspace.slug, company.pk]))
    return dialogs.ask(
        request,
        form,
        title=_("How important is %(name)s?") % {"name": company.name},
        submit=_("Save"),
    )


def _since(request: MemberRequest, day: date | None) -> datetime | None:
    if day is None or day == today(request.workspace):
        return None
    return datetime.combine(day, time(0), tzinfo=request.workspace.zone)
