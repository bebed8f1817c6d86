"""What was held back, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from penstock.sales import access_leads
from penstock.sales.models import Submission
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.open_capture import LABELS
from penstock.web.pages.base import Crumb, Page

REASONS = {
    "trap": gettext_lazy("A field was filled in that people do not see."),
    "links": gettext_lazy("It holds many links."),
    "flow.wip_limit": gettext_lazy("The first stage of its pipeline is full."),
}
OTHER = gettext_lazy("The pipeline did not take it.")
N_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One submission that waits."""

    id: int
    form: str
    at: datetime
    reason: str
    said: Sequence[tuple[str, str]]


def lines(member: Member) -> list[Line]:
    """What waits, the oldest first."""
    return [_line(row) for row in access_leads.held_for(member)[:N_SHOWN]]


def head(found: Sequence[Line], *, slug: str) -> Page:
    """How many there are, in a sentence."""
    text = ngettext(
        "%(n)s message waits for a decision: is it a lead?",
        "%(n)s messages wait for a decision: are they leads?",
        len(found),
    )
    return Page(
        title=_("Held back"),
        nav="leads",
        crumbs=(Crumb(name=_("Leads"), url=reverse("leads", args=[slug])),),
        answer=text % {"n": figures.number(len(found))} if found else "",
    )


def _line(row: Submission) -> Line:
    return Line(
        id=row.pk,
        form=row.form.name,
        at=row.received_at,
        reason=str(REASONS.get(row.reason, OTHER)),
        said=[
            (str(label), row.answers[code])
            for code, label in LABELS.items()
            if row.answers.get(code)
        ],
    )
