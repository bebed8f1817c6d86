"""Lost deals by reason and stage."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.base.calendar import trailing
from penstock.flow.dating import today
from penstock.flow.models import Outcome
from penstock.reports import losses
from penstock.sales import deals
from penstock.users.models import Workspace
from tests import histories, make

AFTERWARDS = date(2030, 1, 1)


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Two deals lost over the price, one for no stated reason, one reopened, one won."""
    workspace = make.workspace()
    price, silent = make.loss_reason(workspace), make.loss_reason(workspace, "unknown")
    for amount in ("100", None):
        deals.lose(make.deal(workspace, amount=amount), reason=price, by=None)
    deals.lose(
        make.deal(workspace, amount="30", stage=make.stage(workspace)), reason=silent, by=None
    )
    back = make.deal(workspace, amount="900")
    deals.lose(back, reason=price, by=None)
    deals.reopen(back, by=None)
    deals.win(make.deal(workspace, amount="500"), by=None)
    return workspace


def test_in_window_counts_those_that_stayed_lost(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    window = trailing(until=today(workspace), days=30, zone=workspace.zone)

    found = losses.in_window(member, window)

    assert (found.n, found.value, found.n_without_amount, found.n_without_reason) == (
        3,
        {"EUR": Decimal(130)},
        1,
        1,
    )
    assert [(one.name, one.n, one.value) for one in found.by_reason] == [
        ("Price", 2, {"EUR": Decimal(100)}),
        ("Not stated", 1, {"EUR": Decimal(30)}),
    ]
    assert [(one.name, one.n) for one in found.by_stage] == [
        ("Lead generation", 2),
        ("Proposal", 1),
    ]
    assert found.by_reason[0].share.share == pytest.approx(2 / 3)


def test_deals_are_those_behind_the_figure(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    window = trailing(until=today(workspace), days=30, zone=workspace.zone)

    for part in losses.in_window(member, window).by_reason:
        assert len(losses.deals(member, window, reason=part.pk)) == part.n
    for part in losses.in_window(member, window).by_stage:
        assert len(losses.deals(member, window, stage=part.pk)) == part.n
    assert losses.deals(member, window, reason=0) == []


def test_in_window_says_when_no_reason_was_given(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    deal = make.deal(workspace)
    now = timezone.now()
    Outcome.objects.create(
        workspace=workspace, item=deal.item, verdict="lost", occurred_at=now, known_at=now
    )
    window = trailing(until=today(workspace), days=30, zone=workspace.zone)

    found = losses.in_window(member, window)

    assert found.n_without_reason == 2
    assert losses.deals(member, window, reason=0) == [deal.pk]


def test_in_window_is_empty_before_anything_was_lost(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    until = today(workspace) - timedelta(days=40)

    found = losses.in_window(member, trailing(until=until, days=30, zone=workspace.zone))

    assert (found.n, found.by_reason, found.value) == (0, (), {})


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=histories.steps, last=st.integers(0, 40), n_days=st.integers(1, 40))
def test_what_is_kept_of_losses_says_what_their_rows_say(
    db: None, monkeypatch: pytest.MonkeyPatch, story: list[histories.Step], last: int, n_days: int
) -> None:
    with histories.rolled_back(), histories.clock(monkeypatch) as set_clock:
        life = histories.live(story, set_clock)
        member = make.owner_of(life.workspace)
        day = (histories.START + timedelta(days=last)).date()
        window = trailing(until=day, days=n_days, zone=life.workspace.zone)

        # What is known by a day long after the story is all that is known.
        kept, told = (losses.in_window(member, window, known=known) for known in (None, AFTERWARDS))

    assert kept == told
