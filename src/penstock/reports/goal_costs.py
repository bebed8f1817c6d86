"""Goals that say what a lead may cost at most, and what leads have cost so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penstock.analytics import attribution
from penstock.base.calendar import Window
from penstock.base.money import ZERO
from penstock.reports import channel_costs, channels, goal_facts
from penstock.reports.channels import Earned
from penstock.reports.goal_facts import Subject
from penstock.reports.moment import Moment
from penstock.sales import goals
from penstock.sales.models import Goal
from penstock.users.models import Member


@dataclass(frozen=True, slots=True)
class LeadCost:
    """One goal for the cost per lead; money is in the workspace's currency.

    ``cost`` is what campaigns cost from the beginning of the period to the end of the day, ``n_leads``
    how many leads came to what has a cost; None and nothing where nobody said what it cost.
    """

    goal_id: int
    period: str
    window: Window
    subject: Subject
    name: str
    currency: str
    goal: Decimal
    cost: Decimal | None
    n_leads: Decimal
    per_lead: Decimal | None

    @property
    def share(self) -> float | None:
        """The cost per lead by what it may be at most."""
        return None if self.per_lead is None else float(self.per_lead / self.goal)

    @property
    def is_above(self) -> bool:
        """Leads cost more than they may."""
        return self.per_lead is not None and self.per_lead > self.goal


def so_far(member: Member, moment: Moment, found: Sequence[Goal]) -> tuple[LeadCost, ...]:
    """What leads have cost by the end of a day in the period of each of some goals, as known."""
    windows = {
        (goal.period, goal.first_on): goals.window_of(goal.period, goal.first_on, member.workspace)
        for goal in found
    }
    lines = {key: _lines(member, moment, window) for key, window in windows.items()}
    made = []
    for goal in found:
        key = (goal.period, goal.first_on)
        made.append(_of(goal, windows[key], lines[key].get(goal.channel)))
    return tuple(made)


def deals(member: Member, moment: Moment, goal: Goal) -> list[int]:
    """The leads that the cost of a goal is divided by, the last opened first.

    Of the workspace these are the leads of every channel that has a cost.
    """
    window = _until(goals.window_of(goal.period, goal.first_on, member.workspace), moment.on)
    priced = [name for name, one in _lines(member, moment, window).items() if one.cost is not None]
    wanted = [goal.channel] if goal.channel else [name for name in priced if name]
    found: dict[int, None] = {}
    for name in wanted:
        told = channels.deals(
            member,
            window,
            rule=attribution.FIRST,
            by="channel",
            key=name,
            figure="leads",
            until=window.last,
            known=moment.known,
        )
        found |= dict.fromkeys(item for item, _part in told)
    return sorted(found, reverse=True)


def _lines(member: Member, moment: Moment, window: Window) -> dict[str, Earned]:
    """What each channel cost and brought so far, and under no name all of those that have a cost."""
    asked = _until(window, moment.on)
    earned = channels.earned(
        member,
        asked,
        rule=attribution.FIRST,
        by="channel",
        until=asked.last,
        known=moment.known,
    )
    return {one.key: one for one in earned.lines if one.key} | {"": earned.priced}


def _until(window: Window, on: date) -> Window:
    return Window(window.first, min(on, window.last), window.zone)


def _of(goal: Goal, window: Window, line: Earned | None) -> LeadCost:
    cost = None if line is None or line.cost is None else channel_costs.decimal(line.cost)
    per_lead = None if line is None else line.cost_per("leads")
    return LeadCost(
        goal_id=goal.pk,
        period=goal.period,
        window=window,
        subject=goal.subject,
        name=goal_facts.name_of(goal),
        currency=goal.currency,
        goal=goal.value or ZERO,
        cost=cost,
        n_leads=ZERO if line is None else channel_costs.decimal(line.count("leads")),
        per_lead=None if per_lead is None else channel_costs.decimal(per_lead),
    )
