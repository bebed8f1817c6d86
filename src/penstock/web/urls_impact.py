"""Addresses of why the backlog changed, and what it may come to."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import impact

urlpatterns: list[URLPattern] = [
    path("impact", impact.show, name="impact"),
    path("impact/baselines/new", impact.keep, name="baseline-new"),
    path("impact/baselines/plan", impact.plan, name="baseline-plan"),
    path("impact/baselines/<int:baseline_id>/remove", impact.remove, name="baseline-remove"),
]
