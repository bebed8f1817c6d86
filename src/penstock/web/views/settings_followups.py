"""Settings: what follows a delivery or a loss by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import NotFound
from penstock.flow import access
from penstock.sales import followup_rules
from penstock.sales.models import Act, FollowupRule
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.followups import ASKED, RuleForm
from penstock.web.pages import settings as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The rules in use, by what they do."""
    access.check_shape(request.member, to="shape")
    rules = FollowupRule.objects.filter(workspace=request.workspace, retired_at=None)
    listed = list(
        rules.select_related("pipeline", "product", "reason", "offer").order_by("act", "pk")
    )
    return shell.show(
        request,
        "web/settings/followups.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="followups"),
        groups=[(act, [rule for rule in listed if rule.act == act]) for act in Act],
    )


@ASKS
def create(request: MemberRequest, act: str) -> HttpResponse:
    """Ask for a rule of one kind, and add it."""
    access.check_shape(request.member, to="shape")
    if act not in ASKED:
        raise NotFound("sales.rule_act", _("There is no rule of this kind."))
    form = RuleForm(request.POST or None, member=request.member, act=act)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: followup_rules.add(
            request.workspace, act=act, by=request.member, **form.cleaned_data
        ),
    ):
        return _back(request, _("The rule is added. It plans what happens from now on."))
    return dialogs.ask(request, form, title=str(Act(act).label), submit=_("Add"))


@ASKS
def edit(request: MemberRequest, rule_id: int) -> HttpResponse:
    """Ask for what a rule says, and keep it."""
    rule = _rule(request, rule_id)
    stored: dict[str, Any] = {name: getattr(rule, name) for name in ASKED[rule.act]}
    form = RuleForm(request.POST or None, member=request.member, act=rule.act, initial=stored)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: followup_rules.change(rule, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The rule is changed. What it planned before keeps its day."))
    return dialogs.ask(request, form, title=rule.name, submit=_("Save"))


@require_POST
def retire(request: MemberRequest, rule_id: int) -> HttpResponse:
    """Let a rule plan nothing more."""
    rule = followup_rules.retire(_rule(request, rule_id), by=request.member)
    return _back(request, _("“%(name)s” is retired; what it planned stays.") % {"name": rule.name})


def _rule(request: MemberRequest, rule_id: int) -> FollowupRule:
    access.check_shape(request.member, to="shape")
    rules = FollowupRule.objects.filter(workspace=request.workspace, retired_at=None)
    rule = rules.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound("sales.no_rule", _("There is no such rule here, or it is retired."))
    return rule


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("followup-rules", args=[request.workspace.slug]))
