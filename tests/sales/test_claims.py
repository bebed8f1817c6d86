"""What was said about a deal: written, replaced, withdrawn, faded, erased."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts import people
from penstock.flow import dating
from penstock.sales import claims, deals, evidence
from penstock.sales.claims import Said
from penstock.sales.models import Claim, ClaimWording, Deal
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace, at=timezone.now() - timedelta(days=300))


def state_of(deal: Deal, topic: str, **moment: object) -> str:
    return evidence.of(deal.pk, workspace_id=deal.workspace_id, **moment).standings[topic].state


def test_it_is_unknown_until_somebody_says_so(workspace: Workspace, deal: Deal) -> None:
    before = state_of(deal, "budget")

    make.claim(workspace, deal)

    assert (before, state_of(deal, "budget"), state_of(deal, "need")) == (
        "unknown",
        "stated",
        "unknown",
    )


def test_two_people_confirm(workspace: Workspace, deal: Deal) -> None:
    for name in ("Olga", "Max"):
        make.claim(workspace, deal, said_by=make.person(workspace, name), manner="meeting")

    assert state_of(deal, "budget") == "confirmed"


def test_another_budget_contradicts_and_both_stay(workspace: Workspace, deal: Deal) -> None:
    for amount in (40_000, 60_000):
        make.claim(workspace, deal, amount=Decimal(amount))

    found = evidence.of(deal.pk, workspace_id=workspace.pk)

    assert found.standings["budget"].state == "contradicted"
    assert [claim.amount for claim in found.claims["budget"]] == [60_000, 40_000]


def test_no_budget_speaks_against(workspace: Workspace, deal: Deal) -> None:
    make.claim(workspace, deal, amount=None, is_for=False)

    found = evidence.of(deal.pk, workspace_id=workspace.pk)

    assert found.standings["budget"].is_against
    assert not found.holds("budget", at_least="guessed")


def test_it_is_as_it_was_and_as_it_was_known(workspace: Workspace, deal: Deal) -> None:
    now = timezone.now()
    with dating.lived(now - timedelta(days=20)):
        claims.state(
            deal,
            said=Said(topic="need", text="A wheel"),
            by=None,
            at=now - timedelta(days=50),
        )

    was = state_of(deal, "need", at=now - timedelta(days=30))
    earlier = state_of(deal, "need", at=now - timedelta(days=60))
    known = state_of(deal, "need", at=now, known=now - timedelta(days=30))

    assert (was, earlier, known) == ("stated", "unknown", "unknown")


def test_it_fades(workspace: Workspace, deal: Deal) -> None:
    at = timezone.now() - timedelta(days=200)
    with dating.lived(at):
        make.claim(workspace, deal)

    assert state_of(deal, "budget") == "stale"
    assert state_of(deal, "budget", at=at + timedelta(days=1)) == "stated"


def test_a_longer_half_life_keeps_it(workspace: Workspace, deal: Deal) -> None:
    with dating.lived(timezone.now() - timedelta(days=200)):
        make.claim(workspace, deal)

    claims.set_half_life(workspace, topic="budget", days=365, by=None)

    assert state_of(deal, "budget") == "stated"


def test_a_withdrawn_one_no_longer_counts_but_did(workspace: Workspace, deal: Deal) -> None:
    now = timezone.now()
    with dating.lived(now - timedelta(days=20)):
        claim = make.claim(workspace, deal)

    claims.withdraw(claim, by=None)

    known = state_of(deal, "budget", at=now, known=now - timedelta(days=1))
    assert (state_of(deal, "budget"), known) == ("unknown", "stated")


def test_a_replaced_one_says_something_else_since_the_same_day(
    workspace: Workspace, deal: Deal
) -> None:
    claim = make.claim(workspace, deal)

    fresh = claims.replace(claim, said=Said(topic="budget", amount=Decimal(9)), by=None)

    found = evidence.of(deal.pk, workspace_id=workspace.pk)
    assert [row.pk for row in found.claims["budget"]] == [fresh.pk]
    assert fresh.occurred_at == claim.occurred_at


@pytest.mark.parametrize("again", ["withdraw", "replace"])
def test_nothing_is_corrected_twice(workspace: Workspace, deal: Deal, again: str) -> None:
    claim = make.claim(workspace, deal)
    claims.withdraw(claim, by=None)

    more = {"said": Said(topic="need", text="x")} if again == "replace" else {}
    with pytest.raises(Conflict) as refusal:
        getattr(claims, again)(claim, by=None, **more)

    assert refusal.value.code == "sales.claim_gone"


@pytest.mark.parametrize(
    ("said", "code", "needs"),
    [
        (Said(topic="mood"), "sales.claim_topic", ()),
        (Said(topic="need"), "sales.claim_empty", ("text",)),
        (Said(topic="budget"), "sales.claim_empty", ("amount",)),
        (Said(topic="authority"), "sales.claim_empty", ("person",)),
        (Said(topic="timeline"), "sales.claim_empty", ("due_on",)),
        (Said(topic="need", text="x", manner="dream"), "sales.claim_manner", ("manner",)),
        (
            Said(topic="need", text="x", confidence=Decimal(2)),
            "sales.claim_confidence",
            ("confidence",),
        ),
        (Said(topic="budget", amount=Decimal(-1)), "sales.amount_negative", ("amount",)),
        (Said(topic="authority", text="x", part="king"), "sales.part", ("part",)),
    ],
)
def test_it_refuses(deal: Deal, said: Said, code: str, needs: tuple[str, ...]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        claims.state(deal, said=said, by=None)

    assert (refusal.value.code, refusal.value.needs) == (code, needs)
    assert not Claim.objects.exists()


def test_who_decides_is_on_the_deal(workspace: Workspace, deal: Deal) -> None:
    olga = make.person(workspace, "Olga")

    claims.state(deal, said=Said(topic="authority", person=olga, part="decides"), by=None)

    assert list(deal.people.values_list("person", "part")) == [(olga.pk, "decides")]


def test_who_only_influences_answers_nothing(workspace: Workspace, deal: Deal) -> None:
    olga = make.person(workspace, "Olga")

    claims.state(deal, said=Said(topic="authority", person=olga, part="influences"), by=None)

    assert state_of(deal, "authority") == "unknown"


def test_the_same_record_is_written_once(deal: Deal) -> None:
    said = Said(topic="need", text="A wheel")

    first = claims.state(deal, said=said, by=None, source_key="mail:1")
    again = claims.state(deal, said=said, by=None, source_key="mail:1")

    assert (first.pk, Claim.objects.count()) == (again.pk, 1)


def test_erasing_a_person_erases_their_words_and_no_state(workspace: Workspace, deal: Deal) -> None:
    olga = make.person(workspace, "Olga Petrova")
    make.claim(workspace, deal, said_by=olga, text="Forty at most")
    make.claim(workspace, deal, topic="need", text="Olga Petrova wants a wheel")
    make.claim(workspace, deal, topic="need", text="A wheel that turns")

    people.erase(olga, by=make.owner_of(workspace))

    assert list(ClaimWording.objects.values_list("text", flat=True)) == ["A wheel that turns"]
    assert state_of(deal, "budget") == "stated"


def test_the_history_of_a_part_is_kept(workspace: Workspace, deal: Deal) -> None:
    olga = make.person(workspace, "Olga")

    deals.add_person(deal, person=olga, part="contact", by=None)
    deals.add_person(deal, person=olga, part="decides", by=None)
    deals.add_person(deal, person=olga, part="decides", by=None)
    deals.remove_person(deal, person=olga, by=None)

    told = deal.item.fieldchanges.filter(field=f"person:{olga.pk}").order_by("pk")
    assert list(told.values_list("value", flat=True)) == ["contact", "decides", None]
