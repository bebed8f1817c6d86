"""Pairs that are kept follow the records, whatever happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.contacts import bulk, companies, merging, pairs, people, tokens, upkeep
from penstock.contacts.comparing import COMPANIES, PEOPLE, Comparison
from penstock.contacts.models import Alike, Company, CompanyToken, Merge, Person
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

Kept = dict[tuple[int, int], float]


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of four records tells nothing."""
    monkeypatch.setattr(pairs, "MOST", 3)


def kept(noun: Comparison) -> Kept:
    rows = Alike.objects.filter(noun=noun.noun)
    return {(row.low_id, row.high_id): row.score for row in rows}


def anew(noun: Comparison) -> Kept:
    """All pairs by the definition: who shares a piece that few have, compared one by one."""
    having: dict[tuple[str, str], list[int]] = {}
    for kind, text, pk in noun.token.objects.values_list("kind", "text", noun.key):
        if kind != "g":
            having.setdefault((kind, text), []).append(pk)
    met = {
        pair
        for ids in having.values()
        if len(ids) <= pairs.MOST
        for pair in combinations(sorted(ids), 2)
    }
    cut = noun.pieces_of({pk for pair in met for pk in pair})
    scores = {(low, high): noun.compare(cut[low], cut[high]) for low, high in met}
    return {pair: match.score for pair, match in scores.items() if match.is_possible}


def test_pair_comes_and_goes_with_the_name(workspace: Workspace) -> None:
    one, other = make.company(workspace, "Wheelworks"), make.company(workspace, "Acme")
    before = kept(COMPANIES)
    companies.change(other, by=None, name="Wheel Works Ltd")
    alike = kept(COMPANIES)
    companies.change(other, by=None, name="Acme")

    assert (before, list(alike), kept(COMPANIES)) == ({}, [(one.pk, other.pk)], {})


def test_people_become_alike_when_their_companies_are_merged(workspace: Workspace) -> None:
    acme, mill = make.company(workspace), make.company(workspace, "Mill")
    ann, twin = (make.person(workspace, "Ann Smith", company=one) for one in (acme, mill))
    merge = merging.merge_companies(acme, gone=mill, by=None)
    together = kept(PEOPLE)
    merging.undo(merge, by=None)

    assert (list(together), kept(PEOPLE)) == ([(ann.pk, twin.pk)], {})


def test_key_that_one_more_shares_tells_nothing_until_one_goes(
    workspace: Workspace, few: None
) -> None:
    names = ["Kettle", "Wheel", "Anvil", "Bellows"]
    made = [companies.add(workspace, name=one, domain="holding.example", by=None) for one in names]
    of_four = kept(COMPANIES)
    companies.change(made[0], by=None, domain="kettle.example")

    assert (of_four, len(kept(COMPANIES))) == ({}, 3)


def test_pair_says_why_without_any_text_of_the_records(workspace: Workspace) -> None:
    for name in ("Ann Smith", "Anne Smith"):
        make.person(workspace, name, email="ann@acme.com")

    assert Alike.objects.get().reasons == [["like_name", 0.82], ["same_email", None]]


def test_pairs_of_before_they_were_kept_are_found_by_the_worker(workspace: Workspace) -> None:
    make.alike(workspace)
    Alike.objects.all().delete()
    # Cut otherwise then.
    CompanyToken.objects.filter(kind="b").delete()

    upkeep.begin(workspace)

    assert len(kept(COMPANIES)) == 1
    assert CompanyToken.objects.filter(kind="b").count() == 16


