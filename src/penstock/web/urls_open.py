"""Addresses that are open to whoever has the link: nobody signs in, the database shows one workspace."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import capture_endpoint, open_capture, open_proposal, open_survey

urlpatterns: list[URLPattern] = [
    path("forms/<str:token>", open_capture.show, name="open-form"),
    path("forms/<str:token>/embed.js", open_capture.embed, name="open-form-embed"),
    path("capture", capture_endpoint.take, name="open-capture"),
    path("surveys/<str:token>", open_survey.show, name="open-survey"),
    path("proposals/<str:token>", open_proposal.show, name="open-proposal"),
    path("proposals/<str:token>/seen", open_proposal.seen, name="open-proposal-seen"),
    path("proposals/<str:token>/accept", open_proposal.accept, name="open-proposal-accept"),
    path("proposals/<str:token>/decline", open_proposal.decline, name="open-proposal-decline"),
    path("proposals/<str:token>/comments", open_proposal.comment, name="open-proposal-comment"),
    path("proposals/<str:token>/document.pdf", open_proposal.document, name="open-proposal-pdf"),
    path("proposals/<str:token>/logo", open_proposal.logo, name="open-proposal-logo"),
]
