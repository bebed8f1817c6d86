"""Addresses that are open to whoever has the link: nobody signs in, the database shows one workspace."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import open_survey

urlpatterns: list[URLPattern] = [
    path("surveys/<str:token>", open_survey.show, name="open-survey"),
]
