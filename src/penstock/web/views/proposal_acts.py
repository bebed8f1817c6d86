"""Sending, revising, withdrawing a proposal, and what the customer said by telephone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.sales import (
    access,
    proposal_answers,
    proposal_links,
    proposal_mail,
    proposal_records,
    proposals,
)
from penstock.sales.models import Proposal
from penstock.sales.proposal_answers import Who
from penstock.sales.proposal_mail import Mailing
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.proposal_mail import MailForm, SendForm
from penstock.web.forms.proposals import AnswerForm
from penstock.web.views import dialogs
from penstock.web.views.orders import ASKS


@ASKS
def send(request: MemberRequest, proposal: str, number: int) -> HttpResponseBase:
    """Send a draft by mail, or fix it and show the link that opens it, once."""
    version = access.version_for(request.member, proposal, number, to="edit")
    form = SendForm(request.POST if request.method == "POST" else None, version=version)

    def act() -> tuple[str, Mailing | None]:
        mailing = form.mailing()
        return proposals.send(version, by=request.member, mailing=mailing), mailing

    sent = dialogs.attempt(form, act)
    if sent is None:
        text = _("A version that is sent can no longer be changed. The deal takes its amount.")
        return dialogs.ask(request, form, title=_("Send the proposal"), text=text, submit=_("Send"))
    token, mailing = sent
    if mailing is not None:
        return _back(request, version.proposal, _mailed(mailing))
    return _shown(
        request, version.proposal, token, _("It is sent. Give this link to the customer.")
    )


@ASKS
def mail(request: MemberRequest, proposal: str) -> HttpResponseBase:
    """Mail what was sent once more."""
    found = access.proposal_for(request.member, proposal, to="edit")
    form = MailForm(request.POST or None, version=proposal_records.sent_last(found))

    def act() -> Mailing | None:
        mailing = form.mailing()
        assert mailing is not None, "the form asks for an address"
        proposal_mail.mail(found, mailing, by=request.member)
        return mailing

    if (mailing := dialogs.attempt(form, act)) is not None:
        return _back(request, found, _mailed(mailing))
    return dialogs.ask(request, form, title=_("Mail the proposal"), submit=_("Send"))


@require_POST
def link(request: MemberRequest, proposal: str) -> HttpResponse:
    """Make one more link."""
    found = access.proposal_for(request.member, proposal, to="edit")
    proposal_records.sent_last(found)
    _made, token = proposal_links.make(found, by=request.member)
    return _shown(request, found, token, _("A new link. Older ones stay open."))


@require_POST
def revoke(request: MemberRequest, proposal: str) -> HttpResponse:
    """Take all links back."""
    found = access.proposal_for(request.member, proposal, to="edit")
    proposal_links.revoke(found, by=request.member)
    return _back(request, found, _("No link opens it any more."))


@require_POST
def revise(request: MemberRequest, proposal: str) -> HttpResponse:
    """Begin the next version."""
    found = access.proposal_for(request.member, proposal, to="edit")
    version = proposals.revise(found, by=request.member)
    args = [request.workspace.slug, found.key, version.number]
    return htmx.go(request, reverse("proposal-edit", args=args))


@require_POST
def discard(request: MemberRequest, proposal: str, number: int) -> HttpResponse:
    """Throw a draft away."""
    version = access.version_for(request.member, proposal, number, to="edit")
    deal = version.proposal.deal
    proposals.discard(version, by=request.member)
    messages.success(request, _("The draft is thrown away."))
    return htmx.go(request, reverse("deal", args=[request.workspace.slug, deal.item.key]))


@require_POST
def withdraw(request: MemberRequest, proposal: str) -> HttpResponse:
    """Take back what was sent."""
    found = access.proposal_for(request.member, proposal, to="edit")
    proposals.withdraw(found, by=request.member)
    return _back(request, found, _("It is withdrawn. Reopen it to take that back."))


@require_POST
def reopen(request: MemberRequest, proposal: str) -> HttpResponse:
    """Take an answer or a withdrawal back."""
    found = access.proposal_for(request.member, proposal, to="edit")
    proposals.reopen(found, by=request.member)
    return _back(request, found, _("It is open again."))


@ASKS
def answer(request: MemberRequest, proposal: str) -> HttpResponseBase:
    """Note what the customer said otherwise."""
    found = access.proposal_for(request.member, proposal, to="edit")
    version = proposal_records.sent_last(found)
    form = AnswerForm(request.POST or None, version=version)

    def act() -> Any:
        said = form.cleaned_data
        who = Who(name=said["name"], person=found.person)
        if said["said"] == "decline":
            return proposal_answers.decline(
                version, by=request.member, who=who, reason=said["text"]
            )
        options = said.get("options", [])
        return proposal_answers.accept(
            version, by=request.member, who=who, note=said["text"], options=options
        )

    if dialogs.attempt(form, act):
        return _back(request, found, _("The answer is noted."))
    return dialogs.ask(request, form, title=_("What did the customer say?"), submit=_("Note it"))


@require_POST
def comment(request: MemberRequest, proposal: str) -> HttpResponse:
    """Answer the customer in the place where they comment."""
    found = access.proposal_for(request.member, proposal, to="edit")
    version = proposal_records.sent_last(found)
    text = request.POST.get("text", "")
    proposal_answers.comment(version, by=request.member, who=Who(person=found.person), text=text)
    return _back(request, found, _("The customer sees it under the link."))


def _mailed(mailing: Mailing) -> str:
    return _("The letter to %(address)s is on its way.") % {"address": mailing.address}


def _back(request: MemberRequest, found: Proposal, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("proposal", args=[request.workspace.slug, found.key]))


def _shown(request: MemberRequest, found: Proposal, token: str, text: str) -> HttpResponse:
    """The link, which is kept nowhere and so shown only now."""
    path = reverse("open-proposal", args=[request.workspace.slug, token])
    context: dict[str, Any] = {
        "link": request.build_absolute_uri(path),
        "text": text,
        "back": reverse("proposal", args=[request.workspace.slug, found.key]),
        "dialog_id": "ask",
    }
    if htmx.is_htmx(request):
        return htmx.moved(request, dialog="web/proposals/link.html", **context)
    return render(request, "web/proposals/link_page.html", context)
