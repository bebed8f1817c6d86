"""Saying who can work how much; bad input is refused and nothing written."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.backlog import capacities
from penstock.backlog.capacities import Loss, NewPlace
from penstock.backlog.models import Absence, Disruption, Place
from penstock.base.errors import Conflict, RuleBroken
from tests import make

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
NOW = timezone.now()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"hours_per_day": Decimal(0)}, "backlog.place_hours"),
        ({"hours_per_day": Decimal(-8)}, "backlog.place_hours"),
        ({"hours_per_day": Decimal(25)}, "backlog.place_hours"),
        ({"until_on": DAY - timedelta(days=1)}, "backlog.ends_before"),
        ({"ramp_share": Decimal(2)}, "backlog.share_of_hours"),
    ],
)
def test_impossible_place_is_refused(details: dict[str, object], code: str) -> None:
    team = make.team(make.workspace())

    given = {"hours_per_day": Decimal(8), "from_on": DAY, **details}
    with pytest.raises(RuleBroken) as refused:
        capacities.add_place(team, NewPlace(**given), by=None)  # type: ignore[arg-type]  # -- wrong on purpose

    assert refused.value.code == code
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("share", "days", "code"),
    [
        (Decimal(0), 1, "backlog.share_of_hours"),
        (Decimal("1.1"), 1, "backlog.share_of_hours"),
        (Decimal(1), -1, "backlog.ends_before"),
    ],
)
def test_impossible_absence_is_refused(share: Decimal, days: int, code: str) -> None:
    place = make.place(make.workspace())

    with pytest.raises(RuleBroken) as refused:
        capacities.add_absence(place, DAY, DAY + timedelta(days=days), lost_share=share, by=None)

    assert refused.value.code == code
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"lost_share": Decimal(0)}, "backlog.share_of_hours"),
        ({"lost_share": Decimal(-1)}, "backlog.share_of_hours"),
        ({"cause": "rain"}, "backlog.cause"),
        ({"ended_at": timezone.now() - timedelta(days=9)}, "backlog.ends_before"),
        ({"started_at": NOW, "ended_at": NOW}, "backlog.ends_before"),
        ({"started_at": timezone.now() + timedelta(days=1)}, "flow.future"),
    ],
)
def test_impossible_disruption_is_refused(details: dict[str, object], code: str) -> None:
    team = make.team(make.workspace())
    told = {
        "started_at": timezone.now() - timedelta(days=2),
        "lost_share": Decimal(1),
        "cause": "quality",
        **details,
    }

    with pytest.raises(RuleBroken) as refused:
        capacities.disrupt(team, Loss(**told), by=None)  # type: ignore[arg-type]  # -- wrong on purpose

    assert refused.value.code == code
    assert not Disruption.objects.exists()


def test_disruption_told_twice_with_one_source_key_is_one() -> None:
    team = make.team(make.workspace())
    loss = Loss(timezone.now() - timedelta(days=2), Decimal(1), "quality")

    first = capacities.disrupt(team, loss, by=None, source_key="mes:1")
    second = capacities.disrupt(team, loss, by=None, source_key="mes:1")

    assert first.pk == second.pk
    other = Loss(timezone.now() - timedelta(days=1), Decimal(1), "quality")
    with pytest.raises(Conflict):
        capacities.disrupt(team, other, by=None, source_key="mes:1")


def test_whoever_ends_it_second_says_nothing_twice() -> None:
    workspace = make.workspace()
    row, place = make.disruption(workspace, ended_at=None), make.place(workspace)
    stale, stale_place = Disruption.objects.get(pk=row.pk), Place.objects.get(pk=place.pk)
    capacities.end_disruption(row, at=None, by=None)
    capacities.end_place(place, on=DAY, by=None)

    for act in (
        lambda: capacities.end_disruption(stale, at=None, by=None),
        lambda: capacities.end_place(stale_place, on=DAY, by=None),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "backlog.taken_back"
    assert Disruption.objects.filter(withdrawn_at=None).count() == 1
    assert Place.objects.filter(withdrawn_at=None, until_on=DAY).count() == 1


def test_disruption_ends_once_and_keeps_its_source_key() -> None:
    row = make.disruption(make.workspace(), ended_at=None)

    ended = capacities.end_disruption(row, at=None, by=None)

    assert ended.ended_at is not None
    assert list(Disruption.objects.filter(withdrawn_at=None)) == [ended]
    with pytest.raises(RuleBroken) as refused:
        capacities.end_disruption(ended, at=None, by=None)
    assert refused.value.code == "backlog.over_already"


def test_end_of_a_place_keeps_its_absences() -> None:
    absence = make.absence(make.workspace())

    fresh = capacities.end_place(absence.place, on=date(2026, 6, 30), by=None)

    assert fresh.until_on == date(2026, 6, 30)
    kept = Absence.objects.get(withdrawn_at=None)
    assert (kept.place_id, kept.first_on) == (fresh.pk, absence.first_on)
