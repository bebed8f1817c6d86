"""Writing to a customer, from the page of a deal or for an e-mail that is planned."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from penstock.base.errors import NotFound
from penstock.flow.models import Kind
from penstock.sales import access, deal_mail
from penstock.sales.models import Activity, Deal
from penstock.users.middleware import MemberRequest
from penstock.web.forms.mail import WriteForm
from penstock.web.views import activities, dialogs
from penstock.web.views.orders import ASKS


@ASKS
def write(request: MemberRequest, key: str) -> HttpResponse:
    """Ask for a letter about a deal, and send it."""
    return _write(request, access.deal_for(request.member, key, to="edit"))


@ASKS
def carry_out(request: MemberRequest, activity_id: int) -> HttpResponse:
    """Ask for the letter of a planned e-mail, send it, and say that it is done.

    For something else that is planned, a letter changes nothing of the plan.
    """
    activity = access.activity_for(request.member, activity_id, to="edit")
    if activity.item.kind != Kind.DEAL:
        raise NotFound("sales.no_mail", _("Only about a deal a letter is written here."))
    deal = access.deal_for(request.member, activity.item.key)
    is_mail = activity.kind == Activity.ActivityKind.EMAIL
    return _write(request, deal, activity=activity if is_mail else None)


def _write(request: MemberRequest, deal: Deal, *, activity: Activity | None = None) -> HttpResponse:
    deal.workspace = request.workspace
    form = WriteForm(
        request.POST if request.method == "POST" else None,
        deal=deal,
        by=request.member,
        asked=request.GET,
        url=request.path,
        activity=activity,
    )
    if request.method == "POST":
        done = dialogs.attempt(
            form,
            lambda: deal_mail.send(
                deal,
                person=form.cleaned_data["person"],
                subject=form.cleaned_data["subject"],
                text=form.cleaned_data["text"],
                by=request.member,
                activity=activity,
            ),
        )
        if done is not None:
            return activities.answer(request, done, _("Sent: %(what)s."), undo=False, asks=True)
    return dialogs.ask(
        request,
        form,
        title=_("Write to the customer"),
        submit=_("Send"),
        text="" if form.has_people else _nobody(),
    )


def _nobody() -> str:
    return _("Nobody on this deal or at its company has an e-mail address. Add a person first.")
