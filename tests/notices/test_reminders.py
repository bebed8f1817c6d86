"""Reminders through a real mail server, the bell, and the list of the day: each once, in time, to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from penstock.base.errors import RuleBroken
from penstock.catalog import calendars
from penstock.flow.dating import lived, today
from penstock.notices import bell, post_office, reminders, wishes
from penstock.notices.models import Message, Notice
from penstock.sales import activities, deals
from penstock.sales.models import Activity, Deal
from penstock.users.models import Member, Role, Workspace
from penstock.worker import digest
from tests import make
from tests.notices.conftest import Postbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def bob(workspace: Workspace) -> Member:
    return make.member(workspace, name="Bob", role=Role.REP)


@pytest.fixture
def deal(workspace: Workspace, bob: Member) -> Deal:
    return make.deal(workspace, title="Турбина", owner=bob)


def soon(deal: Deal, owner: Member, *, minutes: int = 20) -> Activity:
    return activities.plan(
        deal.item,
        kind="call",
        due=timezone.now() + timedelta(minutes=minutes),
        by=owner,
        owner=owner,
        subject="Спросить о бюджете",
    )


def send_all() -> None:
    for message in Message.objects.filter(status="waiting").order_by("pk"):
        post_office.send(message.pk, is_last_try=True)


def test_reminder_comes_once_by_bell_and_by_mail(
    workspace: Workspace, bob: Member, deal: Deal, postbox: Postbox
) -> None:
    soon(deal, bob)

    n = [reminders.before_due(workspace) for _run in range(2)]
    send_all()

    assert n == [1, 0]
    assert [row.kind for row in Notice.objects.filter(member=bob)] == ["soon"]
    assert "Спросить о бюджете" in str(postbox.letters[0]["Subject"])
    assert len(postbox.letters) == 1
    assert "/wishes" in postbox.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # -- it has one


def test_put_off_is_reminded_of_again(workspace: Workspace, bob: Member, deal: Deal) -> None:
    activity = soon(deal, bob)
    reminders.before_due(workspace)
    activities.reschedule(activity, due=timezone.now() + timedelta(minutes=25), by=bob)

    assert reminders.before_due(workspace) == 1


@pytest.mark.parametrize("minutes", [31, -1])
def test_not_too_early_and_not_too_late(
    workspace: Workspace, bob: Member, deal: Deal, minutes: int
) -> None:
    activity = soon(deal, bob)
    Activity.objects.filter(pk=activity.pk).update(
        due_at=timezone.now() + timedelta(minutes=minutes)
    )

    assert reminders.before_due(workspace) == 0


def test_wishes_are_kept(workspace: Workspace, bob: Member, deal: Deal) -> None:
    soon(deal, bob, minutes=100)
    none = reminders.before_due(workspace)
    wishes.choose(bob, has_digest=True, digest_hour=8, minutes_before=120)
    early = reminders.before_due(workspace)
    soon(deal, bob, minutes=5)
    wishes.choose(bob, has_digest=True, digest_hour=8, minutes_before=0)

    assert (none, early, reminders.before_due(workspace)) == (0, 1, 0)


def silence_done(deal: Deal, activity: Activity, bob: Member) -> None:
    activities.complete(activity, by=bob)


def silence_cancelled(deal: Deal, activity: Activity, bob: Member) -> None:
    activities.cancel(activity, by=bob)


def silence_parked(deal: Deal, activity: Activity, bob: Member) -> None:
    deals.park(deal, until=today(deal.workspace) + timedelta(days=3), by=bob)


def silence_lost(deal: Deal, activity: Activity, bob: Member) -> None:
    deals.lose(deal, reason=make.loss_reason(deal.workspace), by=bob)


def silence_no_account(deal: Deal, activity: Activity, bob: Member) -> None:
    Member.objects.filter(pk=bob.pk).update(account=None)


def silence_left(deal: Deal, activity: Activity, bob: Member) -> None:
    Member.objects.filter(pk=bob.pk).update(is_active=False)


@pytest.mark.parametrize(
    "silence",
    [
        silence_done,
        silence_cancelled,
        silence_parked,
        silence_lost,
        silence_no_account,
        silence_left,
    ],
)
def test_nobody_is_reminded_in_vain(
    workspace: Workspace, bob: Member, deal: Deal, silence: Callable[..., None]
) -> None:
    silence(deal, soon(deal, bob), bob)

    assert (reminders.before_due(workspace), Message.objects.count()) == (0, 0)


def test_bell_rings_for_what_others_give_and_not_for_ones_own(
    workspace: Workspace, bob: Member, deal: Deal
) -> None:
    alice = make.owner_of(workspace)
    mine = make.activity(workspace, about=deal.item, owner=bob)
    quiet = bell.n_unread(bob)
    activities.assign(mine, owner=alice, by=bob)
    activities.plan(deal.item, kind="task", due=today(workspace), by=alice, owner=bob)

    assert (quiet, bell.n_unread(bob), bell.n_unread(alice)) == (0, 1, 1)
    assert (bell.read_all(bob), bell.read_all(bob), bell.n_unread(bob)) == (1, 0, 0)


def test_past_that_is_told_again_rings_no_bell(
    workspace: Workspace, bob: Member, deal: Deal
) -> None:
    with lived(datetime.now(UTC) + timedelta(minutes=1)):
        pass
    with lived(datetime.now(UTC) - timedelta(days=3)):
        old = make.deal(workspace, owner=bob)
        activities.plan(old.item, kind="call", due=today(workspace), by=None, owner=bob)

    assert bell.n_unread(bob) == 0


@pytest.fixture
def on_monday(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the hour of a working day."""

    def set_hour(hour: int, *, day: int = 30) -> None:
        moment = datetime(2026, 11, day, hour, 5, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_hour


def test_list_of_the_day_comes_once_from_the_chosen_hour(
    workspace: Workspace, bob: Member, deal: Deal, on_monday: Callable[..., None], postbox: Postbox
) -> None:
    make.deal(workspace, title="Second", owner=bob)
    n = []
    for hour in (7, 8, 9, 15):
        on_monday(hour)
        n.append(digest.send_due(workspace))
    send_all()

    letter = postbox.letters[0]
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # -- it has one
    assert n == [0, 1, 0, 0]
    assert letter["Subject"] == "2 things to do today"
    assert letter["To"] == bob.account.email if bob.account else ""
    assert "Турбина: No next step" in text
    assert f"/deals/{deal.item.key}" in text


def test_list_of_the_day_waits_for_a_working_day_and_for_something_to_do(
    workspace: Workspace, bob: Member, deal: Deal, on_monday: Callable[..., None]
) -> None:
    on_monday(9, day=29)
    sunday = digest.send_due(workspace)
    on_monday(9)
    calendars.add_days(
        calendars.ensure_default(workspace, by=None), [(today(workspace), "Holiday")], by=None
    )
    holiday = digest.send_due(workspace)

    assert (sunday, holiday, Message.objects.count()) == (0, 0, 0)


def test_who_wishes_no_list_gets_none(
    workspace: Workspace, bob: Member, deal: Deal, on_monday: Callable[..., None]
) -> None:
    wishes.choose(bob, has_digest=False, digest_hour=8, minutes_before=30)
    on_monday(9)

    assert digest.send_due(workspace) == 0


def test_list_is_in_the_language_of_its_member(
    workspace: Workspace, bob: Member, deal: Deal, on_monday: Callable[..., None]
) -> None:
    assert bob.account is not None
    bob.account.language = "ru"
    bob.account.save()
    on_monday(9)
    digest.send_due(workspace)

    assert Message.objects.get().subject == "На сегодня 1 дело"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"digest_hour": 24}, "notices.hour"),
        ({"minutes_before": 1441}, "notices.minutes"),
        ({"minutes_before": -1}, "notices.minutes"),
    ],
)
def test_wishes_that_no_clock_knows_are_refused(
    bob: Member, wish: dict[str, Any], code: str
) -> None:
    usual = {"has_digest": True, "digest_hour": 8, "minutes_before": 30}

    with pytest.raises(RuleBroken) as refusal:
        wishes.choose(bob, **usual | wish)

    assert refusal.value.code == code
