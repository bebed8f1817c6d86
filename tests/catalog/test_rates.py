"""Exchange rates: stated, corrected, withdrawn, and asked for any day as known on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.errors import NotFound, RuleBroken
from penstock.catalog import rate_history, rates
from penstock.catalog.models import Rate
from penstock.catalog.rates import DayRate, Stated
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


def say(workspace: Workspace, day: date, rate: str, currency: str = "USD", **more: object) -> Rate:
    return rates.enter(
        workspace,
        currency=currency,
        day=day,
        rate=Decimal(rate),
        by=None,
        **more,  # type: ignore[arg-type]  # -- known and source
    )


def value(workspace: Workspace, day: date, **more: object) -> Decimal:
    return rates.rate_on(workspace, currency="USD", day=day, **more).rate  # type: ignore[arg-type]  # -- known and into


def test_last_rate_on_or_before_the_day_counts(workspace: Workspace) -> None:
    say(workspace, JANUARY, "0.90")
    say(workspace, MARCH, "0.95")

    found = [
        rates.rate_on(workspace, currency="USD", day=day) for day in (JANUARY, FEBRUARY, MARCH)
    ]

    assert found == [
        DayRate(Decimal("0.90"), JANUARY),
        DayRate(Decimal("0.90"), JANUARY),
        DayRate(Decimal("0.95"), MARCH),
    ]


def test_missing_rate_is_said_and_never_one(workspace: Workspace) -> None:
    say(workspace, FEBRUARY, "0.90")

    with pytest.raises(NotFound) as refusal:
        value(workspace, JANUARY)

    assert refusal.value.code == "catalog.no_rate"
    assert rates.on(workspace, JANUARY, ["USD", "EUR", "GBP"]) == {
        "USD": None,
        "EUR": DayRate(Decimal(1), JANUARY),
        "GBP": None,
    }


def test_pair_may_be_stated_either_way_round(workspace: Workspace) -> None:
    say(workspace, JANUARY, "1.25", "EUR", into="USD")

    assert value(workspace, JANUARY) == Decimal("0.8")


def test_between_two_others_it_goes_by_way_of_the_own_currency(workspace: Workspace) -> None:
    say(workspace, JANUARY, "0.9")
    say(workspace, FEBRUARY, "1.2", "GBP")

    found = rates.rate_on(workspace, currency="USD", into="GBP", day=MARCH)

    assert found == DayRate(Decimal("0.75"), JANUARY)
    assert rates.rate_on(workspace, currency="EUR", into="GBP", day=MARCH).rate == 1 / Decimal(
        "1.2"
    )


def test_correction_counts_from_when_it_was_known(workspace: Workspace) -> None:
    wrong = say(workspace, JANUARY, "9.0", known=MAY)
    rates.correct(wrong, value=Decimal("0.9"), by=None)

    assert value(workspace, FEBRUARY) == Decimal("0.9")
    assert value(workspace, FEBRUARY, known=JUNE) == Decimal("9.0")
    assert rates.on(workspace, FEBRUARY, ["USD"], known=MAY) == {"USD": None}


def test_withdrawn_rate_gives_way_to_the_one_before(workspace: Workspace) -> None:
    say(workspace, JANUARY, "0.9", known=MAY)
    rates.withdraw(say(workspace, FEBRUARY, "9.0", known=MAY), by=None)

    assert rates.rate_on(workspace, currency="USD", day=MARCH) == DayRate(Decimal("0.9"), JANUARY)
    assert value(workspace, MARCH, known=JUNE) == Decimal("9.0")


def test_same_rate_again_writes_nothing(workspace: Workspace) -> None:
    first = say(workspace, JANUARY, "0.9")

    assert say(workspace, JANUARY, "0.9000").pk == first.pk
    assert Rate.objects.count() == 1


def test_imported_rates_count_as_known_on_their_day_and_corrections_from_now(
    workspace: Workspace,
) -> None:
    rows = [Stated("USD", "EUR", JANUARY, Decimal("0.9"))]
    rates.enter_many(workspace, rows, by=None)
    rates.enter_many(workspace, [Stated("USD", "EUR", JANUARY, Decimal("0.8"))], by=None)

    assert value(workspace, MARCH) == Decimal("0.8")
    assert value(workspace, MARCH, known=timezone.now() - timedelta(days=1)) == Decimal("0.9")
    assert list(Rate.objects.order_by("pk").values_list("is_assumed", flat=True)) == [True, False]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"currency": "US"}, "catalog.currency"),
        ({"currency": "ДОЛ"}, "catalog.currency"),
        ({"into": "GBP"}, "catalog.rate_pair"),
        ({"currency": "EUR"}, "catalog.rate_pair"),
        ({"rate": Decimal(0)}, "catalog.rate_not_positive"),
        ({"rate": Decimal("-1")}, "catalog.rate_not_positive"),
        ({"rate": Decimal("NaN")}, "catalog.rate_not_positive"),
        ({"rate": Decimal("1e-40")}, "catalog.rate_not_positive"),
        ({"day": date(2999, 1, 1)}, "catalog.rate_future"),
    ],
)
def test_impossible_rate_is_refused(
    workspace: Workspace, change: dict[str, object], code: str
) -> None:
    good = {"currency": "USD", "day": JANUARY, "rate": Decimal("0.9"), "by": None}

    with pytest.raises(RuleBroken) as refusal:
        rates.enter(workspace, **{**good, **change})  # type: ignore[arg-type]  # -- wrong on purpose

    assert refusal.value.code == code
    assert not Rate.objects.exists()


def test_history_names_what_counts_and_what_was_said_before(workspace: Workspace) -> None:
    wrong = say(workspace, JANUARY, "9.0", known=MAY)
    right = rates.correct(wrong, value=Decimal("0.9"), by=None)
    rates.withdraw(say(workspace, FEBRUARY, "0.8"), by=None)

    counting = list(rate_history.counting(workspace))

    assert counting == [right]
    assert rate_history.said_before(counting) == {right.pk: [wrong]}
    assert list(rate_history.counting(workspace, known=JUNE)) == [wrong]
    assert [(one.currency, one.n, one.last_day) for one in rate_history.quoted(workspace)] == [
        ("USD", 1, JANUARY)
    ]


#: Which day, since when known (both counted in days), which rate; None takes the rate away.
SAID = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.none() | st.integers(1, 9)), max_size=12
)


@given(said=SAID, day=st.integers(0, 5), known=st.integers(0, 6))
def test_sql_says_what_reading_the_rows_in_order_says(
    said: list[tuple[int, int, int | None]], day: int, known: int
) -> None:
    workspace = make.workspace()
    for on, since, rate in said:
        Rate.objects.create(
            workspace=workspace,
            currency="USD",
            into="EUR",
            day=JANUARY + timedelta(days=on),
            rate=rate or 1,
            is_void=rate is None,
            known_at=MAY + timedelta(days=since),
        )

    heard = [row for row in said if row[1] < known and row[0] <= day]
    by_day = {on: rate for on, _since, rate in sorted(heard, key=lambda row: row[1])}
    standing = {on: rate for on, rate in by_day.items() if rate is not None}
    expected = standing[max(standing)] if standing else None

    found = rates.on(
        workspace, JANUARY + timedelta(days=day), ["USD"], known=MAY + timedelta(days=known)
    )["USD"]

    assert (found and found.rate) == expected
