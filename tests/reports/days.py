"""Days of a small history, in a workspace whose zone is UTC."""

from datetime import UTC, date, datetime, timedelta

from penstock.base.calendar import Window
from penstock.users.models import Workspace

START = date(2026, 3, 1)


def day(number: int) -> date:
    """Day 1 is 1 March 2026."""
    return START + timedelta(days=number - 1)


def noon(number: int, *, minute: int = 0) -> datetime:
    """Noon of a day."""
    return datetime(2026, 3, 1, 12, minute, tzinfo=UTC) + timedelta(days=number - 1)


def window(first: int, last: int, *, workspace: Workspace) -> Window:
    """From a day to a day."""
    return Window(first=day(first), last=day(last), zone=workspace.zone)
