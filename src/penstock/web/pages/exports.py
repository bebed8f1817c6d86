"""The rows behind a list, as they are exported: all of them, with plain numbers and days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from penstock.backlog.models import QueueRule
from penstock.base.calendar import Window
from penstock.contacts.access import companies_for
from penstock.reports import movements, pipeline_cards
from penstock.reports.moment import Moment
from penstock.users.models import Member
from penstock.web.exporting import Cell
from penstock.web.forms.deal_columns import SORTS
from penstock.web.pages import (
    backlog_queue,
    companies,
    company_sums,
    deal_list,
    deal_rows,
    past,
)
from penstock.web.pages.pipeline import Asked

#: So many rows are read at once.
N_AT_ONCE = 500
DEALS = (
    gettext_lazy("Number"),
    gettext_lazy("Deal"),
    gettext_lazy("Company"),
    gettext_lazy("Stage"),
    gettext_lazy("State"),
    gettext_lazy("Amount"),
    gettext_lazy("Currency"),
    gettext_lazy("Expected close"),
    gettext_lazy("Next step"),
    gettext_lazy("Owner"),
    gettext_lazy("Channel"),
    gettext_lazy("Opened"),
    gettext_lazy("Days in this stage"),
)
COMPANIES = (
    gettext_lazy("Company"),
    gettext_lazy("Web domain"),
    gettext_lazy("Industry"),
    gettext_lazy("Country"),
    gettext_lazy("City"),
    gettext_lazy("Employees"),
    gettext_lazy("Open deals"),
    gettext_lazy("Open sum"),
    gettext_lazy("Won so far"),
    gettext_lazy("Currency"),
)
CLOSED = (
    gettext_lazy("Number"),
    gettext_lazy("Deal"),
    gettext_lazy("Company"),
    pgettext_lazy("of a deal", "Owner"),
    gettext_lazy("State"),
    gettext_lazy("Closed on"),
    gettext_lazy("Amount"),
    gettext_lazy("Currency"),
    gettext_lazy("Reason"),
)
QUEUE = (
    gettext_lazy("Number"),
    gettext_lazy("Order"),
    gettext_lazy("Customer"),
    gettext_lazy("Reference"),
    gettext_lazy("Stage"),
    gettext_lazy("Value left"),
    gettext_lazy("Currency"),
    gettext_lazy("Remaining"),
    gettext_lazy("Ordered"),
    gettext_lazy("Promised"),
    gettext_lazy("First promised, if moved"),
    gettext_lazy("Expected"),
    gettext_lazy("Accepted"),
    gettext_lazy("Days late"),
    gettext_lazy("Days late by the first promise"),
)


def deals(question: Asked, *, sort: str, when: Moment) -> Iterator[Sequence[Cell]]:
    """The deals of the list, now or on a day."""
    stages = {stage.pk: stage.label for stage in question.stages}
    states = {
        "won": pgettext("deal", "Won"),
        "lost": pgettext("deal", "Lost"),
        "merged": pgettext("deal", "Merged"),
        "": pgettext("deal", "Open"),
    }
    for row in _deal_rows(question, sort=sort, when=when):
        yield (
            row["key"],
            row["title"],
            row["deal__company__name"],
            stages.get(row["stage_id"], ""),
            states.get(row["outcome"], row["outcome"]),
            row["deal__amount"],
            row["deal__currency"],
            row["deal__close_on"],
            row["deal__next_step_on"],
            row["owner__name"],
            row["deal__channel"],
            timezone.localtime(row["opened_at"], when.zone).date(),
            (min(when.at, timezone.now()) - row["entered_at"]).days,
        )


def _deal_rows(question: Asked, *, sort: str, when: Moment) -> Iterable[Any]:
    sort = sort if sort.lstrip("-") in SORTS else deal_list.NEWEST
    if when.is_now:
        rows = question.listed.order_by(*deal_list.order(sort)).values(*deal_rows.COLUMNS)
        listed: Iterable[Any] = rows.iterator(chunk_size=N_AT_ONCE)
        return listed
    found = pipeline_cards.on_day(
        question.member, when=when, only=past.only(question), n_each=2_000_000_000
    )
    places = {stage.pk: number for number, stage in enumerate(question.stages)}
    return past.sorted_by(found, sort, places=places)


def all_companies(member: Member, *, q: str, sort: str) -> Iterator[Sequence[Cell]]:
    """The companies of the list; one row per currency in which a company has deals."""
    sort = sort if sort.lstrip("-") in companies.SORTS else "name"
    rows = companies.found(companies_for(member), q).order_by(*companies.order(sort))
    columns = ("pk", "name", "domain", "industry", "country", "city", "employees")
    part: list[Any] = []
    for row in rows.values_list(*columns).iterator(chunk_size=N_AT_ONCE):
        part.append(row)
        if len(part) == N_AT_ONCE:
            yield from _with_sums(member, part)
            part = []
    yield from _with_sums(member, part)


def _with_sums(member: Member, part: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    bought = company_sums.bought(member, [row[0] for row in part])
    for pk, *facts in part:
        mine = bought.get(pk, company_sums.NOTHING)
        n_open = mine.n[company_sums.OPEN] or None
        still_open, won = mine.sums(company_sums.OPEN), mine.sums(company_sums.WON)
        for number, currency in enumerate(sorted({*still_open, *won}) or [""]):
            told = (n_open if number == 0 else None, still_open.get(currency))
            yield (*facts, *told, won.get(currency), currency)


def closed(member: Member, window: Window, *, moment: Moment) -> Iterator[Sequence[Cell]]:
    """The deals won and lost in a window, the newest first."""
    states = {"won": pgettext("deal", "Won"), "lost": pgettext("deal", "Lost")}
    for verdict, state in states.items():
        found = movements.deals(
            member, window, verdict=verdict, known=moment.known, limit=2_000_000_000
        )
        for one in found:
            closed_on = one.closed_at.astimezone(window.zone).date()
            yield (
                one.key, one.title, one.company, one.owner, state,
                closed_on, one.amount, one.currency, one.reason,
            )  # fmt: skip


def queue(
    member: Member, *, asked: backlog_queue.Asked, moment: Moment
) -> Iterator[Sequence[Cell]]:
    """The orders that are owed, in the order of the list."""
    policy = QueueRule.of(member.workspace_id).policy
    orders = backlog_queue.queue(member, asked=asked, moment=moment, policy=policy)
    first = 0
    while part := backlog_queue.rows(
        orders[first : first + N_AT_ONCE], moment=moment, member=member
    ):
        first += N_AT_ONCE
        for row in part:
            yield (
                row.key, row.title, row.company, row.reference, row.stage, row.value, row.currency,
                row.remaining, row.ordered, row.promised_on, row.first_promised_on, row.expected_on,
                row.accepted_on, row.days_late, row.days_late_at_first,
            )  # fmt: skip
