"""How soon leads are answered: a clock in working hours, and a ladder that unanswered ones climb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.catalog import calendars
from penstock.flow import bus, dating, items
from penstock.flow.dating import when
from penstock.flow.models import Item, Kind, Pipeline
from penstock.sales.models import Activity, AnswerClock, AnswerRule, Deal, Escalation, Rung
from penstock.users import audit
from penstock.users.models import Member, Role, Workspace

#: A working day to answer, half a day more until the team lead is told, another until the managers are.
USUAL = (Decimal(8), Decimal(4), Decimal(4))
LONGEST_HOURS = 2000
#: What is a human contact; an attempt that reached nobody is none.
CONTACTS = (
    Activity.ActivityKind.CALL,
    Activity.ActivityKind.MEETING,
    Activity.ActivityKind.EMAIL,
)
N_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Hours:
    """The rule of a pipeline: working hours until each step of the ladder, each after the one before."""

    target: Decimal
    lead: Decimal
    manager: Decimal

    @property
    def steps(self) -> tuple[Decimal, Decimal, Decimal]:
        """Working hours from the arrival to each step."""
        return (
            self.target,
            self.target + self.lead,
            self.target + self.lead + self.manager,
        )


@dataclass(frozen=True, slots=True)
class LeadUnanswered:
    """A lead was not answered in time: somebody is told."""

    deal: Deal
    clock: AnswerClock
    escalation: Escalation


def set_rule(
    pipeline: Pipeline,
    *,
    target_hours: Decimal,
    lead_hours: Decimal,
    manager_hours: Decimal,
    by: Member | None,
) -> AnswerRule:
    """Say how soon the leads of a pipeline are answered, from the next one on. Saying the same again writes nothing.

    Raises:
        RuleBroken: ``sales.answer_hours``.
    """
    told = (target_hours, lead_hours, manager_hours)
    names = ("target_hours", "lead_hours", "manager_hours")
    for name, hours in zip(names, told, strict=True):
        if not (0 <= hours <= LONGEST_HOURS) or (name == "target_hours" and hours == 0):
            raise RuleBroken(
                "sales.answer_hours",
                _("Enter working hours, more than none until the target and 2,000 at most."),
                needs=[name],
            )
    with transaction.atomic():
        last = AnswerRule.objects.filter(pipeline=pipeline).order_by("-pk").first()
        if last is not None and (last.target_hours, last.lead_hours, last.manager_hours) == told:
            return last
        row = AnswerRule.objects.create(
            workspace_id=pipeline.workspace_id,
            pipeline=pipeline,
            by=by,
            **dict(zip(names, told, strict=True)),
        )
        audit.record(
            workspace_id=pipeline.workspace_id, by=by, action="answers.rule", target=pipeline
        )
        return row


def rules_of(workspace_id: int) -> Mapping[int, Hours]:
    """The rules that were set, by pipeline; one query."""
    rows = AnswerRule.objects.filter(workspace_id=workspace_id)
    last = rows.order_by("pipeline", "-pk").distinct("pipeline")
    return {
        row.pipeline_id: Hours(row.target_hours, row.lead_hours, row.manager_hours) for row in last
    }


def rule_of(pipeline_id: int, rules: Mapping[int, Hours]) -> Hours:
    """The rule of a pipeline, or the usual one."""
    return rules.get(pipeline_id) or Hours(*USUAL)


def start(deal: Deal, *, at: datetime | None = None) -> AnswerClock:
    """Let the clock of a lead run from its arrival. Safe to call twice: it runs once.

    Contacts that were written down before are looked at too.

    Raises:
        RuleBroken: ``flow.future``.
    """
    with transaction.atomic():
        item = items.lock(deal.pk)
        known = AnswerClock.objects.filter(deal_id=item.pk).first()
        if known is not None:
            return known
        arrived = when(at).occurred_at
        hours = rule_of(item.pipeline_id, rules_of(item.workspace_id))
        time = calendars.of(item.workspace)
        due, lead, manager = (time.add_hours(arrived, float(step)) for step in hours.steps)
        clock = AnswerClock.objects.create(
            workspace_id=item.workspace_id,
            deal_id=item.pk,
            arrived_at=arrived,
            target_hours=hours.target,
            due_at=due,
            lead_at=lead,
            manager_at=manager,
            next_at=due,
        )
        settle(item)
        return clock


def settle(item: Item) -> None:
    """Let the clock of a lead, if it has one, say what its activities say; called whenever they change."""
    if item.kind != Kind.DEAL:
        return
    clock = AnswerClock.objects.filter(deal_id=item.pk).first()
    if clock is None:
        return
    first = first_contact(item, since=clock.arrived_at)
    if (clock.activity_id, clock.answered_at) == (
        (first.pk, first.done_at) if first else (None, None)
    ):
        return
    clock.activity, clock.answered_at, clock.answered_hours = first, None, None
    if first is not None and first.done_at is not None:
        time = calendars.of(item.workspace)
        hours = time.hours_between(clock.arrived_at, first.done_at)
        clock.answered_at = first.done_at
        clock.answered_hours = Decimal(str(round(hours, 2)))
    clock.save(update_fields=["activity", "answered_at", "answered_hours"])


def first_contact(item: Item, *, since: datetime) -> Activity | None:
    """The first call, meeting or e-mail since an instant that reached somebody."""
    done = Activity.objects.filter(
        item=item, kind__in=CONTACTS, done_at__gte=since, cancelled_at=None
    )
    reached = done.exclude(result=Activity.Result.NOT_REACHED)
    return reached.order_by("done_at", "pk").first()


def climb(workspace: Workspace) -> int:
    """Tell, step by step, whoever has to know of leads that nobody answered in time. Safe to run twice.

    Returns:
        How many were told.
    """
    due = AnswerClock.objects.running().filter(
        workspace=workspace, next_at__isnull=False, next_at__lte=dating.now()
    )
    ids = list(due.order_by("next_at").values_list("deal_id", flat=True)[:N_AT_ONCE])
    return sum(_climb(deal_id) for deal_id in ids)


def told_of(item: Item) -> QuerySet[Escalation]:
    """Who was told that a lead is not answered, for its history."""
    return Escalation.objects.filter(item=item).select_related("by", "to")


def _climb(deal_id: int) -> int:
    with transaction.atomic():
        item = items.lock(deal_id)
        clock = AnswerClock.objects.running().filter(deal_id=deal_id).first()
        if clock is None:
            return 0
        n_told = 0
        while clock.next_at is not None and clock.next_at <= dating.now():
            rung = _next_rung(item, clock)
            n_told += _tell(item, clock, rung)
            after = {Rung.OWNER: clock.lead_at, Rung.TEAM_LEAD: clock.manager_at}
            clock.rung, clock.next_at = rung, after.get(rung)
        clock.save(update_fields=["rung", "next_at"])
        bus.announce(item.workspace_id, kind=item.kind, item_id=item.pk, stage_ids=[item.stage_id])
        return n_told


def _next_rung(item: Item, clock: AnswerClock) -> Rung:
    """The next step; of a lead that is nobody's, or of somebody who left, the last one at once."""
    is_anybodys = Member.objects.filter(pk=item.owner_id or 0, is_active=True).exists()
    return Rung(clock.rung + 1) if is_anybodys else Rung.MANAGER


