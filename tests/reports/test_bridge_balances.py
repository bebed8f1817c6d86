"""For random lives of deals the bridge balances to the cent between any two days, in every slice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from penstock.base.calendar import Window
from penstock.base.errors import PenstockError
from penstock.catalog import rates
from penstock.catalog.models import Product
from penstock.contacts.models import Company, Merge
from penstock.flow import dating, pipelines
from penstock.flow.models import Kind, Pipeline
from penstock.reports import bridge, pipeline
from penstock.reports.slices import DIMENSIONS, Slice
from penstock.sales import deals, merging
from penstock.sales.models import Deal
from penstock.users.models import Member, Workspace
from tests import histories, make

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHANNELS = ("search", "event", "")
CURRENCIES = ("EUR", "USD", "GBP")


@dataclass
class World:
    """Two of everything by which deals are cut, and four deals; each mate has a team, each company a segment."""

    workspace: Workspace
    pipelines: list[Pipeline]
    members: list[Member]
    products: list[Product]
    companies: list[Company]
    held: list[Deal]
    merges: list[Merge] = field(default_factory=list)

    def deal(self, number: int) -> Deal:
        """One of them, as it is now."""
        return Deal.objects.get(pk=self.held[number % len(self.held)].pk)

    def slice(self, cut: str) -> Slice:
        """The first of what there is of a dimension; all deals without one."""
        first = {
            "pipeline": self.pipelines[0],
            "team": self.members[0].team,
            "owner": self.members[0],
            "channel": CHANNELS[0],
            "product": self.products[0],
            "segment": self.companies[0].segment,
        }
        return Slice(**({cut: first[cut]} if cut in first else {}))


def founded() -> World:
    """Four deals in two pipelines, each with its owner, product, company and channel."""
    workspace = make.workspace(time_zone="UTC")
    members = [make.member(workspace, name=name) for name in ("Bob", "Dan")]
    for member, name in zip(members, ("North", "South"), strict=True):
        member.team = make.team(workspace, name)
        member.save()
    second = pipelines.create(workspace, kind=Kind.DEAL, name="Spares", stages=["Asked", "Done"])
    world = World(
        workspace=workspace,
        pipelines=[make.pipeline(workspace), second],
        members=members,
        products=[make.product(workspace, name) for name in ("Wheel", "Gate")],
        companies=[
            make.company(workspace, "Acme", segment="Small"),
            make.company(workspace, "Mill", segment="Large"),
        ],
        held=[],
    )
    for number in range(4):
        with dating.lived(START + timedelta(hours=number)):
            world.held.append(_opened(world, number))
    return world


def _opened(world: World, n: int) -> Deal:
    return deals.open_deal(
        world.pipelines[n // 2 % 2],
        title=f"Deal {n}",
        by=None,
        owner=world.members[n % 2],
        company=world.companies[n // 2 % 2],
        product=world.products[n % 2],
        amount=Decimal(100 + n) if n % 4 else None,
        currency=CURRENCIES[n % 3],
        close_on=(START + timedelta(days=5 * n)).date(),
        channel=CHANNELS[n % 2],
    )


def _changed(world: World, number: int, n: int, **values: object) -> None:
    """A change; one of three is entered some days after it happened."""
    at = dating.timezone.now() - timedelta(days=n % 5) if n % 3 == 0 else None
    deals.change(world.deal(number), by=None, at=at, **values)


ACTS: Mapping[str, Callable[[World, int, int], object]] = {
    "open": lambda w, number, n: w.held.append(_opened(w, n)),
    "amount": lambda w, number, n: _changed(w, number, n, amount=Decimal(n) / 7 if n % 9 else None),
    "currency": lambda w, number, n: _changed(w, number, n, currency=CURRENCIES[n % 3]),
    "close": lambda w, number, n: _changed(
        w, number, n, close_on=(START + timedelta(days=n % 40)).date()
    ),
    "product": lambda w, number, n: _changed(w, number, n, product=[*w.products, None][n % 3]),
    "company": lambda w, number, n: _changed(w, number, n, company=[*w.companies, None][n % 3]),
    "channel": lambda w, number, n: _changed(w, number, n, channel=CHANNELS[n % 3]),
    "owner": lambda w, number, n: deals.assign(
        w.deal(number), owner=[*w.members, None][n % 3], by=None
    ),
    "park": lambda w, number, n: deals.park(
        w.deal(number), until=dating.today(w.workspace) + timedelta(days=1 + n % 9), by=None
    ),
    "unpark": lambda w, number, n: deals.unpark(w.deal(number), by=None),
    "win": lambda w, number, n: deals.win(w.deal(number), by=None),
    "lose": lambda w, number, n: deals.lose(
        w.deal(number), reason=make.loss_reason(w.workspace), by=None
    ),
    "reopen": lambda w, number, n: deals.reopen(w.deal(number), by=None),
    "merge": lambda w, number, n: w.merges.append(
        merging.merge(w.deal(number), gone=w.deal(n), by=None, take=("amount",) if n % 2 else ())
    ),
    "part": lambda w, number, n: merging.undo(w.merges[n % len(w.merges)], by=None),
}

acts = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, "merge", "reopen"]),
        st.integers(0, 5),
        st.integers(0, 30),
        st.integers(1, 999),
    ),
    min_size=4,
    max_size=18,
)


def lived(story: list[tuple[str, int, int, int]]) -> World:
    """A world after a story; what is refused changes nothing."""
    world = founded()
    for name, number, day, n in sorted(story, key=lambda act: act[2]):
        if name == "part" and not world.merges:
            continue
        with dating.lived(START + timedelta(days=day, hours=5)), suppress(PenstockError):
            ACTS[name](world, number, n)
            event(name)
    return world


def _day(number: int) -> date:
    return (START + timedelta(days=number)).date()


@pytest.mark.django_db
@settings(deadline=None)
@given(
    story=acts,
    values=st.lists(st.decimals("0.01", "90", places=7), min_size=4, max_size=4),
    days=st.tuples(st.integers(0, 34), st.integers(0, 34)),
    cut=st.sampled_from(["", *DIMENSIONS]),
    how=st.sampled_from(["", "due", "then", "known"]),
)
def test_bridge_balances_in_every_slice_and_its_ends_are_what_was_held(
    story: list[tuple[str, int, int, int]],
    values: list[Decimal],
    days: tuple[int, int],
    cut: str,
    how: str,
) -> None:
    with histories.rolled_back():
        world = lived(story)
        for code in CURRENCIES[1:]:
            for number, value in enumerate(values):
                day = _day(11 * number - 9)
                rates.enter(world.workspace, currency=code, day=day, rate=value, by=None)
        window = Window(*map(_day, sorted(days)), world.workspace.zone)
        member, only = make.owner_of(world.workspace), world.slice(cut)
        known = window.last if how == "known" else None

        found = bridge.bridge(
            member,
            window,
            only=only,
            known=known,
            due=window if how == "due" else None,
            as_known_then=how == "then",
        )

        assert found.ties
        if how != "due":
            _is_what_was_held(found.closing, member, window.last, known=known, only=only)
            before = window.first - timedelta(days=1)
            then = before if how == "then" else known
            _is_what_was_held(found.opening, member, before, known=then, only=only)


def _is_what_was_held(
    line: bridge.Line, member: Member, day: date, *, known: date | None, only: Slice
) -> None:
    held = pipeline.on_day(member, on=day, known=known, only=only).total
    assert (line.change, dict(line.sums)) == (
        held.n,
        {name: amount for name, amount in held.sums.items() if amount},
    )
