"""Every address of the site, the rooms' own lists included."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from penstock.base.late import load_late
from penstock.config import health

# Passkeys drag in cryptography, 12 MB that few sign-ins need; allauth names this module alone.
load_late("allauth.mfa.webauthn.internal.auth")

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("penstock.web.urls")),
]
