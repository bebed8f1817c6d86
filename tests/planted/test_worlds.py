"""In twenty planted companies every insight holds the truth as often as it says; the usual formulas do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from math import exp, inf
from statistics import mean, median
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from penstock.analytics import conversion
from penstock.analytics.survival import Estimate, Quantile
from penstock.base.calendar import Window, end_of, month_of
from penstock.reports import (
    bridge,
    channels,
    coverage,
    customers,
    funnel,
    losses,
    slips,
    throughput,
)
from penstock.reports.channels import Earned
from penstock.reports.coverage import Covered
from penstock.reports.moment import Moment
from penstock.reports.slices import Slice
from penstock.users import walls
from tests.planted import lives as planting
from tests.planted import naive
from tests.planted.bands import FAR, holds_as_often_as_said, off
from tests.planted.company import Planted, Worlds, plant
from tests.planted.lives import DAYS_ON, GOES_ON, LAST, LEAK, LEAK_AT, N_STEPS, NOW, Life

N_WORLDS = 20
#: So many deals are lived through to their end to know what a company of such deals tends to.
N_TRUE = 40_000


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Worlds]:
    """Twenty companies for all of these tests, which only read; no seed was chosen."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Worlds([plant(seed) for seed in range(N_WORLDS)])
        walls.leave()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def truth() -> list[Life]:
    """Many deals of the same kind, all of them known to their end."""
    return planting.lives(np.random.default_rng(1_000_003), n=N_TRUE)


def _of(told: Sequence[Life], channel: str) -> list[Life]:
    return [one for one in told if one.channel == channel]


def _funnel(one: Planted, channel: str, *, days: int) -> funnel.Funnel:
    only = Slice(channel=channel)
    return funnel.funnel(one.boss, one.window(days), moment=one.moment, only=only)


def _holds(found: Estimate | Quantile, truth: float) -> bool:
    return (found.low or 0.0) <= truth <= (inf if found.high is None else found.high)


def _known(value: float | None) -> float:
    assert value is not None
    return value


@pytest.mark.parametrize("channel", ["search", "event"])
def test_step_reads_what_is_planted_where_survivors_read_more(worlds: Worlds, channel: str) -> None:
    held, errors, usual = [], [], []
    for one in worlds:
        found = _funnel(one, channel, days=730)
        # 95 % of ends with a mean delay of six days are entered within eighteen.
        assert 12 < found.lag_days < 25
        steps = [stage.step.incidence for stage in found.steps[:N_STEPS]]
        for place, step in enumerate(steps):
            share = LEAK if (channel, place) == ("event", LEAK_AT) else GOES_ON
            # The share by the day until which enough were followed; a hair less than that of all.
            by_then = share * (1 - exp(-_known(step.horizon_days) / DAYS_ON))
            held.append(_holds(step.ended[0], by_then))
            errors.append(_known(step.ended[0].share) - by_then)
        usual.append(naive.of_survivors(_of(one.lives, channel))[0])

    assert holds_as_often_as_said(held)
    assert abs(off(errors, 0.0)) < FAR
    assert min(usual) > GOES_ON + 0.05
    assert off(usual, GOES_ON) > FAR


def test_leak_is_found_in_its_stage_and_in_no_other(worlds: Worlds) -> None:
    alarms, found = 0, 0
    for one in worlds:
        search, event = (_funnel(one, name, days=730).steps for name in ("search", "event"))
        for place in range(N_STEPS):
            a, b = (side[place].step.incidence.ended[0] for side in (search, event))
            is_lower = _known(b.high) < _known(a.low)
            found += is_lower and place == LEAK_AT
            alarms += is_lower and place != LEAK_AT

    assert (found, alarms) == (N_WORLDS, 0)


