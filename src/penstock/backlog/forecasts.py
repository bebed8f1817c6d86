"""Keeping what was foreseen, so that it can be answered at once and held against what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from penstock.backlog.models import Forecast
from penstock.flow import dating
from penstock.users.models import Workspace

#: A forecast that says the same is written again after so long, so that it is seen to be alive.
AGAIN = timedelta(days=7)
SUBJECTS = ("order_id", "line_id", "work_id")
SAID = ("p50", "p85", "p95", "problem", "policy", "model", "is_assumed")


def keep(workspace: Workspace, found: Sequence[Forecast]) -> int:
    """Write the forecasts that say something else than the last ones; returns how many."""
    now = dating.now()
    last = latest(workspace, found)
    fresh = [row for row in found if _is_news(row, last.get(subject(row)), now=now)]
    for row in fresh:
        row.workspace = workspace
        row.made_at = now
    with transaction.atomic():
        Forecast.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)


def subject(row: Forecast) -> tuple[str, int]:
    """What it is about."""
    for name in SUBJECTS:
        if (number := getattr(row, name)) is not None:
            return name, number
    raise ValueError("a forecast is about something")


def latest(
    workspace: Workspace, about: Iterable[Forecast], *, before: datetime | None = None
) -> dict[tuple[str, int], Forecast]:
    """The last forecast of each of some things, by what they are about."""
    wanted: dict[str, list[int]] = {}
    for row in about:
        name, number = subject(row)
        wanted.setdefault(name, []).append(number)
    found: dict[tuple[str, int], Forecast] = {}
    for name, numbers in wanted.items():
        for row in last_of(workspace, name, numbers, before=before):
            found[name, getattr(row, name)] = row
    return found


def last_of(
    workspace: Workspace, name: str, numbers: Sequence[int], *, before: datetime | None = None
) -> list[Forecast]:
    """The last forecast of each of some orders, lines or works (``order_id``, ``line_id``, ``work_id``)."""
    rows = Forecast.objects.filter(workspace=workspace, **{f"{name}__in": numbers})
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    return list(rows.order_by(name, "-id").distinct(name))


def _is_news(row: Forecast, last: Forecast | None, *, now: datetime) -> bool:
    if last is None or now - last.made_at >= AGAIN:
        return True
    return any(getattr(row, name) != getattr(last, name) for name in SAID)
