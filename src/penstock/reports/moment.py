"""On which day a figure is asked, and as it was known on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from penstock.base.calendar import Window, end_of, trailing
from penstock.base.errors import RuleBroken
from penstock.flow.dating import today
from penstock.users.models import Workspace

TRAILING_DAYS = 90


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a day in a workspace's zone, and the end of the day whose knowledge counts.

    ``known`` is None for all that is known now; ``is_now`` when the current state answers.
    """

    on: date
    known: date | None
    is_now: bool
    zone: ZoneInfo

    @property
    def at(self) -> datetime:
        """First instant after the day."""
        return end_of(self.on, zone=self.zone)

    @property
    def known_at(self) -> datetime | None:
        """First instant after the day of knowledge."""
        return None if self.known is None else end_of(self.known, zone=self.zone)

    def trailing(self, days: int = TRAILING_DAYS) -> Window:
        """The window of so many days that ends with this day."""
        return trailing(until=self.on, days=days, zone=self.zone)


def moment(workspace: Workspace, *, on: date | None = None, known: date | None = None) -> Moment:
    """Settle for which day a figure is asked; without a day it is now.

    Raises:
        RuleBroken: ``reports.future`` for a day that has not come.
    """
    now = today(workspace)
    for day, name in ((on, "on"), (known, "known")):
        if day is not None and day > now:
            raise RuleBroken(
                "reports.future",
                _("%(day)s has not come yet. Ask for today or a day before it.")
                % {"day": date_format(day)},
                needs=[name],
            )
    is_now = on in (None, now) and known in (None, now)
    return Moment(on=on or now, known=known, is_now=is_now, zone=workspace.zone)


def months_before(day: date, *, n: int) -> date:
    """The first day of the window of ``n`` months that ends with ``day``.

    >>> months_before(date(2026, 3, 31), n=3)
    datetime.date(2026, 1, 1)
    """
    after = day + timedelta(days=1)
    years, month = divmod(after.year * 12 + after.month - 1 - n, 12)
    last = (date(years + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(years, month + 1, min(after.day, last))
