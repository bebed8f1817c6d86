"""Who is next: every policy, what is put first, what waits for other work, and the keys that are kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.analytics.sequencing import Job
from penstock.backlog import dependencies, orders, priorities, pulling, waiting
from penstock.backlog.models import Order, QueueRule, RankChange
from penstock.backlog.waiting import Facts, Queue
from penstock.base.errors import RuleBroken
from penstock.flow import dating
from penstock.flow.models import FieldChange
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    return make.workspace()


def _order(
    workspace: Workspace,
    title: str,
    *,
    days: int | None,
    price: str,
    hours: str | None,
    ago: int = 1,
) -> Order:
    line = make.line("1", price=price, hours=hours)
    at = dating.now() - timedelta(days=ago)
    order = make.order(workspace, lines=[line], title=title, at=at)
    if days is not None:
        day = dating.today(workspace) + timedelta(days=days)
        orders.change_dates(order, by=None, promised_on=day)
    return Order.objects.get(pk=order.pk)


def _three(workspace: Workspace) -> list[Order]:
    """Long and dear and late; short and cheap and soon; middling."""
    return [
        _order(workspace, "long", days=30, price="9000", hours="90", ago=9),
        _order(workspace, "short", days=10, price="50", hours="1", ago=1),
        _order(workspace, "worth", days=20, price="8000", hours="8", ago=5),
    ]


def _queue(workspace: Workspace) -> list[str]:
    policy = QueueRule.of(workspace).policy
    rows = Order.objects.filter(workspace=workspace, fulfilled_at=None)
    return list(
        rows.order_by(*priorities.order_by(policy), "pk").values_list("item__title", flat=True)
    )


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("edd", ["short", "worth", "long"]),
        ("fcfs", ["long", "worth", "short"]),
        ("wspt", ["worth", "long", "short"]),
        ("contribution", ["worth", "long", "short"]),
        ("critical_ratio", ["long", "worth", "short"]),
    ],
)
def test_queue_and_pull_follow_the_policy(
    workspace: Workspace, policy: str, order: list[str]
) -> None:
    _three(workspace)

    make.queue_rule(workspace, policy)

    assert _queue(workspace) == order
    works = pulling.workable(make.owner_of(workspace))
    assert [work.line.order.item.title for work in works if work.line] == order


def test_atc_looks_at_promises_only_when_they_come_close(workspace: Workspace) -> None:
    _order(workspace, "far", days=300, price="8000", hours="8")
    _order(workspace, "near", days=1, price="7000", hours="8")

    make.queue_rule(workspace, "atc")

    assert _queue(workspace) == ["near", "far"]


def test_what_waiting_costs_is_said_and_counts(workspace: Workspace) -> None:
    _three(workspace)
    make.queue_rule(workspace, "wspt")
    short = Order.objects.get(item__title="short")

    priorities.say_costs(short, cost_of_delay=Decimal(400), contribution=None, by=None)
    n = priorities.refresh_due(workspace)

    assert n == 1
    assert _queue(workspace)[0] == "short"
    change = FieldChange.objects.get(item=short.pk, field="cost_of_delay")
    assert Decimal(change.value) == 400


def test_order_that_is_put_first_stays_first_until_the_policy_decides_again(
    workspace: Workspace,
) -> None:
    long, short, worth = _three(workspace)
    owner = make.owner_of(workspace)

    priorities.put_first(long, place=1, reason="customer", by=owner)
    priorities.put_first(worth, place=1, reason="agreed", by=owner)
    assert _queue(workspace) == ["worth", "long", "short"]
    priorities.put_first(short, place=2, reason="risk", by=owner)
    assert _queue(workspace) == ["worth", "short", "long"]
    make.queue_rule(workspace, "wspt")
    assert _queue(workspace) == ["worth", "short", "long"]

    priorities.let_policy(short, by=owner)
    again = priorities.let_policy(short, by=owner)
    priorities.refresh_due(workspace)

    assert again is None
    assert _queue(workspace) == ["worth", "long", "short"]
    told = RankChange.objects.filter(order=short).order_by("pk").values_list("reason", "rank")
    assert list(told) == [("risk", -0.5), ("", None)]


@pytest.mark.parametrize(
    ("place", "reason", "code"),
    [(0, "customer", "backlog.rank_place"), (1, "because", "backlog.rank_reason")],
)
def test_place_needs_a_number_and_a_reason(
    workspace: Workspace, place: int, reason: str, code: str
) -> None:
    order = make.order(workspace)

    with pytest.raises(RuleBroken) as told:
        priorities.put_first(order, place=place, reason=reason, by=None)

    assert told.value.code == code


def test_closed_order_is_put_nowhere(workspace: Workspace) -> None:
    order = make.order(workspace)
    orders.fulfil_all(order, by=None)

    with pytest.raises(RuleBroken) as told:
        priorities.put_first(order, place=1, reason="customer", by=None)

    assert told.value.code == "backlog.nothing_owed"


@pytest.mark.parametrize(
    "rule",
    [
        priorities.Rule("loudest"),
        priorities.Rule("wspt", delay_share=Decimal(0)),
        priorities.Rule("atc", k=Decimal(0)),
        priorities.Rule("wspt", bound_days=0),
    ],
)
def test_impossible_rule_is_refused_and_nothing_changes(
    workspace: Workspace, rule: priorities.Rule
) -> None:
    with pytest.raises(RuleBroken):
        priorities.choose(workspace, rule, by=make.owner_of(workspace))

    assert QueueRule.of(workspace).policy == "edd"


def test_nobody_stands_before_what_it_needs(workspace: Workspace) -> None:
    long, _short, worth = _three(workspace)
    before = long.lines.get().work_items.get()
    after = worth.lines.get().work_items.get()
    dependencies.add(before, after=after, by=None)

    for policy in ("wspt", "contribution", "critical_ratio", "atc"):
        make.queue_rule(workspace, policy)
        queue = _queue(workspace)
        assert queue.index("long") < queue.index("worth")


def test_whoever_waited_longer_than_the_bound_is_not_overtaken(workspace: Workspace) -> None:
    _order(workspace, "old", days=None, price="10", hours="10", ago=60)
    _order(workspace, "new", days=None, price="9000", hours="1", ago=0)

    make.queue_rule(workspace, "wspt")
    assert _queue(workspace) == ["new", "old"]
    make.queue_rule(workspace, "wspt", bound_days=20)

    assert _queue(workspace) == ["old", "new"]


def test_unknown_hours_are_those_of_the_middle_order_and_said_to_be_guessed(
    workspace: Workspace,
) -> None:
    _three(workspace)
    unknown = _order(workspace, "unknown", days=None, price="100", hours=None)

    queue = waiting.read(workspace, rule=QueueRule.of(workspace), now=dating.now())

    assert queue.facts[unknown.pk].job.work == 8
    assert set(queue.facts[unknown.pk].is_guessed) == {"hours", "cost_of_delay"}


def test_keys_are_made_anew_only_when_something_happened(workspace: Workspace) -> None:
    _three(workspace)
    make.queue_rule(workspace, "wspt")

    assert priorities.refresh_due(workspace) == 0
    _order(workspace, "fresh", days=3, price="99999", hours="1")
    assert priorities.refresh_due(workspace) == 1
    assert _queue(workspace)[0] == "fresh"


def test_plain_policies_keep_no_keys(workspace: Workspace) -> None:
    _three(workspace)
    make.queue_rule(workspace, "wspt")
    make.queue_rule(workspace, "fcfs")

    assert Order.objects.exclude(queue_key=None).count() == 0
    assert priorities.refresh_due(workspace) == 0


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0.1, 99), st.floats(0, 99)), min_size=2, max_size=7),
    st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=6),
    st.sampled_from(["wspt", "contribution", "critical_ratio", "atc", "edd", "fcfs"]),
)
def test_needs_hold_under_every_policy(
    jobs: list[tuple[float, float]], pairs: set[tuple[int, int]], policy: str
) -> None:
    facts = {
        number: Facts(
            number,
            Job(key=number, work=work, weight=weight, due=work * 3, since=-work),
            None,
            None,
            (),
        )
        for number, (work, weight) in enumerate(jobs)
    }
    needs: dict[int, set[int]] = {}
    for before, after in pairs:
        # Later numbers need earlier ones: so there is no ring.
        if before < after < len(jobs):
            needs.setdefault(after, set()).add(before)
    queue = Queue(facts, {}, {after: frozenset(before) for after, before in needs.items()}, 0.0)

    keys = waiting.keys(queue, rule=QueueRule(policy=policy))

    assert set(keys) == set(facts)
    assert all(keys[before] < keys[after] for after, found in needs.items() for before in found)
