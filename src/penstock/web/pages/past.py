"""The board and the list as they were on a day, as it was known on a day: to be read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from penstock.catalog.exchange import Exchange, Part
from penstock.contacts.access import companies_for
from penstock.reports import ageing, pipeline_cards
from penstock.reports import pipeline as report
from penstock.reports.ageing import Ages
from penstock.reports.filters import DealFilter
from penstock.reports.moment import Moment
from penstock.reports.pipeline import Held, PipelineOnDay, StageOnDay
from penstock.reports.pipeline_cards import Row
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.deal_columns import SORTS
from penstock.web.forms.deal_filters import DealFilters, Wanted
from penstock.web.pages import deal_ages, deal_list, money, next_steps, pipeline
from penstock.web.pages.base import Definition
from penstock.web.pages.columns import Card, Column, person
from penstock.web.pages.deal_list import DealList
from penstock.web.pages.deal_rows import Total
from penstock.web.pages.pipeline import Asked, Board

NUMBERS_AND_DAYS = ("amount_from", "amount_to", "close_from", "close_to")
#: A list of the past holds this many deals per stage; its figures are those of all.
N_LISTED = 500


def board(question: Asked, *, when: Moment) -> Board:
    """The board of a day."""
    found = _figures(question, when)
    rows = pipeline_cards.on_day(question.member, when=when, only=only(question))
    ages = ageing.of_pipeline(question.member, question.pipeline, when=when)
    return Board(
        title=question.pipeline.label,
        nav="pipeline",
        answer=_said(question, found, when=when),
        definition=_definition(found.total, when=when),
        columns=[_column(question, stage, rows, when=when, ages=ages) for stage in found.stages],
        is_empty=False,
        has_zones=False,
        parked_note=pipeline.parked(found.parked.n),
    )


def listing(question: Asked, *, when: Moment, sort: str, number: str) -> DealList:
    """The list of a day."""
    found = _figures(question, when)
    rows = pipeline_cards.on_day(question.member, when=when, only=only(question), n_each=N_LISTED)
    sort = sort if sort.lstrip("-") in SORTS else deal_list.NEWEST
    places = {stage.stage_id: number for number, stage in enumerate(found.stages)}
    part = Paginator(sorted_by(rows, sort, places=places), deal_list.N_ROWS).get_page(number)
    stages = {stage.stage_id: stage.label for stage in found.stages}
    then = replace(question, today=when.on)
    text = _said(question, found, when=when)
    if len(rows) < found.total.n:
        text += " " + _("The latest %(n)s of each stage are listed.") % {
            "n": figures.number(N_LISTED)
        }
    return DealList(
        title=question.pipeline.label,
        nav="pipeline",
        answer=text,
        definition=_definition(found.total, when=when),
        heads=deal_list.heads(question, sort=sort),
        lines=[
            deal_list.line(row, question=then, stages=stages, now=when.at, is_fixed=True)
            for row in part
        ],
        page_obj=part,
        base_query=question.url("pipeline", view="list", sort=sort).partition("?")[2],
        shows=question.shown,
    )


def _said(question: Asked, found: PipelineOnDay, *, when: Moment) -> str:
    """What was open, and which filters have no past and are therefore left out."""
    text = answer(found.total, when=when, exchange=_exchange(question, when))
    left_out = [str(DealFilters.base_fields[name].label) for name in unknown(question.wanted)]
    if not left_out:
        return text
    told = _("Not asked of a past day, and left out: %(filters)s.")
    return f"{text} {told % {'filters': ', '.join(left_out)}}"


def unknown(wanted: Wanted) -> list[str]:
    """The filters in use that have no past."""
    usual = Wanted()
    return [
        name
        for name in ("q", "state", "stage", "step", *NUMBERS_AND_DAYS)
        if getattr(wanted, name) != getattr(usual, name)
    ]


def answer(held: Held, *, when: Moment, exchange: Exchange) -> str:
    """What was open, in a sentence."""
    total = Total(
        n=held.n,
        sums=held.sums,
        n_without_amount=held.n_without_amount,
        parts=tuple(Part(code, amount) for code, amount in held.sums.items()),
    )
    if not held.n:
        return _("No deal was open then.")
    return pipeline.worth(total, weighted=held.weighted, exchange=exchange)


def sorted_by(rows: Sequence[Row], sort: str, *, places: dict[int, int]) -> list[Row]:
    """Rows in the order of a column; the unknown always last."""
    name = sort.lstrip("-")
    is_descending = sort.startswith("-") != (name == "age")
    column = _COLUMNS[name]
    known = [row for row in rows if row[column] not in (None, "")]
    unknown = [row for row in rows if row[column] in (None, "")]

    def key(row: Row) -> Any:
        return places.get(row[column], -1) if name == "stage" else row[column]

    return sorted(known, key=key, reverse=is_descending) + unknown


_COLUMNS = {
    "key": "id",
    "title": "title",
    "company": "deal__company__name",
    "stage": "stage_id",
    "amount": "deal__amount",
    "close_on": "deal__close_on",
    "step": "deal__next_step_on",
    "owner": "owner__name",
    "channel": "deal__channel",
    "opened": "opened_at",
    "age": "entered_at",
}


def _exchange(question: Asked, when: Moment) -> Exchange:
    return Exchange(question.member.workspace, day=when.on, known=when.known_at)


def _figures(question: Asked, when: Moment) -> PipelineOnDay:
    known = when.known
    return report.on_day(question.member, on=when.on, known=known, only=only(question))


def only(question: Asked) -> DealFilter:
    """The filters that have a past: owner, company and channel."""
    wanted, member = question.wanted, question.member
    owner = (
        Member.objects.filter(workspace_id=member.workspace_id, pk=wanted.owner).first()
        if wanted.owner.isdigit()
        else None
    )
    company = companies_for(member).filter(pk=wanted.company).first() if wanted.company else None
    return DealFilter(
        pipeline=question.pipeline, owner=owner, company=company, channel=wanted.channel or None
    )


def _column(
    question: Asked, stage: StageOnDay, rows: Sequence[Row], *, when: Moment, ages: Ages
) -> Column:
    shown = [row for row in rows if row["stage_id"] == stage.stage_id]
    left = stage.held.n - len(shown)
    return Column(
        id=stage.stage_id,
        name=stage.label,
        n=figures.number(stage.held.n),
        cards=[_card(row, question=question, when=when, ages=ages) for row in shown],
        sum=money.in_column(stage.held.in_one),
        weighted=str(money.shown(stage.held.weighted_in_one, is_whole=True)),
        n_without_amount=stage.held.n_without_amount,
        n_more=left,
        more_url=question.url("pipeline", view="list", sort="stage") if left > 0 else "",
    )


def _card(row: Row, *, question: Asked, when: Moment, ages: Ages) -> Card:
    amount, close_on = row["deal__amount"], row["deal__close_on"]
    return Card(
        id=row["id"],
        key=row["key"],
        title=row["title"],
        url=_with_day(f"{question.base}deals/{row['key']}", when),
        move_url="",
        company=row["deal__company__name"] or "",
        amount="" if amount is None else figures.money(amount, row["deal__currency"]),
        has_no_amount=amount is None,
        close_on=close_on,
        is_overdue=_is_over(close_on, when.on),
        age_days=_days(row["entered_at"], when.at),
        owner=person(row["owner__name"]),
        step=next_steps.of_card(row, today=when.on),
        age=deal_ages.of_row(row, ages=ages, member=question.member),
        is_fixed=True,
    )


def _with_day(url: str, when: Moment) -> str:
    known = f"&known={when.known.isoformat()}" if when.known else ""
    return f"{url}?on={when.on.isoformat()}{known}"


def _is_over(close_on: date | None, on: date) -> bool:
    return close_on is not None and close_on < on


def _days(since: datetime, until: datetime) -> int:
    return max(0, (until - since).days)


def _definition(held: Held, *, when: Moment) -> Definition:
    day = date_format(when.on, "DATE_FORMAT")
    known = date_format(when.known or timezone.localdate(), "DATE_FORMAT")
    return Definition(
        text=_(
            "Deals without an outcome that were not parked at the end of the day, by the stage in"
            " which they stood then, with the amounts of that day. Names, titles and chances are"
            " those of today."
        ),
        window=_("%(day)s, as known on %(known)s") % {"day": day, "known": known},
        n=figures.number(held.n),
    )
