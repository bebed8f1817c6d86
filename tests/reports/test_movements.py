"""What happened to deals in a window."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from penstock.base.calendar import Window
from penstock.base.errors import PenstockError, RuleBroken
from penstock.flow import bulk, dating, replay
from penstock.flow.models import FieldChange, Outcome
from penstock.reports import movements
from penstock.sales import bulk as sales_bulk
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make
from tests.reports.days import day, noon, window

pytestmark = pytest.mark.django_db


def test_window_counts_opened_won_lost_and_conversion() -> None:
    workspace = make.workspace()
    _won(workspace, at=5, amount="100")
    _won(workspace, at=6, amount="50")
    _lost(workspace, at=7)
    _won(workspace, at=20)
    make.deal(workspace, at=noon(4))

    found = movements.in_window(make.owner_of(workspace), window(4, 10, workspace=workspace))

    assert (found.n_opened, found.n_won, found.n_lost, found.n_reopened) == (1, 2, 1, 0)
    assert (found.won, found.lost) == ({"EUR": 150}, {"EUR": 1000})
    assert (found.conversion.n, found.conversion.of) == (2, 3)


def test_deal_reopened_within_the_window_is_reopened_only() -> None:
    workspace = make.workspace()
    deal = _won(workspace, at=5)
    deals.reopen(deal, by=None, at=noon(6))
    me = make.owner_of(workspace)

    both = movements.in_window(me, window(5, 6, workspace=workspace))
    first = movements.in_window(me, window(5, 5, workspace=workspace))

    assert (both.n_won, both.n_reopened, both.conversion.share) == (0, 1, None)
    assert (first.n_won, first.n_reopened) == (1, 0)


def test_amount_is_the_one_at_the_end_of_the_window() -> None:
    workspace = make.workspace()
    deal = _won(workspace, at=5, amount="100")
    deals.change(deal, by=None, amount=Decimal(120), at=noon(6))
    deals.change(deal, by=None, amount=Decimal(999), at=noon(20))
    me = make.owner_of(workspace)

    assert movements.in_window(me, window(5, 6, workspace=workspace)).won == {"EUR": 120}
    assert movements.in_window(me, window(5, 20, workspace=workspace)).won == {"EUR": 999}


def test_known_day_hides_what_was_learned_later() -> None:
    workspace = make.workspace()
    _won(workspace, at=5)

    found = movements.in_window(
        make.owner_of(workspace), window(4, 10, workspace=workspace), known=day(10)
    )

    assert (found.n_opened, found.n_won) == (0, 0)


def test_months_without_anything_are_shown() -> None:
    workspace = make.workspace()
    _won(workspace, at=5)
    _won(workspace, at=70)

    found = movements.by_period(make.owner_of(workspace), window(1, 100, workspace=workspace))

    assert [(month.name, month.n_won) for month in found] == [
        ("2026-03", 1),
        ("2026-04", 0),
        ("2026-05", 1),
        ("2026-06", 0),
    ]
    assert [month.window.n_days for month in found] == [31, 30, 31, 8]


@pytest.mark.parametrize(
    ("per", "names"),
    [("quarter", ["2026-Q1", "2026-Q2"]), ("week", ["2026-W13", "2026-W14", "2026-W15"])],
)
def test_window_is_cut_at_calendar_borders(per: str, names: list[str]) -> None:
    workspace = make.workspace()

    found = movements.by_period(
        make.owner_of(workspace), window(29, 38, workspace=workspace), per=per
    )

    assert [part.name for part in found] == names
    assert sum(part.window.n_days for part in found) == 10


def test_unknown_period_is_refused() -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        movements.by_period(make.owner_of(workspace), window(1, 2, workspace=workspace), per="year")

    assert refusal.value.code == "reports.period"


def test_owners_and_teams_are_those_of_the_last_day() -> None:
    workspace = make.workspace()
    bob = make.member(workspace)
    bob.team = make.team(workspace)
    bob.save()
    _won(workspace, at=5, owner=bob)
    _won(workspace, at=6)
    _lost(workspace, at=6, owner=bob)
    me, span = make.owner_of(workspace), window(4, 10, workspace=workspace)

    owners, teams = movements.by_owner(me, span), movements.by_team(me, span)

    assert [(one.name, one.n_won, one.n_lost) for one in owners] == [("", 1, 0), ("Bob", 1, 1)]
    assert [(one.name, one.n_won) for one in teams] == [("", 1), ("North", 1)]


def test_channel_says_share_of_all_its_leads() -> None:
    workspace = make.workspace()
    for channel, is_won in (("fair", True), ("fair", False), ("fair", False), ("", True)):
        deal = _won(workspace, at=3, amount="10") if is_won else make.deal(workspace, at=noon(2))
        if channel:
            deals.change(deal, by=None, channel=channel, at=noon(2))
    make.deal(workspace, at=noon(9))

    found = movements.by_channel(make.owner_of(workspace), on=day(8))

    assert [(one.channel, one.n_leads, one.n_won, one.won) for one in found] == [
        ("fair", 3, 1, {"EUR": 10}),
        ("", 1, 1, {"EUR": 10}),
    ]
    assert found[0].share.share == pytest.approx(1 / 3)


def test_channels_now_equal_those_of_today() -> None:
    workspace = make.workspace()
    for channel in ("fair", "web", "web"):
        deals.change(_won(workspace, at=3, amount="10"), by=None, channel=channel, at=noon(2))
    deals.change(make.deal(workspace, at=noon(2)), by=None, channel="web")
    me = make.owner_of(workspace)

    found = movements.by_channel(me)

    assert [(one.channel, one.n_leads, one.n_won) for one in found] == [
        ("web", 3, 2),
        ("fair", 1, 1),
    ]


def test_rep_counts_own_and_unassigned_deals_only() -> None:
    workspace = make.workspace()
    workspace.reps_see = "own"
    workspace.save()
    bob, eve = make.member(workspace), make.member(workspace, name="Eve")
    for owner in (bob, eve, None):
        _won(workspace, at=5, owner=owner)
    span = window(4, 10, workspace=workspace)

    assert movements.in_window(bob, span).n_won == 2
    assert [deal.owner for deal in movements.deals(bob, span, verdict="won")] == ["", "Bob"]


def test_deals_behind_the_figure_say_who_and_why() -> None:
    workspace = make.workspace()
    _lost(workspace, at=5)
    _won(workspace, at=6)

    found = movements.deals(
        make.owner_of(workspace), window(4, 10, workspace=workspace), verdict="lost"
    )

    assert [(deal.reason, deal.amount, deal.closed_at) for deal in found] == [
        ("Price", 1000, noon(5))
    ]


@given(
    some.lists(
        some.tuples(some.integers(0, 6), some.integers(0, 2), some.integers(1, 40)), max_size=20
    )
)
def test_months_equal_the_replayed_rows(steps: list[tuple[int, int, int]]) -> None:
    workspace = make.workspace()
    made = [make.deal(workspace, amount=amount, at=noon(1)) for amount in ("10", "20", None)]
    for act, number, at in steps:
        _try(act, made[number], at=at)

    me, span = make.owner_of(workspace), window(1, 45, workspace=workspace)
    found = movements.by_period(me, span)
    told = movements.by_period(me, span, known=dating.today(workspace))

    assert [_said(month) for month in found] == [_replayed(made, month.window) for month in found]
    assert [_said(month) for month in told] == [_said(month) for month in found]


def _said(moved: movements.Moved) -> tuple[object, ...]:
    return (moved.n_won, moved.n_lost, moved.n_reopened, moved.won, moved.lost)


def _replayed(made: list[Deal], span: Window) -> tuple[object, ...]:
    n: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = {"won": Counter(), "lost": Counter(), "open": Counter()}
    for deal in made:
        rows = replay.effective(deal.item.outcomes.all())
        inside = [row for row in rows if span.start <= row.occurred_at < span.stop]
        if not inside:
            continue
        n[inside[-1].verdict] += 1
        amount, currency = (
            replay.last(deal.item.fieldchanges.filter(field=name), at=span.stop)
            for name in ("amount", "currency")
        )
        if amount is not None and amount.value is not None:
            name = currency.value if currency and currency.value else "EUR"
            sums[inside[-1].verdict][name] += Decimal(amount.value)
    return (n["won"], n["lost"], n["open"], dict(sums["won"]), dict(sums["lost"]))


def _try(act: int, deal: Deal, *, at: int) -> None:
    """Do one of seven things to a deal; a refusal is part of the history."""
    deal = Deal.objects.select_related("item__stage", "item__pipeline", "workspace").get(pk=deal.pk)
    moment = noon(at, minute=at)
    acts = [
        lambda: deals.win(deal, by=None, at=moment),
        lambda: deals.lose(deal, reason=make.loss_reason(deal.workspace), by=None, at=moment),
        lambda: deals.reopen(deal, by=None, at=moment),
        lambda: deals.change(deal, by=None, amount=Decimal(at), at=moment),
        lambda: deals.change(deal, by=None, currency="USD" if at % 2 else "EUR", at=moment),
        lambda: _take_back(deal.item.outcomes.last()),
        lambda: _take_back(deal.item.fieldchanges.filter(field="amount").last()),
    ]
    with suppress(PenstockError):
        acts[act]()


def _take_back(row: Outcome | FieldChange | None) -> None:
    """Void a row, as taking an import back does."""
    if row is None or row.is_void:
        return
    said = {"verdict": row.verdict} if isinstance(row, Outcome) else {"field": row.field}
    type(row).objects.create(
        workspace=row.workspace, item=row.item, supersedes=row, is_void=True,
        occurred_at=row.occurred_at, known_at=row.known_at, **said,
    )  # fmt: skip
    bulk.settle([row.item_id])
    sales_bulk.settle([row.item_id])


def _won(workspace: Workspace, *, at: int, **settings: object) -> Deal:
    return deals.win(make.deal(workspace, at=noon(1), **settings), by=None, at=noon(at))


def _lost(workspace: Workspace, *, at: int, **settings: object) -> None:
    deal = make.deal(workspace, at=noon(1), **settings)
    deals.lose(deal, reason=make.loss_reason(workspace), by=None, at=noon(at))
