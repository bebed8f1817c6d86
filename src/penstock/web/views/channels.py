"""Settings: which channel a word stands for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.errors import RuleBroken
from penstock.sales import access_leads, channels
from penstock.sales.models import Channel, ChannelRule
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.campaigns import RuleForm, StatedForm
from penstock.web.pages import channels as pages
from penstock.web.pages import settings
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Stated sources with their channels, and the rules for addresses."""
    access_leads.check_shape(request.member)
    sources = pages.sources(request.member)
    return shell.show(
        request,
        "web/channels/page.html",
        settings.head(_("Settings"), answer=pages.answer(sources)),
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="channels"),
        sources=sources,
        channels=Channel.choices,
        rules=pages.rules(request.member),
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a value in an address and its channel, and keep the rule."""
    access_leads.check_shape(request.member)
    form = RuleForm(request.POST or None, initial={"sort": ChannelRule.Sort.SOURCE})
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: channels.set_rule(request.workspace, by=request.member, **form.cleaned_data),
    ):
        return _back(request, _("The rule is kept."))
    return dialogs.ask(
        request,
        form,
        title=_("New rule"),
        text=_("It counts before the usual rules, for what comes in from now on."),
        submit=_("Add"),
    )


@require_POST
def state(request: MemberRequest) -> HttpResponse:
    """Say which channel a stated source stands for."""
    access_leads.check_shape(request.member)
    form = StatedForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("sales.channel", _("Choose one of the channels."))
    channels.set_rule(
        request.workspace, sort=ChannelRule.Sort.STATED, by=request.member, **form.cleaned_data
    )
    return _back(request, _("Saved."))


@require_POST
def drop(request: MemberRequest, channel_rule_id: int) -> HttpResponse:
    """Let a word mean what it usually means."""
    rule = access_leads.channel_rule_for(request.member, channel_rule_id)
    channels.drop_rule(rule, by=request.member)
    return _back(request, _("The usual rules count again for it."))


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("channels", args=[request.workspace.slug]))
