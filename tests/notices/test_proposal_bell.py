"""The bell rings for what happens to a proposal; its seller hears before it runs out, and chooses the letters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from penstock.flow.dating import lived, today
from penstock.notices import proposal_news, wishes
from penstock.notices.models import Message, Notice
from penstock.sales import deals, proposal_answers
from penstock.sales.models import Deal, ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.users.models import Member, Workspace
from tests import make
from tests.web.conftest import sign_in

pytestmark = pytest.mark.django_db
CAROL = Who(name="Carol")


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def seller(workspace: Workspace) -> Member:
    return make.member(workspace, name="Bob")


@pytest.fixture
def version(workspace: Workspace, seller: Member) -> ProposalVersion:
    deal = make.deal(workspace, title="Wheels", owner=seller)
    return make.sent_version(workspace, deal=deal, valid_until=today(workspace))


def rung(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_bell_rings_for_what_the_customer_does_and_leads_to_the_proposal(
    seller: Member, version: ProposalVersion
) -> None:
    for look in ("one", "two"):
        proposal_answers.view(version, source_key=look)
    proposal_answers.comment(version, by=None, who=CAROL, text="When?")
    proposal_answers.comment(version, by=seller, who=Who(), text="In May.")
    proposal_answers.accept(version, by=None, who=CAROL)

    lines = sign_in(seller).get("notices").context["page"].lines

    assert rung(seller) == ["viewed", "commented", "accepted"]
    assert [line.text for line in lines] == [
        "The customer accepted proposal PROP-1",
        "The customer commented on proposal PROP-1",
        "The customer looks at proposal PROP-1 for the first time",
    ]
    assert {line.url for line in lines} == {f"/w/{seller.workspace.slug}/proposals/PROP-1"}


def test_bell_rings_for_no(seller: Member, version: ProposalVersion) -> None:
    proposal_answers.decline(version, by=None, who=CAROL)

    assert (rung(seller), letters()) == (["declined"], ["proposal_declined"])


def test_who_wants_no_letters_still_has_the_bell(seller: Member, version: ProposalVersion) -> None:
    wishes.choose(seller, has_digest=True, digest_hour=8, minutes_before=30, has_proposals=False)

    proposal_answers.view(version, source_key="one")

    assert (rung(seller), letters()) == (["viewed"], [])


#: A Wednesday: the second working day after it is a Friday.
WEDNESDAY = date(2031, 6, 4)


def runs_out(workspace: Workspace, seller: Member, on: date) -> ProposalVersion:
    with lived(datetime(2031, 6, 2, 9, tzinfo=UTC)):
        deal = make.deal(workspace, title="Wheels", owner=seller)
        return make.sent_version(workspace, deal=deal, valid_until=on)


def told_on(workspace: Workspace, day: date) -> int:
    with lived(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)):
        return proposal_news.tell_of_end(workspace)


@pytest.mark.parametrize(
    ("until", "told"),
    [(date(2031, 6, 4), 1), (date(2031, 6, 6), 1), (date(2031, 6, 7), 0), (date(2031, 6, 3), 0)],
)
def test_end_is_told_two_working_days_ahead_and_once(
    workspace: Workspace, seller: Member, until: date, told: int
) -> None:
    runs_out(workspace, seller, until)

    assert (told_on(workspace, WEDNESDAY), told_on(workspace, WEDNESDAY)) == (told, 0)
    assert (rung(seller), letters()) == (["expiring"] * told, ["proposal_expiring"] * told)


def test_end_is_not_told_on_a_day_without_work(workspace: Workspace, seller: Member) -> None:
    runs_out(workspace, seller, date(2031, 6, 9))

    assert told_on(workspace, date(2031, 6, 8)) == 0


@pytest.mark.parametrize("answer", ["accept", "decline", "lose", "park"])
def test_end_of_what_is_answered_or_silent_is_not_told(
    workspace: Workspace, seller: Member, answer: str
) -> None:
    version = runs_out(workspace, seller, WEDNESDAY)
    deal = Deal.objects.select_related("item").get(pk=version.proposal.deal_id)
    acts = {
        "accept": lambda: proposal_answers.accept(version, by=seller, who=CAROL),
        "decline": lambda: proposal_answers.decline(version, by=seller, who=CAROL),
        "lose": lambda: deals.lose(deal, reason=make.loss_reason(workspace), by=seller),
        "park": lambda: deals.park(deal, until=WEDNESDAY + timedelta(days=9), by=seller),
    }
    with lived(datetime(2031, 6, 3, 9, tzinfo=UTC)):
        acts[answer]()

    assert (told_on(workspace, WEDNESDAY), rung(seller)) == (0, [])
