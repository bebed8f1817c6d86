"""The follow-up panel, its acts, and the rules in the settings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.sales import deals, followup_rules
from penstock.sales.models import Followup, FollowupRule, Survey
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

RULES = "settings/followups"


def tomorrow() -> str:
    return (timezone.now().date() + timedelta(days=1)).isoformat()


def test_open_deal_has_no_follow_up_panel_to_see(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)

    page = owner.get(f"deals/{deal.item.key}").content.decode()

    assert 'aria-labelledby="followups-title" hidden' in page


def test_delivered_deal_shows_what_is_planned_and_answered(
    owner: Browser, workspace: Workspace
) -> None:
    make.followup_rule(workspace, act="renewal", name="Next year", after_days=330)
    deal = make.deal(workspace)
    order = make.delivered_order(workspace, deal=deal)
    asked = make.asked(workspace, order=order)
    make.surveys.answer(asked.survey, score=2, comment="<b>Late</b>")

    for path in (f"deals/{deal.item.key}", f"orders/{order.item.key}"):
        page = owner.get(path).content.decode()

        assert "Next year" in page
        assert "2 of 5" in page
        assert "&lt;b&gt;Late&lt;/b&gt;" in page


def test_past_day_shows_no_follow_ups(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace, at=timezone.now() - timedelta(days=3))
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()

    page = owner.get(f"deals/{deal.item.key}", on=yesterday).content.decode()

    assert "followups-title" not in page


def test_lost_deal_is_won_back_on_a_day(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)
    deals.lose(deal, reason=make.loss_reason(workspace), by=None)
    path = f"items/{deal.item.key}/followups/new"

    form = owner.get(path, htmx=True)
    answer = owner.post(path, htmx=True, act="win_back", on=tomorrow())

    assert form.status_code == 200
    assert answer.status_code == 200
    assert "It is planned." in answer.content.decode()
    row = Followup.objects.get()
    assert (row.act, row.source_id, row.by) == ("win_back", deal.pk, make.owner_of(workspace))


@pytest.mark.parametrize(
    "sent", [{"act": "win_back", "on": "2020-01-01"}, {"act": "survey"}, {"on": "soon"}]
)
def test_plan_that_cannot_be_is_refused_in_place(
    sent: dict[str, str], owner: Browser, workspace: Workspace
) -> None:
    deal = make.deal(workspace)
    deals.lose(deal, reason=make.loss_reason(workspace), by=None)

    answer = owner.post(f"items/{deal.item.key}/followups/new", htmx=True, **sent)

    assert answer.status_code == 422
    assert not Followup.objects.exists()


def test_planned_act_is_called_off_and_planned_again(owner: Browser, workspace: Workspace) -> None:
    row = make.followup(workspace)
    path = f"items/{row.source.key}/followups/{row.pk}"

    owner.post(f"{path}/cancel", htmx=True)
    row.refresh_from_db()
    assert row.cancelled_at is not None
    owner.post(f"{path}/restore", htmx=True)
    row.refresh_from_db()
    assert row.is_planned


def test_customer_is_asked_now_and_the_link_is_shown_once(
    owner: Browser, workspace: Workspace
) -> None:
    order = make.delivered_order(workspace)

    answer = owner.post(f"items/{order.item.key}/surveys/new", htmx=True, scale="nps")

    page = answer.content.decode()
    assert f"/open/{workspace.slug}/surveys/" in page
    assert Survey.objects.get().scale == "nps"
    assert "/surveys/" not in owner.get(f"orders/{order.item.key}").content.decode().replace(
        "/surveys/new", ""
    )


def test_rep_does_not_follow_up_a_colleagues_deal(workspace: Workspace) -> None:
    rep = sign_in(make.member(workspace, role=Role.REP, name="Rita"))
    deal = make.deal(workspace, owner=make.member(workspace, name="Bob"))
    order = make.delivered_order(workspace, deal=deal)

    for key in (deal.item.key, order.item.key):
        assert rep.get(f"items/{key}/followups/new", htmx=True).status_code == 403


def test_act_of_another_item_is_not_found(owner: Browser, workspace: Workspace) -> None:
    row, other = make.followup(workspace), make.delivered_order(workspace)

    answer = owner.post(f"items/{other.item.key}/followups/{row.pk}/cancel", htmx=True)

    assert answer.status_code == 404


def test_rules_are_added_changed_and_retired(owner: Browser, workspace: Workspace) -> None:
    owner.post(f"{RULES}/new/survey", name="Ask", after_days="7", scale="nps")
    rule = FollowupRule.objects.get()
    owner.post(f"{RULES}/{rule.pk}", name="Ask later", after_days="14", scale="nps")

    page = owner.get(RULES).content.decode()
    assert "Ask later" in page
    assert "14 days after the delivery" in page

    owner.post(f"{RULES}/{rule.pk}/retire")
    assert f"{RULES}/{rule.pk}" not in owner.get(RULES).content.decode()
    assert owner.get(f"{RULES}/{rule.pk}").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "", "after_days": "7"},
        {"name": "Offer", "after_days": "7", "close_days": "30"},
        {"name": "Offer", "after_days": "-1", "close_days": "30", "offer": "1"},
    ],
)
def test_rule_that_says_too_little_is_refused_in_place(
    sent: dict[str, str], owner: Browser, workspace: Workspace
) -> None:
    answer = owner.post(f"{RULES}/new/upsell", htmx=True, **sent)

    assert answer.status_code == 422
    assert not FollowupRule.objects.exists()


def test_rules_are_for_those_who_steer(viewer: Browser, workspace: Workspace) -> None:
    rule = followup_rules.add(workspace, act="survey", name="Ask", by=None)

    assert viewer.get(RULES).status_code == 403
    assert viewer.post(f"{RULES}/{rule.pk}/retire").status_code == 403
    assert sign_in(make.owner_of(workspace)).get(f"{RULES}/new/dance").status_code == 404
