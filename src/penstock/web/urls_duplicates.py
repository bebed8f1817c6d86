"""Addresses of what is possibly the same: found, compared, merged, kept apart, and each taken back."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import duplicates

PAIR = "duplicates/<str:noun>/<int:low>/<int:high>"

urlpatterns: list[URLPattern] = [
    path("duplicates", duplicates.index, name="duplicates"),
    path(PAIR, duplicates.compare, name="duplicate"),
    path(f"{PAIR}/apart", duplicates.apart, name="duplicate-apart"),
    path(f"{PAIR}/again", duplicates.again, name="duplicate-again"),
    path("merges/<int:merge_id>/undo", duplicates.undo, name="merge-undo"),
]
