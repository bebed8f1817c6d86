"""A drop is a resource: moving, winning, losing and parking a deal, and taking each back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from penstock.base.errors import NotFound, RuleBroken
from penstock.flow import access as flow
from penstock.flow import moves
from penstock.flow.models import Outcome, Transition
from penstock.sales import access, deals
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web.htmx import Toast
from penstock.web.views import acted, giving
from penstock.web.views.giving import NOTHING, Asks, Given


@dataclass(frozen=True, slots=True)
class Drop:
    """What a drop does, what it tells, and what it asks for before."""

    do: Callable[[MemberRequest, Deal, Given], Any]
    told: Callable[[MemberRequest, Deal, Any], HttpResponse]
    asks: Asks = NOTHING


@require_POST
def create(request: MemberRequest, key: str) -> HttpResponse:
    """Drop a deal on a stage or on Won, Lost or Park, with the answers that were missing."""
    deal = access.deal_for(request.member, key, to="edit")
    zone = request.POST.get("zone", "")
    if zone and zone not in ZONES:
        raise RuleBroken("web.no_zone", _("Drop it on a stage, or on Won, Lost or Park."))
    drop = ZONES.get(zone, ON_A_STAGE)
    return giving.answered(
        request,
        deal,
        do=lambda one, given: drop.do(request, one, given),
        told=lambda made: drop.told(request, deal, made),
        asks=drop.asks,
    )


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


def _enter(request: MemberRequest, deal: Deal, given: Given) -> Transition:
    stage = flow.stage_for(request.member, _number(request, "stage"))
    despite = given.get("despite", "")
    return deals.move(deal, to=stage, by=request.member, seen=_seen(request), despite=despite)


def _entered(request: MemberRequest, deal: Deal, row: Transition) -> HttpResponse:
    origin = deal.item.stage_id
    toast = Toast(
        text=_("“%(title)s” is now in “%(stage)s”.") % _named(deal, stage=row.stage.label),
        undo_url=acted.url(request, "item-move-undo", deal, row.pk)
        if origin != row.stage_id
        else "",
    )
    return acted.answer(request, deal, stages=[origin, row.stage_id], toast=toast)


def _win(request: MemberRequest, deal: Deal, given: Given) -> Deal:
    despite = given.get("despite", "")
    return deals.win(deal, by=request.member, seen=_seen(request), despite=despite)


def _won(request: MemberRequest, deal: Deal, won: Deal) -> HttpResponse:
    toast = Toast(
        text=_("“%(title)s” is won.") % _named(deal),
        detail=_("Its order stands in the backlog."),
        undo_url=acted.url(request, "item-reopen", deal),
    )
    return acted.answer(request, won, stages=[deal.item.stage_id, won.item.stage_id], toast=toast)


def _lose(request: MemberRequest, deal: Deal, given: Given) -> Outcome:
    return deals.lose(deal, reason=given["reason"], by=request.member, seen=_seen(request))


def _lost(request: MemberRequest, deal: Deal, _made: Outcome) -> HttpResponse:
    toast = Toast(
        text=_("“%(title)s” is lost.") % _named(deal),
        undo_url=acted.url(request, "item-reopen", deal),
    )
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)


def _park(request: MemberRequest, deal: Deal, given: Given) -> None:
    deals.park(deal, until=given["until"], by=request.member)


def _parked(request: MemberRequest, deal: Deal, _made: None) -> HttpResponse:
    toast = Toast(
        text=_("“%(title)s” is parked.") % _named(deal),
        undo_url=acted.url(request, "item-unpark", deal),
    )
    return acted.answer(request, deal, stages=[deal.item.stage_id], toast=toast)


def _seen(request: MemberRequest) -> int | None:
    return _number(request, "seen") if request.POST.get("seen") else None


def _number(request: MemberRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 18:
        raise RuleBroken("web.no_stage", _("Choose one of the stages offered."))
    return int(text)


def _named(deal: Deal, **values: str) -> dict[str, str]:
    return {"title": deal.item.title, **values}


ON_A_STAGE = Drop(_enter, _entered)
ZONES: dict[str, Drop] = {
    "won": Drop(_win, _won),
    "lost": Drop(_lose, _lost, asks=Asks(("reason",))),
    "park": Drop(_park, _parked, asks=Asks(("until",))),
}
