"""What differs between two versions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from penstock.base.totals import Position, added_up
from penstock.sales.proposal_diff import Change, Wording, compare

titles = st.text(max_size=3)
lines = st.dictionaries(
    st.integers(1, 6),
    st.fixed_dictionaries({"title": titles, "quantity": st.integers(1, 3).map(Decimal)}),
    max_size=6,
)


def wording(lines: dict[int, dict[str, object]], **head: object) -> Wording:
    figures = [
        Position(Decimal(str(line.get("quantity", 1))), Decimal(5)) for line in lines.values()
    ]
    return Wording(head, lines, added_up(figures, currency="EUR"))


def test_added_removed_and_changed_lines_are_told_with_their_fields() -> None:
    before = wording({1: {"title": "A", "quantity": 1}, 2: {"title": "B"}}, title="Old")
    after = wording({1: {"title": "A", "quantity": 3}, 3: {"title": "C"}}, title="New")

    diff = compare(before, after)

    assert diff.head == (Change("title", "Old", "New"),)
    assert [(one.kind, one.mark) for one in diff.lines] == [
        ("changed", 1),
        ("added", 3),
        ("removed", 2),
    ]
    assert diff.lines[0].fields == (Change("quantity", 1, 3),)
    assert [(one.field, one.before, one.after) for one in diff.sums] == [
        ("net", Decimal(10), Decimal(20)),
        ("gross", Decimal(10), Decimal(20)),
    ]


def test_line_pushed_down_by_a_new_one_is_the_same() -> None:
    before = wording({1: {"title": "A"}, 2: {"title": "B"}})
    after = wording({3: {"title": "C"}, 1: {"title": "A"}, 2: {"title": "B"}})

    diff = compare(before, after)

    assert [(one.kind, one.mark) for one in diff.lines] == [("added", 3)]
    assert diff.n_same == 2


def test_other_day_is_told() -> None:
    before = wording({}, valid_until=date(2026, 1, 1))

    assert compare(before, wording({}, valid_until=date(2026, 2, 1))).head[0].field == "valid_until"


@given(lines)
def test_nothing_differs_from_itself(one: dict[int, dict[str, object]]) -> None:
    assert compare(wording(one), wording(one)).is_empty


@given(lines, lines)
def test_every_line_of_both_is_told_once(
    one: dict[int, dict[str, object]], two: dict[int, dict[str, object]]
) -> None:
    diff = compare(wording(one), wording(two))

    told = [change.mark for change in diff.lines]
    assert len(told) == len(set(told))
    assert len(told) + diff.n_same == len({*one, *two})
    back = compare(wording(two), wording(one))
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(turned[c.kind], c.mark) for c in diff.lines} == {(c.kind, c.mark) for c in back.lines}
