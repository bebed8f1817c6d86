"""What must be known before an item leaves a stage, asked once for every door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.models import Item, Override, OverrideWording, Stage, Transition

Reader = Callable[[Item], Collection[str]]
_readers: dict[str, Reader] = {}


def connect(kind: str, reader: Reader) -> None:
    """Say who knows which answers an item of a kind has; each pipeline's room does it once."""
    _readers[kind] = reader


def missing(item: Item, *, to: Stage) -> list[str]:
    """Answers still needed on the way forward to a stage, in order; moving back needs none."""
    if to.position <= item.stage.position:
        return []
    stages = list(item.pipeline.stages.filter(retired_at=None))
    return _unknown(item, asked(stages, origin=item.stage, to=to))


def _unknown(item: Item, wanted: Sequence[str]) -> list[str]:
    reader = _readers.get(item.kind)
    known = reader(item) if reader and wanted else ()
    return [need for need in wanted if need not in known]


def check(item: Item, *, to: Stage, despite: str = "") -> list[str]:
    """Refuse a move for which an answer is missing, unless a reason is given to pass all the same.

    Returns:
        The answers that are missing in spite of which it passes; to be kept by :func:`remember`.

    Raises:
        RuleBroken: ``flow.gate`` with the names of the missing answers in ``needs``.
    """
    return refuse(item, missing(item, to=to), despite=despite)


def check_opening(item: Item, *, despite: str = "") -> list[str]:
    """Refuse to open an item in a stage which a move from the first one would not reach.

    Call when all that is known of it is written.

    Returns:
        The answers that are missing in spite of which it passes; to be kept by :func:`remember`.

    Raises:
        RuleBroken: ``flow.gate`` with the names of the missing answers in ``needs``.
    """
    stages = list(item.pipeline.stages.filter(retired_at=None))
    needs = _unknown(item, asked_at_opening(stages, to=item.stage))
    if needs and not despite.strip():
        raise RuleBroken(
            "flow.gate",
            _("Before it can stand in “%(stage)s”, fill in what is missing, or open it earlier.")
            % {"stage": item.stage.label},
            needs=needs,
        )
    return needs


def asked_at_opening(stages: Sequence[Stage], *, to: Stage) -> list[str]:
    """The answers that the gates before a stage ask for, in order."""
    first = min(stages, key=lambda stage: (stage.position, stage.pk), default=to)
    return asked(stages, origin=first, to=to)


def refuse(item: Item, needs: Sequence[str], *, despite: str = "") -> list[str]:
    """Refuse for these answers, or let pass where none is missing or a reason is given.

    Raises:
        RuleBroken: ``flow.gate``.
    """
    if needs and not despite.strip():
        raise RuleBroken(
            "flow.gate",
            _("Before it can leave “%(stage)s”, fill in what is missing.")
            % {"stage": item.stage.label},
            needs=needs,
        )
    return list(needs)


def remember(row: Transition, needs: Sequence[str], *, despite: str) -> Override | None:
    """Write down that a move passed without these answers, and why; nothing where none was missing."""
    if not needs:
        return None
    override = Override.objects.create(
        workspace_id=row.workspace_id,
        item_id=row.item_id,
        transition=row,
        needs=list(needs),
        occurred_at=row.occurred_at,
        known_at=row.known_at,
        is_assumed=row.is_assumed,
        by=row.by,
        batch=row.batch,
    )
    OverrideWording.objects.create(
        workspace_id=row.workspace_id, override=override, text=despite.strip()[:500]
    )
    return override


def follow(row: Transition, correction: Transition) -> None:
    """Let the override of a move follow its correction: gone with it, or told of the other stage."""
    for old in Override.objects.filter(transition=row, is_void=False, superseded_by=None):
        fresh = Override.objects.create(
            workspace_id=row.workspace_id,
            item_id=row.item_id,
            transition=correction,
            needs=old.needs,
            supersedes=old,
            is_void=correction.is_void,
            occurred_at=old.occurred_at,
            known_at=max(old.known_at, correction.known_at),
            by=correction.by,
        )
        words = OverrideWording.objects.filter(override=old).first()
        if words is not None and not correction.is_void:
            OverrideWording.objects.create(
                workspace_id=row.workspace_id, override=fresh, text=words.text
            )


def asked(stages: Iterable[Stage], *, origin: Stage, to: Stage) -> list[str]:
    """The answers that the gates between two stages of one pipeline ask for, in order; none on the way back."""
    passed = [stage for stage in stages if origin.position <= stage.position < to.position]
    passed.sort(key=lambda stage: (stage.position, stage.pk))
    return list(dict.fromkeys(need for stage in passed for need in stage.needs))
