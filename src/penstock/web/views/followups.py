"""What follows a delivery or a loss, by hand: planned, called off, asked now."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.backlog import access as backlog
from penstock.base.errors import NotFound
from penstock.flow.dating import today
from penstock.flow.models import Item, Kind
from penstock.sales import access, followups, surveys
from penstock.sales.models import Followup
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.followups import AskForm, PlanForm
from penstock.web.htmx import Toast
from penstock.web.pages import followups as pages
from penstock.web.views import dialogs
from penstock.web.views.orders import ASKS

LATER = timedelta(days=90)


@ASKS
def plan(request: MemberRequest, key: str) -> HttpResponseBase:
    """Ask what shall follow and when, and plan it."""
    item = _item(request, key)
    found = pages.build(item, member=request.member, may_edit=True)
    form = PlanForm(
        request.POST or None,
        acts=found.acts,
        initial={"on": today(request.workspace) + LATER},
    )
    deal = followups.deal_behind(item)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: followups.plan(
            item, by=request.member, company=deal.company if deal else None, **form.cleaned_data
        ),
    ):
        return _changed(request, item, Toast(text=_("It is planned.")))
    return dialogs.ask(request, form, title=_("What shall follow?"), submit=_("Plan it"))


@ASKS
def ask(request: MemberRequest, key: str) -> HttpResponseBase:
    """Ask a customer now; the link is shown once, for only its digest is kept."""
    item = _item(request, key)
    form = AskForm(request.POST or None)
    asked = None
    if request.method == "POST":
        deal = followups.deal_behind(item)
        asked = dialogs.attempt(
            form,
            lambda: surveys.ask(
                item,
                scale=form.cleaned_data["scale"],
                by=request.member,
                deal=deal,
                company=deal.company if deal else backlog.order_for(request.member, key).company,
            ),
        )
    if asked is None:
        return dialogs.ask(
            request,
            form,
            title=_("Ask for satisfaction"),
            text=_("Who has an e-mail address is asked by e-mail. You also get the link."),
            submit=_("Ask now"),
        )
    path = reverse("open-survey", args=[request.workspace.slug, asked.token])
    context = {
        "link": request.build_absolute_uri(path),
        "whom": asked.survey.person.email if asked.survey.person else "",
    }
    return _changed(request, item, Toast(text=_("The survey is made.")), **context)


@require_POST
def cancel(request: MemberRequest, key: str, followup_id: int) -> HttpResponseBase:
    """Call one act off."""
    item, row = _row(request, key, followup_id)
    followups.cancel(row, by=request.member)
    undo = reverse("followup-restore", args=[request.workspace.slug, key, followup_id])
    return _changed(request, item, Toast(text=_("It is called off."), undo_url=undo))


@require_POST
def restore(request: MemberRequest, key: str, followup_id: int) -> HttpResponseBase:
    """Plan again what was called off."""
    item, row = _row(request, key, followup_id)
    followups.restore(row, by=request.member)
    return _changed(request, item, Toast(text=_("It is planned again.")))


def _item(request: MemberRequest, key: str) -> Item:
    """A deal or an order that this member may follow up.

    Raises:
        NotFound: It is neither, or not this member's to see. NotAllowed: to look at only.
    """
    kind = key.upper().partition("-")[0]
    item: Item
    if kind == "DEAL":
        item = access.deal_for(request.member, key, to="edit").item
        return item
    order = backlog.order_for(request.member, key)
    deal = followups.deal_behind(order.item)
    if deal is not None:
        access.check_edit(request.member, deal.item)
    else:
        backlog.check_edit(request.member, to="edit")
    item = order.item
    return item


def _row(request: MemberRequest, key: str, followup_id: int) -> tuple[Item, Followup]:
    item = _item(request, key)
    row = Followup.objects.filter(source=item, pk=followup_id).first()
    if row is None:
        raise NotFound("sales.no_followup", _("There is no such follow-up here."))
    return item, row


def _changed(request: MemberRequest, item: Item, toast: Toast, **context: str) -> HttpResponseBase:
    deal = followups.deal_behind(item)
    is_order = "/orders/" in request.headers.get("HX-Current-URL", "")
    shown = item if item.kind == Kind.ORDER and (is_order or deal is None) else None
    if not htmx.is_htmx(request):
        messages.success(request, " ".join(filter(None, (toast.text, context.get("link", "")))))
        name = "order" if shown else "deal"
        about = shown or (deal.item if deal else item)
        return htmx.go(request, reverse(name, args=[request.workspace.slug, about.key]))
    source = shown or (deal.item if deal else item)
    panel = pages.build(source, member=request.member, may_edit=True)
    return render(
        request,
        "web/followups/changed.html",
        {"followups": panel, "toast": toast, "workspace": request.workspace, **context},
    )
