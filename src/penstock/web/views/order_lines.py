"""What is done with one line of an order: each act a small dialog."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.backlog import access
from penstock.backlog.models import Line
from penstock.base.errors import NotFound
from penstock.users.middleware import MemberRequest
from penstock.web.forms.line_acts import ACTS, LineAct, act_of
from penstock.web.htmx import Toast
from penstock.web.views import dialogs, orders


@orders.ASKS
def act(request: MemberRequest, line_id: int, name: str) -> HttpResponse:
    """Ask what an act on a line needs, and run its verb."""
    line = access.line_for(request.member, line_id, to="edit")
    chosen = _act(name)
    form = chosen.form(request.POST or None, line=line, initial=chosen.initial(line))
    if request.method == "POST":
        entry = dialogs.attempt(
            form,
            lambda: chosen.run(
                line, form.cleaned_data, act_of(line, form.cleaned_data, by=request.member)
            ),
        )
        if entry is not None:
            return orders.changed(
                request, line.order, _toast(chosen, line, form.cleaned_data, request=request)
            )
    return dialogs.ask(
        request, form, title=str(chosen.title), text=line.title, submit=str(chosen.submit)
    )


def _act(name: str) -> LineAct:
    if name not in ACTS:
        raise NotFound("web.no_act", _("Nothing of this kind can be done with a line."))
    return ACTS[name]


def _toast(
    chosen: LineAct, line: Line, answers: dict[str, object], *, request: MemberRequest
) -> Toast:
    if not chosen.undo:
        return Toast(text=str(chosen.done), detail=line.title)
    return Toast(
        text=str(chosen.done),
        detail=line.title,
        undo_url=reverse("order-line", args=[request.workspace.slug, line.pk, chosen.undo]),
        undo_values=[("quantity", answers["quantity"])],
    )
