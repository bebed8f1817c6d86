"""How customers came, written down row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.base import tracking
from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.contacts import people
from penstock.sales import channels, deals, touches
from penstock.sales.models import Deal, Touch, TouchTrace
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

PAGE = "https://mill.test/wheels"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return make.deal(workspace)


def test_touch_says_channel_and_keeps_what_the_addresses_said(deal: Deal) -> None:
    trace = tracking.read(f"{PAGE}?utm_medium=cpc&utm_source=yandex", referrer="https://ya.ru/")

    touch = touches.record(deal, by=None, trace=trace, channel="phone")

    assert (touch.channel, touch.campaign) == ("paid", None)
    kept = touch.trace
    assert (kept.utm_source, kept.utm_medium, kept.landing, kept.referrer) == (
        "yandex",
        "cpc",
        PAGE,
        "ya.ru",
    )


def test_code_in_the_address_names_the_campaign_and_its_channel(
    workspace: Workspace, deal: Deal
) -> None:
    fair = make.campaign(workspace, code="fair-26", channel="event")
    trace = tracking.read(f"{PAGE}?utm_campaign=Fair-26&utm_medium=email")

    touch = touches.record(deal, by=None, trace=trace)

    assert (touch.campaign, touch.channel) == (fair, "event")


def test_what_is_said_stands_in_where_addresses_are_silent(
    workspace: Workspace, deal: Deal
) -> None:
    fair = make.campaign(workspace)

    found = [
        touches.record(deal, by=None),
        touches.record(deal, by=None, channel="phone"),
        touches.record(deal, by=None, campaign=fair),
    ]

    assert [(one.channel, one.campaign) for one in found] == [
        ("direct", None),
        ("phone", None),
        ("event", fair),
    ]
    assert not TouchTrace.objects.exists()


def test_rule_of_the_workspace_decides(workspace: Workspace, deal: Deal) -> None:
    channels.set_rule(workspace, sort="referrer", text="Portal.test", channel="content", by=None)

    touch = touches.record(
        deal, by=None, trace=tracking.read(PAGE, referrer="https://portal.test/")
    )

    assert touch.channel == "content"


def test_touch_may_be_older_than_its_deal_and_not_of_the_future(deal: Deal) -> None:
    before = timezone.now() - timedelta(days=30)

    assert touches.record(deal, by=None, channel="content", at=before).occurred_at == before
    with pytest.raises(RuleBroken, match="future"):
        touches.record(deal, by=None, channel="content", at=timezone.now() + timedelta(days=1))


def test_same_record_is_taken_in_once(workspace: Workspace, deal: Deal) -> None:
    first = touches.record(deal, by=None, channel="search", source_key="a:1")
    second = touches.record(deal, by=None, channel="search", source_key="a:1")

    assert (first.pk, Touch.objects.count()) == (second.pk, 1)
    with pytest.raises(Conflict, match="another deal"):
        touches.record(make.deal(workspace), by=None, channel="search", source_key="a:1")


def test_touch_is_withdrawn_once(deal: Deal) -> None:
    touch = touches.record(deal, by=None, channel="search")

    touches.withdraw(touch, by=None)

    assert [row.is_void for row in Touch.objects.order_by("pk")] == [False, True]
    with pytest.raises(Conflict):
        touches.withdraw(touch, by=None)
    with pytest.raises(NotFound):
        touches.touch_of(deal, touch.pk)


def test_unknown_channel_is_refused(deal: Deal) -> None:
    with pytest.raises(RuleBroken, match="one of the channels"):
        touches.record(deal, by=None, channel="pigeon")


def test_erasing_a_person_leaves_channel_and_campaign(workspace: Workspace, deal: Deal) -> None:
    carol = make.person(workspace)
    deals.add_person(deal, person=carol, part="contact", by=None)
    touches.record(deal, by=None, trace=tracking.read(f"{PAGE}?utm_content=carol"))
    other = make.touch_trace(workspace)

    people.erase(carol, by=make.owner_of(workspace))

    assert list(TouchTrace.objects.all()) == [other]
    assert Touch.objects.filter(item_id=deal.pk).count() == 1
