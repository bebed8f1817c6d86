"""Asking a customer by a link whether they are satisfied, and hearing the answer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotFound, RuleBroken
from penstock.catalog import calendars
from penstock.contacts.models import Company, Person
from penstock.flow import bus, dating, items
from penstock.flow.models import Item, Kind, Outcome
from penstock.sales import activities
from penstock.sales.models import (
    Activity,
    Deal,
    DealPerson,
    Followup,
    Survey,
    SurveyAnswer,
    SurveyComment,
)
from penstock.sales.models.followup import Scale
from penstock.sales.models.survey import RANGES, UNHAPPY
from penstock.users.models import Member, Workspace

DEFAULT_SCALE = Scale.CSAT
#: How long a link takes an answer.
OPEN_FOR = timedelta(days=60)
LONGEST_COMMENT = 4000
#: Who is asked first: those who work with what was delivered.
FIRST_ASKED = ("uses", "contact", "influences", "decides", "pays", "blocks")


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """A customer is to be asked; the token is known only now, for only its digest is kept."""

    survey: Survey
    token: str


@dataclass(frozen=True, slots=True)
class SurveyAnswered:
    """A customer answered."""

    survey: Survey
    answer: SurveyAnswer
    is_unhappy: bool


def ask(  # noqa: PLR0913 -- a question says whom, about what and why
    order: Item,
    *,
    scale: str,
    by: Member | None,
    deal: Deal | None = None,
    company: Company | None = None,
    person: Person | None = None,
    followup: Followup | None = None,
) -> SurveyAsked:
    """Make a survey about a delivered order, and tell, so that it is mailed where it can be.

    Args:
        order: What was delivered.
        scale: ``csat`` or ``nps``.
        by: Who asks; None for a rule.
        deal: The deal that the order came from.
        company: The customer.
        person: Who is asked; who is on the deal or at the company if nobody is named.
        followup: What it carries out.

    Raises:
        RuleBroken: ``sales.survey_scale``; ``sales.survey_source`` for what is no delivered order.
    """
    if scale not in RANGES:
        raise RuleBroken("sales.survey_scale", _("Choose CSAT or NPS."), needs=["scale"])
    with transaction.atomic():
        item = items.lock(order.pk)
        if item.kind != Kind.ORDER or item.outcome != Outcome.Verdict.FULFILLED:
            raise RuleBroken("sales.survey_source", _("Ask once the order is delivered in full."))
        token = secrets.token_urlsafe(24)
        present = dating.now()
        survey = Survey.objects.create(
            workspace_id=item.workspace_id,
            order=item,
            deal=deal,
            company=company,
            person=person or whom_to_ask(deal, company),
            followup=followup,
            scale=scale,
            token_digest=digest(token),
            asked_at=present,
            closes_at=present + OPEN_FOR,
            by=by,
        )
        asked = SurveyAsked(survey=survey, token=token)
        bus.tell(asked)
        return asked


def withdraw(survey: Survey, *, by: Member | None) -> Survey:
    """Let a link take no answer any more; answers that it has stay. Safe to call twice."""
    with transaction.atomic():
        row = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
        if row.withdrawn_at is None:
            row.withdrawn_at = dating.now()
            row.save(update_fields=["withdrawn_at"])
        return row


def answer(
    survey: Survey, *, score: int, comment: str = "", at: datetime | None = None
) -> SurveyAnswer:
    """Keep what a customer says. Saying the same twice writes one row; another answer counts from then on.

    An unhappy answer plans a call for the owner, once per survey.

    Raises:
        RuleBroken: ``sales.survey_closed``; ``sales.survey_score`` outside of the scale.
    """
    low, high = RANGES[survey.scale]
    if not low <= score <= high:
        raise RuleBroken(
            "sales.survey_score",
            _("Choose a number from %(low)s to %(high)s.") % {"low": low, "high": high},
            needs=["score"],
        )
    comment = comment.strip()[:LONGEST_COMMENT]
    with transaction.atomic():
        survey = _locked(survey)
        times = dating.when(at)
        if not survey.is_open(times.occurred_at):
            raise RuleBroken(
                "sales.survey_closed",
                _("This survey is closed. Thank you all the same; write to us instead."),
            )
        last = last_answer(survey)
        if last is not None and (last.score, words_of(last)) == (score, comment):
            return last
        row = SurveyAnswer.objects.create(
            workspace_id=survey.workspace_id,
            survey=survey,
            score=score,
            occurred_at=times.occurred_at,
        )
        if comment:
            SurveyComment.objects.create(workspace_id=survey.workspace_id, answer=row, text=comment)
        unhappy = score <= UNHAPPY[survey.scale]
        if unhappy:
            _plan_a_call(survey, row)
        bus.tell(SurveyAnswered(survey=survey, answer=row, is_unhappy=unhappy))
        bus.announce(
            survey.workspace_id, kind=survey.order.kind, item_id=survey.order_id, stage_ids=[]
        )
        return row


def found_by(workspace: Workspace, token: str) -> Survey:
    """The survey behind a link.

    Raises:
        NotFound: ``sales.no_survey``; the same for a wrong link and for a withdrawn survey.
    """
    surveys = Survey.objects.select_related("workspace", "order", "company", "person", "deal")
    survey = surveys.filter(
        workspace=workspace, token_digest=digest(token), withdrawn_at=None
    ).first()
    if survey is None:
        raise NotFound(
            "sales.no_survey",
            _("This link leads nowhere. Open it once more from the message that you received."),
        )
    return survey


def last_answer(survey: Survey) -> SurveyAnswer | None:
    """The answer that counts."""
    answers = survey.answers.select_related("comment").order_by("-occurred_at", "-pk")
    return answers.first()


def words_of(answer: SurveyAnswer) -> str:
    """What was said to it, or nothing."""
    comment = SurveyComment.objects.filter(answer=answer).first()
    return comment.text if comment else ""


def whom_to_ask(deal: Deal | None, company: Company | None) -> Person | None:
    """Somebody with an address: of the people on the deal, else at the company."""
    if deal is not None:
        rows = DealPerson.objects.filter(deal=deal).exclude(person__email="")
        on_deal = sorted(
            rows.select_related("person"), key=lambda row: (FIRST_ASKED.index(row.part), row.pk)
        )
        if on_deal:
            first: Person = on_deal[0].person
            return first
    if company is None:
        return None
    at_company = Person.objects.filter(company=company, withdrawn_at=None).exclude(email="")
    return at_company.order_by("pk").first()


def forget(person: Person) -> None:
    """Erase the words that a person wrote; scores are numbers and stay."""
    SurveyComment.objects.filter(answer__survey__person=person).delete()


def digest(token: str) -> str:
    """What is kept of a link: whoever reads the database cannot answer for a customer."""
    return sha256(token.encode()).hexdigest()


def _plan_a_call(survey: Survey, answer: SurveyAnswer) -> None:
    """An unhappy customer is called on the next working day, by who sold or looks after the order."""
    about: Item = survey.deal.item if survey.deal else survey.order
    workspace = about.workspace
    with override(workspace.language):
        activities.plan(
            about,
            kind=Activity.ActivityKind.CALL,
            due=calendars.of(workspace).add_days(dating.today(workspace), 1),
            by=None,
            subject=gettext("Call: unhappy with “%(title)s”") % {"title": survey.order.title},
            owner=about.owner or survey.order.owner,
            person=survey.person,
            priority=Activity.Priority.HIGH,
            source="survey",
            source_key=f"unhappy:{survey.pk}",
        )


def _locked(survey: Survey) -> Survey:
    rows = Survey.objects.select_for_update(no_key=True, of=("self",)).select_related("order")
    return rows.get(pk=survey.pk)
