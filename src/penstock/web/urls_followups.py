"""Addresses of what follows a delivery or a loss."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import followups, satisfaction, settings_followups

urlpatterns: list[URLPattern] = [
    path("insights/satisfaction", satisfaction.show, name="satisfaction"),
    path("items/<str:key>/followups/new", followups.plan, name="followup-plan"),
    path("items/<str:key>/surveys/new", followups.ask, name="followup-ask"),
    path(
        "items/<str:key>/followups/<int:followup_id>/cancel",
        followups.cancel,
        name="followup-cancel",
    ),
    path(
        "items/<str:key>/followups/<int:followup_id>/restore",
        followups.restore,
        name="followup-restore",
    ),
    path("settings/followups", settings_followups.index, name="followup-rules"),
    path("settings/followups/new/<slug:act>", settings_followups.create, name="followup-rule-new"),
    path("settings/followups/<int:rule_id>", settings_followups.edit, name="followup-rule"),
    path(
        "settings/followups/<int:rule_id>/retire",
        settings_followups.retire,
        name="followup-rule-retire",
    ),
]
