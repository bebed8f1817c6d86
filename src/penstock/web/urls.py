"""Every address of the pages. What stands below ``/w/<slug>/`` is entered by the workspace middleware."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from penstock.web.views import coming, companies, home, pipeline

workspace: list[URLPattern | URLResolver] = [
    path("", home.inside, name="workspace"),
    path("pipeline", pipeline.show, name="pipeline"),
    path("companies", companies.index, name="companies"),
    path("backlog", coming.soon, name="backlog"),
    path("outlook", coming.soon, name="outlook"),
    path("imports", coming.soon, name="imports"),
    path("settings", coming.soon, name="settings"),
    path("search", coming.soon, name="search"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.start, name="home"),
    path("workspaces/new", home.found, name="found-workspace"),
    path("workspaces/<slug:other>/switch", home.switch, name="switch-workspace"),
    path("w/<slug:slug>/", include(workspace)),
]
