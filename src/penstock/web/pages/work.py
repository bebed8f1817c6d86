"""One work item: where it stands, who has it, what it waits for and what waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog.models import Dependency, WorkItem
from penstock.flow.models import Item, StageKind
from penstock.web.pages.base import Crumb, Page


@dataclass(frozen=True, slots=True)
class WorkState:
    """All that the page of one work item shows."""

    work: WorkItem
    before: Sequence[Dependency]
    after: Sequence[Dependency]
    n_unfinished: int

    @property
    def is_waiting(self) -> bool:
        """It stands where work waits, and is open."""
        return bool(self.work.item.is_open and self.work.item.stage.kind == StageKind.QUEUE)


def read(work: WorkItem) -> WorkState:
    """Read a work item with its neighbours, in two queries."""
    rows = Dependency.objects.filter(workspace_id=work.workspace_id)
    before = list(rows.filter(after=work).select_related("before__item__stage").order_by("pk"))
    after = list(rows.filter(before=work).select_related("after__item__stage").order_by("pk"))
    return WorkState(
        work=work,
        before=before,
        after=after,
        n_unfinished=sum(1 for row in before if not is_done(row.before)),
    )


def is_done(work: WorkItem) -> bool:
    """Nothing waits for it any more."""
    return not work.item.is_open or work.item.stage.kind == StageKind.DONE


def head(state: WorkState, *, slug: str) -> Page:
    """Title, whether it can be begun, and the way back."""
    board = reverse("backlog-board", args=[slug]) + "?of=work"
    item = state.work.item
    return Page(
        title=f"{item.key} {item.title}",
        nav="backlog",
        crumbs=(Crumb(name=_("Work"), url=board),),
        answer=_answer(state),
    )


def _answer(state: WorkState) -> str:
    item = state.work.item
    if not item.is_open:
        return _("It is closed.")
    return _waiting(state) if state.is_waiting else _begun(item)


def _begun(item: Item) -> str:
    if item.owner:
        values = {"stage": item.stage.label, "who": item.owner.name}
        return _("It stands in “%(stage)s”; %(who)s has it.") % values
    return _("It stands in “%(stage)s”; nobody has it.") % {"stage": item.stage.label}


def _waiting(state: WorkState) -> str:
    item, line = state.work.item, state.work.line
    if item.is_blocked or (line is not None and line.order.item.is_blocked):
        return _("It cannot be begun: it is held.")
    if state.n_unfinished:
        return ngettext(
            "It cannot be begun: %(n)d other work item must be done before.",
            "It cannot be begun: %(n)d other work items must be done before.",
            state.n_unfinished,
        ) % {"n": state.n_unfinished}
    return _("It can be begun.")
