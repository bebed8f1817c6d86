"""Deals as a table: sorted by any column, in numbered pages, with their count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from penstock.catalog.exchange import Exchange
from penstock.flow.dating import today as today_in
from penstock.sales.models import DealEdit
from penstock.users import roles
from penstock.web import figures
from penstock.web.forms.deal_columns import ALWAYS, NUMBERS, SORTS
from penstock.web.pages import deal_ages, deal_rows, endings, money, next_steps
from penstock.web.pages.base import Page
from penstock.web.pages.columns import Age, Step
from penstock.web.pages.deal_rows import Row

if TYPE_CHECKING:
    from penstock.web.pages.pipeline import Asked

N_ROWS = 50
LONGEST_PAGE = 9
NEWEST = "-opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column, and the address that sorts by it."""

    name: str
    url: str
    sorted: str = ""
    is_number: bool = False
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One deal."""

    key: str
    title: str
    url: str
    company: str
    company_url: str
    stage: str
    state: str
    tone: str
    amount: str
    close_on: date | None
    is_overdue: bool
    step: Step | None
    owner: str
    channel: str
    opened_on: date
    age_days: int
    age: Age | None
    may_edit: bool = False


@dataclass(frozen=True, kw_only=True)
class DealList(Page):
    """Which deals are there?"""

    heads: Sequence[Head]
    lines: Sequence[Line]
    page_obj: Part[Any]
    base_query: str
    shows: Sequence[str]
    acts: Sequence[tuple[str, Any]] = ()

    @property
    def may_edit(self) -> bool:
        """Whether some of it can be changed here."""
        return any(line.may_edit for line in self.lines)


def build(question: Asked, *, sort: str, number: str) -> DealList:
    """One page of the list: a query for the figures and what is shown, one for the rows."""
    sort = sort if sort.lstrip("-") in SORTS else NEWEST
    total, part = _part(question, sort=sort, number=number)
    if question.closed_in is not None:
        # Closed deals take the rate of their own day, which the figures of the list do not tell apart.
        found = deal_rows.totals(question.deals, closed_in=question.closed_in)
        total = deal_rows.together(found.values())
    stages = {stage.pk: stage.label for stage in question.stages}
    return DealList(
        title=question.pipeline.label,
        nav="pipeline",
        answer=answer(total, exchange=question.exchange),
        heads=heads(question, sort=sort),
        lines=[line(row, question=question, stages=stages, now=timezone.now()) for row in part],
        page_obj=part,
        base_query=question.url("pipeline", view="list", sort=sort).partition("?")[2],
        shows=question.shown,
        acts=DealEdit.Act.choices,
    )


def _part(question: Asked, *, sort: str, number: str) -> tuple[deal_rows.Total, Part[Any]]:
    asked = int(number) if number.isdecimal() and len(number) < LONGEST_PAGE else 1
    total, ids = _ids(question, sort=sort, number=max(asked, 1))
    paginator: Paginator[Any] = Paginator([], N_ROWS)
    paginator.count = total.n
    found = paginator.get_page(number).number
    if found != max(asked, 1):
        total, ids = _ids(question, sort=sort, number=found)
    rows = {row["id"]: row for row in _rows(question, ids)}
    return total, Part([rows[pk] for pk in ids if pk in rows], found, paginator)


def _ids(question: Asked, *, sort: str, number: int) -> tuple[deal_rows.Total, list[int]]:
    by, _id = order(sort)
    return deal_rows.part(question.deals, by=by, first=(number - 1) * N_ROWS, n=N_ROWS)


def _rows(question: Asked, ids: Sequence[int]) -> Iterable[Row]:
    shown: Iterable[Row] = question.listed.filter(pk__in=ids).order_by().values(*deal_rows.COLUMNS)
    return shown


def order(sort: str) -> list[Any]:
    """By what the list is sorted."""
    column = F(SORTS[sort.lstrip("-")][1])
    if sort.lstrip("-") == "age":
        # The longer in the stage, the earlier it entered.
        sort = sort[1:] if sort.startswith("-") else f"-{sort}"
    if sort.startswith("-"):
        return [column.desc(nulls_last=True), "id"]
    return [column.asc(nulls_last=True), "id"]


def heads(question: Asked, *, sort: str) -> list[Head]:
    """The heads of the columns that are shown."""
    return [_head(question, name, sort=sort) for name in question.shown]


def _head(question: Asked, name: str, *, sort: str) -> Head:
    is_current, is_descending = sort.lstrip("-") == name, sort.startswith("-")
    wanted = f"-{name}" if is_current and not is_descending else name
    return Head(
        name=str(SORTS[name][0]),
        url=question.url("pipeline", view="list", sort=wanted),
        sorted=("descending" if is_descending else "ascending") if is_current else "",
        is_number=name in NUMBERS,
        is_pinned=name == ALWAYS,
    )


def line(
    row: Row, *, question: Asked, stages: dict[int, str], now: datetime, is_fixed: bool = False
) -> Line:
    """A row of the table; one that is ``is_fixed`` is of the past and can only be read."""
    state, tone = _state(row, question.today)
    close_on = row["deal__close_on"]
    return Line(
        key=row["key"],
        title=row["title"],
        url=f"{question.base}deals/{row['key']}",
        company=row["deal__company__name"] or "",
        company_url=f"{question.base}companies/{row['deal__company_id']}"
        if row["deal__company_id"]
        else "",
        stage=stages[row["stage_id"]],
        state=state,
        tone=tone,
        amount=""
        if row["deal__amount"] is None
        else figures.money(row["deal__amount"], row["deal__currency"]),
        close_on=close_on,
        is_overdue=not row["outcome"] and close_on is not None and close_on < question.today,
        step=next_steps.of_card(row, today=question.today),
        owner=row["owner__name"] or "",
        channel=row["deal__channel"],
        opened_on=timezone.localtime(row["opened_at"]).date(),
        age_days=(now - row["entered_at"]).days,
        age=_age(row, question=question),
        may_edit=not is_fixed
        and not row["outcome"]
        and roles.may_sell_for(question.member, owner_id=row["owner_id"]),
    )


def _age(row: Row, *, question: Asked) -> Age | None:
    """What its age means; of a list of the past the board tells."""
    if row["outcome"] or question.today != today_in(question.member.workspace):
        return None
    return deal_ages.of_row(row, ages=question.ages, member=question.member)


def _state(row: Row, today: date) -> tuple[str, str]:
    if row["outcome"]:
        return endings.of(row["outcome"])
    if row["parked_until"] and row["parked_until"] > today:
        return pgettext("deal", "Parked"), "info"
    return "", ""


def answer(total: deal_rows.Total, *, exchange: Exchange) -> str:
    """How many deals there are, and what they come to."""
    if not total.n:
        return _("No deal is like this.")
    values = {"n": figures.number(total.n), "sum": money.sentence(exchange.in_one(total.parts))}
    if not total.sums:
        return (
            ngettext("%(n)s deal, without an amount.", "%(n)s deals, none with an amount.", total.n)
            % values
        )
    return (
        ngettext("%(n)s deal, worth %(sum)s.", "%(n)s deals, worth %(sum)s together.", total.n)
        % values
    )
