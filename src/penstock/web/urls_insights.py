"""Addresses of Insights: one page per question about the past and what it says of the future."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import insights, insights_losses

urlpatterns: list[URLPattern] = [
    path("insights", insights.index, name="insights"),
    path("insights/losses", insights_losses.show, name="insights-losses"),
    path("insights/losses/deals", insights_losses.deals, name="insights-losses-deals"),
]
