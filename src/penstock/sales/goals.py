"""Goals: set, changed and taken away, each from a day on; which of them were in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.calendar import Window, month_of, quarter_of
from penstock.base.errors import RuleBroken
from penstock.base.money import exact
from penstock.catalog.models import Product
from penstock.flow.dating import now, today
from penstock.sales.models import Goal, GoalPeriod, Metric
from penstock.sales.models.activity import Activity
from penstock.users.models import Member, Team, Workspace

#: Whose a goal can be, besides the workspace's.
DIMENSIONS = ("team", "owner", "product", "channel")
#: Years of goals: beyond it a day is a slip of the finger.
FURTHEST_YEARS = 10
LARGEST = Decimal(10) ** 15
#: What is an amount of money; all else is counted.
MONEY = frozenset({Metric.WON_AMOUNT, Metric.COST_PER_LEAD})


@dataclass(frozen=True, slots=True)
class Target:
    """Which goal is meant: what is counted, in which period, and whose; nobody's is the workspace's."""

    metric: str
    period: str
    first_on: date
    activity: str = ""
    team: Team | None = None
    owner: Member | None = None
    product: Product | None = None
    channel: str = ""

    @property
    def identity(self) -> tuple[str, str, str, date, tuple[str, int | str | None]]:
        """The same as :attr:`Goal.identity`."""
        subject: tuple[str, int | str | None] = ("", None)
        for name in DIMENSIONS:
            if value := getattr(self, name):
                subject = (name, getattr(value, "pk", value))
        return self.metric, self.activity, self.period, self.first_on, subject


def set_goal(
    workspace: Workspace,
    target: Target,
    *,
    value: Decimal | None,
    by: Member | None,
    valid_from: date | None = None,
) -> Goal | None:
    """Set a goal from a day on, change it, or take it away (None); as :func:`set_many`."""
    written = set_many(workspace, [(target, value)], by=by, valid_from=valid_from)
    return written[0] if written else None


def set_many(
    workspace: Workspace,
    wanted: Sequence[tuple[Target, Decimal | None]],
    *,
    by: Member | None,
    valid_from: date | None = None,
) -> list[Goal]:
    """Set many goals at once: all of them or none; what already says the same is not written again.

    Args:
        workspace: Whose.
        wanted: Goals and their values; None takes one away. Amounts are in the workspace's currency.
        by: Who sets them.
        valid_from: From which day on they count; today if left out. Days before keep what was said.

    Raises:
        RuleBroken: ``sales.goal_value``, ``sales.goal_whole``, ``sales.goal_period``, ``sales.goal_of_one``,
            ``sales.goal_activity``, ``sales.goal_cost``.
    """
    since = valid_from or today(workspace)
    for target, value in wanted:
        _check(workspace, target, value)
    with transaction.atomic():
        _lock(workspace)
        said = {goal.identity: goal for goal in in_force(workspace, on=since)}
        fresh = [
            _row(workspace, target, value, by=by, since=since)
            for target, value in wanted
            if not _says(said.get(target.identity), value)
        ]
        return Goal.objects.bulk_create(fresh)


def in_force(
    workspace: Workspace, *, on: date, known: datetime | None = None, of: Window | None = None
) -> list[Goal]:
    """The goals that count on a day, as known before a moment; ``of`` only those that begin in a window.

    By period, what is counted, and whose they are.
    """
    return _last(_said(workspace, known=known, of=of).filter(valid_from__lte=on))


def later(workspace: Workspace, *, on: date) -> list[Goal]:
    """What was said already of the time after a day, the nearest first."""
    rows = Goal.objects.filter(workspace=workspace, valid_from__gt=on)
    return list(
        rows.select_related("team", "owner", "product").order_by("valid_from", "first_on", "pk")
    )


def history(goal: Goal) -> list[Goal]:
    """All that was ever said about the same goal, the latest first."""
    rows = _said(goal.workspace, known=None, of=None).filter(
        **{f"{name}_id": getattr(goal, f"{name}_id") for name in ("team", "owner", "product")},
        metric=goal.metric,
        activity=goal.activity,
        period=goal.period,
        first_on=goal.first_on,
        channel=goal.channel,
    )
    return list(rows.select_related("by").order_by("-valid_from", "-known_at", "-pk"))


def window_of(period: str, first_on: date, workspace: Workspace) -> Window:
    """The days of a goal."""
    if period == GoalPeriod.YEAR:
        return Window(first_on, first_on.replace(month=12, day=31), workspace.zone)
    around = month_of if period == GoalPeriod.MONTH else quarter_of
    return around(first_on, zone=workspace.zone)


def _said(workspace: Workspace, *, known: datetime | None, of: Window | None) -> QuerySet[Goal]:
    rows = Goal.objects.filter(workspace=workspace)
    if known is not None:
        rows = rows.filter(known_at__lt=known)
    if of is not None:
        rows = rows.filter(first_on__gte=of.first, first_on__lte=of.last)
    return rows


def _last(rows: QuerySet[Goal]) -> list[Goal]:
    last = {
        goal.identity: goal
        for goal in rows.select_related("team", "owner", "product").order_by(
            "valid_from", "known_at", "pk"
        )
    }
    return [goal for goal in last.values() if goal.value is not None]


def _says(goal: Goal | None, value: Decimal | None) -> bool:
    return value is None if goal is None else goal.value == value


def _row(
    workspace: Workspace, target: Target, value: Decimal | None, *, by: Member | None, since: date
) -> Goal:
    return Goal(
        workspace=workspace,
        metric=target.metric,
        activity=target.activity,
        period=target.period,
        first_on=target.first_on,
        team=target.team,
        owner=target.owner,
        product=target.product,
        channel=target.channel,
        value=None if value is None else exact(value),
        currency=workspace.currency if target.metric in MONEY else "",
        valid_from=since,
        known_at=now(),
        by=by,
    )


def _check(workspace: Workspace, target: Target, value: Decimal | None) -> None:
    _check_period(workspace, target)
    if sum(bool(getattr(target, name)) for name in DIMENSIONS) > 1:
        raise RuleBroken(
            "sales.goal_of_one",
            _("A goal is of a team, a person, a product or a channel: choose one of them."),
        )
    is_kind = target.activity in Activity.ActivityKind.values
    if target.activity and not (target.metric == Metric.ACTIVITIES and is_kind):
        raise RuleBroken("sales.goal_activity", _("Choose one of the kinds of activities offered."))
    if target.metric == Metric.ACTIVITIES and (target.product or target.channel):
        raise RuleBroken(
            "sales.goal_activity", _("Activities are counted for a workspace, a team or a person.")
        )
    if target.metric == Metric.COST_PER_LEAD and (target.team or target.owner or target.product):
        raise RuleBroken(
            "sales.goal_cost",
            _("What a lead costs is known for the workspace and for channels: choose one of them."),
        )
    if value is not None and not 0 < value < LARGEST:
        raise RuleBroken("sales.goal_value", _("Enter a goal of more than nothing."))
    if value is not None and target.metric not in MONEY and value % 1:
        raise RuleBroken("sales.goal_whole", _("Enter a whole number: there is no half of a deal."))


def _check_period(workspace: Workspace, target: Target) -> None:
    if target.metric not in Metric.values or target.period not in GoalPeriod.values:
        raise RuleBroken("sales.goal_period", _("Choose one of the goals and periods offered."))
    is_first = window_of(target.period, target.first_on, workspace).first == target.first_on
    is_first &= target.period != GoalPeriod.YEAR or target.first_on.month == 1
    is_near = abs(target.first_on.year - today(workspace).year) <= FURTHEST_YEARS
    if not (is_first and target.first_on.day == 1 and is_near):
        raise RuleBroken(
            "sales.goal_period",
            _("A goal begins with its month, quarter or year, at most ten years from now."),
        )


def _lock(workspace: Workspace) -> None:
    """Let nobody else set goals of this workspace meanwhile: two last words would contradict."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_GOALS, workspace.pk % 2**31])


# "goal" as a number: the name of the advisory lock.
_GOALS = 0x676F616C
