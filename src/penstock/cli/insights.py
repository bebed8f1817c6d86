"""What ``penstock report`` says about the past of deals: funnel, times, bridge, losses, customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from penstock.analytics.survival import Duration
from penstock.base.calendar import Window, trailing
from penstock.base.errors import RuleBroken
from penstock.cli.figures import Laid, Question
from penstock.cli.rendering import Sheet, percent
from penstock.flow.dating import today
from penstock.reports import bridge, customers, goals, losses, slices
from penstock.reports import funnel as funnels
from penstock.reports.customers import Business
from penstock.reports.funnel import Funnel, StageStep
from penstock.reports.goal_costs import LeadCost
from penstock.reports.goals import Pace
from penstock.reports.losses import Lost
from penstock.reports.moment import moment
from penstock.reports.slices import Slice
from penstock.sales.goals import DIMENSIONS
from penstock.users.models import Member

DAYS = 365


def of_funnel(member: Member, asked: Question, where: str) -> Laid:
    """What became of the deals that entered each stage."""
    found = _funnel(member, asked, where)
    sheet = Sheet(
        title=title(_("Funnel"), found.window),
        columns=("stage", "entered", "went on", "lost", "open", "share", "95 % interval", "by day"),
        rows=[_step(one) for one in found.steps],
        note=_(
            "Deals that entered a stage in the window; open ones are followed as long as they could be "
            "(Aalen-Johansen). With fewer than %(n)d deals no share is claimed."
        )
        % {"n": funnels.MIN_CASES},
    )
    steps = [
        {
            "stage": one.label,
            "n": one.step.n_entered,
            "n_advanced": one.step.n_advanced,
            "n_lost": one.step.n_lost,
            "n_open": one.step.n_open,
            "advanced": one.step.incidence.ended[0],
            "lost": one.step.incidence.ended[1],
            "horizon_days": one.step.incidence.horizon_days,
        }
        for one in found.steps
    ]
    return {"window": found.window, "steps": steps}, [sheet]


def of_times(member: Member, asked: Question, where: str) -> Laid:
    """How long deals stay."""
    found = _funnel(member, asked, where)
    stays = {one.label: one.step.stay for one in found.steps}
    stays[_("From opening until won or lost")] = found.cycle.to_end
    sheet = Sheet(
        title=title(_("Times"), found.window),
        columns=(
            "time",
            "deals",
            "running",
            "median, days",
            "from",
            "to",
            "85 %, days",
            "from",
            "to",
        ),
        rows=[[name, *_duration(one)] for name, one in stays.items()],
        note=_("Running deals are part of it (Kaplan-Meier); the intervals are at 95 %."),
    )
    return {"window": found.window, "times": stays}, [sheet]


def of_bridge(member: Member, asked: Question, where: str) -> Laid:
    """Opening, every change in its line, closing."""
    window = window_of(member, asked)
    ways = set(filter(None, asked.by.split(",")))
    found = bridge.bridge(
        member,
        window,
        known=asked.known,
        as_known_then="then" in ways,
        due=window if "due" in ways else None,
        only=slice_of(member, where),
    )
    lines = (found.opening, *(line for line in found.lines if line.n), found.closing)
    own = ("in own currency",) if found.is_mixed else ()
    sheet = Sheet(
        title=title(_("Bridge"), window),
        columns=("line", "deals", "change in number", "value", *own),
        rows=[
            [
                line.code.replace("_", " "),
                line.n,
                line.change,
                line.sums,
                *([{found.currency: line.own}] if found.is_mixed else ()),
            ]
            for line in lines
        ],
        note=_("Open deals that do not wait. Opening and all lines come to the closing."),
    )
    return found, [sheet]


def of_losses(member: Member, asked: Question, where: str) -> Laid:
    """Lost deals by reason and by stage."""
    window = window_of(member, asked)
    found = losses.in_window(member, window, known=asked.known, only=slice_of(member, where))
    parts = (
        (_("Lost deals by reason"), found.by_reason),
        (_("Lost deals by stage"), found.by_stage),
    )
    return found, [
        Sheet(
            title=title,
            columns=("part", "deals", "share", "95 % interval", "value"),
            rows=[_lost(one) for one in lost],
        )
        for title, lost in parts
    ]


def of_customers(member: Member, asked: Question, where: str) -> Laid:
    """New against existing business, month by month."""
    window = window_of(member, asked)
    found = customers.in_window(member, window, known=asked.known, only=slice_of(member, where))
    months = Sheet(
        title=title(_("New and existing customers"), window),
        columns=(
            "month",
            "new customers",
            "new, deals",
            "new",
            "existing, deals",
            "existing",
            "no company, deals",
            "no company",
            "share of new",
            "share of the last 12 months",
        ),
        rows=[
            *(_business(one, found.currency) for one in found.periods),
            _business(replace(found.whole, name=_("Total")), found.currency),
        ],
        note=_(
            "Deals won in the window, each at the rate of its day. New is what a company bought on the first day "
            "on which it ever won with us."
        ),
    )
    stands = Sheet(
        title=_("Where the customers stand"),
        columns=("standing", "customers"),
        rows=list(found.standings.items()),
    )
    return found, [months, stands]


def of_goals(member: Member, asked: Question, where: str) -> Laid:
    """Goals and the pace towards them."""
    when = moment(member.workspace, on=asked.on, known=asked.known)
    cut = slice_of(member, where)
    named = {name: getattr(cut, name) for name in DIMENSIONS}
    only = {name: getattr(one, "pk", one) for name, one in named.items() if one is not None}
    found = goals.on_day(member, moment=when, only=only)
    sheet = Sheet(
        title=_("Goals on %(day)s") % {"day": when.on.isoformat()},
        columns=(
            "period",
            "counted",
            "of",
            "goal",
            "reached",
            "share",
            "usual by now",
            "periods",
            "from",
            "to",
            "chance",
            "needed a day",
        ),
        rows=[_goal(one) for one in found.paces],
        note=_(
            "Usual by now: the goal times the share that earlier periods had by this working day. From and to: "
            "80 of 100 trials with what came in in the rest of earlier months."
        ),
    )
    return found, [sheet, *([_lead_costs(found.costs)] if found.costs else [])]


FIGURES: Mapping[str, Callable[[Member, Question, str], Laid]] = {
    "funnel": of_funnel,
    "times": of_times,
    "bridge": of_bridge,
    "losses": of_losses,
    "customers": of_customers,
    "goals": of_goals,
}


def _funnel(member: Member, asked: Question, where: str) -> Funnel:
    when = moment(member.workspace, on=asked.on, known=asked.known)
    window = window_of(member, asked)
    return funnels.funnel(member, window, moment=when, only=slice_of(member, where))


def window_of(member: Member, asked: Question) -> Window:
    """The window that was asked for; a year that ends with the day without one."""
    until = asked.on or today(member.workspace)
    return asked.window or trailing(until=until, days=DAYS, zone=member.workspace.zone)


def slice_of(member: Member, where: str) -> Slice:
    """The slice that was typed, such as ``channel=fair,owner=7``.

    Raises:
        RuleBroken: ``cli.where``, ``reports.slice``.
    """
    named = dict(part.partition("=")[::2] for part in where.split(",") if part)
    unknown = set(named) - set(slices.DIMENSIONS)
    if unknown:
        raise RuleBroken(
            "cli.where",
            _("--where can name these: %(names)s.") % {"names": ", ".join(slices.DIMENSIONS)},
        )
    return slices.asked(member, named)


def title(name: str, window: Window) -> str:
    """The name of a figure with its window."""
    return _("%(name)s from %(first)s to %(last)s") % {
        "name": name,
        "first": window.first.isoformat(),
        "last": window.last.isoformat(),
    }


def _step(one: StageStep) -> list[Any]:
    step, on = one.step, one.step.incidence.ended[0]
    counts = [one.label, step.n_entered, step.n_advanced, step.n_lost, step.n_open]
    if not one.has_enough:
        return [*counts, None, None, None]
    interval = f"{percent(on.low)} … {percent(on.high)}"
    return [*counts, percent(on.share), interval, step.incidence.horizon_days]


def _duration(one: Duration) -> list[Any]:
    figures = [
        value for part in (one.median, one.p85) for value in (part.days, part.low, part.high)
    ]
    return [one.n, one.n - one.n_ended, *figures]


def _lead_costs(found: Sequence[LeadCost]) -> Sheet:
    def money(value: Decimal | None, one: LeadCost) -> Any:
        return None if value is None else {one.currency: value.quantize(Decimal("0.01"))}

    return Sheet(
        title=_("Cost per lead"),
        columns=("period", "of", "at most", "so far", "cost", "leads"),
        rows=[
            [
                f"{one.period} {one.window.first.isoformat()}",
                f"{one.subject[0]} {one.name}".strip(),
                money(one.goal, one),
                money(one.per_lead, one),
                money(one.cost, one),
                one.n_leads.quantize(Decimal("0.1")),
            ]
            for one in found
        ],
    )


def _goal(one: Pace) -> list[Any]:
    def figure(value: Decimal | float | None) -> Any:
        if value is None:
            return None
        exact = Decimal(str(value)).quantize(Decimal("0.01"))
        return {one.currency: exact} if one.currency else exact

    subject = f"{one.subject[0]} {one.name}".strip()
    return [
        f"{one.period} {one.window.first.isoformat()}",
        " ".join(filter(None, (one.metric, one.activity))),
        subject,
        figure(one.goal),
        figure(one.result),
        percent(one.share),
        figure(one.expected),
        one.usual.n,
        figure(one.projection.low),
        figure(one.projection.high),
        percent(one.projection.reaches),
        figure(one.needed),
    ]


def _business(one: Business, currency: str) -> list[Any]:
    return [
        one.name,
        one.n_new_customers,
        one.n_new,
        {currency: one.new},
        one.n_existing,
        {currency: one.existing},
        one.n_unknown,
        {currency: one.unknown},
        percent(one.new_share),
        percent(one.recent_share),
    ]


def _lost(one: Lost) -> list[Any]:
    interval = f"{percent(one.share.low)} … {percent(one.share.high)}"
    return [one.name or "–", one.n, percent(one.share.share), interval, one.in_one]
