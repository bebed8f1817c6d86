"""The three times of a fact: when it was so, when the company knew, when it was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
    batch: int | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of a dated row."""
        return {
            "occurred_at": self.occurred_at,
            "known_at": self.known_at,
            "is_assumed": self.is_assumed,
            "batch": self.batch,
        }


@dataclass(frozen=True, slots=True)
class _Telling:
    """How verbs are being told what happened: as at a moment of the past, as part of an import."""

    at: datetime | None = None
    batch: int | None = None


_PRESENT = _Telling()
_telling: ContextVar[_Telling] = ContextVar("telling", default=_PRESENT)


@contextmanager
def lived(at: datetime) -> Iterator[None]:
    """Let verbs act as if it were this moment: what they write happened then and was known then."""
    token = _telling.set(_Telling(at=at, batch=_telling.get().batch))
    try:
        yield
    finally:
        _telling.reset(token)


@contextmanager
def in_batch(batch: int) -> Iterator[None]:
    """Let verbs mark what they write as part of an import, so that it can be taken back."""
    token = _telling.set(_Telling(at=_telling.get().at, batch=batch))
    try:
        yield
    finally:
        _telling.reset(token)


def now() -> datetime:
    """The present moment, or the one that is being lived through again."""
    return _telling.get().at or timezone.now()


def when(
    at: datetime | None, *, known: datetime | None = None, not_before: datetime | None = None
) -> When:
    """Settle the times of a fact that is being written now.

    Without ``at`` it happened now, though never before ``not_before``: a clock that was set back
    must not put a new fact before an older one. Without ``known`` the company learns of it now.

    Raises:
        RuleBroken: ``flow.future`` when the time lies more than five minutes ahead.
    """
    present = now()
    if at is not None and at > present + SKEW:
        raise RuleBroken(
            "flow.future",
            _("This date lies in the future. Enter when it happened, today at the latest."),
        )
    # A clock that runs ahead must not put a fact into the future, where later ones would come
    # before it.
    occurred = min(at, present) if at else max(present, not_before or present)
    return When(
        occurred_at=occurred, known_at=known or max(present, occurred), batch=_telling.get().batch
    )


def history(at: datetime) -> When:
    """The times of an imported fact: known when it happened, which is assumed and marked so."""
    return When(occurred_at=at, known_at=at, is_assumed=True, batch=_telling.get().batch)


def today(workspace: Workspace) -> date:
    """The current day of a workspace, in its own time zone."""
    return now().astimezone(workspace.zone).date()
