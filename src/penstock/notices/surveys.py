"""The letter that asks a customer whether they are satisfied."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from penstock.notices import outbox
from penstock.notices.letters import Letter, address
from penstock.sales.surveys import SurveyAsked


def mail(event: SurveyAsked) -> None:
    """Mail the link to who is asked; without an address the link is handed over otherwise."""
    survey = event.survey
    workspace = survey.workspace
    with override(workspace.language):
        letter = Letter(
            subject=_("How satisfied are you with “%(title)s”?") % {"title": survey.order.title},
            paragraphs=[
                _("Good day,"),
                _(
                    "we delivered “%(title)s” to you and would like to know whether you are satisfied. "
                    "It is one question and takes half a minute."
                )
                % {"title": survey.order.title},
            ],
            button=_("Answer"),
            url=address("open-survey", workspace.slug, event.token),
            closing=_("You need no account. You can change your answer later with the same link."),
            sender=workspace.name,
        )
        outbox.post(
            workspace,
            letter,
            kind="survey",
            to=outbox.to_person(survey.person),
            about=survey.order,
            source_key=f"survey:{survey.pk}",
        )
