"""Addresses of leads and of what they need: working time, channels, forms."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import calendars, leads

settings_: list[URLPattern] = [
    path("settings/working-time", calendars.show, name="calendar"),
    path("settings/working-time/new", calendars.create, name="calendar-new"),
    path("settings/working-time/days", calendars.add_days, name="calendar-days"),
    path(
        "settings/working-time/days/<int:day_id>/remove",
        calendars.remove_day,
        name="calendar-day-remove",
    ),
]

urlpatterns: list[URLPattern] = [
    path("leads", leads.index, name="leads"),
    path("leads/list", leads.piece, name="leads-list"),
    path("leads/new", leads.create, name="lead-new"),
    path("leads/<str:key>/owner", leads.give, name="lead-owner"),
    *settings_,
]
