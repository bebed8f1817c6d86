"""What is known of a deal, on its page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.sales import deals
from penstock.sales.models import Claim, Deal
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace)


def new(deal: Deal, topic: str) -> str:
    return f"deals/{deal.item.key}/claims/new/{topic}"


def box(owner: Browser, deal: Deal, topic: str, **asked: str):
    panel = owner.get(f"deals/{deal.item.key}", **asked).context["page"].evidence
    return next(one for one in panel.topics if one.code == topic)


def test_it_asks_for_the_detail_first(owner: Browser, deal: Deal) -> None:
    first = [
        next(iter(owner.get(new(deal, topic), htmx=True).context["form"].fields))
        for topic in ("need", "budget", "authority", "timeline")
    ]

    assert first == ["text", "amount", "person", "due_on"]


def test_it_is_written_with_two_answers(owner: Browser, deal: Deal) -> None:
    owner.post(new(deal, "budget"), amount="40,000", manner="call", side="for")

    found = box(owner, deal, "budget")

    assert (found.state, found.answer, len(found.lines)) == ("Stated", "€40,000", 1)


def test_who_decides_is_added_by_name(owner: Browser, deal: Deal) -> None:
    owner.post(new(deal, "authority"), person="Olga", part="decides", manner="call", side="for")

    page = owner.get(f"deals/{deal.item.key}").context["page"]

    assert [(one.name, one.part) for one in page.people.people] == [("Olga", "decides")]
    assert page.people.missing == "Who holds the budget is not known yet."


def test_contradictions_stand_side_by_side(
    owner: Browser, workspace: Workspace, deal: Deal
) -> None:
    make.claim(workspace, deal)
    make.claim(workspace, deal, amount=Decimal(90_000))

    found = box(owner, deal, "budget")

    assert found.state == "Contradicted"
    assert [[line.gist for line in side] for side in found.sides] == [
        ["€90,000, approved"],
        ["€40,000, approved"],
    ]


def test_what_the_gate_asks_for_is_asked_next(
    owner: Browser, workspace: Workspace, deal: Deal
) -> None:
    stage = deal.item.stage
    stage.needs = ["timeline"]
    stage.save()

    panel = owner.get(f"deals/{deal.item.key}").context["page"].evidence

    assert (panel.ask_code, panel.ask) == ("timeline", "When is it needed?")
    assert panel.ask_because == "The gate of “Lead generation” asks for it."


def test_it_is_replaced_and_withdrawn(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    claim = make.claim(workspace, deal)
    address = f"deals/{deal.item.key}/claims"

    owner.post(f"{address}/{claim.pk}/replace", amount="9", manner="call", side="for")
    fresh = Claim.objects.get(supersedes=claim)
    answer = box(owner, deal, "budget").answer
    owner.post(f"{address}/{fresh.pk}/withdraw")

    assert (answer, box(owner, deal, "budget").state) == ("€9", "Unknown")


def test_as_of_a_day_nobody_had_said_it(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    make.claim(workspace, deal)

    found = box(owner, deal, "budget", on="2026-01-01")

    assert (found.state, found.lines) == ("Unknown", [])


@pytest.mark.parametrize(
    ("topic", "answers"),
    [
        ("need", {}),
        ("budget", {"amount": "-1"}),
        ("budget", {"amount": "much"}),
        ("timeline", {"due_on": "soon"}),
        ("need", {"text": "x", "confidence": "120"}),
        ("need", {"text": "x", "manner": "dream"}),
        ("need", {"text": "x", "on": "2999-01-01"}),
    ],
)
def test_it_refuses_in_the_form(
    owner: Browser, deal: Deal, topic: str, answers: dict[str, str]
) -> None:
    sent = {"manner": "call", "side": "for", **answers}

    answer = owner.post(new(deal, topic), htmx=True, **sent)

    assert (answer.status_code, Claim.objects.count()) == (422, 0)
    assert answer.context["form"].errors


def test_scripts_are_shown_as_text(owner: Browser, deal: Deal) -> None:
    owner.post(new(deal, "need"), text="<script>alert(1)</script>", manner="call", side="for")

    page = owner.get(f"deals/{deal.item.key}").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_no_such_topic_is_not_found(owner: Browser, deal: Deal) -> None:
    assert owner.get(new(deal, "mood")).status_code == 404


def test_a_colleague_without_the_right_looks_only(workspace: Workspace, deal: Deal) -> None:
    claim = make.claim(workspace, deal)
    viewer = sign_in(make.member(workspace, role=Role.VIEWER))
    address = f"deals/{deal.item.key}/claims/{claim.pk}"

    codes = [
        viewer.get(f"deals/{deal.item.key}").status_code,
        viewer.get(new(deal, "need")).status_code,
        viewer.post(new(deal, "need"), text="x").status_code,
        viewer.post(f"{address}/replace").status_code,
        viewer.post(f"{address}/withdraw").status_code,
    ]

    assert codes == [200, 403, 403, 403, 403]


def test_a_stranger_finds_nothing(owner: Browser, deal: Deal) -> None:
    theirs = make.workspace("Theirs")
    foreign = make.claim(theirs)
    stranger = sign_in(make.owner_of(theirs))

    codes = [
        stranger.get(owner.url(new(deal, "need"))).status_code,
        stranger.post(owner.url(new(deal, "need")), text="x").status_code,
        owner.post(f"deals/{deal.item.key}/claims/{foreign.pk}/withdraw").status_code,
        owner.post(f"deals/{deal.item.key}/claims/{foreign.pk}/replace").status_code,
    ]

    assert codes == [404, 404, 404, 404]


def test_a_part_is_changed_in_place(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    person = make.person(workspace)
    deals.add_person(deal, person=person, part="contact", by=None)
    address = f"deals/{deal.item.key}/people/{person.pk}/part"

    refused = owner.post(address, part="king").status_code
    owner.post(address, part="pays")

    assert refused == 422
    assert list(deal.people.values_list("part", flat=True)) == ["pays"]


def test_a_part_of_somebody_who_is_not_there_is_not_found(
    owner: Browser, workspace: Workspace, deal: Deal
) -> None:
    person = make.person(workspace)

    assert (
        owner.post(f"deals/{deal.item.key}/people/{person.pk}/part", part="pays").status_code == 404
    )


def test_parts_are_as_they_were(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    deals.add_person(deal, person=make.person(workspace), part="pays", by=None)

    page = owner.get(f"deals/{deal.item.key}", on="2026-01-01").context["page"]

    assert page.people.people == []


@pytest.mark.parametrize("n", [1, 3])
def test_more_statements_need_no_more_queries(
    owner: Browser, workspace: Workspace, deal: Deal, n: int, django_assert_num_queries
) -> None:
    for number in range(n):
        make.claim(
            workspace, deal, text=f"{number}", said_by=make.person(workspace, f"Olga {number}")
        )
    owner.get(f"deals/{deal.item.key}")

    with django_assert_num_queries(QUERIES):
        owner.get(f"deals/{deal.item.key}")


QUERIES = 21
