"""When things are ready on pages: the queue, an order, work, the record, and quotes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from penstock.backlog.models import Forecast
from penstock.flow import dating
from penstock.users.models import Workspace
from penstock.worker import foreseeing
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(workspace: Workspace) -> str:
    """An order that was foreseen."""
    make.place(workspace, at=make.team(workspace))
    order = make.order(workspace, title="Wheels")
    foreseeing.foresee(workspace)
    return str(order.item.key)


def test_queue_order_and_work_say_when_it_is_ready(
    owner: Browser, workspace: Workspace, key: str
) -> None:
    work = Forecast.objects.exclude(work=None).select_related("work__item").get().work
    assert work is not None

    queue = owner.get("backlog").content.decode()
    order = owner.get(f"orders/{key}").content.decode()
    piece = owner.get(f"work/{work.item.key}").content.decode()

    assert "ready by" in queue
    assert "85% sure" in queue
    assert "in 85 of 100 cases." in order
    assert "Partly an assumption" in order
    assert "in 85 of 100 cases." in piece


def test_past_day_shows_what_was_foreseen_then(
    owner: Browser, workspace: Workspace, key: str
) -> None:
    yesterday = dating.today(workspace) - timedelta(days=1)

    assert "Foreseen on" in owner.get(f"orders/{key}").content.decode()
    assert (
        "Foreseen on" not in owner.get(f"orders/{key}", on=yesterday.isoformat()).content.decode()
    )


def test_record_opens_empty_and_filled_and_on_a_past_day(
    owner: Browser, viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    empty = owner.get("backlog/promises").content.decode()
    make.forecast(workspace)
    filled = viewer.get("backlog/promises").content.decode()

    assert "No forecast has been decided yet" in empty
    assert "Nothing was foreseen yet" in empty
    assert "Wheels" in filled
    assert owner.get("backlog/promises", on="2026-01-01").status_code == 200
    assert stranger.get("backlog/promises").status_code == 404


def test_quote_asks_for_hours_and_answers(owner: Browser, workspace: Workspace, key: str) -> None:
    asked = owner.get("quote")
    told = owner.get("quote", hours="16", place="1", cost_of_delay="100")

    assert asked.status_code == 200
    assert "Say how many hours of work it is." in asked.content.decode()
    said = told.content.decode()
    assert "Ready by" in said
    assert "1 order waits longer for it." in said
    assert key in said


@pytest.mark.parametrize(
    "wrong",
    [{"hours": "-1"}, {"hours": "much"}, {"hours": "1", "place": "0"}, {"hours": "1", "team": "9"}],
)
def test_bad_questions_are_refused(owner: Browser, wrong: dict[str, str]) -> None:
    assert owner.get("quote", **wrong).status_code == 422


def test_deal_takes_the_hours_of_its_proposal(
    owner: Browser, workspace: Workspace, key: str
) -> None:
    version = make.sent_version(workspace, lines=[make.wanted(hours=12)])
    bare = make.deal(workspace)
    offered = version.proposal.deal.item.key

    told = owner.get(f"deals/{offered}/quote").content.decode()
    asked = owner.get(f"deals/{bare.item.key}/quote").content.decode()
    page = owner.get(f"deals/{bare.item.key}").content.decode()

    assert "Ready by" in told
    assert "Say how many hours of work it is." in asked
    assert f"deals/{bare.item.key}/quote" in page


def test_strangers_get_no_quote(stranger: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)

    assert stranger.get("quote", hours="1").status_code == 404
    assert stranger.get(f"deals/{deal.item.key}/quote", hours="1").status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_record_asks_as_often_for_many_forecasts(
    owner: Browser, workspace: Workspace, django_assert_max_num_queries: Any, n: int
) -> None:
    for _forecast in range(n):
        make.forecast(workspace)
    owner.get("backlog/promises")

    with django_assert_max_num_queries(12):
        owner.get("backlog/promises")
