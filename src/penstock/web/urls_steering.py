"""Addresses of what managers steer by: teams and exchange rates."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import rates, teams

urlpatterns: list[URLPattern] = [
    path("settings/teams", teams.index, name="teams"),
    path("settings/teams/new", teams.create, name="team-new"),
    path("settings/teams/<int:team_id>", teams.edit, name="team"),
    path("settings/teams/<int:team_id>/retire", teams.retire, name="team-retire"),
    path("settings/rates", rates.index, name="rates"),
    path("settings/rates/new", rates.create, name="rate-new"),
    path("settings/rates/<int:rate_id>/correct", rates.correct, name="rate-correct"),
    path("settings/rates/<int:rate_id>/withdraw", rates.withdraw, name="rate-withdraw"),
]
