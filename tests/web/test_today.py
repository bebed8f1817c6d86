"""The page Today: the first page, with one button for each matter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from penstock.flow.dating import today
from penstock.sales.models import Activity, Deal, Snooze
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace, title="Turbine", owner=make.owner_of(workspace))


def lines(browser: Browser, **asked: str) -> list[Any]:
    return list(browser.get("today", **asked).context["page"].lines)


def test_it_is_the_first_page(owner: Browser, deal: Deal) -> None:
    assert owner.get("/")["Location"] == owner.url("today")
    assert owner.get("")["Location"] == owner.url("today")


def test_each_line_has_its_reason_and_its_one_button(owner: Browser, deal: Deal) -> None:
    forgotten = lines(owner)[0]
    activity = make.activity(
        deal.workspace, about=deal.item, days=0, owner=make.owner_of(deal.workspace), subject="Ask"
    )
    due = lines(owner)[0]

    assert forgotten.reason == "No next step is planned; it came into its stage today."
    assert (forgotten.button.label, due.button.label) == ("Plan a step", "Done")
    assert (due.reason, due.tone) == ("Call: Ask. Today.", "warn")
    assert due.button.url == owner.url(f"activities/{activity.pk}/done")
    assert owner.get(due.button.url, htmx=True).status_code == 200
    assert owner.get(forgotten.button.url, htmx=True).status_code == 200


def test_answer_counts_by_kind(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    mine = make.owner_of(workspace)
    make.deal(workspace, owner=mine)
    make.activity(workspace, about=deal.item, days=0, owner=mine)

    page = owner.get("today").context["page"]

    assert page.answer == "1 step is due, 1 deal has no next step."
    assert page.definition.n == "2"


def test_step_done_on_it_leaves_it_and_asks_for_the_next(owner: Browser, deal: Deal) -> None:
    activity = make.activity(
        deal.workspace, about=deal.item, days=0, owner=make.owner_of(deal.workspace)
    )

    answer = owner.post(f"activities/{activity.pk}/done", htmx=True, page="today", notes="")

    told = answer.content.decode()
    assert 'hx-target="#today"' in told
    assert 'id="next-step"' in told
    assert Activity.objects.get().done_at is not None


def test_snooze_and_wake(owner: Browser, deal: Deal) -> None:
    day = today(deal.workspace) + timedelta(days=3)
    address = f"today/{deal.item.key}/no_step"

    asked = owner.get(f"{address}/snooze", htmx=True)
    owner.post(f"{address}/snooze", htmx=True, page="today", chip=day)
    rests = owner.get("today").context["page"]
    owner.post(f"{address}/wake", htmx=True, page="today")

    assert len(asked.context["chips"]) > 1
    assert (len(rests.lines), rests.snoozed) == (0, "1 matter rests until its day.")
    assert len(lines(owner)) == 1


def test_snooze_refuses_in_the_form(owner: Browser, deal: Deal) -> None:
    address = f"today/{deal.item.key}/no_step/snooze"

    codes = [owner.post(address, htmx=True, **sent).status_code for sent in BAD]

    assert (codes, Snooze.objects.count()) == ([422] * len(BAD), 0)


BAD: list[dict[str, Any]] = [{}, {"due_on": "soon"}, {"due_on": "2020-01-01"}, {"chip": "x"}]


def test_no_such_matter_is_not_found(owner: Browser, deal: Deal) -> None:
    assert owner.get(f"today/{deal.item.key}/mood/snooze").status_code == 404
    assert owner.post(f"today/{deal.item.key}/no_step/wake").status_code == 404


def test_team_is_for_those_who_lead(owner: Browser, workspace: Workspace) -> None:
    bob = make.member(workspace, role=Role.REP)
    make.deal(workspace, title="Bob's", owner=bob)

    team, mine, first = (lines(owner, of=of) for of in ("team", "mine", ""))
    of_bob = sign_in(bob).get("today", of="team").context["page"]

    assert ([line.about for line in team], mine, first) == ([f"€1,000 · {bob.name}"], [], team)
    assert (len(of_bob.lines), list(of_bob.segments)) == (1, [])


def test_empty_page_teaches(owner: Browser, workspace: Workspace) -> None:
    first = owner.get("today").content.decode()
    deal = make.deal(workspace, owner=make.owner_of(workspace))
    make.activity(workspace, about=deal.item, days=2, owner=make.owner_of(workspace))
    page = owner.get("today")

    assert "sample" in first
    assert page.context["page"].ahead.startswith("The next thing is due on ")
    assert "Nothing waits for you" in page.content.decode()


def test_piece_is_the_list_alone(owner: Browser, deal: Deal) -> None:
    told = owner.get("today/list", htmx=True).content.decode()

    assert told.lstrip().startswith("<div")
    assert "Turbine" in told


def test_viewer_looks_and_stranger_finds_nothing(
    viewer: Browser, stranger: Browser, deal: Deal
) -> None:
    address = f"today/{deal.item.key}/no_step/snooze"

    assert (viewer.get("today").status_code, viewer.post(address).status_code) == (200, 403)
    assert [stranger.get(path).status_code for path in ("today", "today/list", address)] == [
        404
    ] * 3


@pytest.mark.parametrize("n", [1, 3])
def test_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    mine = make.owner_of(workspace)
    for _number in range(n):
        deal = make.deal(workspace, owner=mine, company=make.company(workspace))
        make.activity(workspace, about=deal.item, days=0, owner=mine)
        make.deal(workspace, owner=mine)
    owner.get("today")

    with django_assert_num_queries(16):
        owner.get("today")


def test_scripts_are_shown_as_text(owner: Browser, workspace: Workspace) -> None:
    text = "<script>alert(1)</script>"
    deal = make.deal(workspace, title=text, owner=make.owner_of(workspace))
    make.activity(workspace, about=deal.item, days=0, owner=make.owner_of(workspace), subject=text)

    assert text not in owner.get("today").content.decode()