def _tell(item: Item, clock: AnswerClock, rung: Rung) -> int:
    deal = Deal.objects.select_related("item__owner", "company", "workspace").get(pk=item.pk)
    times = when(None, not_before=clock.arrived_at)
    found = _whom(deal, rung)
    for member in found:
        row = Escalation.objects.create(
            workspace_id=item.workspace_id,
            item=item,
            rung=rung,
            to=member,
            source_key=f"answer:{item.pk}:{rung}:{member.pk}",
            **times.columns(),
        )
        bus.tell(LeadUnanswered(deal=deal, clock=clock, escalation=row))
    return len(found)


def _whom(deal: Deal, rung: Rung) -> Sequence[Member]:
    """Who is told at a step; nobody if there is no such person, or they were told as the owner."""
    owner = deal.item.owner
    if rung == Rung.MANAGER or owner is None:
        return who_assigns(deal.workspace_id, but=owner)
    active = _active(deal.workspace_id)
    if rung == Rung.OWNER:
        return list(active.filter(pk=owner.pk))
    return list(active.filter(leads=owner.team_id).exclude(pk=owner.pk)) if owner.team_id else []


def who_assigns(workspace_id: int, *, but: Member | None = None) -> Sequence[Member]:
    """Who gives leads to others: the managers, or the owners where there are none; not ``but`` this one."""
    others = _active(workspace_id).exclude(pk=but.pk if but else 0)
    managers = list(others.filter(role=Role.MANAGER).order_by("pk"))
    return managers or list(others.filter(role=Role.OWNER).order_by("pk"))


def _active(workspace_id: int) -> QuerySet[Member]:
    rows = Member.objects.select_related("account", "workspace")
    return rows.filter(workspace_id=workspace_id, is_active=True)
