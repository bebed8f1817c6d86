"""When everything is ready: the order of work, teams, holds, what nobody can do, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from penstock.backlog import dependencies, forecasts, holds, orders, priorities, pulling
from penstock.backlog.models import Forecast, Order, WorkItem
from penstock.base.calendar import Window
from penstock.catalog import calendars
from penstock.flow import dating, pipelines
from penstock.flow.models import Kind, Stage
from penstock.reports import promise_facts, promises, promises_kept, quotes
from penstock.reports.quotes import Wanted
from penstock.users.models import Team, Workspace
from penstock.worker import foreseeing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


@pytest.fixture
def crew(workspace: Workspace) -> Team:
    """A team of one, eight hours a day."""
    team = make.team(workspace)
    make.place(workspace, at=team)
    return team


def _order(
    workspace: Workspace, title: str, *, hours: str = "40", days: int | None = None
) -> Order:
    order = make.order(workspace, lines=[make.line("1", price="100", hours=hours)], title=title)
    if days is not None:
        day = dating.today(workspace) + timedelta(days=days)
        orders.change_dates(order, by=None, promised_on=day)
    return order


def _told(workspace: Workspace) -> dict[str, Forecast]:
    foreseeing.foresee(workspace)
    rows = Forecast.objects.exclude(order=None).select_related("order__item").order_by("pk")
    return {row.order.item.title: row for row in rows if row.order}


def test_who_is_first_in_the_queue_is_ready_first(workspace: Workspace, crew: Team) -> None:
    _order(workspace, "later", days=60)
    _order(workspace, "sooner", days=5)

    told = _told(workspace)

    assert told["sooner"].p85 < told["later"].p50
    assert told["sooner"].p50 <= told["sooner"].p85 <= told["sooner"].p95
    assert told["later"].by_promise > 0.9
    assert told["sooner"].is_assumed
    assert (told["sooner"].model, told["sooner"].policy) == ("capacity-1", "edd")
    assert told["sooner"].p85.weekday() < 5


def test_another_policy_makes_other_promises(workspace: Workspace, crew: Team) -> None:
    _order(workspace, "promised", hours="80", days=5)
    _order(workspace, "quick", hours="16", days=60)
    before = _told(workspace)

    make.queue_rule(workspace, "wspt")
    after = _told(workspace)

    assert before["promised"].p50 < before["quick"].p50
    assert after["quick"].p50 < before["quick"].p50
    assert after["quick"].policy == "wspt"


def test_work_goes_to_its_team_and_teams_do_not_wait_for_each_other(
    workspace: Workspace, crew: Team
) -> None:
    other = make.team(workspace, "South")
    make.place(workspace, at=other)
    for title, team in (("ours", crew), ("theirs", other)):
        work = _order(workspace, title).lines.get().work_items.get()
        dependencies.give(work, team=team, by=None)

    told = _told(workspace)

    assert told["ours"].p50 == told["theirs"].p50


def _work(order: Order) -> WorkItem:
    return order.lines.get().work_items.get()


def test_begun_work_has_less_left_than_it_was_planned_for(workspace: Workspace, crew: Team) -> None:
    past = dating.now() - timedelta(days=10)
    make.order(workspace, lines=[make.line("1", hours="80")], title="begun", at=past)
    fresh = _told(workspace)["begun"].p50

    pulling.pull(make.owner_of(workspace), at=past + timedelta(days=3))

    begun = _told(workspace)["begun"]
    assert begun.p50 < fresh
    assert begun.p50 > dating.today(workspace)


def test_nobody_works_on_what_needs_work_that_is_not_done(workspace: Workspace, crew: Team) -> None:
    other = make.team(workspace, "South")
    make.place(workspace, at=other)
    first, second = _order(workspace, "first", hours="80"), _order(workspace, "second", hours="8")
    dependencies.give(_work(first), team=crew, by=None)
    dependencies.give(_work(second), team=other, by=None)
    free = _told(workspace)["second"].p50

    dependencies.add(_work(first), after=_work(second), by=None)

    told = _told(workspace)
    assert free < told["first"].p50 < told["second"].p50


def test_limit_of_the_stages_holds_up_a_crew_that_is_larger(workspace: Workspace) -> None:
    team = make.team(workspace)
    for _number in range(4):
        make.place(workspace, at=team)
    for number in range(8):
        _order(workspace, f"order {number}", days=10 + number)
    free = _told(workspace)["order 7"].p50

    stages = Stage.objects.filter(pipeline=make.pipeline(workspace, Kind.WORK), kind="work")
    stages.update(wip_limit=1)

    assert _told(workspace)["order 7"].p50 > free
    facts = promise_facts.read(make.owner_of(workspace), now=dating.now())
    assert facts.crews[team.pk].places[0] == min(4, stages.count())


def test_people_of_one_stage_do_nothing_in_another(workspace: Workspace, crew: Team) -> None:
    check = pipelines.add_stage(make.pipeline(workspace, Kind.WORK), name="Check")
    make.place(workspace, at=crew, stage=check)
    _order(workspace, "one")

    crew_ = promise_facts.read(make.owner_of(workspace), now=dating.now()).crews[crew.pk]

    assert len(crew_.places) == 2
    assert crew_.per_day[-1].sum() > crew_.per_day[0].sum()
    assert crew_.per_day.sum() == pytest.approx(crew_.per_day[-1].sum() + crew_.per_day[0].sum())


def test_hold_with_a_day_waits_for_it_and_one_without_has_no_day(
    workspace: Workspace, crew: Team
) -> None:
    until = dating.today(workspace) + timedelta(days=40)
    holds.hold(_order(workspace, "until"), holds.Why("payment", "customer", until), by=None)
    holds.hold(_order(workspace, "never"), holds.Why("payment", "customer", None), by=None)
    _order(workspace, "free")

    told = _told(workspace)

    assert told["free"].p85 < until < told["until"].p50
    assert (told["never"].problem, told["never"].p85, told["never"].within) == ("held", None, 0)


def test_larger_than_the_horizon_has_no_day_but_a_share(workspace: Workspace, crew: Team) -> None:
    _order(workspace, "huge", hours="999999")

    row = _told(workspace)["huge"]

    assert (row.p50, row.p85, row.within, row.problem) == (None, None, 0.0, "")


def test_team_without_hours_and_nobody_at_all_are_said(workspace: Workspace, crew: Team) -> None:
    idle = make.team(workspace, "Idle")
    work = _order(workspace, "idle").lines.get().work_items.get()
    dependencies.give(work, team=idle, by=None)

    assert _told(workspace)["idle"].problem == "no_hours"


def test_without_people_and_deliveries_nobody_can_say(workspace: Workspace) -> None:
    _order(workspace, "first")

    assert _told(workspace)["first"].problem == "no_capacity"


def test_without_recorded_hours_the_throughput_is_the_capacity(workspace: Workspace) -> None:
    for weeks in range(1, 13):
        at = dating.now() - timedelta(days=7 * weeks)
        order = make.order(workspace, lines=[make.line("1", hours="40")], at=at)
        orders.fulfil_all(order, by=None, at=at + timedelta(days=2))
    _order(workspace, "next", hours="80")
    _order(workspace, "held back", hours="80")

    told = _told(workspace)

    assert told["next"].model == "throughput-1"
    assert told["next"].problem == ""
    assert told["next"].p50 < told["held back"].p50


def test_calendar_without_a_working_day_is_said(workspace: Workspace, crew: Team) -> None:
    calendar = calendars.ensure_default(workspace, by=None)
    calendar.weeks.create(
        workspace=workspace,
        valid_from=dating.today(workspace) - timedelta(days=900),
        hours=[""] * 7,
    )
    _order(workspace, "never")

    assert _told(workspace)["never"].problem in ("no_days", "no_capacity")


def test_order_is_ready_with_the_last_of_its_lines(workspace: Workspace, crew: Team) -> None:
    lines = [make.line("1", title="short", hours="8"), make.line("1", title="long", hours="80")]
    make.order(workspace, lines=lines)

    told = _told(workspace)["Wheels"]

    of_lines = {row.line.title: row for row in Forecast.objects.exclude(line=None) if row.line}
    assert of_lines["short"].p85 < of_lines["long"].p85 == told.p85
    assert Forecast.objects.exclude(work=None).count() == 2


def test_what_says_the_same_is_not_written_again(workspace: Workspace, crew: Team) -> None:
    _order(workspace, "one", days=30)

    first, again = foreseeing.foresee(workspace), foreseeing.foresee(workspace)
    later = dating.now() + forecasts.AGAIN
    with dating.lived(later):
        alive = foreseeing.foresee(workspace)

    assert (first, again) == (3, 0)
    assert alive == 3


def test_empty_workspace_foresees_nothing(workspace: Workspace) -> None:
    assert foreseeing.foresee(workspace) == 0


def _window(workspace: Workspace) -> Window:
    today = dating.today(workspace)
    return Window(today - timedelta(days=364), today, workspace.zone)


def _decided(workspace: Workspace, *, late: int, fine: int) -> None:
    """Forecasts for the day before yesterday, of orders that came that day or a day too late."""
    day = dating.today(workspace) - timedelta(days=2)
    rows = []
    for number in range(late + fine):
        at = dating.now() - timedelta(days=20)
        order = make.order(workspace, at=at)
        orders.fulfil_all(
            order, by=None, at=dating.now() - timedelta(days=1 if number < late else 2)
        )
        row = Forecast(order=order, p50=day, p85=day, p95=day, within=1.0, horizon_on=day)
        row.policy, row.model = "edd", "capacity-1"
        row.level50, row.level85, row.level95 = 0.5, 0.85, 0.95
        row.n_paths, row.n_history, row.is_assumed = 1000, 30, False
        rows.append(row)
    with dating.lived(dating.now() - timedelta(days=10)):
        forecasts.keep(workspace, rows)


def test_record_counts_what_was_late_and_levels_learn_from_it(workspace: Workspace) -> None:
    _decided(workspace, late=10, fine=12)
    owner = make.owner_of(workspace)

    found = promises_kept.record(owner, window=_window(workspace))

    sure = found.levels[1]
    assert (sure.kept.n, sure.kept.n_late, sure.kept.is_off) == (22, 10, True)
    assert sure.asked > 0.85
    assert promises_kept.levels(owner)[1] == sure.asked
    assert found.n_open == 0


def test_few_promises_move_no_level(workspace: Workspace) -> None:
    _decided(workspace, late=5, fine=5)

    assert promises_kept.levels(make.owner_of(workspace)) == (0.5, 0.85, 0.95)


def test_day_that_passed_without_delivery_is_missed_and_cancelled_orders_are_left_out(
    workspace: Workspace, crew: Team
) -> None:
    with dating.lived(dating.now() - timedelta(days=60)):
        waiting, gone = (
            _order(workspace, "waiting", hours="8"),
            _order(workspace, "gone", hours="8"),
        )
        foreseeing.foresee(workspace)
    orders.cancel_rest(gone, reason="customer", by=None)

    found = promises_kept.record(make.owner_of(workspace), window=_window(workspace))

    assert [case.order_id for case in found.cases] == [waiting.pk]
    assert found.levels[1].kept.n_late == 1


def _quote(workspace: Workspace, **wanted: object) -> quotes.Quote:
    details = {"hours": 40.0, **wanted}
    return quotes.quote(make.owner_of(workspace), Wanted(**details), now=dating.now())


def test_quote_says_when_and_who_waits_longer(workspace: Workspace, crew: Team) -> None:
    first = _order(workspace, "first", days=10)
    second = _order(workspace, "second", days=40)
    promised = dating.today(workspace) + timedelta(days=20)

    found = _quote(workspace, promised_on=promised)

    assert (found.place, found.n) == (2, 3)
    assert [one.order_id for one in found.later] == [second.pk]
    assert 5 < found.later[0].days < 10
    assert found.ready.days[1] is not None
    assert first.pk not in {one.order_id for one in found.later}


def test_last_in_the_queue_harms_nobody(workspace: Workspace, crew: Team) -> None:
    _order(workspace, "first", days=10)

    found = _quote(workspace)

    assert (found.place, found.n_later, found.break_even) == (2, 0, 0)


def test_slot_has_to_earn_what_it_costs_the_others(workspace: Workspace, crew: Team) -> None:
    order = _order(workspace, "dear", days=14)

    priorities.say_costs(order, cost_of_delay=Decimal(1000), contribution=None, by=None)

    found = _quote(workspace, place=1)

    # A week of work before it makes it late on some of the paths, at a thousand a working day.
    assert found.break_even == found.later[0].cost
    assert 500 < found.break_even < 6000
    assert found.n_newly_late == 1


def test_quote_beyond_all_hours_says_so(workspace: Workspace, crew: Team) -> None:
    idle = make.team(workspace, "Idle")

    huge, nobody = _quote(workspace, hours=9_999_999.0), _quote(workspace, team_id=idle.pk)

    assert (huge.ready.days, huge.ready.within, huge.problem) == ((None, None, None), 0.0, "")
    assert nobody.problem == "no_hours"


def test_levels_are_told_to_the_draws(workspace: Workspace, crew: Team) -> None:
    _order(workspace, "one")
    plain = _told(workspace)["one"].level85
    _decided(workspace, late=18, fine=4)

    assert plain == 0.85
    owner = make.owner_of(workspace)
    found = promises.forecasts(owner, now=dating.now())[0]
    assert found.level85 > plain
    assert (found.level50, found.level85, found.level95) == promises_kept.levels(owner)
