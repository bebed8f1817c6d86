"""Who is next: the policy in words, what each would cost, and why an order stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.analytics.optimality import EXACT
from penstock.analytics.sequencing import Job
from penstock.backlog import priorities, waiting
from penstock.backlog.models import Order, QueueRule, RankChange
from penstock.backlog.waiting import Facts
from penstock.flow import dating
from penstock.reports import rows
from penstock.reports.queue_order import QueueNow
from penstock.users.models import Member, Workspace
from penstock.web import figures
from penstock.web.pages import settings
from penstock.web.pages.base import Definition, Page

Policy = QueueRule.Policy
EXPLAINED = {
    Policy.EDD: gettext_lazy(
        "The earliest promise goes first; what was promised for no day comes last."
    ),
    Policy.FCFS: gettext_lazy("Who was accepted first goes first, whatever was promised."),
    Policy.WSPT: gettext_lazy(
        "What saves most for an hour of work goes first: the cost of a day of waiting ÷ the hours "
        "of work that are left (WSJF, the cµ rule)."
    ),
    Policy.CONTRIBUTION: gettext_lazy(
        "What contributes most for an hour of work goes first, as throughput accounting asks."
    ),
    Policy.RATIO: gettext_lazy(
        "What has the least time for its work goes first: time to the promise ÷ hours of work left."
    ),
    Policy.ATC: gettext_lazy(
        "Cost of delay per hour, discounted while there is time to the promise; the head of the "
        "queue is bettered by search."
    ),
}
OBJECTIVES = {
    "weighted_flow": gettext_lazy("the cost of all waiting"),
    "latest": gettext_lazy("the worst lateness"),
    "weighted_tardiness": gettext_lazy("the cost of all lateness"),
    "tardiness": gettext_lazy("all lateness, in days"),
    "spread_of_waits": gettext_lazy("how much waits differ"),
}
CONDITIONS = {
    "one_team": gettext_lazy("One team, or all work as one"),
    "one_stage": gettext_lazy("One stage of work"),
    "no_prerequisites": gettext_lazy("No order waits for another"),
    "all_here": gettext_lazy("All orders are here already"),
    "all_due": gettext_lazy("Every order has a promise"),
    "some_due": gettext_lazy("Some orders have a promise"),
    "known": gettext_lazy("Hours and costs are said, not guessed"),
}
#: Fewer orders than this put nothing in an order worth a figure.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One policy beside the others."""

    name: str
    text: str
    cells: Sequence[str]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a proof, and whether it holds here."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Best:
    """What a policy is best for."""

    text: str
    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands, why, and what was said of it by hand."""

    place: int
    n: int
    policy: str
    reasons: Sequence[str]
    is_ranked: bool
    rank: RankChange | None
    cost_of_delay: str
    contribution: str


def head(found: QueueNow) -> Page:
    """The policy in force, and what it orders."""
    answer = _("%(policy)s. %(n)s") % {
        "policy": found.rule.get_policy_display(),
        "n": ngettext("%(n)s order waits.", "%(n)s orders wait.", found.n)
        % {"n": figures.number(found.n)},
    }
    return settings.head(_("Settings"), answer=answer)


def definition(found: QueueNow) -> Definition:
    """How the policies are compared."""
    return Definition(
        text=_(
            "All orders that wait are worked off one after the other from now, by everybody who "
            "works together, in the order of each policy. Cost of waiting is the cost of a day × "
            "days until done; cost of lateness counts days past the promise only. Nothing new "
            "comes in; holds are not looked at."
        ),
        window=_("From now"),
        n=figures.number(found.n),
    )


def compared(found: QueueNow, *, currency: str) -> list[Row]:
    """Every policy on the orders of now."""
    return [
        Row(
            name=str(Policy(one.policy).label),
            text=str(EXPLAINED[Policy(one.policy)]),
            cells=[
                _money(one.result.cost, currency),
                _money(one.result.weighted_tardiness, currency),
                figures.number(one.result.n_late),
                _days(one.result.worst) if one.result.worst > 0 else "–",
            ],
            is_current=one.is_current,
        )
        for one in found.compared
    ]


def best(found: QueueNow) -> list[Best]:
    """What the policy in force is provably best for, and whether that holds here."""
    return [
        Best(
            text=(
                _("Provably the least: %(what)s, where")
                if claim.status == EXACT
                else _("A rule that does well for %(what)s, where")
            )
            % {"what": OBJECTIVES[claim.objective]},
            conditions=[
                Condition(str(CONDITIONS[code]), holds) for code, holds in claim.conditions
            ],
        )
        for claim in found.claims
    ]


def guesses(found: QueueNow) -> list[str]:
    """How far the order hangs on what nobody said."""
    said = []
    if found.n_guessed_hours:
        said.append(
            ngettext(
                "Of %(n)s order nobody said the hours: the middle of the others is taken.",
                "Of %(n)s orders nobody said the hours: the middle of the others is taken.",
                found.n_guessed_hours,
            )
            % {"n": figures.number(found.n_guessed_hours)}
        )
    if found.n_guessed_costs:
        said.append(
            ngettext(
                "Of %(n)s order nobody said what waiting costs: a share of its value is taken.",
                "Of %(n)s orders nobody said what waiting costs: a share of their value is taken.",
                found.n_guessed_costs,
            )
            % {"n": figures.number(found.n_guessed_costs)}
        )
    if found.n >= FEWEST and found.rule.policy not in priorities.PLAIN:
        said.append(
            _(
                "If hours and costs were off by half, another order would come first in %(first)s "
                "of %(n)s tries, and %(pairs)s of all pairs would change places."
            )
            % {
                "first": figures.number(
                    round(found.sensitivity.first_changes * found.sensitivity.n)
                ),
                "n": figures.number(found.sensitivity.n),
                "pairs": figures.share(round(found.sensitivity.pairs_turn, 4)),
            }
        )
    return said


def reasons(facts: Facts, *, rule: QueueRule, workspace: Workspace) -> list[str]:
    """Why an order stands where the policy puts it, in words and numbers."""
    job, currency = facts.job, workspace.currency
    said = [_reason(facts, rule, currency)]
    if rule.bound_days and job.since < 0:
        n = round(-job.since / waiting.DAY_HOURS)
        said.append(
            ngettext(
                "It has waited %(n)s working day, which counts for it.",
                "It has waited %(n)s working days, which count for it.",
                n,
            )
            % {"n": figures.number(n)}
        )
    if "hours" in facts.is_guessed and rule.policy not in priorities.PLAIN:
        said.append(_("Nobody said its hours: the middle of the others is taken."))
    if "cost_of_delay" in facts.is_guessed and rule.policy in (Policy.WSPT, Policy.ATC):
        share = figures.share(rule.delay_share, places=1)
        said.append(
            _("Nobody said what waiting costs: %(share)s of its value a day is taken.")
            % {"share": share}
        )
    if "contribution" in facts.is_guessed and rule.policy == Policy.CONTRIBUTION:
        said.append(_("Nobody said what it contributes: its value is taken."))
    return said


def _reason(facts: Facts, rule: QueueRule, currency: str) -> str:
    told = {
        Policy.EDD: _by_promise,
        Policy.FCFS: _by_acceptance,
        Policy.RATIO: _by_ratio,
    }.get(Policy(rule.policy))
    if told is not None:
        return told(facts)
    rate = _exact_money(facts.job.ratio, currency)
    if rule.policy == Policy.CONTRIBUTION:
        return _("It brings %(rate)s for each hour of work.") % {"rate": rate}
    if rule.policy == Policy.ATC and facts.job.due > facts.job.work:
        said = _("Each hour of work on it saves %(rate)s a day, less because there is time left.")
        return said % {"rate": rate}
    return _("Each hour of work on it saves %(rate)s a day of waiting.") % {"rate": rate}


def _by_promise(facts: Facts) -> str:
    if facts.promised_on is None:
        return _("No day was promised.")
    return _("It is promised for %(day)s.") % {"day": date_format(facts.promised_on)}


def _by_acceptance(facts: Facts) -> str:
    if facts.accepted_at is None:
        return _("Nobody knows when it was accepted.")
    return _("It was accepted on %(day)s.") % {"day": date_format(facts.accepted_at)}


def _by_ratio(facts: Facts) -> str:
    if facts.promised_on is None:
        return _("No day was promised.")
    return _("The working time until its promise is %(n)s times its work.") % {
        "n": _number(facts.job.due / facts.job.work)
    }


def shown_reasons(member: Member, rule: QueueRule, ids: Sequence[int]) -> Mapping[int, str]:
    """For each of some orders of a list the first reason; nothing where the list shows it."""
    if rule.policy in priorities.PLAIN or not ids:
        return {}
    queue = waiting.read(member.workspace, rule=rule, now=dating.now(), among=ids)
    return {
        number: _("Put first by hand.")
        if number in queue.ranked
        else reasons(facts, rule=rule, workspace=member.workspace)[0]
        for number, facts in queue.facts.items()
    }


def standing(member: Member, order: Order) -> Standing | None:
    """Where an open order stands in the queue, and why."""
    workspace = member.workspace
    rule = QueueRule.of(workspace)
    facts = _facts(workspace, order, rule)
    place, n = _place(workspace, order, rule)
    if facts is None or not place:
        return None
    is_ranked = order.manual_rank is not None
    return Standing(
        place=place,
        n=n,
        policy=str(rule.get_policy_display()),
        reasons=[_("It was put there by hand.")]
        if is_ranked
        else reasons(facts, rule=rule, workspace=workspace),
        is_ranked=is_ranked,
        rank=_last_change(order) if is_ranked else None,
        cost_of_delay=_said(order.cost_of_delay, order.currency),
        contribution=_said(order.contribution, order.currency),
    )


def _facts(workspace: Workspace, order: Order, rule: QueueRule) -> Facts | None:
    """What the policy looks at; where it is in the columns of the order nothing more is asked."""
    if rule.policy in priorities.PLAIN:
        job = Job(key=order.pk, work=1.0)
        return Facts(order.pk, job, order.accepted_at, order.promised_on, ())
    return waiting.read(workspace, rule=rule, now=dating.now(), among=[order.pk]).facts.get(
        order.pk
    )


def _last_change(order: Order) -> RankChange | None:
    return RankChange.objects.select_related("by").filter(order=order).order_by("-pk").first()


def _place(workspace: Workspace, order: Order, rule: QueueRule) -> tuple[int, int]:
    """How many stand before it, in the order in which the queue is shown."""
    promised = "o.promised_on NULLS LAST," if rule.policy == Policy.EDD else ""
    query = f"""
        SELECT place, n FROM (
            SELECT o.item_id, row_number() OVER (
                       ORDER BY o.queue_key NULLS LAST, {promised} o.accepted_at NULLS LAST, o.item_id) AS place,
                   count(*) OVER () AS n
            FROM backlog_order o JOIN flow_item i ON i.id = o.item_id
            WHERE o.workspace_id = %(workspace)s AND o.fulfilled_at IS NULL AND i.outcome = ''
              AND i.withdrawn_at IS NULL) placed
        WHERE item_id = %(order)s
    """  # noqa: S608 -- fragments of this module; values are parameters
    found = rows.ask(query, {"workspace": workspace.pk, "order": order.pk})
    return found[0] if found else (0, 0)


def _said(amount: Decimal | None, currency: str) -> str:
    return figures.money(amount, currency) if amount is not None else ""


def _money(amount: float, currency: str) -> str:
    return figures.money(Decimal(round(amount)), currency, is_whole=True)


def _exact_money(amount: float, currency: str) -> str:
    return figures.money(Decimal(str(round(amount, 2))), currency)


def _number(value: float) -> str:
    return figures.number(Decimal(str(round(value, 1))), places=1)


def _days(hours: float) -> str:
    n = round(hours / waiting.DAY_HOURS)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": figures.number(n)}


def queue_url(workspace: Workspace) -> str:
    """Where the policy is chosen."""
    return reverse("queue-rule", args=[workspace.slug])


def heads() -> list[Any]:
    """The columns of the comparison."""
    return [_("Cost of waiting"), _("Cost of lateness"), _("Late orders"), _("Latest")]
