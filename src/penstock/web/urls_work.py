"""Addresses of work: taking the next task, one work item, and what it waits for."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import work

urlpatterns: list[URLPattern] = [
    path("work/pulls", work.pull, name="work-pull"),
    path("work/<str:key>", work.page, name="work"),
    path("work/<str:key>/returns", work.put_back, name="work-return"),
    path("work/<str:key>/team", work.give, name="work-team"),
    path("work/<str:key>/dependencies", work.add_dependency, name="work-dependency-new"),
    path(
        "work/dependencies/<int:dependency_id>/remove",
        work.remove_dependency,
        name="work-dependency-remove",
    ),
]
