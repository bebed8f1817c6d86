"""What was said about a deal: added, replaced, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.base.calendar import end_of
from penstock.base.errors import NotFound
from penstock.contacts import people
from penstock.contacts.models import Person
from penstock.flow.dating import today
from penstock.sales import access, claims
from penstock.sales.models import Claim, Deal, Topic
from penstock.users.middleware import MemberRequest
from penstock.web.forms.claims import QUESTIONS, ClaimForm, initial_of
from penstock.web.htmx import Toast
from penstock.web.views import acted, dialogs
from penstock.web.views.orders import ASKS


@ASKS
def create(request: MemberRequest, key: str, topic: str) -> HttpResponse:
    """Ask what was said about a topic, and write it."""
    deal = access.deal_for(request.member, key, to="edit")
    if topic not in Topic.values:
        raise NotFound("sales.claim_topic", _("There is no such topic. Reload the page."))
    form = ClaimForm(request.POST or None, deal=deal, topic=topic)
    if request.method == "POST":
        made = dialogs.attempt(form, lambda: _state(request, deal, form))
        if made is not None:
            return _done(request, deal, made, _("Written down."))
    return dialogs.ask(request, form, title=str(QUESTIONS[Topic(topic)]), submit=_("Write down"))


@ASKS
def replace(request: MemberRequest, key: str, claim_id: int) -> HttpResponse:
    """Ask what was said instead, and write that."""
    deal = access.deal_for(request.member, key, to="edit")
    claim = claims.claim_of(deal, claim_id)
    form = ClaimForm(request.POST or None, deal=deal, topic=claim.topic, initial=initial_of(claim))
    del form.fields["on"]
    if request.method == "POST":
        made = dialogs.attempt(form, lambda: _replace(request, deal, claim, form))
        if made is not None:
            return _done(request, deal, made, _("Replaced; the history keeps what stood there."))
    return dialogs.ask(request, form, title=str(QUESTIONS[Topic(claim.topic)]), submit=_("Replace"))


@require_POST
def withdraw(request: MemberRequest, key: str, claim_id: int) -> HttpResponse:
    """Take a statement back."""
    deal = access.deal_for(request.member, key, to="edit")
    claims.withdraw(claims.claim_of(deal, claim_id), by=request.member)
    toast = Toast(text=_("Withdrawn; the history keeps it."))
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)


def _state(request: MemberRequest, deal: Deal, form: ClaimForm) -> Claim:
    on = form.cleaned_data["on"]
    said = form.said(person=_person(request, deal, form))
    return claims.state(deal, said=said, by=request.member, at=moment_of(deal, on))


def _replace(request: MemberRequest, deal: Deal, claim: Claim, form: ClaimForm) -> Claim:
    said = form.said(person=_person(request, deal, form))
    return claims.replace(claim, said=said, by=request.member)


def _person(request: MemberRequest, deal: Deal, form: ClaimForm) -> Person | None:
    name = form.cleaned_data.get("person", "").strip()
    if not name:
        return None
    return people.named(request.workspace, name=name, company=deal.company, by=request.member)


def moment_of(deal: Deal, on: Any) -> datetime | None:
    """The last minute of a day, or now for today."""
    if on is None or on == today(deal.workspace):
        return None
    return end_of(on, zone=deal.workspace.zone) - timedelta(minutes=1)


def _done(request: MemberRequest, deal: Deal, claim: Claim, text: str) -> HttpResponse:
    toast = Toast(text=text, undo_url=acted.url(request, "claim-withdraw", deal, claim.pk))
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)
