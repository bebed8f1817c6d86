"""Settings: exchange rates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from penstock.catalog import rates
from penstock.catalog.models import Rate
from penstock.sales import deals
from penstock.users.models import Role, Workspace
from penstock.web.pages import rates as pages
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

GOOD = {"currency": "USD", "rate": "0.9", "into": "EUR", "day": "2026-01-10", "source": "Bank"}


def test_rate_is_entered_corrected_and_withdrawn(owner: Browser) -> None:
    owner.post("settings/rates/new", **GOOD)
    rate = Rate.objects.get()
    assert (rate.rate, rate.source, rate.day) == (Decimal("0.9"), "Bank", date(2026, 1, 10))

    owner.post(f"settings/rates/{rate.pk}/correct", value="0.8", source="Bank")
    line = owner.get("settings/rates").context["lines"][0]
    assert (line.value, line.inverse, len(line.before)) == ("0.8", "1.25", 1)

    owner.post(f"settings/rates/{line.rate.pk}/withdraw")
    assert owner.get("settings/rates").context["lines"] == []


def test_rates_are_shown_as_they_were_known(owner: Browser, workspace: Workspace) -> None:
    wrong = rates.enter(
        workspace,
        currency="USD",
        day=date(2026, 1, 10),
        rate=Decimal(9),
        by=None,
        known=datetime(2026, 2, 1, tzinfo=UTC),
    )
    rates.correct(wrong, value=Decimal("0.9"), by=None)

    now = owner.get("settings/rates").context["lines"]
    then = owner.get("settings/rates", known="2026-03-01").context["lines"]

    assert [line.value for line in (*now, *then)] == ["0.9", "9"]


def test_page_names_currencies_that_are_used_without_a_rate(
    owner: Browser, workspace: Workspace
) -> None:
    deals.change(make.deal(workspace), by=None, currency="GBP")
    make.rate(workspace)

    answer = owner.get("settings/rates")

    codes = [(one.code, one.n, one.is_current) for one in answer.context["currencies"]]
    assert codes == [("GBP", 0, False), ("USD", 1, True)]
    assert "GBP is used but has no rate" in answer.context["page"].answer


@pytest.mark.parametrize(
    "change",
    [{"currency": "US"}, {"into": "GBP"}, {"rate": "0"}, {"rate": "x"}, {"day": "2999-01-01"}],
)
def test_wrong_rate_is_refused(owner: Browser, change: dict[str, str]) -> None:
    assert owner.post("settings/rates/new", htmx=True, **{**GOOD, **change}).status_code == 422
    assert not Rate.objects.exists()


def test_everybody_looks_and_only_managers_change(
    workspace: Workspace, viewer: Browser, stranger: Browser
) -> None:
    rate = make.rate(workspace)
    manager = sign_in(make.member(workspace, role=Role.MANAGER))
    paths = ["settings/rates/new", f"settings/rates/{rate.pk}/correct"]

    assert viewer.get("settings/rates").status_code == 200
    assert {viewer.get(path).status_code for path in paths} == {403}
    assert viewer.post(f"settings/rates/{rate.pk}/withdraw").status_code == 403
    assert {manager.get(path).status_code for path in paths} == {200}
    assert {stranger.get(path).status_code for path in ["settings/rates", *paths]} == {404}


def test_number_has_the_digits_that_matter() -> None:
    found = [pages.number(Decimal(text)) for text in ("0.0000355123999", "91.25", "1", "1234567.8")]

    assert found == ["0.0000355124", "91.25", "1", "1234568"]
    with translation.override("ru"):
        assert pages.number(Decimal("0.5")) == "0,5"


def test_queries_of_the_list_do_not_grow(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    make.rate(workspace)
    owner.get("settings/rates")

    for number in range(2):
        with django_assert_max_num_queries(16):
            owner.get("settings/rates")
        day = date(2026, 2, 1 + number)
        rates.enter(workspace, currency="USD", day=day, rate=Decimal("0.9"), by=None)
