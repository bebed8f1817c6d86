"""Several deals changed at once from the table, told row by row, and taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from penstock.base.errors import NotAllowed, RuleBroken
from penstock.sales import access, together
from penstock.sales.models import Deal, DealEdit
from penstock.sales.together import Result
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import errors, htmx
from penstock.web.forms.deal_table import EditForm
from penstock.web.htmx import Toast
from penstock.web.views import acted, deal_table
from penstock.web.views.pipeline import asked_by_page

Act = DealEdit.Act
#: As many as one page of the table shows, and some more by hand.
MOST = 200
TITLES = {
    Act.MOVE: gettext_lazy("Move the selected deals"),
    Act.ASSIGN: gettext_lazy("Assign the selected deals"),
    Act.CLOSE_ON: gettext_lazy("Set the expected close of the selected deals"),
    Act.PARK: gettext_lazy("Park the selected deals"),
    Act.LOSE: gettext_lazy("Lose the selected deals"),
}


@require_POST
def create(request: MemberRequest) -> HttpResponseBase:
    """Ask for the value, then do the act to each selected deal."""
    if not roles.may_sell(request.member):
        raise NotAllowed("sales.read_only", _("You may look at deals, but not change them."))
    act = request.POST.get("act", "")
    if act not in Act.values:
        raise RuleBroken("web.no_act", _("Choose what to do with the selected deals."))
    found = _selected(request)
    data = request.POST if "value" in request.POST else None
    pipeline = asked_by_page(request).pipeline
    form = EditForm(data, act=act, member=request.member, pipeline=pipeline)
    if not form.is_valid():
        return _ask(request, form, act=Act(act), found=found)
    result = together.edit(
        found,
        act=act,
        value=form.cleaned_data["value"],
        by=request.member,
        allowed=lambda item: access.check_edit(request.member, item),
    )
    undo_url = acted.path(request, "deal-edit-undo", result.edit.pk) if result.done else ""
    return _told(request, result, undo_url=undo_url)


@require_POST
def undo(request: MemberRequest, edit_id: int) -> HttpResponse:
    """Take an act back from all deals that were not changed since."""
    edit = access.edit_for(request.member, edit_id)
    return _told(request, together.undo(edit, by=request.member), is_undo=True)


def _selected(request: MemberRequest) -> list[Deal]:
    keys = [key.upper()[:24] for key in request.POST.getlist("deal")]
    if not keys:
        raise RuleBroken("web.none_selected", _("Select some deals first."))
    if len(keys) > MOST:
        raise RuleBroken("web.too_many_selected", _("Select %(n)s deals at most.") % {"n": MOST})
    found = access.deals_for(request.member).select_related("item__owner", "item__stage")
    return list(found.filter(item__key__in=keys))


def _ask(
    request: MemberRequest, form: EditForm, *, act: DealEdit.Act, found: Sequence[Deal]
) -> HttpResponse:
    text = ngettext("%(n)s deal is selected.", "%(n)s deals are selected.", len(found))
    context: dict[str, Any] = {
        "dialog_id": "ask",
        "title": TITLES[act],
        "text": text % {"n": len(found)},
        "form": form,
        "action": request.get_full_path(),
        "submit": act.label,
        "hidden": [("act", act), *(("deal", deal.item.key) for deal in found)],
    }
    if not htmx.is_htmx(request):
        return render(request, "web/ask.html", context, status=422 if form.is_bound else 200)
    if form.is_bound:
        return render(request, "components/form_dialog.html", context, status=422)
    return htmx.moved(request, dialog="components/form_dialog.html", **context)


def _told(
    request: MemberRequest, result: Result, *, undo_url: str = "", is_undo: bool = False
) -> HttpResponse:
    """A toast where all went well; the reasons one by one where some were refused."""
    toast = Toast(
        text=_done(len(result.done), is_undo=is_undo),
        detail=_refused(len(result.refused)),
        tone="warning" if result.refused else "ok",
        undo_url=undo_url,
    )
    if not htmx.is_htmx(request):
        messages.success(request, f"{toast.text} {toast.detail}".strip())
        return redirect(f"{acted.path(request, 'pipeline')}?view=list")
    if not result.refused:
        return deal_table.again(request, toast=toast, dialog="web/pipeline/no_dialog.html")
    rows = [
        {
            "deal": deal,
            "url": acted.url(request, "deal", deal),
            "reason": str(error.message),
            "needed": errors.needed(error),
        }
        for deal, error in result.refused
    ]
    return deal_table.again(request, toast=toast, dialog="web/pipeline/refused.html", rows=rows)


def _done(n: int, *, is_undo: bool) -> str:
    if is_undo:
        text = ngettext("%(n)s deal is as it was.", "%(n)s deals are as they were.", n)
    else:
        text = ngettext("%(n)s deal is changed.", "%(n)s deals are changed.", n)
    return text % {"n": n}


def _refused(n: int) -> str:
    text = ngettext("%(n)s was refused.", "%(n)s were refused.", n)
    return text % {"n": n} if n else ""
