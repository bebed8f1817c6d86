"""Addresses of Insights: one page per question about the past and what it says of the future."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import (
    insights,
    insights_bridge,
    insights_channels,
    insights_coverage,
    insights_customers,
    insights_funnel,
    insights_goals,
    insights_losses,
    insights_slips,
    insights_throughput,
    settings_goals,
)

urlpatterns: list[URLPattern] = [
    path("insights", insights.index, name="insights"),
    path("insights/funnel", insights_funnel.show, name="insights-funnel"),
    path("insights/funnel/deals", insights_funnel.deals, name="insights-funnel-deals"),
    path("insights/times", insights_funnel.times, name="insights-times"),
    path("insights/times/deals", insights_funnel.timed, name="insights-times-deals"),
    path("insights/bridge", insights_bridge.show, name="insights-bridge"),
    path("insights/bridge/deals", insights_bridge.deals, name="insights-bridge-deals"),
    path("insights/channels", insights_channels.show, name="insights-channels"),
    path("insights/channels/deals", insights_channels.deals, name="insights-channels-deals"),
    path("insights/losses", insights_losses.show, name="insights-losses"),
    path("insights/losses/deals", insights_losses.deals, name="insights-losses-deals"),
    path("insights/customers", insights_customers.show, name="insights-customers"),
    path("insights/customers/deals", insights_customers.deals, name="insights-customers-deals"),
    path("insights/customers/list", insights_customers.buyers, name="insights-customers-list"),
    path("insights/throughput", insights_throughput.show, name="insights-throughput"),
    path("insights/throughput/deals", insights_throughput.deals, name="insights-throughput-deals"),
    path("insights/coverage", insights_coverage.show, name="insights-coverage"),
    path("insights/coverage/deals", insights_coverage.deals, name="insights-coverage-deals"),
    path("insights/slips", insights_slips.show, name="insights-slips"),
    path("insights/slips/deals", insights_slips.deals, name="insights-slips-deals"),
    path("insights/goals", insights_goals.show, name="insights-goals"),
    path("insights/goals/<int:goal_id>", insights_goals.story, name="insights-goal"),
    path("insights/goals/<int:goal_id>/deals", insights_goals.deals, name="insights-goals-deals"),
    path("settings/goals", settings_goals.grid, name="goal-grid"),
]
