"""A backlog that lives some weeks: so many orders come in, so many are delivered, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from penstock.backlog import orders
from penstock.backlog.models import Order
from penstock.flow import dating
from penstock.users.models import Workspace
from tests import make


def lived(workspace: Workspace, weeks: Sequence[tuple[int, int]], *, opening: int = 0) -> None:
    """Live through weeks that end with today: (accepted, delivered) of each, after an opening."""
    today = dating.today(workspace)
    first = today - timedelta(days=7 * len(weeks) - 1)
    waiting = [_placed(workspace, _early(workspace, first, days=-1)) for _order in range(opening)]
    for number, (n_in, n_out) in enumerate(weeks):
        start = _early(workspace, first, days=7 * number)
        waiting += [_placed(workspace, start) for _order in range(n_in)]
        for _order in range(n_out):
            orders.fulfil_all(waiting.pop(0), by=None, at=start + timedelta(days=2))


def began(workspace: Workspace, *, weeks: int, week: int) -> datetime:
    """The beginning of one of some weeks that end with today, counted from 0."""
    first = dating.today(workspace) - timedelta(days=7 * weeks - 1)
    return _early(workspace, first, days=7 * week)


def _placed(workspace: Workspace, at: datetime) -> Order:
    return make.order(workspace, at=at)


def _early(workspace: Workspace, day: date, *, days: int) -> datetime:
    return datetime.combine(day, time(1), tzinfo=workspace.zone) + timedelta(days=days)
