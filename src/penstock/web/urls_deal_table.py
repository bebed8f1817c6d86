"""Addresses of what is done in the table of deals."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import deal_cells, deal_edits

urlpatterns: list[URLPattern] = [
    path("pipeline/edits", deal_edits.create, name="deal-edits"),
    path("pipeline/edits/<int:edit_id>/undo", deal_edits.undo, name="deal-edit-undo"),
    path("deals/<str:key>/cells/<slug:column>", deal_cells.cell, name="deal-cell"),
]
