"""Addresses of who can work how much, and what keeps them from it."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import capacity

urlpatterns: list[URLPattern] = [
    path("settings/capacity", capacity.index, name="capacity"),
    path("settings/capacity/places/new", capacity.add_place, name="place-new"),
    path("settings/capacity/places/<int:place_id>/end", capacity.end_place, name="place-end"),
    path("settings/capacity/absences/new", capacity.add_absence, name="absence-new"),
    path("settings/capacity/disruptions/new", capacity.record, name="disruption-new"),
    path(
        "settings/capacity/disruptions/<int:disruption_id>/end", capacity.end, name="disruption-end"
    ),
    path(
        "settings/capacity/<str:told>/<int:told_id>/withdraw",
        capacity.withdraw,
        name="capacity-withdraw",
    ),
]
