"""Addresses of gates: what they ask in plain words, and how often they were passed without answers."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import insights_gates, settings_gates

urlpatterns: list[URLPattern] = [
    path("insights/gates", insights_gates.show, name="insights-gates"),
    path("settings/gates", settings_gates.index, name="gates"),
    path("settings/gates/fading", settings_gates.fade, name="gates-fading"),
]
