"""Which channels and campaigns bring leads and customers, against rows that are shared out one by one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from penstock.analytics import attribution
from penstock.base.calendar import Window
from penstock.catalog import rates
from penstock.flow import dating
from penstock.reports import channels
from penstock.reports.slices import Slice
from penstock.sales import campaigns, deals, merging, touches
from penstock.sales.models import Deal, Touch
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from tests import make

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
UNTIL = date(2026, 3, 31)


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace(time_zone="UTC", currency="EUR")


@pytest.fixture
def window(workspace: Workspace) -> Window:
    return Window(first=date(2026, 1, 1), last=date(2026, 1, 31), zone=workspace.zone)


def lead(workspace: Workspace, *came: str, day: int = 0, won: str = "", **details: Any) -> Deal:
    """A lead that came by some channels, one a day; won for an amount three weeks later."""
    at = START + timedelta(days=day)
    with dating.lived(at):
        deal = make.deal(workspace, amount=won or None, **details)
        for number, channel in enumerate(came):
            touches.record(deal, by=None, channel=channel, at=at - timedelta(days=9 - number))
    if won:
        with dating.lived(at + timedelta(days=21)):
            deals.win(deal, by=None)
    return deal


def earned(member: Member, window: Window, rule: str = "first", by: str = "channel", **more: Any):
    found = channels.earned(member, window, rule=rule, by=by, until=UNTIL, **more)
    return {one.key: one for one in found.lines}, found


def counts(member: Member, window: Window, rule: str, figure: str = "leads") -> dict[str, Fraction]:
    lines, _found = earned(member, window, rule)
    return {key: one.count(figure) for key, one in lines.items()}


def test_credit_goes_to_the_first_the_last_or_all_touches(
    workspace: Workspace, window: Window
) -> None:
    lead(workspace, "search", "email", "email")
    lead(workspace, "email")
    me = make.owner_of(workspace)

    assert counts(me, window, "first") == {"search": 1, "email": 1}
    assert counts(me, window, "last") == {"email": 2}
    assert counts(me, window, "linear") == {"search": Fraction(1, 3), "email": Fraction(5, 3)}


def test_stated_source_stands_in_and_touch_after_the_end_earns_nothing(
    workspace: Workspace, window: Window
) -> None:
    for text in ("Trade show", "Our stand"):
        with dating.lived(START):
            deals.change(make.deal(workspace), channel=text, by=None)
    won = lead(workspace, "search", won="100")
    touches.record(won, by=None, channel="phone", at=START + timedelta(days=40))

    lines, found = earned(make.owner_of(workspace), window, "last")

    assert {key: one.count("leads") for key, one in lines.items()} == {
        "event": 1,
        "": 1,
        "search": 1,
    }
    assert (found.n, found.n_stated) == (3, 2)


def test_standing_conversion_cost_and_return(workspace: Workspace, window: Window) -> None:
    fair = make.campaign(workspace, channel="event")
    campaigns.add_cost(
        fair, first=date(2026, 1, 1), last=date(2026, 2, 28), amount=Decimal(590), by=None
    )
    lead(workspace, "event", won="1000")
    lead(workspace, "event", won="240")
    lost = lead(workspace, "event")
    lead(workspace, "event")
    qualified = lead(workspace, "event")
    with dating.lived(START + timedelta(days=3)):
        deals.lose(lost, reason=make.loss_reason(workspace), by=None)
        deals.qualify(qualified, by=None)

    lines, found = earned(make.owner_of(workspace), window)
    line = lines["event"]

    assert [line.count(one) for one in ("leads", "qualified", "won", "open")] == [5, 3, 2, 2]
    assert (line.n_closed, line.cost, line.value) == (3, 310, 1240)
    assert (line.cost_per("leads"), line.cost_per("won"), line.returned) == (62, 155, 4)
    assert (found.n, found.n_open, found.whole.cost) == (5, 2, 310)


def test_channel_without_a_cost_has_none_and_cost_without_leads_is_shown(
    workspace: Workspace, window: Window
) -> None:
    lead(workspace, "search")
    make.campaign_cost(workspace)

    lines, _found = earned(make.owner_of(workspace), window)

    assert (lines["search"].cost, lines["search"].cost_per("leads")) == (None, None)
    assert (lines["event"].cost, lines["event"].cost_per("leads")) == (310, None)


def test_what_the_whole_cost_and_returned_is_said_of_what_has_a_cost(
    workspace: Workspace, window: Window
) -> None:
    make.campaign_cost(workspace)
    lead(workspace, "event", won="620")
    lead(workspace, "event")
    # By far the most value came by a channel of which nobody said what it cost.
    lead(workspace, "search", won="99000")

    _lines, found = earned(make.owner_of(workspace), window)

    assert (found.whole.count("leads"), found.whole.value, found.whole.cost) == (3, 99620, 310)
    assert (found.priced.count("leads"), found.priced.value, found.priced.cost) == (2, 620, 310)
    assert (found.priced.cost_per("leads"), found.priced.cost_per("won")) == (155, 310)
    assert found.priced.returned == 2
    assert not found.is_part


def test_nothing_with_a_cost_has_no_return(workspace: Workspace, window: Window) -> None:
    lead(workspace, "search", won="500")

    _lines, found = earned(make.owner_of(workspace), window)

    assert (found.priced.cost, found.priced.cost_per("leads"), found.priced.returned) == (None,) * 3


def test_by_campaign(workspace: Workspace, window: Window) -> None:
    cost = make.campaign_cost(workspace)
    deal = lead(workspace, "search")
    with dating.lived(START):
        touches.record(deal, by=None, campaign=cost.campaign, at=START - timedelta(days=30))

    lines, _found = earned(make.owner_of(workspace), window, "linear", "campaign")

    key = str(cost.campaign_id)
    assert {one: its.count("leads") for one, its in lines.items()} == {
        key: Fraction(1, 2),
        "": Fraction(1, 2),
    }
    assert (lines[key].name, lines[key].cost) == ("Spring fair", 310)


def test_merged_deals_count_once_with_the_touches_of_both(
    workspace: Workspace, window: Window
) -> None:
    kept, gone = lead(workspace, "search"), lead(workspace, "email")
    with dating.lived(START + timedelta(days=5)):
        merging.merge(kept, gone=gone, by=make.owner_of(workspace))

    assert counts(make.owner_of(workspace), window, "linear") == {
        "search": Fraction(1, 2),
        "email": Fraction(1, 2),
    }


def test_amounts_and_costs_are_turned_at_their_own_days(
    workspace: Workspace, window: Window
) -> None:
    for day, rate in (
        (date(2026, 1, 1), "0.5"),
        (date(2026, 1, 16), "1"),
        (date(2026, 2, 20), "9"),
    ):
        rates.enter(workspace, currency="USD", day=day, rate=Decimal(rate), by=None)
    make.campaign_cost(workspace, currency="USD")
    make.campaign_cost(workspace, currency="GBP", amount="31")
    deal = lead(workspace, "event", day=1)
    with dating.lived(START + timedelta(days=20)):
        deals.change(deal, amount=Decimal(100), currency="USD", by=None)
        deals.win(deal, by=None)

    lines, found = earned(make.owner_of(workspace), window)

    assert (lines["event"].cost, lines["event"].value) == (235, 100)
    assert found.costs_without_rate == {"GBP": 31}


def test_rights_and_slices_narrow(workspace: Workspace, window: Window) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    rep = make.member(workspace, role=Role.REP)
    lead(workspace, "search", owner=rep)
    lead(workspace, "email", owner=make.owner_of(workspace))
    member = Member.objects.select_related("workspace").get(pk=rep.pk)

    assert counts(member, window, "first") == {"search": 1}
    _lines, cut = earned(make.owner_of(workspace), window, only=Slice(owner=rep))
    assert cut.n == 1


def test_past_day_and_what_was_known(workspace: Workspace, window: Window) -> None:
    deal = lead(workspace, "search", won="100")
    touch = Touch.objects.get(item_id=deal.pk)
    touches.withdraw(touch, by=None)
    me = make.owner_of(workspace)

    now = {key: one.count("won") for key, one in earned(me, window)[0].items()}
    known = channels.earned(
        me, window, rule="first", by="channel", until=UNTIL, known=date(2026, 2, 20)
    )
    before = channels.earned(me, window, rule="first", by="channel", until=date(2026, 1, 10))

    assert now == {"": 1}
    assert [(one.key, one.count("won")) for one in known.lines] == [("search", 1)]
    assert before.n_open == 1


@pytest.mark.parametrize("rule", attribution.RULES)
def test_shares_in_sql_are_those_of_the_definition_and_deals_tie_out(
    workspace: Workspace, window: Window, rule: str
) -> None:
    rng = random.Random(5)
    names = ["search", "email", "event", "paid"]
    expected: dict[str, Fraction] = {}
    for number in range(12):
        came = [rng.choice(names) for _touch in range(rng.randint(1, 5))]
        lead(workspace, *came, day=number, won="90" if number % 3 == 0 else "")
        for channel, share in zip(came, attribution.shares(len(came), rule), strict=True):
            expected[channel] = expected.get(channel, Fraction()) + share
    me = make.owner_of(workspace)

    lines, found = earned(me, window, rule)

    assert {key: one.count("leads") for key, one in lines.items()} == {
        key: share for key, share in expected.items() if share
    }
    assert (sum(one.value for one in lines.values()), found.whole.value) == (360, 360)
    for key, line in lines.items():
        behind = channels.deals(
            me, window, rule=rule, by="channel", key=key, figure="won", until=UNTIL
        )
        assert sum((part for _pk, part in behind), Fraction()) == line.count("won")


def test_slice_bears_its_part_of_the_cost_and_slices_add_up(
    workspace: Workspace, window: Window
) -> None:
    one, other = make.member(workspace), make.member(workspace)
    fair = make.campaign_cost(workspace).campaign
    # Nobody came by this one: all leads of its channel bear it.
    make.campaign_cost(workspace)
    search = campaigns.start(
        workspace, name="Ads", channel="search", starts_on=date(2026, 1, 1), by=None
    )
    campaigns.add_cost(
        search, first=date(2026, 1, 1), last=date(2026, 1, 31), amount=Decimal(90), by=None
    )
    with dating.lived(START):
        for owner in (one, one, other):
            touches.record(make.deal(workspace, owner=owner), by=None, campaign=fair)
    # Nobody names the campaign of search: all leads by search bear it.
    lead(workspace, "search", owner=other)
    me = make.owner_of(workspace)

    _lines, whole = earned(me, window)
    mine, cut = earned(me, window, only=Slice(owner=one))
    theirs, rest = earned(me, window, only=Slice(owner=other))

    assert (whole.whole.cost, whole.is_part, whole.idle_cost) == (710, False, 0)
    assert {key: line.cost for key, line in mine.items()} == {"event": Fraction(1240, 3)}
    assert {key: line.cost for key, line in theirs.items()} == {
        "event": Fraction(620, 3),
        "search": 90,
    }
    assert cut.is_part
    assert cut.whole.cost + rest.whole.cost + cut.idle_cost == 710


def test_cost_that_brought_no_lead_is_in_no_slice(workspace: Workspace, window: Window) -> None:
    make.campaign_cost(workspace)
    rep = make.member(workspace)
    lead(workspace, "search", owner=rep)

    _lines, found = earned(make.owner_of(workspace), window, only=Slice(owner=rep))

    assert (found.whole.cost, found.idle_cost) == (None, 310)


def test_qualified_is_what_was_known(workspace: Workspace, window: Window) -> None:
    deal = lead(workspace, "search")
    with dating.lived(START + timedelta(days=30)):
        deals.qualify(deal, by=None, at=START + timedelta(days=5))
    with dating.lived(START + timedelta(days=60)):
        deals.disqualify(deal, reason=make.loss_reason(workspace), by=None)
    me, day = make.owner_of(workspace), date(2026, 1, 20)

    def qualified(**asked: Any) -> Fraction:
        found = channels.earned(me, window, rule="first", by="channel", **asked)
        return found.whole.count("qualified")

    assert qualified(until=day, known=day) == 0
    assert qualified(until=day) == 1
    assert qualified(until=UNTIL) == 0


def test_open_leads_are_followed_and_parked_ones_until_they_were_parked(
    workspace: Workspace, window: Window
) -> None:
    for number in range(8):
        deal = lead(workspace, "search", won="10" if number < 4 else "")
        if number == 7:
            with dating.lived(START + timedelta(days=10)):
                deals.park(deal, until=date(2027, 1, 1), by=None)

    lines, _found = earned(make.owner_of(workspace), window)
    followed = lines["search"].followed

    assert followed is not None
    # The parked one is not watched when four of the seven others are won, after three weeks.
    assert (followed.n, followed.n_open, followed.horizon_days) == (8, 4, 21)
    assert followed.won.share == pytest.approx(4 / 7)


def test_shared_credit_is_followed_in_parts(workspace: Workspace, window: Window) -> None:
    for number in range(6):
        lead(workspace, "search", "email", won="10" if number < 3 else "")

    lines, found = earned(make.owner_of(workspace), window, "linear")

    assert [lines[key].followed.n for key in ("search", "email")] == [3.0, 3.0]
    assert found.whole.followed.won.share == pytest.approx(0.5)
