"""Proposals and follow-ups that wait stand on the list of what to do next, each once, for its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.flow.dating import lived, today
from penstock.reports.today import for_member
from penstock.sales import activities, deals, followups, proposal_answers, proposals, snoozes
from penstock.sales.models import Deal, ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.users.models import Member
from tests import make

pytestmark = pytest.mark.django_db
CAROL = Who(name="Carol")


@pytest.fixture
def bob(db: None) -> Member:
    return make.member(make.workspace(), name="Bob")


@pytest.fixture
def version(bob: Member) -> ProposalVersion:
    """Sent two days ago, valid for long."""
    return sent(bob, days=30)


def sent(bob: Member, *, days: int) -> ProposalVersion:
    with lived(datetime.now(UTC) - timedelta(days=2)):
        deal = make.deal(bob.workspace, title="Wheels", owner=bob)
        until = today(bob.workspace) + timedelta(days=2 + days)
        return make.sent_version(bob.workspace, deal=deal, valid_until=until)


def plan(deal: Deal, *, days: int) -> None:
    make.activity(deal.workspace, about=deal.item, days=days, owner=deal.item.owner)


def kinds(member: Member) -> list[str]:
    return [one.found.kind for one in for_member(member).todos]


def test_sent_and_not_looked_at_is_no_matter(bob: Member, version: ProposalVersion) -> None:
    plan(version.proposal.deal, days=9)

    assert kinds(bob) == []


def test_look_waits_until_somebody_speaks_with_the_customer(
    bob: Member, version: ProposalVersion
) -> None:
    item = version.proposal.deal.item
    plan(version.proposal.deal, days=9)
    for look in ("one", "two"):
        proposal_answers.view(version, source_key=look)
    (found,) = for_member(bob).todos

    activities.log(item, kind="call", result="not_reached", by=bob)
    tried = kinds(bob)
    activities.log(item, kind="call", result="reached", by=bob)

    assert (found.found.kind, found.found.about, found.found.n) == ("viewed", "PROP-1", 2)
    assert (tried, kinds(bob)) == (["viewed"], [])


@pytest.mark.parametrize(("days", "expected"), [(0, ["step"]), (1, []), (2, ["viewed"])])
def test_look_is_silent_where_somebody_is_about_to_call(
    bob: Member, version: ProposalVersion, days: int, expected: list[str]
) -> None:
    proposal_answers.view(version, source_key="one")
    plan(version.proposal.deal, days=days)

    assert kinds(bob) == expected


def test_comment_waits_for_our_answer_whatever_is_planned(
    bob: Member, version: ProposalVersion
) -> None:
    plan(version.proposal.deal, days=1)
    proposal_answers.view(version, source_key="one")
    proposal_answers.comment(version, by=None, who=CAROL, text="When?")
    asked = kinds(bob)

    proposal_answers.comment(version, by=bob, who=Who(), text="In May.")

    assert (asked, kinds(bob)) == (["commented"], [])


@pytest.mark.parametrize(
    ("days", "expected"), [(6, []), (5, ["expiring"]), (-1, ["expiring"]), (-15, [])]
)
def test_runs_out_and_ran_out_lately(bob: Member, days: int, expected: list[str]) -> None:
    version = sent(bob, days=30)
    plan(version.proposal.deal, days=90)

    with lived(datetime.now(UTC) + timedelta(days=30 - days)):
        assert kinds(bob) == expected


@pytest.mark.parametrize("answer", ["accept", "decline", "withdraw", "park", "lose"])
def test_answered_and_silent_ones_are_no_matter(
    bob: Member, version: ProposalVersion, answer: str
) -> None:
    proposal_answers.view(version, source_key="one")
    deal = Deal.objects.select_related("item").get(pk=version.proposal.deal_id)
    plan(deal, days=9)
    acts = {
        "accept": lambda: proposal_answers.accept(version, by=None, who=CAROL),
        "decline": lambda: proposal_answers.decline(version, by=None, who=CAROL),
        "withdraw": lambda: proposals.withdraw(version.proposal, by=bob),
        "park": lambda: deals.park(deal, until=make.tomorrow(bob.workspace), by=bob),
        "lose": lambda: deals.lose(deal, reason=make.loss_reason(bob.workspace), by=bob),
    }
    acts[answer]()

    assert kinds(bob) == []


def test_deal_without_a_step_is_named_once_by_what_presses_most(
    bob: Member, version: ProposalVersion
) -> None:
    proposal_answers.view(version, source_key="one")
    until = today(bob.workspace) + timedelta(days=2)
    found = for_member(bob)

    snoozes.snooze(version.proposal.deal.item, kind="viewed", until=until, by=bob)
    rests = for_member(bob)

    assert ([one.found.kind for one in found.todos], dict(found.n_by_kind)) == (
        ["viewed"],
        {"viewed": 1},
    )
    assert (rests.n, rests.n_snoozed) == (0, 1)


def test_proposals_of_others_are_theirs(bob: Member, version: ProposalVersion) -> None:
    proposal_answers.view(version, source_key="one")

    assert kinds(make.member(bob.workspace, name="Carl")) == []
    assert [
        one.found.kind for one in for_member(make.owner_of(bob.workspace), of_team=True).todos
    ] == ["viewed"]


def test_deals_that_follow_wait_until_somebody_begins(bob: Member) -> None:
    make.followup_rule(bob.workspace, act="renewal", name="Again", after_days=0)
    before = make.deal(bob.workspace, title="Wheels", owner=bob)
    make.delivered_order(bob.workspace, deal=before)
    followups.carry_out_due(bob.workspace)
    (waits,) = for_member(bob).todos
    opened = Deal.objects.exclude(pk=before.pk).select_related("item__owner").get()

    plan(opened, days=4)

    assert (waits.found.kind, waits.found.item_id) == ("renewal", opened.pk)
    assert waits.found.about == "Wheels"
    assert kinds(bob) == []
