"""Cards are written straight, so what people typed is escaped by hand."""

from datetime import date

from penstock.web.pages.columns import Card, person
from penstock.web.templatetags.cards import cards

NASTY = "<script>alert('x')</script>\"&"


def test_card_escapes_all_that_people_typed() -> None:
    card = Card(
        id=1,
        key=NASTY,
        title=NASTY,
        url=f"/w/{NASTY}",
        move_url=f"/m/{NASTY}",
        company=NASTY,
        amount=NASTY,
        owner=person(NASTY),
    )

    html = cards([card])

    assert "<script" not in html
    assert "alert('x')" not in html
    assert html.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;") >= 9


def test_card_says_overdue_age_and_missing_amount() -> None:
    card = Card(
        id=7,
        key="DEAL-7",
        title="Wheel",
        url="/d",
        move_url="/m",
        has_no_amount=True,
        close_on=date(2026, 3, 1),
        is_overdue=True,
        age_days=1,
    )

    html = cards([card])

    assert 'datetime="2026-03-01"' in html
    assert "Overdue:" in html
    assert "No amount" in html
    assert 'title="1 day in this stage"' in html


def test_fixed_card_has_no_handle_to_move_it() -> None:
    card = Card(id=7, key="DEAL-7", title="Wheel", url="/d", move_url="/m", is_fixed=True)

    html = cards([card])

    assert "data-fixed" in html
    assert "data-move " not in html
