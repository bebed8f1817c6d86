"""Asking by a link, and hearing the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.base.errors import NotFound, RuleBroken
from penstock.contacts import people
from penstock.flow import dating
from penstock.sales import deals, surveys
from penstock.sales.models import Activity, Survey, SurveyAnswer, SurveyComment
from tests import make

pytestmark = pytest.mark.django_db


def test_link_is_kept_as_a_digest_only() -> None:
    workspace = make.workspace()

    asked = make.asked(workspace)

    assert surveys.found_by(workspace, asked.token) == asked.survey
    assert asked.token not in str(Survey.objects.values().get())


@pytest.mark.parametrize("token", ["", "wrong", "a" * 500])
def test_wrong_link_leads_nowhere(token: str) -> None:
    workspace = make.workspace()
    make.asked(workspace)

    with pytest.raises(NotFound):
        surveys.found_by(workspace, token)


def test_withdrawn_survey_leads_nowhere() -> None:
    workspace = make.workspace()
    asked = make.asked(workspace)

    surveys.withdraw(surveys.withdraw(asked.survey, by=None), by=None)

    with pytest.raises(NotFound):
        surveys.found_by(workspace, asked.token)


def test_same_answer_twice_is_one_row_and_another_one_counts_from_then_on() -> None:
    survey = make.survey(make.workspace())

    surveys.answer(survey, score=2, comment="Late.")
    surveys.answer(survey, score=2, comment=" Late. ")
    surveys.answer(survey, score=4)

    assert [row.score for row in SurveyAnswer.objects.order_by("pk")] == [2, 4]
    last = surveys.last_answer(survey)
    assert last is not None
    assert last.score == 4


@pytest.mark.parametrize(("scale", "score"), [("csat", 0), ("csat", 6), ("nps", 11), ("nps", -1)])
def test_score_outside_of_the_scale_is_refused(scale: str, score: int) -> None:
    survey = make.asked(make.workspace(), scale=scale).survey

    with pytest.raises(RuleBroken) as refusal:
        surveys.answer(survey, score=score)

    assert refusal.value.code == "sales.survey_score"
    assert not SurveyAnswer.objects.exists()


def test_closed_survey_takes_no_answer() -> None:
    survey = make.survey(make.workspace())

    with (
        dating.lived(timezone.now() + timedelta(days=61)),
        pytest.raises(RuleBroken) as refusal,
    ):
        surveys.answer(survey, score=5)

    assert refusal.value.code == "sales.survey_closed"


def test_only_a_delivered_order_is_asked_about() -> None:
    workspace = make.workspace()

    with pytest.raises(RuleBroken) as refusal:
        surveys.ask(make.order(workspace).item, scale="csat", by=None)

    assert refusal.value.code == "sales.survey_source"


def test_who_uses_it_is_asked_before_who_decides() -> None:
    workspace = make.workspace()
    company = make.company(workspace)
    deal = make.deal(workspace, company=company)
    boss = make.person(workspace, "Boss", company=company, email="boss@example.test")
    user = make.person(workspace, "User", company=company, email="user@example.test")
    mute = make.person(workspace, "Mute", company=company)
    for person, part in ((boss, "decides"), (mute, "uses"), (user, "uses")):
        deals.add_person(deal, person=person, part=part, by=None)

    assert surveys.whom_to_ask(deal, company) == user
    assert surveys.whom_to_ask(None, company) == boss
    assert surveys.whom_to_ask(None, None) is None


def test_erased_person_leaves_the_score_and_no_words() -> None:
    workspace = make.workspace()
    person = make.person(workspace, "Carol", email="carol@example.test")
    order = make.delivered_order(workspace)
    asked = surveys.ask(order.item, scale="nps", by=None, person=person)
    surveys.answer(asked.survey, score=3, comment="Carol here: it broke.")

    people.erase(person, by=make.owner_of(workspace))

    assert SurveyAnswer.objects.get().score == 3
    assert not SurveyComment.objects.exists()


def test_unhappy_answer_plans_one_call_for_the_owner_on_a_working_day() -> None:
    workspace = make.workspace()
    owner = make.member(workspace)
    deal = make.deal(workspace, owner=owner)
    order = make.delivered_order(workspace, deal=deal)
    survey = surveys.ask(order.item, scale="csat", by=None, deal=deal).survey

    surveys.answer(survey, score=4)
    assert not Activity.objects.exists()
    surveys.answer(survey, score=1)
    surveys.answer(survey, score=2)

    call = Activity.objects.get()
    assert (call.item_id, call.owner, call.kind, call.source) == (deal.pk, owner, "call", "survey")
    assert call.due_on is not None
    assert call.due_on.weekday() < 5
