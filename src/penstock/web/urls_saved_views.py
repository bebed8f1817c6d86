"""Addresses of saved views."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import saved_views

urlpatterns: list[URLPattern] = [
    path("views/<int:view_id>", saved_views.show, name="view"),
    path("views/<slug:place>/new", saved_views.create, name="view-create"),
    path("views/<int:view_id>/edit", saved_views.edit, name="view-edit"),
    path("views/<int:view_id>/replace", saved_views.replace, name="view-replace"),
    path("views/<int:view_id>/first", saved_views.first, name="view-first"),
    path("views/<int:view_id>/remove", saved_views.remove, name="view-remove"),
    path("views/<int:view_id>/restore", saved_views.restore, name="view-restore"),
]
