"""One value of one deal, changed where it stands in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.formats import localize_input
from django.utils.translation import gettext as _

from penstock.base.errors import NotFound
from penstock.sales import access, deals
from penstock.sales.models import Deal
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.deal_table import CellForm
from penstock.web.forms.orders import plain
from penstock.web.htmx import Toast
from penstock.web.views import acted, dialogs, giving, shell
from penstock.web.views.orders import ASKS


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column is read as its field shows it, and how it is written."""

    read: Callable[[Deal], Any]
    write: Callable[[Deal, Any, MemberRequest], Any]


@ASKS
def cell(request: MemberRequest, key: str, column: str) -> HttpResponseBase:
    """Ask for the value in its cell, and write it; a stage asks its gates as anywhere."""
    deal = access.deal_for(request.member, key, to="edit")
    if column not in CELLS:
        raise NotFound("web.no_cell", _("This column cannot be changed here. Open the deal."))
    data = request.POST if request.method == "POST" else None
    form = CellForm(
        data,
        name=column,
        value=CELLS[column].read(deal),
        member=request.member,
        pipeline=deal.item.pipeline,
    )
    if data is not None and column == "stage" and form.is_valid():
        return _move(request, deal, form)
    written: HttpResponse | None = dialogs.attempt(
        form, lambda: _write(request, deal, column, form)
    )
    if written is not None:
        return written
    if not htmx.is_htmx(request):
        return dialogs.ask(request, form, title=deal.item.title, submit=_("Save"))
    context = {"deal": deal, "name": column, "form": form}
    status = 422 if form.is_bound else 200
    return shell.piece(request, "web/pipeline/cell_form.html", context, status=status)


def _write(request: MemberRequest, deal: Deal, name: str, form: CellForm) -> HttpResponse:
    before, origin = CELLS[name].read(deal), deal.item.stage_id
    CELLS[name].write(deal, form.cleaned_data["value"], request)
    toast = Toast(
        text=_("“%(title)s” is changed.") % {"title": deal.item.title},
        undo_url=acted.url(request, "deal-cell", deal, name),
        undo_values=[("value", "" if before is None else localize_input(before))],
    )
    return acted.answer(request, deal, stages=[origin], toast=toast)


def _move(request: MemberRequest, deal: Deal, form: CellForm) -> HttpResponse:
    stage, origin = form.cleaned_data["value"], deal.item.stage_id

    def do(one: Deal, given: Mapping[str, Any]) -> Any:
        return deals.move(one, to=stage, by=request.member, despite=given.get("despite", ""))

    def told(row: Any) -> HttpResponse:
        toast = Toast(
            text=_("“%(title)s” is now in “%(stage)s”.")
            % {"title": deal.item.title, "stage": stage.label},
            undo_url=acted.url(request, "item-move-undo", deal, row.pk)
            if origin != stage.pk
            else "",
        )
        return acted.answer(request, deal, stages=[origin, stage.pk], toast=toast)

    return giving.answered(request, deal, do=do, told=told)


def _change(name: str) -> Callable[[Deal, Any, MemberRequest], Any]:
    return lambda deal, value, request: deals.change(deal, by=request.member, **{name: value})


def _assign(deal: Deal, owner: Any, request: MemberRequest) -> None:
    deals.assign(deal, owner=owner, by=request.member)


CELLS: dict[str, Cell] = {
    "title": Cell(lambda deal: deal.item.title, _change("title")),
    "amount": Cell(
        lambda deal: None if deal.amount is None else plain(deal.amount), _change("amount")
    ),
    "close_on": Cell(lambda deal: deal.close_on and deal.close_on.isoformat(), _change("close_on")),
    "owner": Cell(lambda deal: deal.item.owner_id, _assign),
    "stage": Cell(lambda deal: deal.item.stage_id, _change("stage")),
}
