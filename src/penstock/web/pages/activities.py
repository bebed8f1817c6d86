"""What is to be done about a deal or an order: the next step, what comes after, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.flow.dating import today as today_in
from penstock.flow.models import Item, Kind
from penstock.reports.moment import Moment
from penstock.sales import access, steps
from penstock.sales.models import Activity, Deal
from penstock.users.models import Member
from penstock.web.pages import due
from penstock.web.pages.due import Chip, Due

KIND, RESULT = Activity.ActivityKind, Activity.Result
#: Of what was done so much is shown at once; the rest opens.
N_DONE = 5
#: What a dialog that writes something down is called.
LOGGED: dict[str, Any] = {
    KIND.CALL: gettext_lazy("A call was made"),
    KIND.MEETING: gettext_lazy("You met"),
    KIND.EMAIL: gettext_lazy("An e-mail was written"),
    KIND.TASK: gettext_lazy("A task was done"),
    KIND.NOTE: gettext_lazy("A note"),
}
#: The results that make sense of each kind; others are simply done.
RESULTS = {
    KIND.CALL: (RESULT.REACHED, RESULT.NOT_REACHED, RESULT.POSITIVE, RESULT.NEGATIVE),
    KIND.MEETING: (RESULT.POSITIVE, RESULT.NEGATIVE, RESULT.MOVED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something planned; the first of a deal is its next step."""

    id: int
    what: str
    kind: str
    kind_name: str
    due: Due
    who: str
    person: str
    person_id: int | None
    notes: str
    is_step: bool
    is_high: bool
    may_edit: bool
    is_letter: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that was done, and what came of it."""

    what: str
    kind: str
    kind_name: str
    on: datetime
    who: str
    person: str
    result: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A kind that can be written down as done, and where."""

    kind: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPanel:
    """All that is planned; ``missing`` says that the next step is, where there should be one.

    What was ``done`` stands here where the page has no history that tells it.
    """

    title: str
    lines: Sequence[Line]
    missing: str
    logs: Sequence[Logged]
    plan_url: str
    mail_url: str = ""
    done: Sequence[Done] = ()
    done_before: Sequence[Done] = ()


def of_deal(
    deal: Deal,
    *,
    member: Member,
    may_edit: bool,
    moment: Moment | None = None,
    is_blank: bool = False,
) -> ActivityPanel:
    """The panel of a deal; with a moment of the past, as it was then.

    Of a deal for which nothing was ever planned or done, nothing is asked.
    """
    item, is_past = deal.item, _is_past(moment)
    rows = [] if is_blank else _stood(item, moment) if is_past else steps.planned(item)
    today = _today(item, moment)
    lines = _lines(
        [row for row in rows if row.is_planned],
        member=member,
        today=today,
        may_edit=may_edit,
        is_past=is_past,
    )
    is_missing = not (is_past or lines) and is_waiting(deal, today)
    return ActivityPanel(
        title=_("Next step"),
        lines=lines,
        missing=str(_MISSING) if is_missing else "",
        logs=_logs(item, member=member, name="activity-log") if may_edit else (),
        plan_url=_url(item, member=member, name="activity-new") if may_edit else "",
        mail_url=_url(item, member=member, name="deal-mail") if may_edit else "",
    )


def of_order(item: Item, *, member: Member, moment: Moment) -> ActivityPanel:
    """The panel of an order, with what was done; asked for a day of the past, as it was then."""
    is_past = _is_past(moment)
    may_edit = not is_past and access.may_act_on(member, item)
    rows = _stood(item, moment) if is_past else steps.all_of(item)
    done = [_done(row) for row in reversed(rows) if row.done_at is not None]
    return ActivityPanel(
        title=_("Activities"),
        lines=_lines(
            [row for row in rows if row.is_planned],
            member=member,
            today=_today(item, moment),
            may_edit=may_edit,
            is_past=is_past,
        ),
        missing="",
        logs=_logs(item, member=member, name="order-activity-log") if may_edit else (),
        plan_url=_url(item, member=member, name="order-activity-new") if may_edit else "",
        done=done[:N_DONE],
        done_before=done[N_DONE:],
    )


def _is_past(moment: Moment | None) -> bool:
    return moment is not None and not moment.is_now


def _stood(item: Item, moment: Moment | None) -> list[Activity]:
    assert moment is not None, "asked for the past"
    return steps.stood_at(item, at=moment.at, known=moment.known_at)


def _today(item: Item, moment: Moment | None) -> date:
    return today_in(item.workspace) if moment is None or moment.is_now else moment.on


def _lines(
    rows: Sequence[Activity], *, member: Member, today: date, may_edit: bool, is_past: bool
) -> list[Line]:
    return [
        _line(
            row,
            today=today,
            is_step=not number,
            may_edit=may_edit or (not is_past and access.may_edit_activity(member, row)),
        )
        for number, row in enumerate(rows)
    ]


def _logs(item: Item, *, member: Member, name: str) -> list[Logged]:
    return [
        Logged(
            kind=kind.value,
            name=str(kind.label),
            url=_url(item, kind.value, member=member, name=name),
        )
        for kind in KIND
    ]


def _url(item: Item, *more: str, member: Member, name: str) -> str:
    return reverse(name, args=[member.workspace.slug, item.key, *more])


_MISSING = gettext_lazy("No next step is planned: nobody will think of this deal.")


def is_waiting(deal: Deal, today: date) -> bool:
    """Whether a deal should have a next step: it is open and not parked."""
    return bool(deal.item.is_open and not deal.item.is_parked(today))


def needs_step(deal: Deal) -> bool:
    """Whether a deal lacks the next step that it should have."""
    return deal.next_step_id is None and is_waiting(deal, today_in(deal.workspace))


def what(activity: Activity) -> str:
    """What it is about in words: kind and subject."""
    kind = str(activity.get_kind_display())
    if not activity.subject:
        return kind
    return _("%(kind)s: %(subject)s") % {"kind": kind, "subject": activity.subject}


def results(kind: str) -> list[Chip]:
    """The results that a kind can have, as buttons."""
    found = RESULTS.get(KIND(kind), ())
    return [Chip(name="result", value=one.value, label=str(one.label)) for one in found]


def _line(row: Activity, *, today: date, is_step: bool, may_edit: bool) -> Line:
    assert row.due_on is not None, "what is planned has a day"
    return Line(
        id=row.pk,
        what=row.subject or str(row.get_kind_display()),
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        due=due.told(row.due_on, today=today, at=row.due_at, zone=row.workspace.zone),
        who=row.owner.name if row.owner else "",
        person=row.person.name if row.person else "",
        person_id=row.person_id,
        notes=row.notes,
        is_step=is_step,
        is_high=row.priority > 0,
        may_edit=may_edit,
        is_letter=row.kind == KIND.EMAIL and row.item.kind == Kind.DEAL,
    )


def _done(row: Activity) -> Done:
    assert row.done_at is not None, "it was done"
    return Done(
        what=row.subject or str(row.get_kind_display()),
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        on=row.done_at,
        who=row.owner.name if row.owner else "",
        person=row.person.name if row.person else "",
        result=str(row.get_result_display()) if row.result else "",
        notes=row.notes,
    )
