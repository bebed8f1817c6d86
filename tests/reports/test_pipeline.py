"""The pipeline on a day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from penstock.base.errors import PenstockError, RuleBroken
from penstock.flow import moves, outcomes, pipelines
from penstock.flow.models import Kind
from penstock.reports import pipeline
from penstock.reports.filters import DealFilter
from penstock.reports.moment import moment
from penstock.sales import deals
from tests import make
from tests.reports.days import day, noon

pytestmark = pytest.mark.django_db


def test_stage_says_count_sum_weighted_and_without_amount() -> None:
    workspace = make.workspace()
    proposal = make.stage(workspace, "proposal")
    make.deal(workspace, amount="1000", stage=proposal)
    make.deal(workspace, amount="500", stage=proposal)
    make.deal(workspace, amount=None, stage=proposal)

    found = pipeline.on_day(make.owner_of(workspace))

    held = next(stage.held for stage in found.stages if stage.code == "proposal")
    assert (held.n, held.sums, held.weighted) == (3, {"EUR": 1500}, {"EUR": 750})
    assert held.n_without_amount == 1
    assert found.total == held
    assert [stage.code for stage in found.stages][:2] == ["lead_generation", "qualification"]


def test_currencies_are_not_added_up() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="100")
    deals.change(make.deal(workspace, amount="70"), by=None, currency="USD")

    found = pipeline.on_day(make.owner_of(workspace))

    assert found.total.sums == {"EUR": deal.amount, "USD": 70}


def test_won_lost_and_parked_deals_are_in_no_sum() -> None:
    workspace = make.workspace()
    deals.win(make.deal(workspace), by=None)
    deals.lose(make.deal(workspace), reason=make.loss_reason(workspace), by=None)
    deals.park(
        make.deal(workspace, amount="30"), until=timezone.now().date() + timedelta(9), by=None
    )

    found = pipeline.on_day(make.owner_of(workspace))

    assert (found.total.n, found.total.sums) == (0, {})
    assert (found.parked.n, found.parked.sums) == (1, {"EUR": 30})


def test_day_of_the_past_shows_stage_and_amount_of_then() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="100", at=noon(1))
    moves.move(deal.item, to=make.stage(workspace, "proposal"), by=None, at=noon(3), known=noon(3))
    deals.change(deal, by=None, amount=Decimal(250), at=noon(4))
    me = make.owner_of(workspace)

    before, after = pipeline.on_day(me, on=day(2)), pipeline.on_day(me, on=day(4))

    assert _places(before) == {"lead_generation": 100}
    assert _places(after) == {"proposal": 250}
    assert pipeline.on_day(me, on=day(1) - timedelta(1)).total.n == 0
    assert before.total.ages.oldest_days == 1.5


def test_known_day_hides_what_was_learned_later() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="100", at=noon(1))
    me = make.owner_of(workspace)
    assert pipeline.on_day(me, on=day(5), known=day(5)).total.n == 0

    moves.move(deal.item, to=make.stage(workspace, "proposal"), by=None, at=noon(2), known=noon(7))

    assert _places(pipeline.on_day(me, on=day(5))) == {"proposal": 100}


def test_move_taken_back_never_happened() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace, amount="100", at=noon(1))
    row = moves.move(deal.item, to=make.stage(workspace, "proposal"), by=None, at=noon(2))
    moves.take_back(row, by=None)

    found = pipeline.on_day(make.owner_of(workspace), on=day(3))

    assert _places(found) == {"lead_generation": 100}


def test_rep_sees_own_and_unassigned_deals_on_any_day() -> None:
    workspace = make.workspace()
    workspace.reps_see = "own"
    workspace.save()
    bob, eve = make.member(workspace), make.member(workspace, name="Eve")
    for amount, owner in (("1", bob), ("10", eve), ("100", None)):
        make.deal(workspace, amount=amount, owner=owner, at=noon(1))

    found = [pipeline.on_day(bob, on=when).total.sums for when in (None, day(2))]

    assert found == [{"EUR": 101}, {"EUR": 101}]


def test_filters_answer_alike_now_and_then() -> None:
    workspace = make.workspace()
    bob, acme = make.member(workspace), make.company(workspace)
    bob.team = make.team(workspace)
    bob.save()
    deal = make.deal(workspace, amount="5", owner=bob, company=acme, at=noon(1))
    deals.change(deal, by=None, channel="fair", at=noon(1))
    make.deal(workspace, amount="7", at=noon(1))
    me, line = make.owner_of(workspace), make.pipeline(workspace)
    other = pipelines.create(workspace, kind=Kind.DEAL, name="Renewals", stages=["A"])

    for only, expected in (
        (DealFilter(owner=bob), 5),
        (DealFilter(team=bob.team), 5),
        (DealFilter(company=acme), 5),
        (DealFilter(channel="fair"), 5),
        (DealFilter(pipeline=line), 12),
        (DealFilter(pipeline=other), None),
    ):
        for when in (None, day(2)):
            assert pipeline.on_day(me, on=when, only=only).total.sums.get("EUR") == expected


def test_day_that_has_not_come_is_refused() -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        pipeline.on_day(make.owner_of(workspace), on=timezone.now().date() + timedelta(2))

    assert refusal.value.code == "reports.future"


def test_one_query_answers_for_any_number_of_deals(django_assert_num_queries) -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    for n_deals in (1, 3):
        for _number in range(n_deals):
            make.deal(workspace, at=noon(1))
        for when in (None, day(2)):
            with django_assert_num_queries(2):
                pipeline.on_day(me, on=when)


@given(
    some.lists(
        some.tuples(some.integers(0, 7), some.integers(0, 3), some.integers(1, 20)), max_size=25
    )
)
def test_current_state_equals_replayed_rows(steps: list[tuple[int, int, int]]) -> None:
    workspace = make.workspace()
    me = make.owner_of(workspace)
    made = [make.deal(workspace, amount=amount, at=noon(1)) for amount in ("10", "20", None, "40")]

    for act, number, at in steps:
        _try(act, made[number], at=at)

    now = moment(workspace)
    kept = pipeline._now(me, now, DealFilter())
    replayed = pipeline._then(me, now, DealFilter())
    assert _sorted(kept) == _sorted(replayed)


def _try(act: int, deal: deals.Deal, *, at: int) -> None:
    """Do one of eight things to a deal; a refusal is part of the history."""
    workspace = deal.workspace
    deal = deals.Deal.objects.select_related("item__stage", "item__pipeline", "workspace").get(
        pk=deal.pk
    )
    stages = [make.stage(workspace, code) for code in ("qualification", "proposal", "negotiation")]
    moment = noon(at, minute=at)
    acts = [
        lambda: moves.move(deal.item, to=stages[at % 3], by=None, at=moment),
        lambda: deals.change(deal, by=None, amount=Decimal(at), at=moment),
        lambda: deals.win(deal, by=None, at=moment),
        lambda: deals.lose(deal, reason=make.loss_reason(workspace), by=None, at=moment),
        lambda: deals.reopen(deal, by=None),
        lambda: outcomes.park(
            deal.item, until=day(at) + timedelta(365 * (at % 2) * 50), by=None, at=moment
        ),
        lambda: moves.take_back(deal.item.transitions.last(), by=None),
        lambda: deals.change(deal, by=None, currency="USD" if at % 2 else "EUR", at=moment),
    ]
    try:
        acts[act]()
    except PenstockError:
        return


def _sorted(groups: list[object]) -> list[tuple[object, ...]]:
    return sorted(
        (
            g.stage_id,
            g.is_parked,
            g.currency,
            g.n,
            g.n_with_amount,
            g.total,
            tuple(sorted(g.age_days)),
        )
        for g in groups
    )


def _places(found: pipeline.PipelineOnDay) -> dict[str, Decimal]:
    return {stage.code: stage.held.sums["EUR"] for stage in found.stages if stage.held.n}
