"""Addresses of letters to customers and of their templates."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import deal_mail, settings_mail

TEMPLATE = "settings/mail/<int:template_id>"

urlpatterns: list[URLPattern] = [
    path("deals/<str:key>/letters/new", deal_mail.write, name="deal-mail"),
    path("activities/<int:activity_id>/letter", deal_mail.carry_out, name="activity-mail"),
    path("settings/mail", settings_mail.index, name="mail-templates"),
    path("settings/mail/new", settings_mail.create, name="mail-template-new"),
    path(TEMPLATE, settings_mail.edit, name="mail-template"),
    path(f"{TEMPLATE}/retire", settings_mail.retire, name="mail-template-retire"),
    path(f"{TEMPLATE}/preview", settings_mail.preview, name="mail-template-preview"),
]