def test_time_in_stage_counts_those_that_are_still_there(worlds: Worlds, truth: list[Life]) -> None:
    place, days = 1, 45
    stays = median(one.days_in(place) for one in truth if place in dict(one.visits))
    held, reads, usual = [], [], []
    for one in worlds:
        found = funnel.funnel(one.boss, one.window(days), moment=one.moment)
        stay = found.steps[place].step.stay.median
        held.append(_holds(stay, stays))
        reads.append(_known(stay.days))
        usual.append(naive.days_in_stage(one.lives, place, one.window(days)))

    assert holds_as_often_as_said(held)
    assert abs(off(reads, stays)) < FAR
    assert off(usual, stays) < -FAR


def test_cycle_counts_running_deals(worlds: Worlds, truth: list[Life]) -> None:
    told = _of(truth, "search")
    days = median(one.days for one in told)
    held, reads, usual, of_won = [], [], [], []
    for one in worlds:
        cycle = _funnel(one, "search", days=150).cycle
        held.append(_holds(cycle.to_end.median, days))
        horizon = _known(cycle.won.horizon_days)
        won = median(deal.days for deal in told if deal.is_won and deal.days <= horizon)
        held.append(_holds(cycle.to_win.median, won))
        of_won.append(_known(cycle.to_win.median.days) - won)
        since = one.window(150).start
        reads.append(_known(cycle.to_end.median.days))
        usual.append(
            naive.cycle([deal for deal in _of(one.lives, "search") if deal.opened >= since])
        )

    assert holds_as_often_as_said(held)
    assert abs(off(reads, days)) < FAR
    assert abs(off(of_won, 0.0)) < FAR
    assert off(usual, days) < -FAR


def test_throughput_names_the_planted_rise_where_velocity_counts_dead_deals(
    worlds: Worlds,
) -> None:
    won = planting.N * planting.WON_SHARE * 90 / planting.DAYS
    rise = won * planting.MEAN_SIZE * (planting.DEARER - 1)
    held, sizes, numbers, usual, late = [], [], [], [], []
    for one in worlds:
        window = one.window(90)
        found = throughput.in_window(one.boss, window, known=LAST, by="channel")
        assert found.number + found.mix + found.size == found.change
        assert found.now.value == sum(deal.worth(deal.ended) for deal in one.won(window))
        held.append(float(found.low) <= rise <= float(found.high))
        sizes.append(float(found.size))
        numbers.append(float(found.number) / (1 - found.unentered))
        late.append(found.unentered)
        told = [*one.lives, *one.dead]
        before = throughput.before(window)
        usual.append(naive.velocity(told, window) - naive.velocity(told, before))

    assert holds_as_often_as_said(held)
    # Half as much again per deal, of as many deals: nearly all of it is size, the rest is chance.
    assert abs(off(numbers, 0.0)) < FAR
    assert abs(off(sizes, rise)) < FAR
    assert mean(late) == pytest.approx(planting.LAG_DAYS / 90, rel=0.1)
    assert off(usual, rise) > FAR


def test_bridge_leaves_nothing_where_present_amounts_leave_a_rest(worlds: Worlds) -> None:
    rests: list[Decimal] = []
    for one in worlds:
        window = one.window(90)
        found = bridge.bridge(one.boss, window, known=LAST)
        told = [*one.lives, *one.dead]
        held = [[deal for deal in told if deal.is_open(at)] for at in (window.start, window.stop)]
        assert found.ties
        assert (found.opening.n, found.closing.n) == (len(held[0]), len(held[1]))
        assert found.opening.own == sum(deal.worth(window.start) for deal in held[0])
        assert found.closing.own == sum(deal.worth(window.stop) for deal in held[1])
        won = {line.code: line.n for line in found.lines}["won"]
        assert won == len(list(one.won(window)))
        rests.append(naive.rest_of_bridge(told, window))

    assert all(rests)


