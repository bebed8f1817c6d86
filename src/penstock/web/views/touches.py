"""How a deal's customer came: written down and taken back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.sales import access, touches
from penstock.sales.models import Deal, Touch
from penstock.users.middleware import MemberRequest
from penstock.web.forms.campaigns import TouchForm
from penstock.web.htmx import Toast
from penstock.web.views import acted, claims, dialogs
from penstock.web.views.orders import ASKS


@ASKS
def create(request: MemberRequest, key: str) -> HttpResponse:
    """Ask how the customer came, and write it."""
    deal = access.deal_for(request.member, key, to="edit")
    form = TouchForm(request.POST or None, member=request.member)
    if request.method == "POST":
        made = dialogs.attempt(form, lambda: _record(request, deal, form))
        if made is not None:
            undo = acted.url(request, "touch-withdraw", deal, made.pk)
            toast = Toast(text=_("Written down."), undo_url=undo)
            return acted.answer(request, deal, stages=[], toast=toast)
    return dialogs.ask(request, form, title=_("How did they come?"), submit=_("Write down"))


@require_POST
def withdraw(request: MemberRequest, key: str, touch_id: int) -> HttpResponse:
    """Say that there was no such touch."""
    deal = access.deal_for(request.member, key, to="edit")
    touches.withdraw(touches.touch_of(deal, touch_id), by=request.member)
    toast = Toast(text=_("Withdrawn; the history keeps it."))
    return acted.answer(request, deal, stages=[], toast=toast)


def _record(request: MemberRequest, deal: Deal, form: TouchForm) -> Touch:
    told = form.cleaned_data
    return touches.record(
        deal,
        by=request.member,
        channel=told["channel"],
        campaign=told["campaign"],
        at=claims.moment_of(deal, told["on"]),
    )
