"""The policy lab: what each policy would have done with the orders that came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.analytics.policy_lab import Replayed
from penstock.backlog.models import QueueRule
from penstock.backlog.waiting import DAY_HOURS
from penstock.reports.impact_weeks import ORDERS
from penstock.reports.policy_lab import FEWEST, Lab
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.queue_order import EXPLAINED
from penstock.web.pages.tiles import window_text

Policy = QueueRule.Policy


@dataclass(frozen=True, slots=True)
class LabRow:
    """One policy."""

    name: str
    text: str
    cells: Sequence[str]
    is_current: bool
    is_least: bool


def head(found: Lab, *, rule: QueueRule) -> Page:
    """What another policy would have saved."""
    return Page(
        title=_("Backlog"),
        nav="backlog",
        answer=_answer(found, rule),
        definition=Definition(
            text=_(
                "All orders that were owed in these days, but for cancelled ones, come again at the "
                "moments at which they came. Whenever somebody is free the most urgent of those that "
                "are there is begun, as the policy says without knowing what comes. They are done at "
                "the pace at which the company delivered while something was owed. Cost is the cost of "
                "a day × working days; lateness counts days past the first promise. Starved is who "
                "waits longer than the bound before it is begun."
            ),
            window=window_text(found.window),
            n=figures.number(found.n),
        ),
    )


def _answer(found: Lab, rule: QueueRule) -> str:
    if not found.rows:
        return _(
            "Too few orders to tell one policy from another: %(n)s of at least %(needed)s."
        ) % {
            "n": figures.number(found.n),
            "needed": figures.number(FEWEST),
        }
    current = dict(found.rows)[rule.policy]
    policy, best = min(found.rows, key=lambda row: row[1].delay)
    if best.delay >= current.delay:
        return _("No other policy would have made lateness cheaper than the one in force.")
    return _(
        "With “%(policy)s” lateness would have cost %(share)s less than with the policy in force."
    ) % {
        "policy": Policy(policy).label,
        "share": figures.share(round(1 - best.delay / current.delay, 2)),
    }


def heads(found: Lab) -> list[str]:
    """The columns."""
    return [
        _("Cost of waiting"),
        _("Cost of lateness"),
        _("Late"),
        _("Late by, in 85 of 100 cases"),
        _("Mean wait"),
        _("Longest wait"),
        ngettext("Starved: over %(n)s day", "Starved: over %(n)s days", found.bound_days)
        % {"n": figures.number(found.bound_days)},
    ]


def lab_rows(found: Lab, *, rule: QueueRule, currency: str) -> list[LabRow]:
    """Every policy on the same orders, and how it was."""
    least = min((one.delay for _policy, one in found.rows), default=0.0)
    told = [
        LabRow(
            name=str(Policy(policy).label),
            text=str(EXPLAINED[Policy(policy)]),
            cells=[*_costs(one, currency), *_waits(one)],
            is_current=policy == rule.policy,
            is_least=one.delay <= least,
        )
        for policy, one in found.rows
    ]
    if found.actual is None:
        return told
    cells = [*_costs(found.actual, currency), "–", "–", "–"]
    return [*told, LabRow(_("As it was"), _was(found), cells, is_current=False, is_least=False)]


def _costs(one: Replayed, currency: str) -> list[str]:
    return [
        _money(one.cost, currency),
        _money(one.delay, currency),
        _("%(n)s of %(all)s") % {"n": figures.number(one.n_late), "all": figures.number(one.n_due)},
        _days(one.late_p85),
    ]


def _waits(one: Replayed) -> list[str]:
    return [_days(one.wait_mean), _days(one.wait_longest), figures.number(one.n_starved)]


def _was(found: Lab) -> str:
    if not found.n_open:
        return _("What really happened, holds and all.")
    return ngettext(
        "What really happened, holds and all; %(n)s order that is not delivered counts until the last day.",
        "What really happened, holds and all; %(n)s orders that are not delivered count until the last day.",
        found.n_open,
    ) % {"n": figures.number(found.n_open)}


def notes(found: Lab) -> list[str]:
    """At which pace, by how many at once, and what was guessed."""
    said = [_pace(found)]
    if found.n_before:
        said.append(
            ngettext(
                "%(n)s of the orders was owed already when the window began.",
                "%(n)s of the orders were owed already when the window began.",
                found.n_before,
            )
            % {"n": figures.number(found.n_before)}
        )
    if found.n_guessed:
        said.append(
            ngettext(
                "%(n)s order has no hours: it is taken to need the middle of the others.",
                "%(n)s orders have no hours: they are taken to need the middle of the others.",
                found.n_guessed,
            )
            % {"n": figures.number(found.n_guessed)}
        )
    return said


def _pace(found: Lab) -> str:
    if found.measure == ORDERS:
        return _(
            "Most orders have no hours, so all count alike: %(pace)s orders a working day, one after "
            "the other."
        ) % {"pace": _number(found.pace * DAY_HOURS)}
    return ngettext(
        "Pace: %(pace)s hours of work a working day, by %(n)s at once.",
        "Pace: %(pace)s hours of work a working day, by %(n)s at once.",
        found.n_teams,
    ) % {"pace": _number(found.pace * DAY_HOURS), "n": figures.number(found.n_teams)}


def _number(value: float) -> str:
    return figures.number(Decimal(str(round(value, 1))), places=1)


def _money(amount: float, currency: str) -> str:
    return figures.money(Decimal(round(amount)), currency, is_whole=True)


def _days(hours: float | None) -> str:
    if hours is None:
        return "–"
    n = round(hours / DAY_HOURS)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": figures.number(n)}
