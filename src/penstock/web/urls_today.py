"""Addresses of what to do next."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import today

urlpatterns: list[URLPattern] = [
    path("today", today.show, name="today"),
    path("today/list", today.piece, name="today-list"),
    path("today/<str:key>/<slug:matter>/snooze", today.snooze, name="today-snooze"),
    path("today/<str:key>/<slug:matter>/wake", today.wake, name="today-wake"),
]
