"""Addresses of campaigns, of channels, and of how a deal's customer came."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import campaigns, channels, touches

urlpatterns: list[URLPattern] = [
    path("campaigns", campaigns.index, name="campaigns"),
    path("campaigns/new", campaigns.create, name="campaign-new"),
    path("campaigns/<int:campaign_id>", campaigns.page, name="campaign"),
    path("campaigns/<int:campaign_id>/edit", campaigns.edit, name="campaign-edit"),
    path("campaigns/<int:campaign_id>/retire", campaigns.retire, name="campaign-retire"),
    path("campaigns/<int:campaign_id>/take-up", campaigns.take_up, name="campaign-take-up"),
    path("campaigns/<int:campaign_id>/costs/new", campaigns.add_cost, name="campaign-cost-new"),
    path(
        "campaigns/<int:campaign_id>/costs/<int:cost_id>",
        campaigns.correct_cost,
        name="campaign-cost",
    ),
    path(
        "campaigns/<int:campaign_id>/costs/<int:cost_id>/withdraw",
        campaigns.withdraw_cost,
        name="campaign-cost-withdraw",
    ),
    path("settings/channels", channels.index, name="channels"),
    path("settings/channels/rules/new", channels.create, name="channel-rule-new"),
    path("settings/channels/stated", channels.state, name="channel-stated"),
    path(
        "settings/channels/rules/<int:channel_rule_id>/drop",
        channels.drop,
        name="channel-rule-drop",
    ),
    path("deals/<str:key>/touches/new", touches.create, name="touch-new"),
    path(
        "deals/<str:key>/touches/<int:touch_id>/withdraw", touches.withdraw, name="touch-withdraw"
    ),
]
