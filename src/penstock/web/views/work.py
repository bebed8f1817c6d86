"""Taking the next task, giving one back, and the page of one work item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.backlog import access, dependencies, pulling
from penstock.backlog.models import WorkItem
from penstock.base.errors import RuleBroken
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.work import DependencyForm, DespiteForm, TeamForm
from penstock.web.htmx import Toast
from penstock.web.pages import order_boards as boards
from penstock.web.pages import promises
from penstock.web.pages import work as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_POST
def pull(request: MemberRequest) -> HttpResponse:
    """Take the next task of the member's team; a full stage asks for a reason to pass it."""
    access.check_edit(request.member, to="move")
    despite = request.POST.get("despite", "")[:500]
    try:
        pulled = pulling.pull(request.member, team=request.member.team, despite=despite)
    except RuleBroken as refusal:
        if refusal.code != "flow.wip_limit":
            raise
        return _ask_despite(request, refusal)
    if pulled is None:
        return _told(request, Toast(text=str(_nothing(request)), tone="info"))
    return _told(request, _taken(request, pulled.work))


def _nothing(request: MemberRequest) -> str:
    if request.member.team is None:
        return _(
            "Nothing can be begun now: all that waits is held, taken, or waits for other work."
        )
    return _(
        "Nothing can be begun now for %(team)s: all that waits is held, taken, for another team, or "
        "waits for other work."
    ) % {"team": request.member.team.name}


def _taken(request: MemberRequest, work: WorkItem) -> Toast:
    return Toast(
        text=_("%(key)s is yours now.") % {"key": work.item.key},
        detail=work.item.title,
        undo_url=reverse("work-return", args=[request.workspace.slug, work.item.key]),
    )


def _ask_despite(request: MemberRequest, refusal: RuleBroken) -> HttpResponse:
    form = DespiteForm(request.POST if "despite" in request.POST else None)
    context: dict[str, Any] = {
        "dialog_id": "ask",
        "title": _("The stage is full"),
        "text": refusal.message,
        "form": form,
        "action": reverse("work-pull", args=[request.workspace.slug]),
        "submit": _("Begin it all the same"),
    }
    if not htmx.is_htmx(request):
        return render(request, "web/ask.html", context, status=422 if form.is_bound else 200)
    if form.is_bound:
        return render(request, "components/form_dialog.html", context, status=422)
    return htmx.moved(request, dialog="components/form_dialog.html", **context)


@require_POST
def put_back(request: MemberRequest, key: str) -> HttpResponse:
    """Let work wait again for whoever comes next."""
    work = access.work_for(request.member, key, to="move")
    pulling.put_back(work, by=request.member)
    return _told(request, Toast(text=_("%(key)s waits again.") % {"key": work.item.key}))


def _told(request: MemberRequest, toast: Toast) -> HttpResponse:
    """The board anew with a toast; where there is no script, the board with a message."""
    if htmx.is_htmx(request) and _board_is_shown(request):
        return htmx.moved(request, columns=boards.work_columns(request.member), toast=toast)
    messages.success(request, toast.text)
    board = reverse("backlog-board", args=[request.workspace.slug])
    return htmx.go(request, f"{board}?of=work")


def _board_is_shown(request: MemberRequest) -> bool:
    board = reverse("backlog-board", args=[request.workspace.slug])
    return board in request.headers.get("HX-Current-URL", "")


@require_GET
def page(request: MemberRequest, key: str) -> HttpResponse:
    """The page of one work item."""
    state = pages.read(access.work_for(request.member, key))
    is_open = state.work.item.is_open
    return shell.show(
        request,
        "web/work/page.html",
        pages.head(state, slug=request.workspace.slug),
        slug=request.workspace.slug,
        state=state,
        work=state.work,
        ready=promises.of_work(state.work, request.workspace) if is_open else None,
        may_edit=access.may_edit(request.member),
    )


@ASKS
def give(request: MemberRequest, key: str) -> HttpResponse:
    """Ask which team does the work."""
    work = access.work_for(request.member, key, to="move")
    form = TeamForm(
        request.POST if request.method == "POST" else None,
        workspace_id=request.workspace.pk,
        initial={"team": work.team_id},
    )
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: dependencies.give(work, team=form.cleaned_data["team"], by=request.member),
    ):
        return _back(request, work, _("The team is kept."))
    return dialogs.ask(
        request, form, title=_("Which team does it?"), text=work.item.title, submit=_("Save")
    )


@ASKS
def add_dependency(request: MemberRequest, key: str) -> HttpResponse:
    """Ask what must be done before it."""
    work = access.work_for(request.member, key, to="move")
    form = DependencyForm(request.POST if request.method == "POST" else None, work=work)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: dependencies.add(form.cleaned_data["before"], after=work, by=request.member),
    ):
        return _back(request, work, _("It waits for that now."))
    return dialogs.ask(
        request,
        form,
        title=_("What does %(key)s wait for?") % {"key": work.item.key},
        text=work.item.title,
        submit=_("Save"),
    )


@require_POST
def remove_dependency(request: MemberRequest, dependency_id: int) -> HttpResponse:
    """Let work wait for another one no longer."""
    row = access.dependency_for(request.member, dependency_id)
    dependencies.remove(row, by=request.member)
    return _back(request, row.after, _("It waits for that no longer."))


def _back(request: MemberRequest, work: WorkItem, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("work", args=[request.workspace.slug, work.item.key]))
