"""The board and the list of a sales pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from penstock.catalog.exchange import Exchange
from penstock.flow import access, pipelines
from penstock.flow.dating import today as today_in
from penstock.flow.models import Item, Pipeline, Stage
from penstock.reports import ageing
from penstock.reports.ageing import Ages
from penstock.sales import access as sales
from penstock.users import roles
from penstock.users.models import Member, Workspace
from penstock.web import figures
from penstock.web.forms.deal_filters import (
    ALL,
    IN_CARE,
    LATE,
    LOST,
    OPEN,
    PARKED,
    WON,
    DealFilters,
    Wanted,
)
from penstock.web.pages import deal_ages, deal_list, deal_rows, money, next_steps
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.columns import Card, Column, person
from penstock.web.pages.deal_rows import Row, Total
from penstock.web.pages.next_steps import StepShare

NO_COLUMN = gettext_lazy("There is no such column here. Reload the page.")


@dataclass(frozen=True, kw_only=True)
class Board(Page):
    """Where does every deal stand?"""

    columns: Sequence[Column]
    is_empty: bool
    has_zones: bool
    parked_note: str = ""
    parked_url: str = ""
    events_url: str = ""
    steps: StepShare | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One of several views of a page."""

    name: str
    url: str
    icon: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Asked:
    """Which deals of which pipeline somebody asks for, in which address."""

    member: Member
    pipeline: Pipeline
    stages: tuple[Stage, ...]
    wanted: Wanted
    query: str
    today: date
    base: str
    exchange: Exchange
    shown: tuple[str, ...]

    @property
    def columns(self) -> list[Stage]:
        """The stages that have a column: those in use."""
        return [stage for stage in self.stages if stage.retired_at is None]

    @property
    def deals(self) -> QuerySet[Item]:
        """The deals asked for."""
        return self.in_state(self.wanted.state)

    @property
    def listed(self) -> QuerySet[Item]:
        """The deals asked for, by pipeline, so that the newest come from their index."""
        deals = sales.items_for(self.member).filter(pipeline=self.pipeline)
        deals = self.only_late(deal_rows.filtered(deals, self.wanted, today=self.today))
        return deal_rows.in_state(deals, self.wanted.state, today=self.today)

    @property
    def closed_in(self) -> Workspace | None:
        """The workspace, where closed deals are asked for: their rates are of the days they ended."""
        return self.member.workspace if self.wanted.state in (WON, LOST, ALL) else None

    def in_state(self, state: str, *, stage: Stage | None = None) -> QuerySet[Item]:
        """The deals asked for, in another state; in one stage alone."""
        wanted = replace(self.wanted, state=state)
        found = deal_rows.chosen(
            self.member,
            stages=self.stages if stage is None else [stage],
            wanted=wanted,
            today=self.today,
        )
        return self.only_late(found)

    def only_late(self, deals: QuerySet[Item]) -> QuerySet[Item]:
        """Of some deals those that stand in their stage for too long, where these are asked for."""
        return deals.filter(self.ages.late()) if self.wanted.step == LATE else deals

    @cached_property
    def ages(self) -> Ages:
        """How long won deals stand in the stages; read once for a page."""
        return ageing.of_pipeline(self.member, self.pipeline)

    def url(self, name: str, *args: object, **extra: object) -> str:
        """An address of this workspace with the filters kept."""
        query = QueryDict(self.query, mutable=True)
        for key, value in extra.items():
            query[key] = str(value)
        path = reverse(name, args=[self.member.workspace.slug, *args])
        return f"{path}?{query.urlencode()}" if query else path


def asked(member: Member, *, pipeline: Pipeline, form: DealFilters) -> Asked:
    """What a filter bar asks for."""
    query = QueryDict(mutable=True)
    for name in [*form.fields, "pipeline", "on", "known", "saved"]:
        query.setlist(name, [value for value in form.query.getlist(name) if value])
    return Asked(
        member=member,
        pipeline=pipeline,
        stages=tuple(pipelines.stages_of(pipeline.pk, in_use=False)),
        wanted=form.wanted(),
        query=query.urlencode(),
        today=today_in(member.workspace),
        exchange=Exchange(member.workspace, day=today_in(member.workspace)),
        shown=form.shown,
        base=reverse("workspace", args=[member.workspace.slug]),
    )


