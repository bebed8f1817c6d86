"""Every address of the site, the rooms' own lists included."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from penstock.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("penstock.web.urls")),
]
