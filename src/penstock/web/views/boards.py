"""The boards of the backlog: orders, and the work that drains them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.backlog import access, work
from penstock.backlog.models import Order, WorkItem
from penstock.base.errors import NotFound, RuleBroken
from penstock.flow import access as flow
from penstock.flow.models import Kind, Stage, StageKind
from penstock.reports import backlog
from penstock.users.middleware import MemberRequest
from penstock.users.models import Team
from penstock.web import htmx
from penstock.web.htmx import Toast
from penstock.web.pages import backlog as pages
from penstock.web.pages import order_boards as boards
from penstock.web.pages.pipeline import NO_COLUMN
from penstock.web.views import order_deliveries, shell
from penstock.web.views.backlog import tabs


@require_GET
def show(request: MemberRequest) -> HttpResponse:
    """The board of orders, or of work."""
    is_work = request.GET.get("of") == "work"
    teams = _teams(request) if is_work else []
    team_id = _chosen(request, teams)
    state = backlog.on_day(request.member)
    columns = (
        boards.work_columns(request.member, team_id=team_id)
        if is_work
        else boards.order_columns(request.member, state=state)
    )
    return shell.show(
        request,
        "web/backlog/board.html",
        pages.head(state),
        slug=request.workspace.slug,
        tabs=tabs(request, current="board"),
        segments=_segments(request, is_work=is_work),
        columns=columns,
        is_work=is_work,
        may_edit=access.may_edit(request.member),
        teams=teams,
        team_id=team_id,
        events_url=reverse("events", args=[request.workspace.slug]),
    )


def _teams(request: MemberRequest) -> list[Team]:
    found = Team.objects.filter(workspace_id=request.workspace.pk, retired_at=None)
    return list(found.order_by("sort_key", "pk"))


def _chosen(request: MemberRequest, teams: Sequence[Team]) -> int | None:
    asked = request.GET.get("team", "")
    return next((team.pk for team in teams if str(team.pk) == asked), None)


@require_GET
def column(request: MemberRequest, stage_id: int) -> HttpResponse:
    """One column of orders or of work, as it is now."""
    stage = flow.stage_for(request.member, stage_id)
    is_work = stage.pipeline.kind == Kind.WORK
    columns = boards.work_columns if is_work else boards.order_columns
    found = columns(request.member, only=[stage.pk])
    if not found:
        raise NotFound("web.no_column", NO_COLUMN)
    return render(request, "components/column.html", {"column": found[0]})


def _segments(request: MemberRequest, *, is_work: bool) -> list[dict[str, object]]:
    url = reverse("backlog-board", args=[request.workspace.slug])
    return [
        {"name": _("Orders"), "url": url, "is_current": not is_work},
        {"name": _("Work"), "url": f"{url}?of=work", "is_current": is_work},
    ]


@require_POST
def move_order(request: MemberRequest, key: str) -> HttpResponse:
    """An order is dropped on a stage: on the last one it asks how much was delivered.

    Raises:
        RuleBroken: ``web.stage_derived`` for every other stage.
    """
    order = access.order_for(request.member, key, to="edit")
    stage = _stage(request)
    if stage.kind != StageKind.DONE:
        raise RuleBroken(
            "web.stage_derived",
            _(
                "The stage of an order follows from its hours, its work and its deliveries. "
                "Estimate hours, move its work, or drag it to the last stage to deliver."
            ),
        )
    return _ask_how_much(request, order)


def _ask_how_much(request: MemberRequest, order: Order) -> HttpResponse:
    slug, key = request.workspace.slug, order.item.key
    return htmx.moved(
        request,
        dialog="components/form_dialog.html",
        status=422,
        dialog_id="ask",
        title=_("How much of %(key)s was delivered?") % {"key": key},
        text=_("What is left stays owed."),
        form=order_deliveries.form_of(request, order, is_empty=True),
        action=reverse("order-deliveries", args=[slug, key]),
        submit=_("Deliver"),
    )


@require_POST
def move_work(request: MemberRequest, key: str) -> HttpResponse:
    """Put work into another stage; its order follows."""
    item = access.work_for(request.member, key, to="move")
    origin, target = item.item.stage, _stage(request)
    seen = request.POST.get("seen", "")
    work.move(item, to=target, by=request.member, seen=int(seen) if seen.isdecimal() else None)
    if not htmx.is_htmx(request):
        return htmx.go(
            request, reverse("backlog-board", args=[request.workspace.slug]) + "?of=work"
        )
    return htmx.moved(
        request,
        columns=boards.work_columns(request.member, only=[origin.pk, target.pk]),
        toast=_moved(request, item, origin=origin, target=target),
    )


def _moved(request: MemberRequest, item: WorkItem, *, origin: Stage, target: Stage) -> Toast:
    return Toast(
        text=_("Moved to “%(stage)s”.") % {"stage": target.label},
        detail=item.item.title,
        undo_url=reverse("work-moves", args=[request.workspace.slug, item.item.key]),
        undo_values=[("stage", origin.pk), ("seen", target.pk)],
    )


def _stage(request: MemberRequest) -> Stage:
    wanted = request.POST.get("stage", "")
    if not wanted.isdecimal():
        raise RuleBroken("web.no_stage", _("Choose a stage to move it to."))
    return flow.stage_for(request.member, int(wanted))