def board(question: Asked) -> Board:
    """The whole board: one query for the figures, one for the cards of all columns."""
    stages = question.columns
    is_open = question.wanted.state == OPEN
    totals = deal_rows.totals(
        question.deals,
        closed_in=question.closed_in,
        today=question.today if is_open else None,
    )
    question.exchange.learn(part for total in totals.values() for part in total.parts)
    shown = deal_rows.cards({stage.pk: _deals_of(question, stage) for stage in stages})
    n_parked = question.in_state(PARKED).count()
    total = deal_rows.together(totals.values())
    return Board(
        title=question.pipeline.label,
        nav="pipeline",
        answer=_answer(question, total, weighted=deal_rows.weighted(stages, totals)),
        definition=_definition(total),
        columns=[_column(question, stage, totals, shown[stage.pk]) for stage in stages],
        is_empty=not total.n and not n_parked and not any(shown.values()),
        has_zones=roles.may_sell(question.member) and question.wanted.state in (OPEN, PARKED),
        parked_note=parked(n_parked),
        events_url=f"{question.base}events",
        steps=next_steps.share(total, question=question) if is_open and total.n else None,
        parked_url=question.url("pipeline", state=PARKED) if n_parked else "",
    )


def columns(question: Asked, stage_ids: Iterable[int]) -> list[Column]:
    """Some columns of a board."""
    wanted = set(stage_ids)
    stages = [stage for stage in question.columns if stage.pk in wanted]
    if not stages:
        return []
    totals = deal_rows.totals(question.deals.filter(stage__in=stages), closed_in=question.closed_in)
    question.exchange.learn(part for total in totals.values() for part in total.parts)
    shown = deal_rows.cards({stage.pk: _deals_of(question, stage) for stage in stages})
    return [_column(question, stage, totals, shown[stage.pk]) for stage in stages]


def segments(question: Asked, *, is_list: bool) -> list[Segment]:
    """The switch between board and list."""
    board_url, list_url = question.url("pipeline"), question.url("pipeline", view="list")
    return [
        Segment(name=_("Board"), url=board_url, icon="board", is_current=not is_list),
        Segment(name=_("List"), url=list_url, icon="list", is_current=is_list),
        *_others(question.member.workspace.slug),
    ]


def views(slug: str, *, current: str) -> list[Segment]:
    """The same switch on the pages of closed deals and of proposals, where no filters are kept."""
    url = reverse("pipeline", args=[slug])
    return [
        Segment(name=_("Board"), url=url, icon="board"),
        Segment(name=_("List"), url=f"{url}?view=list", icon="list"),
        *_others(slug, current=current),
    ]


def _others(slug: str, *, current: str = "") -> list[Segment]:
    """What is sold otherwise than as open deals: those closed, and what was offered in writing."""
    found = (
        ("closed-deals", "won", pgettext("view of deals", "Closed")),
        ("proposals", "file", _("Proposals")),
    )
    return [
        Segment(name=name, url=reverse(view, args=[slug]), icon=icon, is_current=view == current)
        for view, icon, name in found
    ]


def switch(member: Member, current: Pipeline) -> list[Segment]:
    """The pipelines of deals to choose from; empty where there is but one."""
    found = access.pipelines_for(member).filter(kind=current.kind)
    url = reverse("pipeline", args=[member.workspace.slug])
    choices = [
        Segment(name=row.label, url=f"{url}?pipeline={row.pk}", is_current=row.pk == current.pk)
        for row in found
    ]
    return choices if len(choices) > 1 else []


def more(question: Asked, stage: Stage, *, after: tuple[datetime, int], n_left: int) -> Column:
    """The next cards of a column."""
    rows = deal_rows.cards({stage.pk: _deals_of(question, stage)}, after=after)[stage.pk]
    return Column(
        id=stage.pk,
        name=stage.label,
        n="",
        cards=[card(row, question=question) for row in rows],
        **_more(question, stage, rows, n_left=n_left - len(rows)),
    )


def card(row: Row, *, question: Asked, is_fixed: bool = False) -> Card:
    """A row as a card."""
    base, key, amount = question.base, row["key"], row["deal__amount"]
    is_open, close_on = not row["outcome"], row["deal__close_on"]
    return Card(
        id=row["id"],
        key=key,
        title=row["title"],
        url=f"{base}deals/{key}",
        move_url=f"{base}items/{key}/moves",
        company=row["deal__company__name"] or "",
        amount="" if amount is None else figures.money(amount, row["deal__currency"]),
        has_no_amount=amount is None,
        close_on=close_on,
        is_overdue=is_open and close_on is not None and close_on < question.today,
        age_days=(question.ages.at - row["entered_at"]).days,
        age=deal_ages.of_row(row, ages=question.ages, member=question.member) if is_open else None,
        owner=person(row["owner__name"]),
        note=_offered(row),
        step=next_steps.of_card(row, today=question.today),
        is_fixed=is_fixed or not is_open or not roles.may_sell(question.member),
    )


def _offered(row: Row) -> str:
    """What the proposal comes to, where the deal says something else."""
    offered, currency = row["deal__offered_amount"], row["deal__offered_currency"]
    if offered is None or (offered, currency) == (row["deal__amount"], row["deal__currency"]):
        return ""
    return _("Proposal: %(sum)s") % {"sum": figures.money(offered, currency)}