def test_coverage_holds_what_comes_where_the_win_rate_says_another_yield(
    worlds: Worlds, truth: list[Life]
) -> None:
    days = [date(2025, month, 10) for month in (6, 7, 8, 9)]
    yields = _true_yield(truth)
    comes_in, held, reads, usual = [], [], [], []
    for one in worlds:
        for on in days:
            found = _covered(one, on)
            window = month_of(on, zone=one.workspace.zone)
            won = (deal for deal in one.lives if deal.is_won)
            comes = sum(deal.worth() for deal in won if window.start <= deal.ended < window.stop)
            assert found.coverage.projected is not None
            assert found.coverage.yielded is not None
            middle, projected = found.coverage.yielded, found.coverage.projected
            comes_in.append(projected.low <= float(comes) <= projected.high)
        held.append(middle.low <= yields <= middle.high)
        reads.append(middle.middle)
        usual.append(naive.yielded(one.lives, at=end_of(on, zone=one.workspace.zone)))

    assert holds_as_often_as_said(comes_in, level=0.8)
    assert holds_as_often_as_said(held, level=0.8)
    assert abs(off(reads, yields)) < FAR
    assert off(usual, yields) > FAR


def _covered(one: Planted, on: date) -> Covered:
    moment = Moment(on=on, known=on, is_now=False, zone=one.workspace.zone)
    return coverage.on_day(one.boss, moment=moment, period="month")


def _true_yield(truth: Sequence[Life]) -> float:
    """Which part of what is due for the rest of a month, seen on its tenth day, is won in it."""
    due, won = 0.0, 0.0
    for month in range(1, 10):
        window = Window(date(2025, month, 11), _last_of(2025, month), ZoneInfo("UTC"))
        for one in truth:
            if naive.is_due(one, at=window.start, last=window.last):
                due += float(one.worth(window.start))
                if one.is_won and one.ended < window.stop:
                    won += float(one.worth())
    return won / due


def _last_of(year: int, month: int) -> date:
    return date(year, month + 1, 1) - timedelta(days=1)


def test_close_dates_find_who_pushes_and_how_late_where_the_last_word_hides_it(
    worlds: Worlds, truth: list[Life]
) -> None:
    held = []
    for name, (_share, (low, high)) in planting.PUSHES.items():
        mine = [one for one in truth if one.owner == name]
        late = median(_days_late(one) for one in mine if one.is_won)
        usual = []
        for one in worlds:
            window = one.window(365)
            report = slips.in_window(one.boss, window, known=LAST)
            [found] = [owner.slips for owner in report.owners if owner.name == name]
            pushed = _share_pushed(mine, window)
            held += [
                _known(found.pushed.low) <= pushed <= _known(found.pushed.high),
                _known(found.push.low) <= (low + high) / 2 <= _known(found.push.high),
                _known(found.late.low) <= late <= _known(found.late.high),
            ]
            usual.append(naive.days_late([deal for deal in one.won(window) if deal.owner == name]))
        assert off(usual, late) < -FAR

    assert holds_as_often_as_said(held)


def _days_late(one: Life) -> int:
    return (one.ended.date() - one.closes[0][1]).days


def _share_pushed(told: Sequence[Life], window: Window) -> float:
    """Of the deals that live in a window, those whose close was put off in it."""
    lived = [one for one in told if one.opened < window.stop and one.ended >= window.start]
    pushed = [
        one for one in lived if any(window.start <= at < window.stop for at, _day in one.closes[1:])
    ]
    return len(pushed) / len(lived)


def test_reasons_are_those_of_deals_that_stayed_lost_where_rows_count_some_twice(
    worlds: Worlds,
) -> None:
    share = planting.PRICE_SHARE + (1 - planting.PRICE_SHARE) * planting.COMES_BACK
    held, reads, usual = [], [], []
    for one in worlds:
        window = one.window(365)
        found = losses.in_window(one.boss, window, known=LAST)
        [price] = [each.share for each in found.by_reason if each.pk == one.reasons["price"]]
        held.append(_known(price.low) <= share <= _known(price.high))
        reads.append(_known(price.share))
        usual.append(naive.share_of_losses(one.lives, "price", window))

    assert holds_as_often_as_said(held)
    assert abs(off(reads, share)) < FAR
    assert off(usual, share) < -FAR


