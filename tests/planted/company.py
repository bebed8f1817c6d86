"""A company in the database whose conversions, times, leaks, lags and slips are planted, and what was planted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from penstock.base.calendar import Window
from penstock.catalog import rates
from penstock.contacts.models import Company
from penstock.flow import bulk
from penstock.flow.bulk import Batch, NewItem
from penstock.flow.models import Outcome, Stage
from penstock.reports.moment import Moment
from penstock.sales import bulk as sales_bulk
from penstock.sales.bulk import NewDeal
from penstock.sales.models import Touch
from penstock.users import walls
from penstock.users.models import Member, Workspace
from tests import make
from tests.planted import lives as planting
from tests.planted.lives import DAYS, FOREIGN, LAST, NOW, PER_OWN, Life


@dataclass
class Planted:
    """The company and all its deals; those that nobody ever closes stand apart."""

    workspace: Workspace
    boss: Member
    members: dict[str, Member]
    stages: list[Stage]
    lives: list[Life]
    dead: list[Life]
    reasons: dict[str, int]

    def window(self, days: int) -> Window:
        """So many last days."""
        return Window(LAST - timedelta(days=days - 1), LAST, self.workspace.zone)

    @property
    def moment(self) -> Moment:
        """The last day, as it was known on its evening."""
        return Moment(on=LAST, known=LAST, is_now=False, zone=self.workspace.zone)

    def won(self, window: Window) -> Iterator[Life]:
        """Deals won in a window, as far as that was entered by now."""
        for one in self.lives:
            if one.end(NOW) == "won" and window.start <= one.ended < window.stop:
                yield one


class Worlds:
    """Companies, one after the other behind its own wall."""

    def __init__(self, told: Sequence[Planted]) -> None:
        self._told = told

    def __iter__(self) -> Iterator[Planted]:
        for one in self._told:
            walls.enter(workspace_id=one.workspace.pk, account_id=None)
            yield one


def plant(seed: int = 7) -> Planted:
    """Found the company and write the history of two years, as it was known at their end."""
    rng = np.random.default_rng(seed)
    workspace = make.workspace(time_zone="UTC")
    names = [*planting.PUSHES, planting.DEAD_OWNER]
    made = Planted(
        workspace=workspace,
        boss=make.owner_of(workspace),
        members={name: make.member(workspace, name=name) for name in names},
        stages=list(make.pipeline(workspace).stages.order_by("position")),
        lives=planting.lives(rng),
        dead=planting.dead(rng),
        reasons={name: make.loss_reason(workspace, name).pk for name in ("price", "timing")},
    )
    first = NOW - timedelta(days=DAYS + 1)
    per_own = 1 / Decimal(PER_OWN)
    rates.enter(workspace, currency=FOREIGN, day=first.date(), rate=per_own, by=None, known=first)
    _write(made)
    return made


def _write(made: Planted) -> None:
    workspace = made.workspace
    told = [*made.lives, *made.dead]
    names = [f"Company {number}" for number in range(1 + max(one.company for one in told))]
    companies = Company.objects.bulk_create(
        Company(workspace=workspace, name=name, sort_key=name.lower(), match_key=name.lower())
        for name in names
    )
    batch = Batch(workspace.pk, None, "", is_assumed=False)
    rows = [_row(made, one, number, companies) for number, one in enumerate(told)]
    sales_bulk.open_deals(rows, currency=workspace.currency, batch=batch)
    for life, row in zip(told, rows, strict=True):
        life.pk = row.item.pk
    _end(made, told)
    _touch(workspace, told)


_DATED = ("workspace_id", "occurred_at", "known_at", "is_assumed", "is_void")


def _end(made: Planted, told: Sequence[Life]) -> None:
    rows = [
        (life.pk, one.verdict, made.reasons.get(one.reason), made.workspace.pk, one.at, one.known)
        for life in told
        for one in life.ends
        if one.at < NOW and one.known < NOW
    ]
    columns = ("item_id", "verdict", "reason_id", *_DATED)
    bulk.insert(Outcome, columns, [(*row, False, False) for row in rows])
    bulk.settle([one.pk for one in told])


def _touch(workspace: Workspace, told: Sequence[Life]) -> None:
    rows = [
        (life.pk, channel, workspace.pk, at, at, False, False)
        for life in told
        for at, channel in life.touches
        if at < NOW
    ]
    bulk.insert(Touch, ("item_id", "channel", *_DATED), rows)


def _row(made: Planted, life: Life, number: int, companies: list[Company]) -> NewDeal:
    first = made.stages[0]
    item = NewItem(
        title=f"Deal {number}",
        key=str(number),
        opened_at=life.opened,
        stage_id=first.pk,
        pipeline_id=first.pipeline_id,
        owner_id=made.members[life.owner].pk,
        moves=[(made.stages[place].pk, at) for place, at in life.visits[1:] if at < NOW],
    )
    return NewDeal(
        item=item,
        currency=FOREIGN if life.is_foreign else made.workspace.currency,
        company_id=companies[life.company].pk if life.company >= 0 else None,
        amount=life.amounts[0][1],
        close_on=life.closes[0][1] if life.closes else None,
        channel=life.channel,
        changes=[
            *(("close_on", day, at) for at, day in life.closes[1:] if at < NOW),
            *(("amount", amount, at) for at, amount in life.amounts[1:] if at < NOW),
        ],
    )