def _is_in_care(question: Asked, stage: Stage) -> bool:
    return stage.canonical == deal_rows.FOLLOW_UP and question.wanted.state == OPEN


def _deals_of(question: Asked, stage: Stage) -> QuerySet[Item]:
    # Asked for one stage alone, and not for one of several: the planner would misjudge how many
    # there are, and sort all of them instead of reading the first from their index.
    state = IN_CARE if _is_in_care(question, stage) else question.wanted.state
    return question.in_state(state, stage=stage)


def _column(
    question: Asked, stage: Stage, totals: Mapping[int, Total], rows: Sequence[Row]
) -> Column:
    if _is_in_care(question, stage):
        return _care(question, stage, rows)
    total = totals.get(stage.pk, deal_rows.NOTHING)
    chance = deal_rows.weighted([stage], totals) if stage.probability else {}
    return Column(
        id=stage.pk,
        name=stage.label,
        n=figures.number(total.n),
        cards=[card(row, question=question) for row in rows],
        sum=money.in_column(question.exchange.in_one(total.parts)),
        weighted=str(money.shown(question.exchange.of(chance), is_whole=True)),
        n_without_amount=total.n_without_amount,
        url=question.url("pipeline-column", stage.pk),
        limit=stage.wip_limit,
        is_over_limit=stage.wip_limit is not None and total.n > stage.wip_limit,
        **_more(question, stage, rows, n_left=total.n - len(rows)),
    )


def _care(question: Asked, stage: Stage, rows: Sequence[Row]) -> Column:
    """The last column: won deals, newest first, in no sum; counting all is a report's work."""
    is_full = len(rows) == deal_rows.N_CARDS
    n = figures.number(len(rows))
    return Column(
        id=stage.pk,
        name=stage.label,
        n=_("%(n)s or more") % {"n": n} if is_full else n,
        cards=[card(row, question=question) for row in rows],
        url=question.url("pipeline-column", stage.pk),
        all_url=question.url("pipeline", view="list", state=WON) if is_full else "",
    )


def _more(question: Asked, stage: Stage, rows: Sequence[Row], *, n_left: int) -> dict[str, Any]:
    if n_left <= 0 or not rows:
        return {}
    last = rows[-1]
    return {
        "n_more": n_left,
        "more_url": question.url(
            "pipeline-more",
            stage.pk,
            after=last["entered_at"].isoformat(),
            id=last["id"],
            left=n_left,
        ),
        "list_url": question.url("pipeline", view="list", stage=stage.pk),
    }


def parked(n: int) -> str:
    """How many deals wait, in a sentence; empty for none."""
    text = ngettext("%(n)s deal is parked.", "%(n)s deals are parked.", n)
    return text % {"n": figures.number(n)} if n else ""


def _answer(question: Asked, total: Total, *, weighted: Mapping[str, Decimal]) -> str:
    if question.wanted.state != OPEN:
        return deal_list.answer(total, exchange=question.exchange)
    return (
        worth(total, weighted=weighted, exchange=question.exchange)
        if total.n
        else _("No deal is open here.")
    )


def worth(total: Total, *, weighted: Mapping[str, Decimal], exchange: Exchange) -> str:
    """What open deals come to, in whole sentences."""
    sentences = [_sum(total, exchange)]
    if any(weighted.values()):
        chance = _("Weighted by the chance of each stage, that is %(sum)s.")
        sum_ = money.shown(exchange.of(weighted), is_whole=True)
        sentences.append(chance % {"sum": sum_})
    if total.sums and total.n_without_amount:
        n = total.n_without_amount
        gap = ngettext("%(n)s has no amount yet.", "%(n)s have no amount yet.", n)
        sentences.append(gap % {"n": figures.number(n)})
    return " ".join(sentences)


def _sum(total: Total, exchange: Exchange) -> str:
    values = {
        "n": figures.number(total.n),
        "sum": money.sentence(exchange.in_one(total.parts)),
    }
    if total.sums:
        text = ngettext(
            "%(n)s deal is open, worth %(sum)s.",
            "%(n)s deals are open, worth %(sum)s together.",
            total.n,
        )
    else:
        text = ngettext(
            "%(n)s deal is open, without an amount.",
            "%(n)s deals are open, none with an amount.",
            total.n,
        )
    return text % values


def _definition(total: Total) -> Definition:
    return Definition(
        text=_(
            "Deals without an outcome that are not parked, by the stage in which they stand now."
            " Sums add up the amounts that are known, other currencies at the last rate on or"
            " before today. The weighted sum"
            " multiplies each amount by the chance of its stage, as set in the settings."
        ),
        window=_("now"),
        n=figures.number(total.n),
    )
