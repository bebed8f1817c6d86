"""The form that a gate opens: only what is missing, written with the move or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from penstock.contacts.models import Person
from penstock.flow import dating
from penstock.flow.models import Item, Override, Stage
from penstock.sales import claims, deals
from penstock.sales.claims import Said
from penstock.sales.models import Activity, Claim, Deal, DealPerson, HalfLife
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db
Drop = Callable[..., HttpResponse]


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    company = make.company(workspace)
    return make.deal(workspace, stage=make.stage(workspace, "needs_assessment"), company=company)


@pytest.fixture
def proposal(workspace: Workspace) -> Stage:
    return make.stage(workspace, "proposal")


@pytest.fixture
def drop(owner: Browser, deal: Deal, proposal: Stage) -> Drop:
    """Drop the deal on Proposal, with answers under the names of the form."""

    def send(asked: str = "", **answers: Any) -> HttpResponse:
        given = {name.replace("__", "-"): value for name, value in answers.items()}
        if asked:
            given["asked"] = asked.split()
        return owner.post(f"items/{deal.item.key}/moves", htmx=True, stage=proposal.pk, **given)

    return send


def gate(workspace: Workspace, *needs: str) -> None:
    Stage.objects.filter(pk=make.stage(workspace, "needs_assessment").pk).update(needs=list(needs))


def stage_of(deal: Deal) -> str:
    return Item.objects.select_related("stage").get(pk=deal.pk).stage.code


def written(deal: Deal) -> tuple[int, int, int, int]:
    """How much there is of what a form can write."""
    return (
        Claim.objects.filter(item_id=deal.pk).count(),
        DealPerson.objects.filter(deal=deal).count(),
        Activity.objects.filter(item_id=deal.pk).count(),
        Person.objects.count(),
    )


def test_evidence_is_asked_by_its_detail_and_how_it_is_known(
    workspace: Workspace, drop: Drop
) -> None:
    gate(workspace, "budget", "timeline", "need")

    asked = drop()

    assert list(asked.context["form"].fields) == [
        *("budget-amount", "budget-is_approved", "budget-manner"),
        *("timeline-due_on", "timeline-manner"),
        *("need-text", "need-manner"),
    ]
    assert [group.question for group in asked.context["form"].groups] == [
        "How much may it cost?",
        "When is it needed?",
        "What do they need?",
    ]


def test_one_dialog_writes_claims_people_and_step_and_moves(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "need", "decider", "next_step", "close_on")
    due = dating.today(workspace) + timedelta(days=3)

    answer = drop(
        "need decider next_step close_on",
        need__text="A new line",
        need__manner="call",
        decider="Olga",
        next_step__kind="call",
        next_step__due_on=due.isoformat(),
        close_on="2030-01-31",
    )

    assert (answer.status_code, stage_of(deal)) == (200, "proposal")
    assert Claim.objects.get().wording.text == "A new line"
    on_deal = DealPerson.objects.select_related("person").get()
    assert (on_deal.person.name, on_deal.part, on_deal.person.company) == (
        "Olga",
        "decides",
        deal.company,
    )
    assert (Activity.objects.get().kind, Activity.objects.get().due_on) == ("call", due)


def test_what_a_full_stage_refuses_writes_no_answer(
    workspace: Workspace, deal: Deal, proposal: Stage, drop: Drop
) -> None:
    make.deal(workspace, stage=proposal)
    gate(workspace, "need", "decider", "company")
    Stage.objects.filter(pk=proposal.pk).update(wip_limit=1)
    before = written(deal)

    answer = drop("need decider", need__text="A line", need__manner="call", decider="Olga")

    assert (answer.status_code, stage_of(deal)) == (422, "needs_assessment")
    assert written(deal) == before


def test_evidence_that_is_too_weak_is_asked_again_and_nothing_is_written(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "budget_confirmed")
    answers = {"budget_confirmed__amount": "40000", "budget_confirmed__is_approved": "on"}

    answer = drop("budget_confirmed", budget_confirmed__manner="call", **answers)

    form = answer.context["form"]
    assert (answer.status_code, stage_of(deal), Claim.objects.count()) == (
        422,
        "needs_assessment",
        0,
    )
    assert form["budget_confirmed-amount"].value() == "40000"
    assert "Not confirmed yet" in str(form.errors["budget_confirmed-amount"])
    drop("budget_confirmed", budget_confirmed__manner="document", **answers)
    assert stage_of(deal) == "proposal"


def test_a_second_voice_confirms(workspace: Workspace, deal: Deal, drop: Drop) -> None:
    gate(workspace, "need_confirmed")
    anna, boris = make.person(workspace, "Anna"), make.person(workspace, "Boris")
    deals.add_person(deal, person=boris, part="uses", by=None)
    said = Said(topic="need", manner="meeting", said_by=anna, text="A line")
    claims.state(deal, said=said, by=None)

    drop(
        "need_confirmed",
        need_confirmed__text="A line, yes",
        need_confirmed__manner="meeting",
        need_confirmed__said_by=boris.pk,
    )

    assert stage_of(deal) == "proposal"


def test_what_is_said_of_authority_answers_who_decides_too(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "person", "decider", "authority")

    asked = drop()

    assert asked.context["form"].needs == ["authority"]
    drop("authority", authority__person="Olga", authority__part="decides", authority__manner="call")
    assert stage_of(deal) == "proposal"


def test_answers_that_came_short_of_another_gate_are_kept_in_the_form(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "close_on", "decider")

    answer = drop("close_on", close_on="2030-01-31")

    form = answer.context["form"]
    assert (answer.status_code, form.needs) == (422, ["close_on", "decider"])
    assert (form["close_on"].value(), Deal.objects.get(pk=deal.pk).close_on) == ("2030-01-31", None)


def test_a_proposal_is_sent_elsewhere_and_the_other_answers_are_kept(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "proposal_sent", "close_on")

    asked = drop()
    answer = drop("close_on", close_on="2030-01-31")

    assert (asked.context["form"].needs, asked.context["submit"]) == (
        ["close_on"],
        "Keep the answers",
    )
    assert "A proposal has to be sent" in asked.content.decode()
    assert owner_link(deal) in asked.content.decode()
    assert "Your answers are kept" in answer.content.decode()
    assert (stage_of(deal), str(Deal.objects.get(pk=deal.pk).close_on)) == (
        "needs_assessment",
        "2030-01-31",
    )


def test_where_nothing_can_be_given_there_is_no_button(workspace: Workspace, drop: Drop) -> None:
    gate(workspace, "proposal_sent")

    asked = drop()

    assert asked.context["submit"] == ""
    assert "A proposal has to be sent" in asked.content.decode()


def test_a_win_asks_for_amount_and_gates_at_once(owner: Browser, workspace: Workspace) -> None:
    gate(workspace, "decider", "amount")
    deal = make.deal(workspace, stage=make.stage(workspace, "needs_assessment"), amount=None)

    asked = owner.post(f"items/{deal.item.key}/moves", htmx=True, zone="won")

    assert asked.context["form"].needs == ["amount", "decider"]


def test_qualifying_asks_at_the_gates_it_passes(owner: Browser, workspace: Workspace) -> None:
    first = make.stage(workspace, "qualification")
    Stage.objects.filter(pk=first.pk).update(needs=["need"])
    lead = make.deal(workspace, stage=first)
    path = f"deals/{lead.item.key}/qualify"

    asked = owner.post(path, htmx=True)
    answers = {"asked": "need", "need-text": "A line", "need-manner": "call"}
    owner.post(path, htmx=True, **answers)

    assert asked.context["form"].needs == ["need"]
    assert (stage_of(lead), Deal.objects.get(pk=lead.pk).is_lead) == ("needs_assessment", False)


def test_without_a_script_it_is_a_page(owner: Browser, workspace: Workspace, deal: Deal) -> None:
    gate(workspace, "need")
    to = make.stage(workspace, "proposal").pk

    asked = owner.post(f"items/{deal.item.key}/moves", stage=to)
    answers = {"asked": "need", "need-text": "A line", "need-manner": "call"}
    answer = owner.post(f"items/{deal.item.key}/moves", stage=to, **answers)

    assert (asked.status_code, asked.context["form"].needs) == (422, ["need"])
    assert (answer.status_code, stage_of(deal)) == (302, "proposal")


@pytest.mark.parametrize(
    "answers",
    [
        {"asked": "need", "need__text": "", "need__manner": "call"},
        {"asked": "need", "need__text": "A line", "need__manner": "crystal ball"},
        {"asked": "timeline", "timeline__due_on": "soon", "timeline__manner": "call"},
        {"asked": "budget", "budget__amount": "-5", "budget__manner": "call"},
        {"asked": "next_step", "next_step__kind": "note", "next_step__due_on": "2030-01-01"},
        {"asked": "next_step", "next_step__kind": "call", "next_step__due_on": "2020-01-01"},
    ],
)
def test_impossible_answers_are_asked_again(
    workspace: Workspace, deal: Deal, drop: Drop, answers: dict[str, str]
) -> None:
    gate(workspace, answers["asked"])

    answer = drop(**answers)

    assert (answer.status_code, stage_of(deal), written(deal)[0]) == (422, "needs_assessment", 0)
    assert answer.context["form"].errors


def test_people_of_the_company_are_offered_and_escaped(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "decider")
    make.person(workspace, '"><script>alert(1)</script>', company=deal.company)
    make.person(workspace, "Elsewhere")

    text = drop().content.decode()

    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "Elsewhere" not in text


def test_a_colleague_and_a_stranger_answer_nothing(
    workspace: Workspace, deal: Deal, stranger: Browser
) -> None:
    gate(workspace, "need")
    deals.assign(deal, owner=make.owner_of(workspace), by=None)
    rep = sign_in(make.member(workspace, role=Role.REP))
    answers = {"asked": "need", "need-text": "A line", "need-manner": "call"}
    to = make.stage(workspace, "proposal").pk

    statuses = [
        browser.post(f"items/{deal.item.key}/moves", htmx=True, stage=to, **answers).status_code
        for browser in (rep, stranger)
    ]

    assert (statuses, Claim.objects.count()) == ([403, 404], 0)


def test_who_may_passes_the_gate_with_a_reason_and_the_answers_given_are_kept(
    workspace: Workspace, deal: Deal, drop: Drop
) -> None:
    gate(workspace, "need", "decider", "next_step", "close_on")

    asked = drop()
    answer = drop(
        "need decider next_step close_on",
        need__text="A line",
        need__manner="call",
        decider="",
        next_step__kind="call",
        next_step__due_on="2030-01-01",
        gate="1",
        override="1",
        despite="He shook hands on it.",
    )

    assert "Pass without these answers" in asked.content.decode()
    assert (answer.status_code, stage_of(deal)) == (200, "proposal")
    override = Override.objects.get()
    assert (override.needs, override.wording.text) == (
        ["decider", "next_step", "close_on"],
        "He shook hands on it.",
    )
    assert (Claim.objects.get().wording.text, Activity.objects.count()) == ("A line", 0)


def test_passing_needs_a_reason(workspace: Workspace, deal: Deal, drop: Drop) -> None:
    gate(workspace, "need")

    answer = drop("need", gate="1", override="1", despite="  ")

    assert (answer.status_code, stage_of(deal)) == (422, "needs_assessment")
    assert "Say why it may pass" in answer.content.decode()


def test_a_rep_passes_only_where_the_workspace_lets_everybody(
    workspace: Workspace, deal: Deal
) -> None:
    gate(workspace, "proposal_sent")
    rep = make.member(workspace, role=Role.REP)
    deals.assign(deal, owner=rep, by=None)
    path, to = f"items/{deal.item.key}/moves", make.stage(workspace, "proposal").pk
    passing = {"stage": to, "gate": "1", "override": "1", "despite": "In a hurry."}

    asked = sign_in(rep).post(path, htmx=True, stage=to)
    refused = sign_in(rep).post(path, htmx=True, **passing)
    Workspace.objects.filter(pk=workspace.pk).update(overrides="sellers")
    passed = sign_in(rep).post(path, htmx=True, **passing)

    assert "Pass without" not in asked.content.decode()
    assert (refused.status_code, passed.status_code, stage_of(deal)) == (403, 200, "proposal")


def test_a_win_passes_with_the_amount_that_was_typed(owner: Browser, workspace: Workspace) -> None:
    gate(workspace, "decider")
    deal = make.deal(workspace, stage=make.stage(workspace, "needs_assessment"), amount=None)
    typed = {"asked": ["amount", "decider"], "amount": "1500", "decider": ""}

    owner.post(
        f"items/{deal.item.key}/moves",
        htmx=True,
        zone="won",
        override="1",
        despite="Signed.",
        **typed,
    )

    assert Item.objects.get(pk=deal.pk).outcome == "won"
    assert Override.objects.get().needs == ["decider"]


def test_history_and_insights_tell_of_it(owner: Browser, workspace: Workspace) -> None:
    override = make.override(workspace, reason="<b>In a hurry</b>")

    page = owner.get(f"deals/{override.item.key}")
    insights = owner.get("insights/gates")

    told = [entry.text for entry in page.context["page"].entries]
    assert "Passed the gate without: Amount. Reason: <b>In a hurry</b>" in told
    assert insights.context["page"].answer.startswith("1 of 1 move passed a gate by override")
    assert [(row.key, row.needs, row.reason) for row in insights.context["rows"]] == [
        (override.item.key, "Amount", "<b>In a hurry</b>")
    ]
    assert "<b>In a hurry" not in page.content.decode() + insights.content.decode()


def test_gates_are_told_in_plain_words_to_who_shapes_them(
    owner: Browser, viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    gate(workspace, "budget_confirmed", "next_step")

    answer = owner.get("settings/gates")

    gates = {
        one.stage: one.needs for _pipeline, found in answer.context["pipelines"] for one in found
    }
    assert gates["Needs assessment"] == ["Budget, confirmed", "A next step is planned"]
    assert "Follow-up" not in gates
    statuses = [browser.get("settings/gates").status_code for browser in (viewer, stranger)]
    assert statuses == [403, 404]


@pytest.mark.parametrize("n", [1, 3])
def test_insights_of_gates_query_count(
    owner: Browser, workspace: Workspace, django_assert_num_queries: Any, n: int
) -> None:
    for _number in range(n):
        make.override(workspace)
    owner.get("insights/gates")

    with django_assert_num_queries(17):
        owner.get("insights/gates")


FADING = {"need": "180", "budget": "30", "authority": "180", "timeline": "60"}


def test_how_fast_statements_fade_is_set_per_topic(owner: Browser, workspace: Workspace) -> None:
    shown = owner.get("settings/gates").context["fading"]

    owner.post("settings/gates/fading", **FADING)

    assert [shown[topic].value() for topic in FADING] == [180, 90, 180, 60]
    assert [(row.topic, row.days) for row in HalfLife.objects.all()] == [("budget", 30)]


@pytest.mark.parametrize("days", ["0", "-1", "3651", "soon", ""])
def test_an_impossible_half_life_is_refused(owner: Browser, days: str) -> None:
    answer = owner.post("settings/gates/fading", **{**FADING, "need": days})

    assert (answer.status_code, HalfLife.objects.count()) == (422, 0)


def test_who_does_not_steer_sets_no_half_life(viewer: Browser, stranger: Browser) -> None:
    statuses = [
        one.post("settings/gates/fading", **FADING).status_code for one in (viewer, stranger)
    ]

    assert (statuses, HalfLife.objects.count()) == ([403, 404], 0)


def owner_link(deal: Deal) -> str:
    return f'href="/w/{deal.workspace.slug}/deals/{deal.item.key}"'
