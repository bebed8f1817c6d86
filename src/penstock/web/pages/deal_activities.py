"""What is to be done about a deal: its next step, what comes after, and what can be written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.flow.dating import today as today_in
from penstock.flow.models import Kind
from penstock.reports.moment import Moment
from penstock.sales import access, steps
from penstock.sales.models import Activity, Deal
from penstock.users.models import Member
from penstock.web.pages import due
from penstock.web.pages.due import Chip, Due

KIND, RESULT = Activity.ActivityKind, Activity.Result
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
class Logged:
    """A kind that can be written down as done."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPanel:
    """All that is planned; ``missing`` says that the next step is, where there should be one."""

    lines: Sequence[Line]
    missing: str
    logs: Sequence[Logged]


def build(
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
    is_past = moment is not None and not moment.is_now
    if moment is not None and is_past:
        rows = steps.planned_at(deal.item, at=moment.at, known=moment.known_at)
        today = moment.on
    else:
        rows = [] if is_blank else steps.planned(deal.item)
        today = today_in(deal.workspace)
    lines = [
        _line(
            row,
            today=today,
            is_step=not number,
            may_edit=may_edit or (not is_past and access.may_edit_activity(member, row)),
        )
        for number, row in enumerate(rows)
    ]
    return ActivityPanel(
        lines=lines,
        missing="" if is_past or lines or not is_waiting(deal, today) else str(_MISSING),
        logs=[Logged(kind=kind.value, name=str(kind.label)) for kind in KIND],
    )


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
