"""What is won of the leads of each channel is recovered, where won ÷ closed is not: losses come sooner than wins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from penstock.analytics.conversion import bounds
from penstock.base.calendar import Window
from penstock.flow import dating
from penstock.reports import channels
from penstock.reports.channels import Earned
from penstock.sales import deals, touches
from penstock.sales.models import Deal
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

TRUTH = {"search": 0.6, "event": 0.45, "paid": 0.3}
N, DAYS = 60, 130
START = datetime(2026, 1, 1, tzinfo=UTC)
STOP = START + timedelta(days=DAYS)


def planted(workspace: Workspace, *, lag_days: float, rng: np.random.Generator) -> None:
    """Leads of each channel, evenly over the window; losses after 8 days on average, wins after 40 to 90.

    An end is entered some days after it happened, and only if that was within the window.
    """
    company, reason = make.company(workspace), make.loss_reason(workspace)
    for channel, share in TRUTH.items():
        for _number in range(N):
            opened = START + timedelta(days=rng.uniform(0, DAYS))
            is_won = rng.random() < share
            days = rng.uniform(40, 90) if is_won else rng.exponential(8)
            ended = opened + timedelta(days=days)
            entered = ended + timedelta(days=rng.exponential(lag_days) if lag_days else 0)
            with dating.lived(opened):
                deal = make.deal(workspace, company=company, amount="100")
                touches.record(deal, by=None, channel=channel)
            if entered < STOP:
                with dating.lived(entered):
                    _end(deal, is_won=is_won, at=ended, reason=reason)


def _end(deal: Deal, *, is_won: bool, at: datetime, reason: object) -> None:
    if is_won:
        deals.win(deal, by=None, at=at)
    else:
        deals.lose(deal, reason=reason, by=None, at=at)  # type: ignore[arg-type]  # -- a reason of this workspace


def by_then(share: float, one: Earned) -> float:
    """What part of the leads is won by the day until which they were followed."""
    assert one.followed is not None
    assert one.followed.horizon_days is not None
    return share * min(max((one.followed.horizon_days + 1 - 40) / 50, 0), 1)


def naive(one: Earned) -> float:
    """Won ÷ closed, the usual formula."""
    return float(one.count("won") / one.n_closed)


@pytest.mark.parametrize("lag_days", [0.0, 6.0])
def test_share_won_is_recovered_per_channel_where_won_of_closed_reads_less(lag_days: float) -> None:
    workspace = make.workspace(time_zone="UTC")
    planted(workspace, lag_days=lag_days, rng=np.random.default_rng(11))
    last = (STOP - timedelta(days=1)).date()
    window = Window(first=START.date(), last=last, zone=workspace.zone)

    found = channels.earned(
        make.owner_of(workspace), window, rule="first", by="channel", until=last, known=last
    )

    for one in found.lines:
        assert one.followed is not None
        ends = one.followed.won
        assert ends.low is not None
        assert ends.high is not None
        assert ends.low <= by_then(TRUTH[one.key], one) <= ends.high
        assert naive(one) < TRUTH[one.key]
    whole = found.whole.followed
    assert whole is not None
    assert whole.won.low is not None
    assert whole.won.high is not None
    assert whole.won.low <= by_then(sum(TRUTH.values()) / 3, found.whole) <= whole.won.high
    # The usual formula is sure of too little: the truth is above its own interval.
    closed = float(found.whole.n_closed)
    assert bounds(naive(found.whole) * closed, of=closed)[1] < sum(TRUTH.values()) / 3
    assert (found.lag_days > 6) == bool(lag_days)
    assert date(2026, 4, 1) < found.followed_until.date() <= STOP.date()
