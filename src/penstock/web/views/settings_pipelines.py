"""Settings: pipelines, their stages, and why deals are lost."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import RuleBroken
from penstock.flow import access, pipelines, reasons
from penstock.flow.models import Kind, Pipeline, Stage
from penstock.users.middleware import MemberRequest
from penstock.users.models import Member
from penstock.web import htmx
from penstock.web.forms.settings import NameForm, PipelineForm, StageForm
from penstock.web.pages import settings as pages
from penstock.web.views import dialogs, ordering, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All pipelines with their stages."""
    access.check_shape(request.member, to="shape")
    found = list(access.pipelines_for(request.member))
    return shell.show(
        request,
        "web/settings/pipelines.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="pipelines"),
        pipelines=[(one, pages.stage_rows(one), pages.may_reshape(one)) for one in found],
        retired=list(access.retired_pipelines_for(request.member)),
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a name and stages, and make a pipeline."""
    access.check_shape(request.member, to="shape")
    form = PipelineForm(request.POST or None)
    if request.method == "POST" and dialogs.attempt(form, lambda: _create(request, form)):
        return _back(request, _("The pipeline is made."))
    return dialogs.ask(request, form, title=_("New pipeline"), submit=_("Make it"))


def _create(request: MemberRequest, form: PipelineForm) -> Pipeline:
    return pipelines.create(
        request.workspace,
        kind=Kind(form.cleaned_data["kind"]),
        name=form.cleaned_data["name"],
        stages=form.cleaned_data["stages"],
        by=request.member,
    )


@ASKS
def rename(request: MemberRequest, pipeline_id: int) -> HttpResponse:
    """Ask for another name of a pipeline, and keep it."""
    pipeline = access.pipeline_for(request.member, pipeline_id, to="shape")
    form = NameForm(request.POST or None, initial={"name": pipeline.label})
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: pipelines.rename(pipeline, name=form.cleaned_data["name"], by=request.member),
    ):
        return _back(request, _("The pipeline is renamed."))
    return dialogs.ask(request, form, title=_("Rename the pipeline"), submit=_("Save"))


@require_POST
def retire(request: MemberRequest, pipeline_id: int) -> HttpResponse:
    """Take a pipeline out of use."""
    pipeline = access.pipeline_for(request.member, pipeline_id, to="shape")
    pipelines.retire(pipeline, by=request.member)
    return _back(request, _("“%(name)s” is retired; its history stays.") % {"name": pipeline.label})


@require_POST
def take_up(request: MemberRequest, pipeline_id: int) -> HttpResponse:
    """Use a retired pipeline again."""
    pipeline = access.retired_pipeline_for(request.member, pipeline_id, to="shape")
    pipelines.take_up(pipeline, by=request.member)
    return _back(request, _("“%(name)s” is in use again.") % {"name": pipeline.label})


@ASKS
def add_stage(request: MemberRequest, pipeline_id: int) -> HttpResponse:
    """Ask for a name, and add a stage at the end."""
    pipeline = _shapeable(access.pipeline_for(request.member, pipeline_id, to="shape"))
    form = NameForm(request.POST or None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: pipelines.add_stage(pipeline, name=form.cleaned_data["name"], by=request.member),
    ):
        return _back(request, _("The stage is added at the end."))
    return dialogs.ask(request, form, title=_("New stage"), submit=_("Add"))


@ASKS
def edit_stage(request: MemberRequest, stage_id: int) -> HttpResponse:
    """Ask for name, probability, limit and what the gate needs, and keep them."""
    stage = access.stage_for(request.member, stage_id, to="shape")
    form = StageForm(request.POST or None, stage=stage)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: _tune(stage, form, by=request.member)
    ):
        return _back(request, _("The stage is changed."))
    return dialogs.ask(request, form, title=stage.label, submit=_("Save"))


def _tune(stage: Stage, form: StageForm, *, by: Member) -> Stage:
    name = form.cleaned_data["name"]
    if name.strip() != stage.label:
        pipelines.rename_stage(stage, name=name, by=by)
    return pipelines.tune_stage(
        stage,
        probability=form.share,
        wip_limit=form.cleaned_data["wip_limit"],
        needs=form.cleaned_data.get("needs"),
        by=by,
    )


@require_POST
def retire_stage(request: MemberRequest, stage_id: int) -> HttpResponse:
    """Take a stage out of use."""
    stage = access.stage_for(request.member, stage_id, to="shape")
    _shapeable(stage.pipeline)
    pipelines.retire_stage(stage, by=request.member)
    return _back(request, _("“%(stage)s” is retired; its history stays.") % {"stage": stage.label})


@require_POST
def reorder(request: MemberRequest, pipeline_id: int) -> HttpResponse:
    """Put the stages into another order: all of them as dragged, or one a step up or down."""
    pipeline = _shapeable(access.pipeline_for(request.member, pipeline_id, to="shape"))
    stages = list(pipeline.stages.filter(retired_at=None).order_by("position", "pk"))
    pipelines.reorder(pipeline, stages=_ordered(request, stages), by=request.member)
    return _back(request, _("The stages have another order."))


def _ordered(request: MemberRequest, stages: Sequence[Stage]) -> list[Stage]:
    ordered = ordering.asked(request, stages, name="stage")
    if ordered is None:
        raise RuleBroken("web.no_stage", _("Choose a stage to move."))
    return ordered


def _shapeable(pipeline: Pipeline) -> Pipeline:
    if not pages.may_reshape(pipeline):
        raise RuleBroken(
            "web.derived_stages",
            _(
                "The stages of orders and work follow from what happens; only names and "
                "limits change."
            ),
        )
    return pipeline


@require_GET
def show_reasons(request: MemberRequest) -> HttpResponse:
    """Why deals are lost, in the workspace's own words."""
    access.check_shape(request.member, to="shape")
    return shell.show(
        request,
        "web/settings/reasons.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="reasons"),
        reasons=list(access.reasons_for(request.member)),
    )


@ASKS
def add_reason(request: MemberRequest) -> HttpResponse:
    """Ask for a name, and add a loss reason."""
    access.check_shape(request.member, to="shape")
    form = NameForm(request.POST or None)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: reasons.add(request.workspace, name=form.cleaned_data["name"], by=request.member),
    ):
        return _back(request, _("The reason is added."), to="loss-reasons")
    return dialogs.ask(request, form, title=_("New loss reason"), submit=_("Add"))


@ASKS
def rename_reason(request: MemberRequest, reason_id: int) -> HttpResponse:
    """Ask for another name of a loss reason, and keep it."""
    reason = access.reason_for(request.member, reason_id, to="shape")
    form = NameForm(request.POST or None, initial={"name": reason.label})
    if request.method == "POST" and dialogs.attempt(
        form, lambda: reasons.rename(reason, name=form.cleaned_data["name"], by=request.member)
    ):
        return _back(request, _("The reason is renamed."), to="loss-reasons")
    return dialogs.ask(request, form, title=_("Rename the reason"), submit=_("Save"))


@require_POST
def retire_reason(request: MemberRequest, reason_id: int) -> HttpResponse:
    """Offer a reason no longer."""
    reasons.retire(access.reason_for(request.member, reason_id, to="shape"), by=request.member)
    return _back(request, _("The reason is retired; lost deals keep it."), to="loss-reasons")


def _back(request: MemberRequest, text: str, *, to: str = "pipelines") -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse(to, args=[request.workspace.slug]))
