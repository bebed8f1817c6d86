"""A drop is a resource: moving, winning, losing and parking a deal, and taking each back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.base.errors import NotFound, RuleBroken
from penstock.flow import access as flow
from penstock.flow import moves
from penstock.flow.models import Transition
from penstock.sales import access, deals
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web import errors
from penstock.web.forms import answers
from penstock.web.htmx import Toast
from penstock.web.views import acted, giving

Drop = Callable[[MemberRequest, Deal, dict[str, Any]], HttpResponse]


@require_POST
def create(request: MemberRequest, key: str) -> HttpResponse:
    """Drop a deal on a stage or on Won, Lost or Park; answers that came along are written first."""
    deal = access.deal_for(request.member, key, to="edit")
    form = answers.given(request.member, request.POST)
    if form is not None and not form.is_valid():
        return errors.ask(request, form)
    given = form.cleaned_data if form is not None else {}
    deal = giving.write(deal, given, by=request.member)
    zone = request.POST.get("zone", "")
    if zone and zone not in ZONES:
        raise RuleBroken("web.no_zone", _("Drop it on a stage, or on Won, Lost or Park."))
    return ZONES[zone](request, deal, given) if zone else _enter(request, deal)


@require_POST
def undo(request: MemberRequest, key: str, transition_id: int) -> HttpResponse:
    """Take a move back."""
    deal = access.deal_for(request.member, key, to="edit")
    row = Transition.objects.filter(pk=transition_id, item_id=deal.pk).first()
    if row is None:
        raise NotFound("web.no_move", _("There is no such move. Reload the page."))
    origin = deal.item.stage_id
    item = moves.take_back(row, by=request.member)
    toast = Toast(
        text=_("“%(title)s” is back in “%(stage)s”.") % _named(deal, stage=item.stage.label)
    )
    return acted.answer(request, deal, stages=[origin, item.stage_id], toast=toast)


@require_POST
def reopen(request: MemberRequest, key: str) -> HttpResponse:
    """Open a won or lost deal again."""
    deal = access.deal_for(request.member, key, to="edit")
    origin = deal.item.stage_id
    deal = deals.reopen(deal, by=request.member)
    toast = Toast(text=_("“%(title)s” is open again.") % _named(deal))
    return acted.answer(request, deal, stages=[origin, deal.item.stage_id], toast=toast)


@require_POST
def unpark(request: MemberRequest, key: str) -> HttpResponse:
    """End the waiting."""
    deal = access.deal_for(request.member, key, to="edit")
    deals.unpark(deal, by=request.member)
    toast = Toast(text=_("“%(title)s” no longer waits.") % _named(deal))
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)


def _enter(request: MemberRequest, deal: Deal) -> HttpResponse:
    stage = flow.stage_for(request.member, _number(request, "stage"))
    origin = deal.item.stage_id
    row = deals.move(deal, to=stage, by=request.member, seen=_seen(request))
    toast = Toast(
        text=_("“%(title)s” is now in “%(stage)s”.") % _named(deal, stage=stage.label),
        undo_url=acted.url(request, "item-move-undo", deal, row.pk) if origin != stage.pk else "",
    )
    return acted.answer(request, deal, stages=[origin, stage.pk], toast=toast)


def _win(request: MemberRequest, deal: Deal, _given: dict[str, Any]) -> HttpResponse:
    origin = deal.item.stage_id
    deal = deals.win(deal, by=request.member, seen=_seen(request))
    toast = Toast(
        text=_("“%(title)s” is won.") % _named(deal),
        detail=_("Its order stands in the backlog."),
        undo_url=acted.url(request, "item-reopen", deal),
    )
    return acted.answer(request, deal, stages=[origin, deal.item.stage_id], toast=toast)


def _lose(request: MemberRequest, deal: Deal, given: dict[str, Any]) -> HttpResponse:
    if "reason" not in given:
        return _ask(request, "reason")
    deals.lose(deal, reason=given["reason"], by=request.member, seen=_seen(request))
    toast = Toast(
        text=_("“%(title)s” is lost.") % _named(deal),
        undo_url=acted.url(request, "item-reopen", deal),
    )
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)


def _park(request: MemberRequest, deal: Deal, given: dict[str, Any]) -> HttpResponse:
    if "until" not in given:
        return _ask(request, "until")
    deals.park(deal, until=given["until"], by=request.member)
    toast = Toast(
        text=_("“%(title)s” is parked.") % _named(deal),
        undo_url=acted.url(request, "item-unpark", deal),
    )
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)


def _ask(request: MemberRequest, need: str) -> HttpResponse:
    form = answers.form_for(request.member, [need])
    assert form is not None, "an answer that can be given in place"
    return errors.ask(request, form)


def _seen(request: MemberRequest) -> int | None:
    return _number(request, "seen") if request.POST.get("seen") else None


def _number(request: MemberRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 18:
        raise RuleBroken("web.no_stage", _("Choose one of the stages offered."))
    return int(text)


def _named(deal: Deal, **values: str) -> dict[str, str]:
    return {"title": deal.item.title, **values}


ZONES: dict[str, Drop] = {"won": _win, "lost": _lose, "park": _park}
