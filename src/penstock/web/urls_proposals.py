"""Addresses of proposals: the list, one proposal, its editor, its versions and documents, its settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import proposal_acts, proposal_editing, proposals, settings_proposals

VERSION = "proposals/<str:proposal>/versions/<int:number>"

urlpatterns: list[URLPattern] = [
    path("proposals", proposals.index, name="proposals"),
    path("proposals/differing", proposals.differing, name="proposals-differing"),
    path("deals/<str:key>/proposals/new", proposal_editing.create, name="proposal-new"),
    path("proposals/<str:proposal>", proposals.show, name="proposal"),
    path("proposals/<str:proposal>/changes", proposals.changes, name="proposal-changes"),
    path(f"{VERSION}/edit", proposal_editing.edit, name="proposal-edit"),
    path(f"{VERSION}/sums", proposal_editing.sums, name="proposal-sums"),
    path(f"{VERSION}/document.pdf", proposals.document, name="proposal-document"),
    path(f"{VERSION}/send", proposal_acts.send, name="proposal-send"),
    path(f"{VERSION}/discard", proposal_acts.discard, name="proposal-discard"),
    path("proposals/<str:proposal>/revise", proposal_acts.revise, name="proposal-revise"),
    path("proposals/<str:proposal>/withdraw", proposal_acts.withdraw, name="proposal-withdraw"),
    path("proposals/<str:proposal>/reopen", proposal_acts.reopen, name="proposal-reopen"),
    path("proposals/<str:proposal>/answer", proposal_acts.answer, name="proposal-answer"),
    path("proposals/<str:proposal>/comments", proposal_acts.comment, name="proposal-comment"),
    path("proposals/<str:proposal>/letters", proposal_acts.mail, name="proposal-mail"),
    path("proposals/<str:proposal>/links", proposal_acts.link, name="proposal-link"),
    path("proposals/<str:proposal>/links/revoke", proposal_acts.revoke, name="proposal-revoke"),
    path("settings/proposals", settings_proposals.show, name="proposal-settings"),
    path("settings/proposals/logo", settings_proposals.logo, name="proposal-logo"),
    path(
        "settings/proposals/templates/<slug:language>",
        settings_proposals.template,
        name="proposal-template",
    ),
]
