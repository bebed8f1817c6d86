"""Will we win it, and what is missing?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from penstock.contacts import merging
from penstock.contacts.models.merge import Merge, Noun
from penstock.flow import pipelines, timeline
from penstock.flow.dating import today as today_in
from penstock.flow.models import FieldChange, Link, Outcome, Parking, Stage, Transition
from penstock.flow.timeline import Event
from penstock.reports import ageing
from penstock.reports.moment import Moment
from penstock.sales import steps
from penstock.sales.models import ActivityChange, Claim, Deal, Proposal
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.deals import FactsForm, PersonForm
from penstock.web.pages import (
    activities,
    deal_ages,
    deal_evidence,
    deal_people,
    deal_touches,
    endings,
    followups,
    history,
    merges,
    proposals,
)
from penstock.web.pages.activities import ActivityPanel
from penstock.web.pages.base import Crumb, Page
from penstock.web.pages.deal_evidence import EvidencePanel
from penstock.web.pages.deal_people import PeoplePanel
from penstock.web.pages.deal_touches import TouchPanel
from penstock.web.pages.followups import Followups
from penstock.web.pages.history import Entry
from penstock.web.pages.merges import Merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stage of the bar."""

    id: int
    name: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a deal stands, now or on a day."""

    stage_id: int
    entered_at: datetime
    outcome: str
    decided_at: datetime | None
    reason: str
    parked_until: date | None
    amount: Decimal | None
    close_on: date | None


@dataclass(frozen=True, kw_only=True)
class DealPage(Page):
    """One deal: its place, its facts, its people and all that happened to it."""

    key: str
    standing: Standing
    state: str
    tone: str
    ageing: str
    steps: Sequence[Step]
    facts: Sequence[tuple[str, str]]
    form: FactsForm
    person_form: PersonForm
    people: PeoplePanel
    evidence: EvidencePanel
    activities: ActivityPanel
    touches: TouchPanel
    entries: Sequence[Entry]
    company_url: str
    order_key: str
    is_lead: bool
    may_edit: bool
    followups: Followups | None
    proposals: proposals.Panel | None
    merges: Sequence[Merged]


def build(deal: Deal, *, member: Member, moment: Moment | None = None) -> DealPage:
    """The page of a deal; with a moment of the past, as it was then."""
    is_past = moment is not None and not moment.is_now
    at, known = (moment.at, moment.known_at) if moment is not None and is_past else (None, None)
    there = timeline.held(deal.item)
    item = deal.item
    stages = pipelines.stages_of(item.pipeline_id)
    in_use = {stage.pk: stage for stage in stages}
    if item.stage_id in in_use:
        item.stage = in_use[item.stage_id]
    events = timeline.of(deal.item, at=at, known=known, there=there)
    standing = _standing(events, deal) if is_past else _now(deal, events)
    today = moment.on if moment is not None and is_past else today_in(deal.workspace)
    state, tone = _state(standing, deal=deal, today=today)
    may_edit = not is_past and roles.may_sell_for(member, owner_id=deal.item.owner_id)
    into = merging.merged_into(Noun.DEAL, [deal.pk], at=known or at) if Merge in there else []
    return DealPage(
        title=deal.item.title,
        nav="pipeline",
        answer=_answer(standing, deal=deal, events=events, now=at or timezone.now()),
        ageing=_ageing(standing, deal=deal, member=member, when=moment if is_past else None),
        crumbs=(Crumb(name=deal.item.pipeline.label, url=_pipeline_url(deal)),),
        key=deal.item.key,
        standing=standing,
        state=state,
        tone=tone,
        steps=_steps(stages, stage_id=standing.stage_id),
        facts=_facts(deal, standing=standing, events=events if is_past else None),
        form=facts_form(deal, member=member),
        person_form=PersonForm(auto_id="person_%s"),
        people=deal_people.build(deal, events=events if is_past else None),
        evidence=deal_evidence.build(
            deal,
            moment=moment,
            merged=[merge.gone_id for merge in into],
            is_blank=Claim not in there and not into,
        ),
        activities=activities.of_deal(
            deal,
            member=member,
            may_edit=may_edit,
            moment=moment,
            is_blank=ActivityChange not in there,
        ),
        touches=deal_touches.build(deal, events=events),
        entries=sorted(
            [
                *history.entries(events, currency=deal.currency, known=_names(deal)),
                *(proposals.entries(deal, at=at, known=known) if Proposal in there else ()),
            ],
            key=lambda entry: entry.at,
            reverse=True,
        ),
        proposals=None if is_past else proposals.panel(deal, is_blank=Proposal not in there),
        company_url=_company_url(deal),
        order_key=_order_key(deal) if Link in there else "",
        is_lead=deal.is_lead,
        may_edit=may_edit,
        followups=None
        if is_past
        else followups.build(deal.item, member=member, may_edit=may_edit, there=there),
        merges=merges.of_deal(into, member=member, may_edit=may_edit),
    )


def _names(deal: Deal) -> dict[tuple[str, str], str]:
    """The names that were read with the deal: most of its history needs no others."""
    named = {"company": deal.company, "owner": deal.item.owner}
    return {(field, str(one.pk)): one.name for field, one in named.items() if one is not None}


def facts_form(deal: Deal, *, member: Member, data: Any = None) -> FactsForm:
    """The facts of a deal, to be changed in place."""
    amount = deal.amount
    initial = {
        "company": deal.company.name if deal.company else "",
        "amount": None if amount is None else figures.plain(amount),
        "currency": deal.currency,
        "close_on": deal.close_on,
        "owner": deal.item.owner_id,
        "product": deal.product_id,
        "channel": deal.channel,
    }
    return FactsForm(data, initial=initial, member=member, auto_id="fact_%s")


def _now(deal: Deal, events: Sequence[Event]) -> Standing:
    item = deal.item
    return Standing(
        stage_id=item.stage_id,
        entered_at=item.entered_at,
        outcome=item.outcome,
        decided_at=item.decided_at,
        reason=_reason(_last(events, Outcome)),
        parked_until=item.parked_until,
        amount=deal.amount,
        close_on=deal.close_on,
    )


def _standing(events: Sequence[Event], deal: Deal) -> Standing:
    place, ending = _last(events, Transition), _last(events, Outcome)
    waiting = _last(events, Parking)
    amount, close_on = _value(events, "amount"), _value(events, "close_on")
    is_decided = ending is not None and ending.verdict != Outcome.Verdict.OPEN
    return Standing(
        stage_id=place.stage_id if place else 0,
        entered_at=place.occurred_at if place else deal.item.opened_at,
        outcome=ending.verdict if is_decided else "",
        decided_at=ending.occurred_at if is_decided else None,
        reason=_reason(ending),
        parked_until=waiting.until if waiting else None,
        amount=Decimal(amount) if amount else None,
        close_on=date.fromisoformat(close_on) if close_on else None,
    )


def _last(events: Sequence[Event], kind: type) -> Any:
    found = (
        event.row for event in events if isinstance(event.row, kind) and not event.is_corrected
    )
    return next(found, None)


def _value(events: Sequence[Event], field: str) -> str | None:
    rows = (event.row for event in events if not event.is_corrected)
    changes = (row for row in rows if isinstance(row, FieldChange) and row.field == field)
    last = next(changes, None)
    return last.value if last else None


def _reason(ending: Outcome | None) -> str:
    return ending.reason.label if ending is not None and ending.reason else ""


def _state(standing: Standing, *, deal: Deal, today: date) -> tuple[str, str]:
    if standing.outcome:
        return endings.of(standing.outcome)
    if standing.parked_until and standing.parked_until > today:
        return pgettext("deal", "Parked"), "info"
    return (pgettext("deal", "Lead"), "accent") if deal.is_lead else ("", "")


def _steps(stages: Sequence[Stage], *, stage_id: int) -> list[Step]:
    places = {stage.pk: number for number, stage in enumerate(stages)}
    here = places.get(stage_id, -1)
    return [
        Step(id=stage.pk, name=stage.label, is_done=number < here, is_current=number == here)
        for number, stage in enumerate(stages)
    ]


def _answer(standing: Standing, *, deal: Deal, events: Sequence[Event], now: datetime) -> str:
    if not events:
        return _("It was not open yet on that day.")
    values = {
        "sum": "" if standing.amount is None else figures.money(standing.amount, deal.currency),
        "day": date_format(timezone.localtime(standing.decided_at), "DATE_FORMAT")
        if standing.decided_at
        else "",
        "reason": standing.reason,
    }
    if standing.outcome:
        return _ended(standing) % values
    return f"{_age(standing, deal=deal, now=now)} {_worth(standing, values)}"


def _ended(standing: Standing) -> str:
    sentences = {
        "won": _("Won on %(day)s for %(sum)s."),
        "merged": _("Merged on %(day)s: another deal answers for it."),
    }
    lost = _("Lost on %(day)s: %(reason)s.") if standing.reason else _("Lost on %(day)s.")
    return sentences.get(standing.outcome, lost)


def _age(standing: Standing, *, deal: Deal, now: datetime) -> str:
    n_open, n_here = (now - deal.item.opened_at).days, (now - standing.entered_at).days
    if n_open == 0:
        return _("Open for less than a day.")
    text = ngettext(
        "Open for %(n)s day, %(here)s of it in this stage.",
        "Open for %(n)s days, %(here)s of them in this stage.",
        n_open,
    )
    return text % {"n": figures.number(n_open), "here": figures.number(n_here)}


def _ageing(standing: Standing, *, deal: Deal, member: Member, when: Moment | None) -> str:
    """How its time in the stage compares with the deals that were won; empty for what is decided or parked."""
    ages = ageing.of_pipeline(member, deal.item.pipeline, when=when)
    parked = standing.parked_until
    if standing.outcome or not standing.stage_id or (parked and parked > ages.on):
        return ""
    step_on = deal.next_step_on
    if when is not None:
        planned = steps.planned_at(deal.item, at=when.at, known=when.known_at)
        step_on = planned[0].due_on if planned else None
    return deal_ages.sentence(
        ages,
        stage_id=standing.stage_id,
        since=ageing.since(standing.entered_at, parked, member=member),
        step_on=step_on,
        item_id=deal.pk,
    )


def _worth(standing: Standing, values: Mapping[str, str]) -> str:
    if standing.amount is None:
        return _("Its amount is not known yet.")
    if standing.close_on is None:
        return _("Worth %(sum)s; when it closes is not known yet.") % values
    day = date_format(standing.close_on, "DATE_FORMAT")
    return _("Worth %(sum)s, expected to close on %(close)s.") % {**values, "close": day}


def _facts(
    deal: Deal, *, standing: Standing, events: Sequence[Event] | None
) -> list[tuple[str, str]]:
    amount = "" if standing.amount is None else figures.money(standing.amount, deal.currency)
    close = date_format(standing.close_on, "DATE_FORMAT") if standing.close_on else ""
    if events is None:
        names = {
            "company": deal.company.name if deal.company else "",
            "owner": deal.item.owner.name if deal.item.owner else "",
            "product": deal.product.name if deal.product else "",
            "channel": deal.channel,
        }
    else:
        names = history.values(events, fields=("company", "owner", "product", "channel"))
    return [
        (_("Company"), names["company"]),
        (_("Amount"), amount),
        (_("Expected close"), close),
        (_("Owner"), names["owner"]),
        (_("Product"), names["product"]),
        (_("Channel"), names["channel"]),
    ]


def _order_key(deal: Deal) -> str:
    link = Link.objects.filter(source_id=deal.pk, kind="placed").select_related("target").first()
    return link.target.key if link else ""


def _pipeline_url(deal: Deal) -> str:
    return reverse("pipeline", args=[deal.workspace.slug])


def _company_url(deal: Deal) -> str:
    return (
        reverse("company", args=[deal.workspace.slug, deal.company_id]) if deal.company_id else ""
    )
