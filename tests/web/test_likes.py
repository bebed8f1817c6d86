"""What is possibly here already is said before something is added, and nothing is merged in silence."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.contacts import merging
from penstock.contacts.models import Company, Person
from penstock.sales.models import Deal
from penstock.users.models import Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make
from tests.intake import build
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


def named(answer: Any) -> list[str]:
    return [like.name for like in answer.context["likes"]]


def test_new_company_says_who_is_here_in_another_alphabet(
    owner: Browser, workspace: Workspace
) -> None:
    make.company(workspace, "ООО «Ромашка»")

    asked = owner.post("companies/new", htmx=True, name="Romashka Ltd")

    assert (named(asked), asked.context["submit"]) == (["ООО «Ромашка»"], "Add it anyway")
    assert (asked.status_code, Company.objects.count()) == (422, 1)
    owner.post("companies/new", htmx=True, name="Romashka Ltd", anyway="1")
    assert Company.objects.count() == 2


def test_new_company_that_is_like_none_is_added_at_once(
    owner: Browser, workspace: Workspace
) -> None:
    make.company(workspace, "Acme")

    owner.post("companies/new", name="Millrace")

    assert Company.objects.count() == 2


def test_new_person_says_who_has_that_number(owner: Browser, workspace: Workspace) -> None:
    company = make.company(workspace)
    make.person(workspace, "Olga Petrova", company=company, phone="+7 495 123-45-67")
    new = {"name": "О. Петрова", "phone": "8 (495) 1234567"}

    asked = owner.post(f"companies/{company.pk}/people/new", htmx=True, **new)

    assert named(asked) == ["Olga Petrova"]
    owner.post(f"companies/{company.pk}/people/new", htmx=True, **new, anyway="1")
    assert Person.objects.count() == 2


def test_new_deal_says_which_company_and_which_deal_it_may_be(
    owner: Browser, workspace: Workspace
) -> None:
    company = make.company(workspace, "Acme Hydraulics GmbH")
    make.deal(workspace, title="A wheel for Acme", company=company)
    new = {
        "title": "Wheel for ACME",
        "currency": "EUR",
        "stage": make.stage(workspace).pk,
    }

    by_company = owner.post("deals/new", htmx=True, **new, company="Acme Hydraulik")
    by_title = owner.post("deals/new", htmx=True, **new, company="Acme Hydraulics GmbH")

    assert named(by_company) == ["Acme Hydraulics GmbH"]
    assert named(by_title) == [f"A wheel for Acme {Deal.objects.get().item.key}"]
    owner.post("deals/new", **new, company="Acme Hydraulics GmbH", anyway="1")
    assert Deal.objects.count() == 2


def test_a_rep_is_not_told_of_deals_that_are_not_theirs_to_see(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    company = make.company(workspace)
    owner = make.owner_of(workspace)
    make.deal(workspace, title="A wheel", company=company, owner=owner)
    new = {"title": "A wheel", "company": company.name, "currency": "EUR"}

    sign_in(make.member(workspace, role=Role.REP)).post(
        "deals/new", **new, stage=make.stage(workspace).pk
    )

    assert Deal.objects.count() == 2


def test_hints_are_escaped(owner: Browser, workspace: Workspace) -> None:
    make.company(workspace, "<b>Acme</b> Mill")

    asked = owner.post("companies/new", htmx=True, name="<b>Acme</b> Mill Ltd")

    assert named(asked) == ["<b>Acme</b> Mill"]
    assert "<b>Acme" not in asked.content.decode()


def test_an_import_says_who_is_possibly_here_and_takes_the_row_for_them(
    owner: Browser, workspace: Workspace
) -> None:
    here = make.company(workspace, "ООО «Ромашка»")
    text = "Key,Name,City\n1,Romashka Ltd,Tula\n2,Millrace,Bern\n"
    change_set = build.checked(make.owner_of(workspace), "companies", text)

    page = owner.get(f"imports/{change_set.pk}")

    rows = page.context["rows"]
    assert [row["like"] and row["like"].name for row in rows] == ["ООО «Ромашка»", None]
    assert "Possibly the same" in rows[0]["reason"]
    owner.post(f"imports/{change_set.pk}/rows/1/match")
    change_set.refresh_from_db()
    assert change_set.options["matches"] == {"1": here.pk}
    from penstock.intake import changesets

    changesets.apply_now(change_set)
    here.refresh_from_db()
    assert (Company.objects.count(), here.city, here.name) == (2, "Tula", "Romashka Ltd")


def test_only_a_row_that_is_like_something_is_matched(
    owner: Browser, viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    change_set = build.checked(make.owner_of(workspace), "companies", "Name\nMillrace\n")
    path = f"imports/{change_set.pk}/rows/1/match"

    statuses = [browser.post(path).status_code for browser in (owner, viewer, stranger)]

    assert statuses == [404, 403, 404]


def test_people_of_a_file_are_compared_too(owner: Browser, workspace: Workspace) -> None:
    make.person(workspace, "Olga Petrova", email="olga+news@mill.example")
    text = "Name,Email\nПетрова Ольга,olga@mill.example\n"

    change_set = build.checked(make.owner_of(workspace), "people", text)

    assert change_set.rows.get().notes == ["possibly_same"]


@pytest.mark.parametrize("n", [1, 3])
def test_rows_of_an_import_need_no_more_queries(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    names = [f"Mill {'ab'[number % 2] * 9}{number}" for number in range(n)]
    for name in names:
        make.company(workspace, f"{name} Ltd")
    text = "Name\n" + "".join(f"{name} GmbH\n" for name in names)
    change_set = build.checked(make.owner_of(workspace), "companies", text)
    owner.get(f"imports/{change_set.pk}")

    with django_assert_num_queries(12):
        owner.get(f"imports/{change_set.pk}")


def test_keys_of_what_was_merged_lead_to_who_answers(workspace: Workspace) -> None:
    member = make.owner_of(workspace)
    build.applied(member, "companies", "Key,Name,City\n1,Acme,Bern\n2,Millrace,Tula\n")
    kept, gone = Company.objects.get(name="Acme"), Company.objects.get(name="Millrace")
    merging.merge_companies(kept, gone=gone, by=None)

    again = build.applied(member, "companies", "Key,Name,City\n1,Acme,Bern\n2,Millrace,Rome\n")
    build.applied(member, "deals", "Key,Title,Company\n7,Wheel,2\n8,Belt,Millrace\n")

    kept.refresh_from_db()
    assert build.verdicts(again) == [(1, "same", ""), (2, "same", "merged")]
    assert (kept.name, kept.city) == ("Acme", "Bern")
    assert {deal.company_id for deal in Deal.objects.all()} == {kept.pk}


def test_rows_about_a_merged_deal_change_nothing(workspace: Workspace) -> None:
    from penstock.sales import merging as sales

    member = make.owner_of(workspace)
    build.applied(member, "deals", "Key,Title,Amount\n1,Wheel,10\n2,Belt,20\n")
    kept, gone = Deal.objects.order_by("pk")
    sales.merge(kept, gone=gone, by=None)

    row = build.applied(member, "deals", "Key,Title,Amount\n2,Belt,99\n")
    move = build.applied(member, "stage_history", "Deal ID,To,Date\n2,Proposal,2026-02-01\n")

    kept.refresh_from_db()
    assert (build.verdicts(row), build.verdicts(move)) == (
        [(1, "same", "merged")],
        [(1, "same", "merged")],
    )
    assert (kept.amount, kept.item.stage.code) == (10, "lead_generation")
