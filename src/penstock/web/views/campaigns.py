"""Campaigns: what was done so that customers come, what it cost, whom it brought."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.flow.dating import today
from penstock.sales import access_leads, campaigns
from penstock.sales.models import Campaign, CampaignCost
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import figures, htmx
from penstock.web.forms.campaigns import CampaignForm, CostForm
from penstock.web.pages import campaigns as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All campaigns, the last started first."""
    lines = pages.lines(request.member)
    return shell.show(
        request,
        "web/campaigns/index.html",
        pages.head(lines, member=request.member),
        lines=lines,
        may_edit=roles.may_steer(request.member),
    )


@require_GET
def page(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """One campaign: its costs, and the deals whose customers it brought."""
    campaign = access_leads.campaign_for(request.member, campaign_id)
    found = pages.build(campaign, member=request.member, number=request.GET.get("page", ""))
    return shell.show(
        request,
        "web/campaigns/page.html",
        found,
        page_obj=found.behind.page_obj,
        base_query=without(request.GET, "page"),
        may_edit=roles.may_steer(request.member),
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask what a campaign is, and start it."""
    access_leads.check_shape(request.member)
    form = CampaignForm(request.POST or None, initial={"starts_on": today(request.workspace)})
    if request.method == "POST":
        made = dialogs.attempt(
            form,
            lambda: campaigns.start(request.workspace, by=request.member, **form.cleaned_data),
        )
        if made is not None:
            return _to(request, made, _("The campaign is started. Now say what it costs."))
    return dialogs.ask(request, form, title=_("New campaign"), submit=_("Start it"))


@ASKS
def edit(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Ask what is different about a campaign, and change it."""
    campaign = access_leads.campaign_for(request.member, campaign_id, to="edit")
    first = {name: getattr(campaign, name) for name in campaigns.FIELDS}
    form = CampaignForm(request.POST or None, initial=first)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: campaigns.change(campaign, by=request.member, **form.cleaned_data)
    ):
        return _to(request, campaign, _("Saved."))
    return dialogs.ask(request, form, title=campaign.name, submit=_("Save"))


@require_POST
def retire(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Offer a campaign no more."""
    campaign = access_leads.campaign_for(request.member, campaign_id, to="edit")
    campaigns.retire(campaign, by=request.member)
    return _to(request, campaign, _("The campaign is retired; its figures stay."))


@require_POST
def take_up(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Offer a retired campaign again."""
    campaign = access_leads.campaign_for(request.member, campaign_id, to="edit")
    campaigns.take_up(campaign, by=request.member)
    return _to(request, campaign, _("The campaign is in use again."))


@ASKS
def add_cost(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Ask what a campaign cost, and keep it."""
    campaign = access_leads.campaign_for(request.member, campaign_id, to="edit")
    first = {"currency": request.workspace.currency, "first": campaign.starts_on}
    form = CostForm(request.POST or None, initial=first)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: campaigns.add_cost(campaign, by=request.member, **_cost(form))
    ):
        return _to(request, campaign, _("The cost is kept."))
    return dialogs.ask(request, form, title=_("Cost of the campaign"), submit=_("Save"))


@ASKS
def correct_cost(request: MemberRequest, campaign_id: int, cost_id: int) -> HttpResponse:
    """Ask what it cost instead; what was known before stays visible as it was known."""
    campaign, cost = _cost_for(request, campaign_id, cost_id)
    first: dict[str, Any] = {name: getattr(cost, name) for name in ("currency", "first", "last")}
    form = CostForm(request.POST or None, initial=first | {"amount": figures.plain(cost.amount)})
    if request.method == "POST" and dialogs.attempt(
        form, lambda: campaigns.correct_cost(cost, by=request.member, **_cost(form))
    ):
        return _to(request, campaign, _("The cost is corrected."))
    return dialogs.ask(request, form, title=_("Cost of the campaign"), submit=_("Save"))


@require_POST
def withdraw_cost(request: MemberRequest, campaign_id: int, cost_id: int) -> HttpResponse:
    """Say that there was no such cost."""
    campaign, cost = _cost_for(request, campaign_id, cost_id)
    campaigns.withdraw_cost(cost, by=request.member)
    return _to(request, campaign, _("The cost counts no longer."))


def _cost_for(
    request: MemberRequest, campaign_id: int, cost_id: int
) -> tuple[Campaign, CampaignCost]:
    campaign = access_leads.campaign_for(request.member, campaign_id, to="edit")
    return campaign, campaigns.cost_of(campaign, cost_id)


def _cost(form: CostForm) -> dict[str, Any]:
    return form.cleaned_data | {"currency": form.cleaned_data["currency"].upper()}


def _to(request: MemberRequest, campaign: Campaign, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("campaign", args=[request.workspace.slug, campaign.pk]))
