"""Settings: what each stage puts on the deals that enter it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import NotFound, RuleBroken
from penstock.flow import access
from penstock.sales import playbooks
from penstock.sales.models import PlaybookTask
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.playbooks import TaskForm
from penstock.web.pages import settings as pages
from penstock.web.pages import settings_playbooks
from penstock.web.views import dialogs, ordering, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The playbooks of all stages of deals."""
    access.check_shape(request.member, to="shape")
    return shell.show(
        request,
        "web/settings/playbooks.html",
        pages.head(_("Settings"), answer=str(settings_playbooks.ANSWER)),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="playbooks"),
        pipelines=settings_playbooks.build(request.member),
    )


@ASKS
def create(request: MemberRequest, stage_id: int) -> HttpResponse:
    """Ask for a task, and put it into the playbook of a stage."""
    stage = access.stage_for(request.member, stage_id, to="shape")
    form = TaskForm(request.POST if request.method == "POST" else None, member=request.member)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: playbooks.add(stage, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The task is added. It comes to deals that enter from now on."))
    return dialogs.ask(request, form, title=stage.label, submit=_("Add"))


@ASKS
def edit(request: MemberRequest, task_id: int) -> HttpResponse:
    """Ask for what a task says, and keep it."""
    task = _task(request, task_id)
    form = TaskForm(
        request.POST if request.method == "POST" else None, member=request.member, task=task
    )
    if request.method == "POST" and dialogs.attempt(
        form, lambda: playbooks.change(task, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The task is changed. What it planned before stays as it is."))
    return dialogs.ask(request, form, title=task.title, submit=_("Save"))


@require_POST
def retire(request: MemberRequest, task_id: int) -> HttpResponse:
    """Let a task be planned no more."""
    task = playbooks.retire(_task(request, task_id), by=request.member)
    text = pgettext("task", "“%(name)s” is retired; what it planned stays.")
    return _back(request, text % {"name": task.title})


@require_POST
def take_up(request: MemberRequest, task_id: int) -> HttpResponse:
    """Plan a retired task again."""
    task = playbooks.take_up(_task(request, task_id, is_retired=True), by=request.member)
    return _back(request, _("“%(name)s” comes again, as the last.") % {"name": task.title})


@require_POST
def arrange(request: MemberRequest, stage_id: int) -> HttpResponse:
    """Put the tasks of a stage into another order: all of them as dragged, or one a step up or down."""
    stage = access.stage_for(request.member, stage_id, to="shape")
    tasks = ordering.asked(request, list(playbooks.of_stage(stage)), name="task")
    if tasks is None:
        raise RuleBroken("web.no_task", _("Choose a task to move."))
    playbooks.arrange(stage, tasks=tasks, by=request.member)
    return _back(request, _("The tasks have another order."))


def _task(request: MemberRequest, task_id: int, *, is_retired: bool = False) -> PlaybookTask:
    access.check_shape(request.member, to="shape")
    tasks = PlaybookTask.objects.filter(
        workspace=request.workspace, retired_at__isnull=not is_retired
    )
    task = tasks.select_related("stage").filter(pk=task_id).first()
    if task is None:
        raise NotFound("sales.no_task", _("There is no such task here, or it is retired."))
    return task


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("playbooks", args=[request.workspace.slug]))