def test_worker_cuts_nothing_anew_where_all_is_cut_as_now(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    make.company(workspace, "Acme")
    make.company(workspace, "Wheelworks")

    # The oldest of each noun, and the pieces of companies; there are no people.
    with django_assert_num_queries(3):
        upkeep.begin(workspace)


def test_worker_cuts_the_oldest_last_so_that_a_broken_run_is_taken_up_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _new = make.company(workspace, "Acme"), make.company(workspace, "Wheelworks")
    CompanyToken.objects.filter(kind="b").delete()
    monkeypatch.setattr(pairs, "N_AT_ONCE", 1)
    whole, parts = tokens.refresh_companies, []

    def broken(companies: Any) -> None:
        if parts:
            raise RuntimeError
        parts.append([company.name for company in companies])
        whole(companies)

    monkeypatch.setattr(tokens, "refresh_companies", broken)
    with pytest.raises(RuntimeError):
        upkeep.begin(workspace)
    monkeypatch.setattr(tokens, "refresh_companies", whole)
    upkeep.begin(workspace)

    assert parts == [["Wheelworks"]]
    assert CompanyToken.objects.filter(company=old, kind="b").count() == 8


def test_whole_comparison_mends_what_is_wrong_and_keeps_what_is_right(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs, "N_AT_ONCE", 1)
    right = make.alike(workspace)
    gone = make.company(workspace, "Gone")
    gone_twin = make.company(workspace, "Gone Ltd")
    Company.objects.filter(pk__in=[gone.pk, gone_twin.pk]).update(name="Kept")
    Alike.objects.filter(low_id=right.low_id).update(score=0.1)

    upkeep.renew(workspace)
    once = kept(COMPANIES)
    upkeep.renew(workspace)

    assert once == kept(COMPANIES) == anew(COMPANIES)


def test_many_at_once_are_paired_in_few_questions(
    workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    rows = [{"name": f"Mill {number}"} for number in range(200)]

    with django_assert_max_num_queries(9):
        bulk.add_companies(workspace.pk, rows, batch=7)

    assert kept(COMPANIES) == anew(COMPANIES)


NAMES = (
    "Acme",
    "ACME Ltd",
    "Wheelworks",
    "Wheel Works",
    "Ромашка",
    "Romashka",
    "Johnson",
    "Jonson",
)
HOSTS = ("", "acme.example", "wheel.example")
PEOPLE_NAMES = ("Ann Smith", "Anne Smith", "Smith Ann", "Иван Сидоров", "Ivan Sidorov")
MAILS = ("", "ann@acme.example", "ann+fair@acme.example", "ivan@acme.example")
PHONES = ("", "+7 912 345-67-89", "8 912 3456789")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "company",
                "person",
                "rename",
                "move",
                "call",
                "hire",
                "merge",
                "join",
                "undo",
                "erase",
                "import",
                "correct",
                "withdraw",
            ]
        ),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    max_size=25,
)


class PairsFollow(TestCase):
    """After any history the pairs that are kept are those that a comparison of all finds anew."""

    @settings(max_examples=40, deadline=None)
    @given(acts=ACTS)
    def test_kept_pairs_are_those_of_a_comparison_anew(
        self, acts: list[tuple[str, int, int]]
    ) -> None:
        self.workspace = make.workspace()
        self.owner = make.owner_of(self.workspace)
        # A key of four records tells nothing, so that the bound is crossed both ways.
        with patch.object(pairs, "MOST", 3):
            for act in acts:
                try:
                    self.do(*act)
                except (Conflict, NotFound, RuleBroken):
                    continue
            followed = kept(COMPANIES), kept(PEOPLE)

            assert followed == (anew(COMPANIES), anew(PEOPLE))
            upkeep.renew(self.workspace)
            assert (kept(COMPANIES), kept(PEOPLE)) == followed

    def do(self, act: str, one: int, other: int) -> None:
        company, second = self.nth(Company, one), self.nth(Company, other)
        person, twin = self.nth(Person, one), self.nth(Person, other)
        if act == "company":
            make.company(self.workspace, NAMES[one % 8], domain=HOSTS[other % 3])
        elif act == "person":
            make.person(
                self.workspace, PEOPLE_NAMES[one % 5], email=MAILS[other % 4], company=company
            )
        elif act == "import":
            bulk.add_companies(self.workspace.pk, self.rows(one, other), batch=one)
        elif act == "withdraw":
            bulk.withdraw(one, keep=[])
        elif act == "undo" and (merge := Merge.objects.filter(undone_at=None).last()):
            merging.undo(merge, by=None)
        elif company and second and person and twin:
            self.change(act, (company, second), (person, twin), number=other)

    def change(
        self, act: str, two: tuple[Company, Company], both: tuple[Person, Person], *, number: int
    ) -> None:
        acts: dict[str, Any] = {
            "rename": lambda: companies.change(two[0], by=None, name=NAMES[number % 8]),
            "move": lambda: companies.change(two[0], by=None, domain=HOSTS[number % 3]),
            "call": lambda: people.change(both[0], by=None, phone=PHONES[number % 3]),
            "hire": lambda: people.change(both[0], by=None, company=two[1]),
            "merge": lambda: merging.merge_companies(two[0], gone=two[1], by=None),
            "join": lambda: merging.merge_people(both[0], gone=both[1], by=None),
            "erase": lambda: people.erase(both[0], by=self.owner),
            "correct": lambda: bulk.change_companies([(one, {"city": "Perm"}) for one in {*two}]),
        }
        if act in acts:
            acts[act]()

    def rows(self, one: int, other: int) -> Sequence[dict[str, str]]:
        return [
            {"name": NAMES[(one + step) % 8], "domain": HOSTS[other % 3]} for step in range(one % 5)
        ]

    def nth(self, model: Any, number: int) -> Any:
        rows = list(model.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None
