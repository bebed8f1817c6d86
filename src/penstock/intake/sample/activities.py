"""What the people of the sample company did about their deals lately, and what they mean to do next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from penstock.base.calendar import start_of
from penstock.flow import dating
from penstock.flow.models import Item
from penstock.intake.sample.company import Cast
from penstock.intake.sample.deals import stages
from penstock.intake.sample.letters import BY_LANGUAGE
from penstock.sales import activities, mail_templates, playbooks
from penstock.sales.models import Activity, Deal, MailTemplate
from penstock.users.models import Member

#: Of the open deals this share has no next step, and of the others this share is late for it.
WITHOUT, LATE, TODAY = 0.14, 0.12, 0.12
#: Deals that ended longer ago were worked on too, but their calls stand in no page of today.
LATELY_DAYS = 60
#: Since when the company has a playbook.
PLAYED_DAYS = 4
RESULTS = {
    "call": ("reached", "not_reached", "positive", "positive", "negative"),
    "meeting": ("positive", "positive", "negative", "moved"),
}


def keep(cast: Cast) -> None:
    """Let everybody call, meet and plan."""
    _call_back(cast)
    _play(cast)
    for deal in _deals(cast):
        _work_on(cast, deal)
        is_waiting = deal.item.is_open and not deal.item.is_parked(dating.today(cast.workspace))
        if is_waiting and deal.next_step_id is None:
            _plan(cast, deal)


def _call_back(cast: Cast) -> None:
    """Call the unhappy ones within a few days; those who said so just now still wait."""
    waiting = Activity.objects.planned().filter(workspace=cast.workspace, due_on__isnull=False)
    for activity in waiting.order_by("pk"):
        at = activity.planned_at + timedelta(days=cast.rng.randint(1, 4))
        if at < cast.now:
            with dating.lived(at):
                result = cast.rng.choice(("reached", "positive", "negative"))
                activities.complete(activity, by=activity.owner, result=result)


def _write_letters(cast: Cast) -> MailTemplate:
    """Write the letters in both languages; the first in the company's own goes with the playbook's mail."""
    made = [
        mail_templates.add(
            cast.workspace,
            name=name,
            language=language,
            subject=subject,
            text=text,
            by=cast.members[0],
        )
        for language, letters in BY_LANGUAGE.items()
        for name, subject, text in letters
    ]
    return next(one for one in made if one.language == cast.workspace.language)


def _play(cast: Cast) -> None:
    """Write a playbook for the early stages, and play it for the deals that came there lately."""
    written = {}
    first = _write_letters(cast)
    for code, kind, title, days in cast.words.playbook:
        stage = stages(cast)[code]
        details = {"kind": kind, "title": title, "days": days, "template": first}
        playbooks.add(stage, by=cast.members[0], **details)
        written[stage.pk] = stage
    since = cast.now - timedelta(days=PLAYED_DAYS)
    fresh = Item.objects.open().filter(
        workspace=cast.workspace, stage__in=written, entered_at__gte=since, parked_until=None
    )
    for item in fresh.select_related("owner", "workspace").order_by("pk"):
        with dating.lived(item.entered_at):
            playbooks.enter(
                item, to=written[item.stage_id], origin=None, by=item.owner, at=item.entered_at
            )


def _deals(cast: Cast) -> Iterable[Deal]:
    """Open deals, and those that ended lately."""
    since = cast.now - timedelta(days=LATELY_DAYS)
    rows = Deal.objects.filter(workspace=cast.workspace).select_related("item__owner", "company")
    for deal in rows.order_by("item_id"):
        if deal.item.is_open or (deal.item.decided_at and deal.item.decided_at >= since):
            deal.workspace = deal.item.workspace = cast.workspace
            yield deal


def _work_on(cast: Cast, deal: Deal) -> None:
    """A few calls, meetings and e-mails between its opening and its end, or today."""
    begins, ends = deal.item.opened_at, deal.item.decided_at or cast.now
    moments = sorted(
        begins + (ends - begins) * cast.rng.uniform(0.05, 0.95)
        for _number in range(cast.rng.randint(1, 3))
    )
    for at in moments:
        kind = cast.rng.choice(["call", "call", "meeting", "email"])
        with dating.lived(at):
            activities.log(
                deal.item,
                kind=kind,
                by=_who(cast, deal),
                subject=cast.rng.choice(cast.words.done[kind]),
                result=cast.rng.choice(RESULTS.get(kind, ("",))),
            )


def _plan(cast: Cast, deal: Deal) -> None:
    """The next step, or none: some were forgotten, some are late, most lie ahead."""
    chance = cast.rng.random()
    if chance < WITHOUT:
        return
    due, planned_at = _when(cast, deal, chance=chance - WITHOUT)
    kind = cast.rng.choice(["call", "call", "meeting", "email", "task"])
    with dating.lived(planned_at):
        activities.plan(
            deal.item,
            kind=kind,
            due=due,
            by=_who(cast, deal),
            subject=cast.rng.choice(cast.words.planned[kind]),
            priority=Activity.Priority.HIGH if cast.rng.random() < 0.1 else 0,
        )


def _when(cast: Cast, deal: Deal, *, chance: float) -> tuple[date | datetime, datetime]:
    """When it is due, and when that was planned: between the opening of the deal and now."""
    today = dating.today(cast.workspace)
    planned_at = max(deal.item.opened_at, cast.now - timedelta(days=cast.rng.randint(2, 9)))
    if chance < LATE:
        first = planned_at.astimezone(cast.workspace.zone).date()
        return max(first, today - timedelta(days=cast.rng.randint(1, 6))), planned_at
    if chance < LATE + TODAY:
        hour = timedelta(hours=cast.rng.randint(9, 17))
        return start_of(today, zone=cast.workspace.zone) + hour, planned_at
    day = today + timedelta(days=cast.rng.randint(1, 14))
    return day + timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday()), planned_at


def _who(cast: Cast, deal: Deal) -> Member:
    owner: Member = deal.item.owner or cast.members[1]
    return owner
