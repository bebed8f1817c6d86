"""Proposals and follow-ups on Today: their reasons in words, and buttons that lead somewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.flow.dating import lived, today
from penstock.sales import followups, proposal_answers
from penstock.sales.models import ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser
from tests.web.test_today import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(workspace: Workspace) -> ProposalVersion:
    with lived(datetime.now(UTC) - timedelta(days=9)):
        deal = make.deal(workspace, title="Wheels", owner=make.owner_of(workspace))
        until = today(workspace) + timedelta(days=90)
        return make.sent_version(workspace, deal=deal, valid_until=until)


def test_question_is_answered_on_the_page_of_the_proposal(
    owner: Browser, version: ProposalVersion
) -> None:
    proposal_answers.comment(version, by=None, who=Who(name="Carol"), text="When?")

    (line,) = lines(owner)

    assert line.reason.startswith("The customer asked about proposal PROP-1 on ")
    assert (line.button.label, line.button.is_dialog) == ("Answer the customer", False)
    assert line.button.url == owner.url("proposals/PROP-1#comment")
    assert 'id="comment"' in owner.get("proposals/PROP-1").content.decode()


def test_look_asks_for_a_call(owner: Browser, version: ProposalVersion) -> None:
    for look in ("one", "two"):
        proposal_answers.view(version, source_key=look)

    (line,) = lines(owner)

    assert line.reason.startswith("The customer looked at proposal PROP-1 2 times, last on ")
    assert line.button.label == "Call"
    assert owner.get(line.button.url, htmx=True).status_code == 200
    assert owner.get("today").context["page"].answer == "1 customer looked at a proposal."


@pytest.mark.parametrize(
    ("days", "label", "verb"), [(3, "Mail it again", "is"), (-3, "Open the proposal", "was")]
)
def test_one_that_runs_out_is_mailed_again_while_it_holds(
    owner: Browser, version: ProposalVersion, days: int, label: str, verb: str
) -> None:
    with lived(datetime.now(UTC) + timedelta(days=81 - days)):
        (line,) = lines(owner)

    assert line.reason.startswith(f"Proposal PROP-1 {verb} valid until ")
    assert line.button.label == label
    assert owner.get(line.button.url.partition("#")[0], htmx=True).status_code == 200


@pytest.mark.parametrize(
    ("act", "reason"),
    [("renewal", "Renewal of “Wheels”, opened for "), ("upsell", "An offer after “Wheels”, ")],
)
def test_deal_that_follows_a_delivery_asks_for_a_step(
    owner: Browser, workspace: Workspace, act: str, reason: str
) -> None:
    offer = make.product(workspace) if act == "upsell" else None
    make.followup_rule(workspace, act=act, name="Next", after_days=0, offer=offer)
    deal = make.deal(workspace, title="Wheels", owner=make.owner_of(workspace))
    make.delivered_order(workspace, deal=deal)
    followups.carry_out_due(workspace)

    (line,) = lines(owner)

    assert line.reason.startswith(reason)
    assert line.button.label == "Plan a step"
