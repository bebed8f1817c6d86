"""What must be known before an item leaves a stage, asked once for every door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.models import Item, Stage

Reader = Callable[[Item], Collection[str]]
_readers: dict[str, Reader] = {}


def connect(kind: str, reader: Reader) -> None:
    """Say who knows which answers an item of a kind has; each pipeline's room does it once."""
    _readers[kind] = reader


def missing(item: Item, *, to: Stage) -> list[str]:
    """Answers still needed on the way forward to a stage, in order; moving back needs none."""
    wanted = _wanted(item, to=to)
    if not wanted:
        return []
    reader = _readers.get(item.kind)
    known = reader(item) if reader else ()
    return [need for need in wanted if need not in known]


def check(item: Item, *, to: Stage) -> None:
    """Refuse a move for which an answer is missing.

    Raises:
        RuleBroken: ``flow.gate`` with the names of the missing answers in ``needs``.
    """
    refuse(item, missing(item, to=to))


def refuse(item: Item, needs: Sequence[str]) -> None:
    """Refuse for these answers, or let pass where none is missing.

    Raises:
        RuleBroken: ``flow.gate``.
    """
    if needs:
        raise RuleBroken(
            "flow.gate",
            _("Before it can leave “%(stage)s”, fill in what is missing.")
            % {"stage": item.stage.label},
            needs=needs,
        )


def _wanted(item: Item, *, to: Stage) -> list[str]:
    if to.position <= item.stage.position:
        return []
    passed = item.pipeline.stages.filter(
        position__gte=item.stage.position, position__lt=to.position, retired_at=None
    )
    return list(dict.fromkeys(need for stage in passed for need in stage.needs))
