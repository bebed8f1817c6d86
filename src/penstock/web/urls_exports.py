"""Addresses of the files that lists are exported to."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import exports

urlpatterns: list[URLPattern] = [
    path("pipeline/export", exports.deals, name="pipeline-export"),
    path("pipeline/closed/export", exports.closed, name="closed-deals-export"),
    path("companies/export", exports.companies, name="companies-export"),
    path("backlog/export", exports.queue, name="backlog-export"),
]
