"""Addresses of what to do next."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import goal_tile, notices, today

urlpatterns: list[URLPattern] = [
    path("today", today.show, name="today"),
    path("today/goal", goal_tile.show, name="goal-tile"),
    path("notices", notices.show, name="notices"),
    path("notices/bell", notices.badge, name="notices-badge"),
    path("notices/read", notices.read, name="notices-read"),
    path("wishes", notices.choose, name="wishes"),
    path("today/list", today.piece, name="today-list"),
    path("today/<str:key>/<slug:matter>/snooze", today.snooze, name="today-snooze"),
    path("today/<str:key>/<slug:matter>/wake", today.wake, name="today-wake"),
]
