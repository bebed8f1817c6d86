"""How soon leads are answered, in figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from penstock.base.calendar import Window
from penstock.flow import dating
from penstock.reports import answers as report
from penstock.reports.slices import Slice
from penstock.sales import activities, answers, deals, touches
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


@pytest.fixture
def workspace(db: None) -> Workspace:
    workspace = make.workspace(time_zone="UTC")
    make.answer_rule(workspace)
    return workspace


@pytest.fixture
def window(workspace: Workspace) -> Window:
    return Window(first=date(2026, 3, 1), last=date(2026, 3, 31), zone=workspace.zone)


def lead(workspace: Workspace, *, hours: float | None = None, **details: object):
    deal = make.deal(workspace, at=MONDAY, **details)
    answers.start(deal, at=MONDAY)
    if hours is not None:
        activities.log(deal.item, kind="call", by=None, at=MONDAY + timedelta(hours=hours))
    return deal


def test_leads_are_counted_by_how_they_stand(workspace: Workspace, window: Window) -> None:
    lead(workspace, hours=1)
    lead(workspace, hours=3)
    lead(workspace, hours=6)
    lead(workspace)
    deals.lose(lead(workspace), reason=make.loss_reason(workspace), by=None, at=AT)

    found = report.in_window(make.owner_of(workspace), window, at=AT + timedelta(minutes=1)).whole

    assert found.counts == {"in_time": 2, "late": 1, "waiting": 0, "overdue": 1, "ended": 1}
    assert (found.in_time.n, found.in_time.of, found.n) == (2, 4, 5)
    # Two of five answered within three hours, three within six; the others waited two working days.
    assert (found.duration.median.days, found.duration.p85.days) == (6.0, None)


def test_what_waits_in_time_is_in_no_share(workspace: Workspace, window: Window) -> None:
    lead(workspace)

    found = report.in_window(make.owner_of(workspace), window, at=MONDAY + timedelta(hours=2))

    assert (found.whole.counts["waiting"], found.whole.in_time.of) == (1, 0)


def test_past_day_shows_it_as_it_stood(workspace: Workspace, window: Window) -> None:
    lead(workspace, hours=6)

    then = report.in_window(make.owner_of(workspace), window, at=MONDAY + timedelta(hours=5))
    now = report.in_window(make.owner_of(workspace), window, at=AT)

    assert (then.whole.counts["overdue"], now.whole.counts["late"]) == (1, 1)


def test_parts_by_owner_and_channel(workspace: Workspace, window: Window) -> None:
    rep = make.member(workspace)
    touches.record(lead(workspace, hours=1, owner=rep), by=None, channel="search", at=MONDAY)
    lead(workspace)

    found = report.in_window(make.owner_of(workspace), window, at=AT)

    assert {pk: part.n for pk, part in found.by_owner} == {rep.pk: 1, 0: 1}
    assert {code: part.in_time.n for code, part in found.by_channel} == {"search": 1, "": 0}


def test_slice_and_rights_narrow(workspace: Workspace, window: Window) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    rep = make.member(workspace, role=Role.REP)
    lead(workspace, owner=rep)
    lead(workspace, owner=make.owner_of(workspace))
    member = Member.objects.select_related("workspace").get(pk=rep.pk)

    mine = report.in_window(member, window, at=AT)
    cut = report.in_window(make.owner_of(workspace), window, at=AT, only=Slice(owner=rep))

    assert (mine.whole.n, cut.whole.n) == (1, 1)


def test_climbed_ones_are_counted_and_nothing_is_nothing(
    workspace: Workspace, window: Window
) -> None:
    nothing = report.in_window(make.owner_of(workspace), window, at=AT)
    lead(workspace)
    answers.climb(workspace)
    after = datetime.now(UTC) + timedelta(minutes=1)

    found = report.in_window(make.owner_of(workspace), window, at=after)

    assert (nothing.whole.n, nothing.whole.in_time.share, found.n_told) == (0, None, 1)


def test_answer_that_was_entered_later_was_not_known(workspace: Workspace, window: Window) -> None:
    with dating.lived(MONDAY):
        deal = lead(workspace)
    with dating.lived(AT):
        activities.log(deal.item, kind="call", by=None, at=MONDAY + timedelta(hours=1))
    me = make.owner_of(workspace)
    then = MONDAY + timedelta(hours=8)

    was = report.in_window(me, window, at=then).whole.counts
    known = report.in_window(me, window, at=then, known=then).whole.counts
    late = report.in_window(me, window, at=then, known=AT + timedelta(hours=1)).whole

    assert (was["in_time"], known["overdue"]) == (1, 1)
    assert (late.counts["in_time"], late.duration.median.days) == (1, 1.0)


def test_end_that_was_entered_later_was_not_known(workspace: Workspace, window: Window) -> None:
    with dating.lived(MONDAY):
        lost, taken = lead(workspace), lead(workspace)
    with dating.lived(AT):
        soon = MONDAY + timedelta(hours=1)
        deals.lose(lost, reason=make.loss_reason(workspace), by=None, at=soon)
        deals.qualify(taken, by=None, at=soon)
    me, then = make.owner_of(workspace), MONDAY + timedelta(hours=3)

    known = report.in_window(me, window, at=then, known=then).whole.counts
    later = report.in_window(me, window, at=then, known=AT + timedelta(hours=1)).whole.counts

    assert (known["waiting"], known["ended"], later["ended"]) == (2, 0, 2)
