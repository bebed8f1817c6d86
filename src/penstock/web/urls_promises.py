"""Addresses of when things are ready, and of what is not signed yet."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import promises

urlpatterns: list[URLPattern] = [
    path("backlog/promises", promises.kept, name="promises"),
    path("quote", promises.quote, name="quote"),
    path("deals/<str:key>/quote", promises.quote_deal, name="deal-quote"),
]