def test_channels_say_what_part_of_leads_is_won_where_closed_ones_alone_say_less(
    worlds: Worlds, truth: list[Life]
) -> None:
    held, usual_held, errors = [], [], []
    for one in worlds:
        window = one.window(120)
        found = channels.earned(
            one.boss, window, rule="first", by="channel", until=LAST, known=LAST
        )
        for line in found.lines:
            told = _of(truth, line.key)
            if not told:
                continue
            share = _won_by(told, line)
            followed = line.followed
            assert followed is not None
            held.append(_holds(followed.won, share))
            errors.append(_known(followed.won.share) - share)
            came = [deal for deal in _of(one.lives, line.key) if deal.opened >= window.start]
            assert line.count("leads") == len(came)
            usual_held.append(_usual_holds(came, sum(deal.is_won for deal in told) / len(told)))

    assert holds_as_often_as_said(held)
    assert abs(off(errors, 0.0)) < FAR
    assert not holds_as_often_as_said(usual_held)


def _won_by(told: Sequence[Life], one: Earned) -> float:
    """What part is won by the day until which leads were followed."""
    assert one.followed is not None
    horizon = _known(one.followed.horizon_days) + 1
    return sum(deal.is_won and deal.days < horizon for deal in told) / len(told)


def _usual_holds(came: Sequence[Life], truth: float) -> bool:
    """Whether the interval of won ÷ closed holds what part is ever won, as it claims."""
    closed = [deal for deal in came if deal.end(NOW)]
    low, high = conversion.bounds(sum(deal.is_won for deal in closed), of=len(closed))
    return low <= truth <= high


@pytest.mark.parametrize(("rule", "part"), [("first", 1.0), ("last", 0.0), ("linear", 0.5)])
def test_credit_goes_to_the_planted_touches_where_one_source_per_deal_knows_no_second(
    worlds: Worlds, rule: str, part: float
) -> None:
    for one in islice(worlds, 4):
        window = one.window(120)
        found = channels.earned(one.boss, window, rule=rule, by="channel", until=LAST, known=LAST)
        leads = {line.key: line.count("leads") for line in found.lines}
        came = [deal for deal in one.lives if window.start <= deal.opened < window.stop]
        twice = [deal for deal in came if any(at < NOW for at, _name in deal.touches[1:])]
        assert twice
        assert leads.get("email", 0) == (1 - part) * len(twice)
        for name in planting.CHANNELS:
            once = len(_of(came, name)) - len(_of(twice, name))
            assert leads[name] == once + part * len(_of(twice, name))


def test_customers_are_new_as_often_as_planted_where_the_window_alone_knows_nobody(
    worlds: Worlds,
) -> None:
    held, reads, usual = [], [], []
    for one in worlds:
        window = one.window(365)
        found = customers.in_window(one.boss, window, known=LAST)
        won = list(one.won(window))
        share = found.whole.new_deals
        assert share.of == len(won)
        held.append(_known(share.low) <= planting.NEW_SHARE <= _known(share.high))
        reads.append(_known(share.share))
        usual.append(naive.new_share(won))

    assert holds_as_often_as_said(held)
    assert abs(off(reads, planting.NEW_SHARE)) < FAR
    assert off(usual, planting.NEW_SHARE) > FAR


def test_concentration_is_exact_where_adding_up_currencies_is_nonsense(worlds: Worlds) -> None:
    wrong = 0
    for one in worlds:
        window = one.window(365)
        found = customers.in_window(one.boss, window, known=LAST)
        sums: dict[int, Decimal] = {}
        for deal in one.won(window):
            sums[deal.company] = sums.get(deal.company, Decimal(0)) + deal.worth(deal.ended)
        whole = sum(sums.values())
        shares = sorted((float(value / whole) for value in sums.values()), reverse=True)
        assert found.concentration.n == len(sums)
        assert found.concentration.top_1 == pytest.approx(shares[0])
        assert found.concentration.top_10 == pytest.approx(sum(shares[:10]))
        assert found.concentration.effective == pytest.approx(1 / sum(one**2 for one in shares))
        wrong += abs(naive.top_share(list(one.won(window))) - shares[0]) > 0.02

    assert wrong > N_WORLDS / 2
