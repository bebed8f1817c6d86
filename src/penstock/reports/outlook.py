"""Pipeline against backlog, side by side: what each holds, and how each is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from penstock.analytics.ageing import Ages
from penstock.base.calendar import Window
from penstock.catalog.exchange import Exchange, InOne
from penstock.reports import backlog, movements, periods, pipeline, statement
from penstock.reports.backlog import BacklogOnDay
from penstock.reports.moment import Moment
from penstock.reports.pipeline import PipelineOnDay
from penstock.users.models import Member

WEEKS = 13
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to measure one side; ``number`` or ``money`` is the answer, ``definition`` what it is.

    ``unit`` is one of ``count``, ``money``, ``hours``, ``days``, ``per_week``.
    """

    code: str
    label: Text
    definition: Text
    unit: str
    number: Decimal | None = None
    money: Mapping[str, Decimal] | None = None
    n: int = 0
    in_one: InOne | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Cases that entered and left within seven days, named by the first of them."""

    first: date
    n_in: int
    n_out: int


@dataclass(frozen=True, slots=True)
class Side:
    """The pipeline or the backlog; texts are whole sentences in the reader's language."""

    code: str
    label: Text
    holds: Text
    enters: Text
    leaves: Text
    measures: tuple[Measure, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Both sides on one day; their measures stand in the same order."""

    moment: Moment
    window: Window
    pipeline: Side
    backlog: Side


def on_day(member: Member, *, on: date | None = None, known: date | None = None) -> Outlook:
    """Pipeline against backlog at the end of a day, with the flows of the thirteen weeks before it.

    Raises:
        RuleBroken: ``reports.future``.
    """
    deals = pipeline.on_day(member, on=on, known=known)
    orders = backlog.on_day(member, on=on, known=known)
    when = deals.moment
    window = when.trailing(7 * WEEKS)
    weeks = periods.weeks_until(window, n=WEEKS)
    return Outlook(
        moment=when,
        window=window,
        pipeline=_pipeline(deals, _deal_weeks(movements.in_each(member, weeks, known=known))),
        backlog=_backlog(
            orders,
            _order_weeks(statement.flows(member, weeks, known=known)),
            Exchange(member.workspace, day=when.on, known=when.known_at),
        ),
    )


def _deal_weeks(moved: Sequence[movements.Moved]) -> tuple[Week, ...]:
    return tuple(
        Week(week.window.first, week.n_opened + week.n_reopened, week.n_won + week.n_lost)
        for week in moved
    )


def _order_weeks(flows: Sequence[statement.Flow]) -> tuple[Week, ...]:
    return tuple(Week(flow.period.window.first, flow.n_in, flow.n_out) for flow in flows)


def _pipeline(found: PipelineOnDay, weeks: tuple[Week, ...]) -> Side:
    total = found.total
    return Side(
        code="pipeline",
        label=_("Pipeline"),
        holds=_(
            "Possible sales: deals that are neither won nor lost. Nobody has promised anything."
        ),
        enters=_("A deal enters when it is opened, or opened again after it was closed."),
        leaves=_(
            "A deal leaves when it is won or lost. A won deal places an order in the backlog."
        ),
        weeks=weeks,
        measures=(
            Measure(
                code="count",
                label=_("Open deals"),
                definition=_(
                    "Deals neither won nor lost at the end of the day, parked ones left out."
                ),
                unit="count",
                number=Decimal(total.n),
                n=total.n,
            ),
            Measure(
                code="value",
                label=_("Sum of amounts"),
                definition=_(
                    "Expected amounts of the open deals; deals without an amount add nothing."
                ),
                unit="money",
                money=total.sums,
                in_one=total.in_one,
                n=total.n - total.n_without_amount,
            ),
            Measure(
                code="expected",
                label=_("Weighted sum"),
                definition=_(
                    "Each amount times the probability of winning that its stage has today; stages "
                    "without a probability add nothing."
                ),
                unit="money",
                money=total.weighted,
                in_one=total.weighted_in_one,
                n=total.n - total.n_without_amount,
            ),
            _age(
                total.ages, definition=_("Half of the open deals were opened longer ago than this.")
            ),
            *_pace(
                weeks,
                entered=_("Deals opened or reopened in the last 13 weeks, divided by 13."),
                left=_("Deals won or lost in the last 13 weeks, divided by 13."),
            ),
        ),
    )


def _backlog(found: BacklogOnDay, weeks: tuple[Week, ...], exchange: Exchange) -> Side:
    owed = found.owed
    return Side(
        code="backlog",
        label=_("Backlog"),
        holds=_("Promised work: accepted orders of which something is still to be delivered."),
        enters=_("An order enters when it is accepted, or when something of it is owed again."),
        leaves=_("An order leaves when nothing of it is owed: all is delivered or cancelled."),
        weeks=weeks,
        measures=(
            Measure(
                code="count",
                label=_("Open orders"),
                definition=_("Orders of which something is still owed at the end of the day."),
                unit="count",
                number=Decimal(owed.n_orders),
                n=owed.n_orders,
            ),
            Measure(
                code="value",
                label=_("Value owed"),
                definition=_("Agreed value without tax of what is still to be delivered."),
                unit="money",
                money=owed.value,
                in_one=exchange.of(owed.value),
                n=owed.n_lines,
            ),
            Measure(
                code="expected",
                label=_("Work owed"),
                definition=_("Work hours of what is still to be delivered, where they are known."),
                unit="hours",
                number=owed.hours,
                n=owed.n_lines - owed.n_lines_without_hours,
            ),
            _age(
                found.ages,
                definition=_("Half of the open orders were accepted longer ago than this."),
            ),
            *_pace(
                weeks,
                entered=_("Orders that entered in the last 13 weeks, divided by 13."),
                left=_("Orders that left in the last 13 weeks, divided by 13."),
            ),
        ),
    )


def _age(found: Ages, *, definition: Text) -> Measure:
    median = found.median_days
    return Measure(
        code="age",
        label=_("Median age"),
        definition=definition,
        unit="days",
        number=None if median is None else Decimal(str(round(median, 4))),
        n=found.n,
    )


def _pace(weeks: Sequence[Week], *, entered: Text, left: Text) -> tuple[Measure, Measure]:
    n_in, n_out = sum(week.n_in for week in weeks), sum(week.n_out for week in weeks)
    return (
        Measure("inflow", _("In per week"), entered, "per_week", Decimal(n_in) / WEEKS, n=n_in),
        Measure("outflow", _("Out per week"), left, "per_week", Decimal(n_out) / WEEKS, n=n_out),
    )
