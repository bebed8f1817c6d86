"""What is possibly the same: listed, compared, merged, kept apart, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from penstock.contacts import merging
from penstock.contacts.models import Apart, Company, Merge, Person
from penstock.flow.dating import lived
from penstock.sales import claims, deals, facts
from penstock.sales import merging as sales
from penstock.sales.claims import Said
from penstock.sales.models import Deal
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(workspace: Workspace) -> tuple[Company, Company]:
    one = make.company(workspace, "ООО «Ромашка»", industry="Flowers")
    return one, make.company(workspace, "Romashka Ltd", domain="romashka.example", city="Tula")


def path(noun: str, one: Any, other: Any, act: str = "") -> str:
    return f"duplicates/{noun}/{one.pk}/{other.pk}{act}"


def test_pairs_are_listed_with_their_reasons(owner: Browser, pair: tuple[Company, Company]) -> None:
    page = owner.get("duplicates").context["page"]

    assert [(line.low, line.high, line.reasons) for line in page.lines] == [
        ("ООО «Ромашка»", "Romashka Ltd", "same name")
    ]
    assert page.answer == "1 pair is possibly one."


def test_people_and_deals_are_listed_too(owner: Browser, workspace: Workspace) -> None:
    company = make.company(workspace)
    for phone in ("+7 495 123-45-67", "8 (495) 1234567"):
        make.person(workspace, "Olga Petrova", company=company, phone=phone)
    for title in ("A wheel for Acme", "Wheel for ACME"):
        make.deal(workspace, title=title, company=company)

    people = owner.get("duplicates?of=person").context["page"].lines
    found = owner.get("duplicates?of=deal").context["page"].lines

    assert people[0].reasons == "same name, same phone number, same company"
    assert [line.reasons for line in found] == ["like title (97%)"]


@pytest.mark.parametrize("n", [1, 3])
def test_list_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for number in range(n):
        make.company(workspace, f"Mill {number * 'x'}ar Ltd")
        make.company(workspace, f"Mill {number * 'x'}ar GmbH")
    owner.get("duplicates")

    with django_assert_num_queries(12):
        owner.get("duplicates")


def test_they_stand_side_by_side_with_a_choice_where_they_differ(
    owner: Browser, pair: tuple[Company, Company]
) -> None:
    form = owner.get(path("company", *pair)).context["page"].form

    choices = {one.name: (one.values, one.chosen, one.differs) for one in form.choices}
    assert form.keeps == "one"
    assert choices["industry"] == (("Flowers", ""), "one", True)
    assert choices["domain"] == (("", "romashka.example"), "other", True)
    assert choices["country"] == (("", ""), "other", False)


def test_one_stays_with_the_values_that_were_chosen(
    owner: Browser, workspace: Workspace, pair: tuple[Company, Company]
) -> None:
    one, other = pair
    deal = make.deal(workspace, company=other)

    answer = owner.post(path("company", *pair), keep="one", name="other", domain="other")

    one.refresh_from_db()
    assert answer["Location"] == owner.url(f"companies/{one.pk}")
    assert (one.name, one.domain, one.city) == ("Romashka Ltd", "romashka.example", "")
    assert Deal.objects.get(pk=deal.pk).company == one
    page = owner.get(f"companies/{one.pk}")
    assert [row.name for row in page.context["page"].merges] == ["Romashka Ltd"]
    assert owner.get("duplicates").context["page"].lines == []


def test_the_old_address_leads_to_who_answers(
    owner: Browser, workspace: Workspace, pair: tuple[Company, Company]
) -> None:
    one, other = pair
    olga, twin = make.person(workspace, "Olga"), make.person(workspace, "Ольга")
    merging.merge_companies(one, gone=other, by=None)
    merging.merge_people(olga, gone=twin, by=None)

    led = [owner.get(f"companies/{other.pk}"), owner.get(f"people/{twin.pk}")]

    assert [answer["Location"] for answer in led] == [
        owner.url(f"companies/{one.pk}"),
        owner.url(f"people/{olga.pk}"),
    ]
    assert "merged into" in owner.get(f"people/{olga.pk}").content.decode()


def test_undo_parts_them_again(owner: Browser, pair: tuple[Company, Company]) -> None:
    one, other = pair
    owner.post(path("company", *pair), keep="one", domain="other")
    merge = Merge.objects.get()

    answer = owner.post(f"merges/{merge.pk}/undo")

    one.refresh_from_db()
    assert answer["Location"] == owner.url(f"companies/{one.pk}")
    assert (one.domain, owner.get(f"companies/{other.pk}").status_code) == ("", 200)
    assert owner.post(f"merges/{merge.pk}/undo").status_code == 409


def test_not_the_same_is_remembered_and_taken_back(
    owner: Browser, pair: tuple[Company, Company]
) -> None:
    owner.post(path("company", *pair, act="/apart"))
    apart = owner.get("duplicates").context["page"].lines
    owner.post(path("company", *pair, act="/again"))

    assert (apart, Apart.objects.count()) == ([], 0)
    assert len(owner.get("duplicates").context["page"].lines) == 1


def test_a_merged_deal_leads_to_its_survivor_and_keeps_its_past(
    owner: Browser, workspace: Workspace
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    with lived(yesterday):
        kept, gone = make.deal(workspace, title="Wheel"), make.deal(workspace, title="A wheel")
    claims.state(gone, said=Said(topic="need", text="A new line"), by=None)

    owner.post(path("deal", kept, gone), keep="one", title="other")

    assert owner.get(f"deals/{gone.item.key}")["Location"] == owner.url(f"deals/{kept.item.key}")
    page = owner.get(f"deals/{kept.item.key}").context["page"]
    assert (page.title, page.merges[0].name) == ("A wheel", f"A wheel {gone.item.key}")
    assert [entry.text for entry in page.merges[0].entries][-2:] != []
    assert "need" in facts.of(kept.item)
    on = yesterday.date().isoformat()
    assert owner.get(f"deals/{gone.item.key}?on={on}").status_code == 200
    claim = claims.claim_of(kept, page.evidence.topics[0].lines[0].id)
    owner.post(f"deals/{kept.item.key}/claims/{claim.pk}/withdraw")
    assert "need" not in facts.of(kept.item)


def test_evidence_parts_with_the_deals(workspace: Workspace) -> None:
    kept, gone = make.deal(workspace), make.deal(workspace)
    claims.state(gone, said=Said(topic="need", text="A new line"), by=None)
    merge = sales.merge(kept, gone=gone, by=None)
    together = "need" in facts.of(kept.item)

    sales.undo(merge, by=None)

    assert (together, "need" in facts.of(kept.item), "need" in facts.of(gone.item)) == (
        True,
        False,
        True,
    )


def test_what_the_verb_refuses_is_said_beside_the_choice(
    owner: Browser, workspace: Workspace
) -> None:
    kept, won = make.deal(workspace), make.deal(workspace)
    deals.win(won, by=None)

    answer = owner.post(path("deal", kept, won), keep="one")

    assert (answer.status_code, Merge.objects.count()) == (422, 0)
    assert "A won deal has placed its order" in answer.content.decode()
    assert owner.get(path("deal", kept, won)).context["page"].form.keeps == "other"


def test_who_may_not_merge_looks_at_the_list_only(
    workspace: Workspace, pair: tuple[Company, Company], stranger: Browser
) -> None:
    rep = sign_in(make.member(workspace, role=Role.REP))
    gone = make.company(workspace, "Acme Inc")
    merge = merging.merge_companies(make.company(workspace, "Acme"), gone=gone, by=None)

    listed = rep.get("duplicates")
    statuses = [
        rep.get(path("company", *pair)).status_code,
        rep.post(path("company", *pair), keep="one").status_code,
        rep.post(path("company", *pair, act="/apart")).status_code,
        rep.post(f"merges/{merge.pk}/undo").status_code,
    ]

    assert (listed.status_code, listed.context["page"].may_merge) == (200, False)
    assert statuses == [403] * 4
    assert stranger.get("duplicates").status_code == 404


def test_a_rep_merges_own_deals_and_no_others(workspace: Workspace) -> None:
    rep = make.member(workspace, role=Role.REP)
    mine, too = make.deal(workspace, owner=rep), make.deal(workspace, owner=rep)
    theirs = make.deal(workspace, owner=make.owner_of(workspace))
    browser = sign_in(rep)

    refused = browser.post(path("deal", mine, theirs), keep="one")
    merged = browser.post(path("deal", mine, too), keep="one")
    undone = browser.post(f"merges/{Merge.objects.get().pk}/undo")

    assert (refused.status_code, merged.status_code, undone.status_code) == (403, 302, 302)


@pytest.mark.parametrize("asked", [{"keep": "both"}, {}, {"keep": "one", "name": "neither"}])
def test_an_impossible_choice_merges_nothing(
    owner: Browser, pair: tuple[Company, Company], asked: dict[str, str]
) -> None:
    assert owner.post(path("company", *pair), **asked).status_code == 422
    assert not Merge.objects.exists()


def test_what_is_not_there_is_not_found(owner: Browser, pair: tuple[Company, Company]) -> None:
    missing = [
        f"duplicates/company/{pair[0].pk}/999999",
        f"duplicates/planet/{pair[0].pk}/{pair[1].pk}",
        "duplicates?of=planet",
    ]

    assert [owner.get(one).status_code for one in missing] == [404] * 3
    assert owner.post("merges/999999/undo").status_code == 404


def test_names_are_escaped_on_every_page(owner: Browser, workspace: Workspace) -> None:
    one, other = (
        make.company(workspace, f"<script>alert(1)</script> {end}") for end in ("Ltd", "")
    )

    text = owner.get("duplicates").content.decode()
    text += owner.get(path("company", one, other)).content.decode()
    merging.merge_companies(one, gone=other, by=None)
    text += owner.get(f"companies/{one.pk}").content.decode()

    assert "<script>alert(1)" not in text
    assert Person.objects.count() == 0


def test_what_is_kept_apart_has_its_button(owner: Browser, pair: tuple[Company, Company]) -> None:
    owner.post(path("company", *pair, act="/apart"))
    [line] = owner.get("duplicates").context["page"].apart
    rep = sign_in(make.member(pair[0].workspace, role=Role.REP))
    looked = rep.get("duplicates").content.decode()

    assert (line.low, line.high) == ("ООО «Ромашка»", "Romashka Ltd")
    assert line.again_url == owner.url(path("company", *pair, act="/again"))
    assert ("Kept apart" in looked, "Compare again" in looked) == (True, False)


def test_deals_that_are_kept_apart_are_shown_to_who_may_see_both(workspace: Workspace) -> None:
    owner, rep = make.owner_of(workspace), make.member(workspace, role=Role.REP)
    one, other = make.deal(workspace, owner=owner), make.deal(workspace, owner=owner)
    merging.keep_apart("deal", one.pk, other.pk, by=owner)

    seen = [
        len(sign_in(member).get("duplicates?of=deal").context["page"].apart)
        for member in (owner, rep)
    ]

    assert seen[0] == 1
    assert seen[1] == (1 if Deal.objects.visible_to(rep).exists() else 0)
