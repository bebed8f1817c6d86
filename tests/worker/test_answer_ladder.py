"""A lead from the form to the managers: a visitor sends it, time passes, the duties tell who has to know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client

from penstock.catalog import calendars
from penstock.flow import dating
from penstock.notices.models import Message
from penstock.sales import activities
from penstock.sales.models import AnswerClock, Deal
from penstock.users import teams, walls
from penstock.users.models import Member, Role, Workspace
from penstock.web.forms import open_capture
from penstock.worker import duties
from tests import make

pytestmark = pytest.mark.django_db

#: A Friday to come, for letters about the past are not written; people work from nine to six.
FRIDAY = date(2040, 3, 2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2040, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def workspace(db: None) -> Workspace:
    cache.clear()
    found = make.workspace(time_zone="UTC")
    calendar = calendars.ensure_default(found, by=None)
    calendars.add_days(calendar, [(FRIDAY + timedelta(days=3), "Holiday")], by=None)
    return found


def people(workspace: Workspace) -> dict[str, Member]:
    found = {
        "Rep": make.member(workspace, name="Rep"),
        "Lead": make.member(workspace, name="Lead"),
        "Manager": make.member(workspace, name="Manager", role=Role.MANAGER),
    }
    team = make.team(workspace)
    teams.set_lead(team, lead=found["Lead"], by=None)
    Member.objects.filter(pk=found["Rep"].pk).update(team=team)
    return found


def arrives(workspace: Workspace, **rule: object) -> Deal:
    """A visitor sends the form on Friday at ten to six."""
    form = make.capture_form(workspace, **rule)
    path = f"/open/{workspace.slug}/forms/{form.token}"
    visitor = Client()
    with dating.lived(at(2, 17, 50)), patch.object(open_capture, "QUICKEST_SECONDS", -1):
        mark = visitor.get(path).context["form"].initial["guard"]
        told = {"guard": mark, "name": "Carol", "email": "carol@customer.test"}
        assert visitor.post(path, told).status_code == 302
    walls.enter(workspace_id=workspace.pk)
    return Deal.objects.get()


def told_until(workspace: Workspace, moment: datetime) -> list[str]:
    """Run what is due every minute, and say who got a letter since."""
    known = set(Message.objects.values_list("pk", flat=True))
    with dating.lived(moment):
        for duty in duties.of(duties.MINUTE):
            duty.act(workspace)
    rows = Message.objects.exclude(pk__in=known).select_related("member").order_by("pk")
    return [str(row.member.name) for row in rows if row.member]


def test_lead_of_friday_evening_climbs_over_weekend_and_holiday(workspace: Workspace) -> None:
    members = people(workspace)
    deal = arrives(workspace, owner_rule="member", member=members["Rep"])

    clock = AnswerClock.objects.get(deal=deal)
    # Ten minutes on Friday, none on the weekend and the holiday, the rest of eight hours on Tuesday.
    assert (clock.due_at, clock.lead_at, clock.manager_at) == (
        at(6, 16, 50),
        at(7, 11, 50),
        at(7, 15, 50),
    )
    assert [row.subject for row in Message.objects.all()] == ["New lead: Ask for a quote"]
    told = [
        told_until(workspace, moment)
        for moment in (
            at(5, 23),
            at(6, 16, 49),
            at(6, 16, 50),
            at(7, 11, 50),
            at(7, 15, 49),
            at(7, 15, 50),
            at(9, 12),
        )
    ]
    assert told == [[], [], ["Rep"], ["Lead"], [], ["Manager"], []]


def test_nobodys_lead_of_friday_evening_tells_the_managers_at_once_and_when_time_is_over(
    workspace: Workspace,
) -> None:
    people(workspace)
    arrives(workspace)

    assert [str(row.member) for row in Message.objects.all()] == ["Manager"]
    moments = (at(6, 16, 49), at(6, 16, 50), at(9, 12))
    assert [told_until(workspace, moment) for moment in moments] == [[], ["Manager"], []]


def test_call_of_tuesday_morning_ends_it(workspace: Workspace) -> None:
    members = people(workspace)
    deal = arrives(workspace, owner_rule="member", member=members["Rep"])

    with dating.lived(at(6, 9, 30)):
        activities.log(deal.item, kind="call", by=members["Rep"], result="reached")

    assert [told_until(workspace, at(day, 18)) for day in (6, 7, 8)] == [[], [], []]
