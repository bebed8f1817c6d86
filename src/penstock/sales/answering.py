"""Giving the answers that an act lacks together with the act: both, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from penstock.contacts import companies, people
from penstock.contacts.models import Person
from penstock.flow import items
from penstock.sales import activities, claims, deals
from penstock.sales.claims import Said
from penstock.sales.models import Deal
from penstock.users.models import Member

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to be done next, and when."""

    kind: str
    due: date
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody says about a deal, all at once; who is named and not known yet is added.

    Attributes:
        values: Product, amount, currency, close_on, channel.
        company: The name of its company.
        owner: Who is to answer for it.
        people: Names with their part in the decision.
        claims: What was said, each with the name of the person it is about, or an empty one.
        step: What is planned next.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    company: str = ""
    owner: Member | None = None
    people: Sequence[tuple[str, str]] = ()
    claims: Sequence[tuple[Said, str]] = ()
    step: Step | None = None


def first(deal: Deal, answers: Answers, *, by: Member, then: Callable[[Deal], Result]) -> Result:
    """Write answers and do the act for which they were missing; a refusal of either leaves nothing.

    Args:
        deal: What the answers are about.
        answers: What is said.
        by: Who says it, and acts.
        then: The act, a verb on the deal.

    Raises:
        RuleBroken: Those of :func:`give` and of the act.
    """
    with transaction.atomic():
        return then(give(deal, answers, by=by))


def give(deal: Deal, answers: Answers, *, by: Member) -> Deal:
    """Write answers about a deal: its values, its people, what was said, what is next; all or nothing.

    Raises:
        RuleBroken: Those of :func:`penstock.sales.deals.change`, :func:`penstock.sales.claims.state`
            and :func:`penstock.sales.activities.plan`.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        values = dict(answers.values)
        if answers.company.strip():
            values["company"] = companies.named(by.workspace, name=answers.company, by=by)
        deal = deals.change(deal, by=by, **values)
        if answers.owner is not None:
            deals.assign(deal, owner=answers.owner, by=by)
        _people(deal, answers, by=by)
        if answers.step is not None:
            step = answers.step
            activities.plan(item, kind=step.kind, due=step.due, subject=step.subject, by=by)
        return Deal.objects.select_related("item__stage", "workspace").get(pk=deal.pk)


def _people(deal: Deal, answers: Answers, *, by: Member) -> None:
    for name, part in answers.people:
        deals.add_person(deal, person=_named(deal, name, by=by), part=part, by=by)
    for said, name in answers.claims:
        about = _named(deal, name, by=by) if name.strip() else None
        claims.state(deal, said=replace(said, person=about), by=by)


def _named(deal: Deal, name: str, *, by: Member) -> Person:
    return people.named(by.workspace, name=name, company=deal.company, by=by)
