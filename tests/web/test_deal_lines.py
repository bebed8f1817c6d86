"""Rows of the table of deals are written straight, so what people typed is escaped by hand."""

import re
from datetime import date
from typing import Any

from penstock.web.forms.deal_columns import SORTS
from penstock.web.pages.columns import Age, Step
from penstock.web.pages.deal_list import Line
from penstock.web.templatetags.deal_lines import deal_lines

NASTY = "<script>alert('x')</script>\"&"
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;"


def test_row_escapes_all_that_people_typed() -> None:
    names = ("key", "title", "url", "company", "company_url", "stage", "state", "amount", "owner")
    row = _line(**dict.fromkeys((*names, "channel"), NASTY), may_edit=True)

    html = deal_lines([row], shows=SORTS, may_edit=True)

    assert "<script" not in html
    assert "alert('x')" not in html
    assert html.count(SAFE) == 32


def test_row_that_may_be_changed_asks_for_each_value_where_it_stands() -> None:
    html = deal_lines([_line(may_edit=True)], shows=SORTS, may_edit=True)

    assert re.findall(r'hx-get="/d/cells/(\w+)"', html) == [
        "title",
        "stage",
        "amount",
        "close_on",
        "owner",
    ]
    assert 'aria-label="Amount: –"' in html
    assert 'aria-label="Select Wheel"' in html


def test_row_that_may_only_be_read_has_values_without_links_to_change_them() -> None:
    html = deal_lines([_line(amount="€5.00")], shows=SORTS, may_edit=False)

    assert "hx-get" not in html
    assert "checkbox" not in html
    assert '<span class="cell-slot" id="cell-DEAL-7-amount">€5.00</span>' in html


def test_row_has_the_columns_that_are_shown_and_no_others() -> None:
    html = deal_lines([_line()], shows=("title", "owner"), may_edit=False)

    assert re.findall(r"<(td|th)", html) == ["th", "td"]
    assert 'data-label="Owner"' in html


def test_row_says_in_words_what_is_late() -> None:
    html = deal_lines(
        [
            _line(
                close_on=date(2026, 3, 1),
                is_overdue=True,
                step=Step(text="Call", tone="late"),
                age=Age(is_late=True, text="Longer than most"),
            )
        ],
        shows=SORTS,
        may_edit=False,
    )

    assert "Overdue:</span> <span" in html
    assert "1 Mar 2026" in html
    assert '<td class="step is-late" data-label="Next step">Call</td>' in html
    assert 'title="Longer than most"><span class="visually-hidden">Late in the stage:' in html


def _line(**details: Any) -> Line:
    plain: dict[str, Any] = dict.fromkeys(
        ("company", "company_url", "state", "tone", "amount", "owner", "channel"), ""
    )
    plain |= {"key": "DEAL-7", "title": "Wheel", "url": "/d", "stage": "Proposal", "age_days": 3}
    plain |= {"close_on": None, "is_overdue": False, "step": None, "age": None}
    return Line(**(plain | {"opened_on": date(2026, 1, 2)} | details))
