"""Need, budget, authority and timeline from a file of deals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.contacts import people
from penstock.flow.models import Stage
from penstock.intake import changesets
from penstock.sales import evidence, facts
from penstock.sales.models import Claim, ClaimWording, Deal
from penstock.users.models import Member
from tests import make
from tests.intake import build

HEAD = "Key,Title,Created,Need,Budget,Decision maker,Needed by\n"
ROW = "1,Wheel,2026-01-10,A new line,40000,Olga Petrova,2026-12-31\n"


@pytest.fixture
def owner(db: None) -> Member:
    return make.owner_of(make.workspace())


def counting() -> list[tuple[str, str]]:
    rows = Claim.objects.filter(is_void=False, superseded_by=None).order_by("pk")
    return [(row.topic, row.manner) for row in rows]


def test_they_are_guesses_of_the_day_of_opening(owner: Member) -> None:
    change_set = build.applied(owner, "deals", HEAD + ROW)

    deal = Deal.objects.select_related("item").get()
    rows = {row.topic: row for row in Claim.objects.select_related("wording")}
    found = evidence.of(
        deal.pk, workspace_id=deal.workspace_id, at=deal.item.opened_at.replace(hour=23)
    )
    assert change_set.counts == {"create": 1}
    assert counting() == [(topic, "guess") for topic in ("need", "budget", "authority", "timeline")]
    assert {row.occurred_at for row in rows.values()} == {deal.item.opened_at}
    assert (rows["budget"].amount, rows["budget"].currency) == (Decimal(40_000), "EUR")
    assert rows["timeline"].due_on.isoformat() == "2026-12-31"
    assert rows["authority"].wording.text == "Olga Petrova"
    assert {standing.state for standing in found.standings.values()} == {"guessed"}
    assert rows["need"].is_assumed


def test_a_guess_passes_no_gate(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + ROW)
    deal = Deal.objects.select_related("item__stage").get()
    Stage.objects.filter(pk=deal.item.stage_id).update(needs=["need"])

    assert "need" not in facts.of(deal.item)


def test_the_same_file_says_nothing_new_and_another_word_stands_beside(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + ROW)

    again = build.applied(owner, "deals", HEAD + ROW)
    other = build.applied(owner, "deals", HEAD + ROW.replace("40000", "90000"))

    assert (again.counts, other.counts) == ({"same": 1}, {"update": 1})
    assert [row.amount for row in Claim.objects.filter(topic="budget").order_by("pk")] == [
        Decimal(40_000),
        Decimal(90_000),
    ]


def test_what_was_noted_of_deals_of_before_is_taken_back_with_the_file(owner: Member) -> None:
    build.applied(owner, "deals", "Key,Title\n1,Wheel\n")
    change_set = build.applied(owner, "deals", "Key,Title,Need\n1,Wheel,A new line\n")
    there = counting()

    changesets.revert_now(change_set, by=owner)

    assert (change_set.counts, there, counting()) == ({"update": 1}, [("need", "guess")], [])


def test_a_budget_below_zero_is_rejected(owner: Member) -> None:
    change_set = build.applied(owner, "deals", "Key,Title,Budget\n1,Wheel,-5\n")

    assert build.verdicts(change_set) == [(1, "reject", "sales.amount_negative")]
    assert not Claim.objects.exists()


def test_words_are_erased_with_whom_they_name_and_stand_in_no_key(owner: Member) -> None:
    build.applied(owner, "deals", HEAD + ROW)
    olga = make.person(owner.workspace, "Olga Petrova")

    people.erase(olga, by=None)

    assert [row.text for row in ClaimWording.objects.all()] == ["A new line"]
    assert not Claim.objects.filter(source_key__icontains="olga").exists()


def test_many_rows_are_written_in_as_many_queries(owner: Member) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(n: int, start: int) -> int:
        rows = "".join(f"{start + one},Wheel {one},Line {one},{one}\n" for one in range(n))
        with CaptureQueriesContext(connection) as asked:
            build.applied(owner, "deals", "Key,Title,Need,Budget\n" + rows)
        return len(asked)

    queries(1, 100)

    assert abs(queries(30, 200) - queries(2, 300)) <= 2


def test_only_rows_that_say_something_new_update(owner: Member) -> None:
    text = "Key,Title,Need\n1,Wheel,A new line\n2,Belt,A spare\n"
    build.applied(owner, "deals", text)

    again = build.applied(owner, "deals", text.replace("A spare", "A motor"))

    assert build.verdicts(again) == [(1, "same", ""), (2, "update", "")]
