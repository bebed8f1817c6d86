"""One act on several deals: each by its own verb and rules, all of it taken back as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, PenstockError
from penstock.flow import dating, moves
from penstock.flow.models import Item, Transition
from penstock.sales import deals
from penstock.sales.models import Deal, DealEdit, DealEditRow
from penstock.users.models import Member

Act = DealEdit.Act
Allowed = Callable[[Item], None]


@dataclass(slots=True)
class Result:
    """What became of each deal; those that were so already are among the done ones."""

    edit: DealEdit
    done: list[Deal] = field(default_factory=list)
    refused: list[tuple[Deal, PenstockError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Way:
    """How an act is done to one deal, and how it is taken back from one.

    ``do`` returns what it found and what it left, or None where nothing had to be changed.
    """

    do: Callable[[Deal, Any, Member | None], tuple[str, str] | None]
    undo: Callable[[Deal, DealEditRow, Member | None], None]


def edit(found: Iterable[Deal], *, act: str, value: Any, by: Member, allowed: Allowed) -> Result:
    """Do the same to several deals. What one of them refuses stops none of the others.

    Args:
        found: The deals.
        act: One of :class:`~penstock.sales.models.DealEdit.Act`.
        value: The stage, the owner, the day or the reason.
        by: Who does it.
        allowed: Raises for a deal that is not theirs to change.
    """
    way = WAYS[Act(act)]
    with transaction.atomic():
        result = Result(
            DealEdit.objects.create(
                workspace_id=by.workspace_id, act=act, by=by, done_at=dating.now()
            )
        )
        # In order of their ids, so that two acts on the same deals never wait for each other.
        for deal in sorted(found, key=lambda one: one.pk):

            def do(deal: Deal = deal) -> None:
                allowed(deal.item)
                if (left := way.do(deal, value, by)) is not None:
                    _remember(result.edit, deal, *left)

            _try(result, deal, do)
        return result


def undo(edit: DealEdit, *, by: Member | None) -> Result:
    """Take an act back from each of its deals, unless the deal was changed since.

    Raises:
        Conflict: ``sales.undone_already``.
    """
    way = WAYS[Act(edit.act)]
    with transaction.atomic():
        edit = DealEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.undone_at is not None:
            raise Conflict("sales.undone_already", _("It was taken back already."))
        edit.undone_at = dating.now()
        edit.save(update_fields=["undone_at"])
        result = Result(edit)
        rows = {row.item_id: row for row in edit.rows.all()}
        found = Deal.objects.select_related("item__stage", "item__owner").filter(pk__in=rows)
        for deal in found.order_by("pk"):

            def take_back(deal: Deal = deal) -> None:
                way.undo(deal, rows[deal.pk], by)

            _try(result, deal, take_back)
        return result


def _try(result: Result, deal: Deal, do: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            do()
    except PenstockError as refusal:
        result.refused.append((deal, refusal))
    else:
        result.done.append(deal)


def _remember(edit: DealEdit, deal: Deal, before: str, after: str) -> None:
    DealEditRow.objects.create(
        workspace_id=edit.workspace_id, edit=edit, item=deal.item, before=before, after=after
    )


def _move(deal: Deal, stage: Any, by: Member | None) -> tuple[str, str] | None:
    origin = deal.item.stage_id
    if origin == stage.pk:
        return None
    row = deals.move(deal, to=stage, by=by, seen=origin)
    return str(origin), str(row.pk)


def _move_back(deal: Deal, row: DealEditRow, by: Member | None) -> None:
    moves.take_back(Transition.objects.get(pk=int(row.after)), by=by)


def _assign(deal: Deal, owner: Any, by: Member | None) -> tuple[str, str] | None:
    before, after = _text(deal.item.owner_id), _text(owner.pk if owner else None)
    if before == after:
        return None
    deals.assign(deal, owner=owner, by=by)
    return before, after


def _give_back(deal: Deal, row: DealEditRow, by: Member | None) -> None:
    _check_same(_text(deal.item.owner_id), row)
    owner = Member.objects.get(pk=int(row.before)) if row.before else None
    deals.assign(deal, owner=owner, by=by)


def _set_close(deal: Deal, day: Any, by: Member | None) -> tuple[str, str] | None:
    before, after = _text(deal.close_on), _text(day)
    if before == after:
        return None
    deals.change(deal, by=by, close_on=day)
    return before, after


def _reset_close(deal: Deal, row: DealEditRow, by: Member | None) -> None:
    _check_same(_text(deal.close_on), row)
    deals.change(deal, by=by, close_on=_day(row.before))


def _park(deal: Deal, until: Any, by: Member | None) -> tuple[str, str] | None:
    before = _text(deal.item.parked_until)
    deals.park(deal, until=until, by=by)
    return before, _text(until)


def _unpark(deal: Deal, row: DealEditRow, by: Member | None) -> None:
    _check_same(_text(deal.item.parked_until), row)
    before = _day(row.before)
    if before is not None and before > dating.today(deal.workspace):
        deals.park(deal, until=before, by=by)
    else:
        deals.unpark(deal, by=by)


def _lose(deal: Deal, reason: Any, by: Member | None) -> tuple[str, str] | None:
    deals.lose(deal, reason=reason, by=by)
    return "", "lost"


def _reopen(deal: Deal, row: DealEditRow, by: Member | None) -> None:
    _check_same(deal.item.outcome, row)
    deals.reopen(deal, by=by)


def _check_same(now: str, row: DealEditRow) -> None:
    if now != row.after:
        raise Conflict("sales.changed_since", _("It was changed since. Change it by hand."))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


WAYS: dict[Act, Way] = {
    Act.MOVE: Way(_move, _move_back),
    Act.ASSIGN: Way(_assign, _give_back),
    Act.CLOSE_ON: Way(_set_close, _reset_close),
    Act.PARK: Way(_park, _unpark),
    Act.LOSE: Way(_lose, _reopen),
}
