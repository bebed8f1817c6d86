"""Settings: how soon leads are answered, and who is told when they are not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.flow.access import pipeline_for, pipelines_for
from penstock.flow.models import Kind, Pipeline
from penstock.sales import access_leads, answers
from penstock.users.middleware import MemberRequest
from penstock.web import figures, htmx
from penstock.web.forms.answer_rules import AnswerRuleForm
from penstock.web.pages import settings
from penstock.web.views import dialogs, shell


@require_GET
def rules(request: MemberRequest) -> HttpResponse:
    """The rule of each sales pipeline."""
    access_leads.check_shape(request.member)
    return _show(request)


@require_POST
def set_rule(request: MemberRequest, pipeline_id: int) -> HttpResponse:
    """Say how soon the leads of a pipeline are answered."""
    access_leads.check_shape(request.member)
    pipeline = pipeline_for(request.member, pipeline_id, to="shape")
    form = AnswerRuleForm(request.POST, auto_id=f"rule_{pipeline.pk}_%s")
    if dialogs.attempt(
        form, lambda: answers.set_rule(pipeline, by=request.member, **form.cleaned_data)
    ):
        messages.success(request, _("Saved; it counts for leads from now on."))
        return htmx.go(request, reverse("answer-rules", args=[request.workspace.slug]))
    return _show(request, refused=(pipeline.pk, form))


def _show(
    request: MemberRequest, *, refused: tuple[int, AnswerRuleForm] | None = None
) -> HttpResponse:
    known = answers.rules_of(request.workspace.pk)
    pipelines = list(pipelines_for(request.member).filter(kind=Kind.DEAL))
    forms = [
        (pipeline, refused[1])
        if refused is not None and refused[0] == pipeline.pk
        else (pipeline, _form(pipeline, answers.rule_of(pipeline.pk, known)))
        for pipeline in pipelines
    ]
    return shell.show(
        request,
        "web/settings/answers.html",
        settings.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="answers"),
        forms=forms,
        status=422 if refused else 200,
    )


def _form(pipeline: Pipeline, hours: answers.Hours) -> AnswerRuleForm:
    initial = {
        "target_hours": figures.plain(hours.target),
        "lead_hours": figures.plain(hours.lead),
        "manager_hours": figures.plain(hours.manager),
    }
    return AnswerRuleForm(initial=initial, auto_id=f"rule_{pipeline.pk}_%s")
