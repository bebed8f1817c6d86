"""Doing the same thing from several connections at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

from penstock.base.errors import PenstockError
from penstock.users import walls

Result = TypeVar("Result")


def together(
    n: int, work: Callable[[int], Result], *, workspace_id: int
) -> list[Result | PenstockError]:
    """Run ``work(0)`` to ``work(n - 1)`` at the same moment, each on a connection of its own.

    Returns what each returned, or the refusal that it got; every other error is raised.
    """
    start = Barrier(n)

    def one(number: int) -> Result | PenstockError:
        try:
            walls.enter(workspace_id=workspace_id)
            start.wait(timeout=30)
            return work(number)
        except PenstockError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=n) as threads:
        return list(threads.map(one, range(n)))
