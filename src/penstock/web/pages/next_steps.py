"""The next step on boards and in lists, and how many deals have one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from penstock.web import figures
from penstock.web.forms.deal_filters import NO_STEP, STEP_OVERDUE
from penstock.web.pages.base import Definition
from penstock.web.pages.columns import Step
from penstock.web.pages.deal_rows import Row, Total

if TYPE_CHECKING:
    from penstock.web.pages.pipeline import Asked

TOMORROW = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShare:
    """How many of the open deals have a next step; the others by lane, with the way to them."""

    text: str
    without: str
    without_url: str
    overdue: str
    overdue_url: str
    definition: Definition


def of_card(row: Row, *, today: date) -> Step | None:
    """The next step as a card shows it; None for what waits for nobody."""
    step = of_row(row, today=today)
    if step is None and is_waiting(row, today=today):
        return Step(text=_("No next step"), tone="warn")
    return step


def of_row(row: Row, *, today: date) -> Step | None:
    """The day of the next step in a few letters; None where there is none, or it is silent."""
    on = row["deal__next_step_on"]
    if on is None or not is_waiting(row, today=today):
        return None
    day = figures.short_day(on)
    if on < today:
        return Step(text=_("Overdue: %(day)s") % {"day": day}, tone="late")
    near = {today: pgettext("due", "Today"), today + TOMORROW: pgettext("due", "Tomorrow")}
    return Step(text=near.get(on, day), tone="warn" if on == today else "")


def is_waiting(row: Row, *, today: date) -> bool:
    """Whether somebody should think of this deal: it is open and not parked."""
    parked = row["parked_until"]
    return not row["outcome"] and not (parked and parked > today)


def share(total: Total, *, question: Asked) -> StepShare:
    """The figure over a board of open deals."""
    n_with, n_overdue = total.n - total.n_without_step, total.n_step_overdue
    text = ngettext(
        "%(n)s deal with a next step (%(share)s)",
        "%(n)s deals with a next step (%(share)s)",
        n_with,
    )
    without = ngettext("%(n)s without", "%(n)s without", total.n_without_step)
    overdue = ngettext("%(n)s overdue", "%(n)s overdue", n_overdue)
    values = {"n": figures.number(n_with), "share": figures.share(n_with / total.n)}
    return StepShare(
        text=text % values,
        without=_counted(without, total.n_without_step),
        without_url=question.url("pipeline", step=NO_STEP),
        overdue=_counted(overdue, n_overdue),
        overdue_url=question.url("pipeline", step=STEP_OVERDUE),
        definition=Definition(
            text=_(
                "Open deals that are not parked and have something planned, of all such deals shown here."
                " Overdue are those whose next step was due before today."
            ),
            window=_("now"),
            n=figures.number(total.n),
        ),
    )


def _counted(text: str, n: int) -> str:
    return text % {"n": figures.number(n)} if n else ""
