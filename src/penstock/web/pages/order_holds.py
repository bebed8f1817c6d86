"""What of an order waits, for whom and until when; and what waited before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Q

from penstock.backlog.models import Order
from penstock.flow import replay
from penstock.flow.models import Blocker
from penstock.reports.moment import Moment
from penstock.web.pages import hold_words


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which an order or a line waited; ``ended_at`` is None while it still does."""

    line_id: int | None
    title: str
    cause: str
    side: str
    side_code: str
    since: datetime
    until: date | None
    by: str
    ended_at: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Holds:
    """All holds of an order, the running ones apart; newest first."""

    running: Sequence[Hold]
    ended: Sequence[Hold]

    @property
    def whole(self) -> Hold | None:
        """The hold of the order as a whole."""
        return next((hold for hold in self.running if hold.line_id is None), None)

    def of_line(self, line_id: int) -> Hold | None:
        """The hold of a line alone."""
        return next((hold for hold in self.running if hold.line_id == line_id), None)


def read(order: Order, *, moment: Moment) -> Holds:
    """The holds of an order and of its lines as of a day, in one query."""
    rows = Blocker.objects.filter(
        Q(item_id=order.pk) | Q(item__work_item__line__order_id=order.pk)
    ).select_related("by", "item__work_item__line")
    stories: dict[int, list[Blocker]] = {}
    for row in rows:
        stories.setdefault(row.item_id, []).append(row)
    found = [
        hold for story in stories.values() for hold in _holds(story, order=order, moment=moment)
    ]
    found.sort(key=lambda hold: (hold.since, hold.line_id or 0), reverse=True)
    return Holds(
        running=[hold for hold in found if hold.ended_at is None],
        ended=[hold for hold in found if hold.ended_at is not None],
    )


def _holds(story: Sequence[Blocker], *, order: Order, moment: Moment) -> list[Hold]:
    """Each row that blocks, until the next one."""
    rows: list[Blocker | None] = [
        row
        for row in replay.effective(story, known=moment.known_at)
        if moment.is_now or row.occurred_at < moment.at
    ]
    pairs = pairwise([*rows, None])
    return [_hold(row, after, order=order, moment=moment) for row, after in pairs if row.cause]  # type: ignore[union-attr,arg-type]  # -- only the last one is None


def _hold(row: Blocker, after: Blocker | None, *, order: Order, moment: Moment) -> Hold:
    line = None if row.item_id == order.pk else row.item.work_item.line
    return Hold(
        line_id=line.pk if line else None,
        title=line.title if line else "",
        cause=hold_words.cause(row.cause),
        side=hold_words.side(row.side),
        side_code=row.side,
        since=row.occurred_at,
        until=row.until,
        by=row.by.name if row.by else "",
        ended_at=after.occurred_at if after else None,
        is_over=after is None and row.until is not None and row.until < moment.on,
    )
