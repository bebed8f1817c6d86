"""Addresses of what is known of a deal."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import claims, deals

urlpatterns: list[URLPattern] = [
    path("deals/<str:key>/claims/new/<slug:topic>", claims.create, name="claim-new"),
    path("deals/<str:key>/claims/<int:claim_id>/replace", claims.replace, name="claim-replace"),
    path("deals/<str:key>/claims/<int:claim_id>/withdraw", claims.withdraw, name="claim-withdraw"),
    path("deals/<str:key>/people/<int:person_id>/part", deals.set_part, name="deal-person-part"),
]
