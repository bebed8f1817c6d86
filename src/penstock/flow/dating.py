"""The three times of a fact: when it was so, when the company knew, when it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.users.models import Workspace

# Clocks of several machines differ a little; anything beyond is a wrong date.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class When:
    """When something was so and since when it is known; ``is_assumed`` if the second is a guess."""

    occurred_at: datetime
    known_at: datetime
    is_assumed: bool = False

    def columns(self) -> dict[str, Any]:
        """The columns of a dated row."""
        return {
            "occurred_at": self.occurred_at,
            "known_at": self.known_at,
            "is_assumed": self.is_assumed,
        }


def when(
    at: datetime | None, *, known: datetime | None = None, not_before: datetime | None = None
) -> When:
    """Settle the times of a fact that is being written now.

    Without ``at`` it happened now, though never before ``not_before``: a clock that was set back must not put a new
    fact before an older one. Without ``known`` the company learns of it now.

    Raises:
        RuleBroken: ``flow.future`` when the time lies more than five minutes ahead.
    """
    now = timezone.now()
    occurred = at or max(now, not_before or now)
    if at is not None and at > now + SKEW:
        raise RuleBroken(
            "flow.future",
            _("This date lies in the future. Enter when it happened, today at the latest."),
        )
    return When(occurred_at=occurred, known_at=known or max(now, occurred))


def history(at: datetime) -> When:
    """The times of an imported fact: known when it happened, which is assumed and marked so."""
    return When(occurred_at=at, known_at=at, is_assumed=True)


def today(workspace: Workspace) -> date:
    """The current day of a workspace, in its own time zone."""
    return timezone.now().astimezone(workspace.zone).date()
