"""Reading files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.base.errors import RuleBroken
from penstock.intake.files import decoding, proposing, table, values
from penstock.intake.nouns import deals


def read(data: bytes, *, piece: int = 7) -> list[dict[str, str]]:
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    rows = table.rows(pieces, form=table.form_of(data), filename="file.csv")
    return [row.cells for row in rows]


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffName,Größe\nÄlder,1\n".encode(),
        "Name;Größe\r\nÄlder;1\r\n".encode("cp1252"),
        "Name\tGröße\nÄlder\t1\n".encode("utf-16"),
        '"Name";"Größe"\nÄlder;1\n\n'.encode(),
        "*Name,Größe *\nÄlder,1\n".encode(),
    ],
)
def test_rows_are_read_in_any_usual_writing(data: bytes) -> None:
    assert read(data) == [{"Name": "Älder", "Größe": "1"}]


def test_russian_windows_text_is_read() -> None:
    data = "Название;Город\nМельница;Тверь\n".encode("cp1251")

    assert read(data) == [{"Название": "Мельница", "Город": "Тверь"}]


def test_quoted_newline_stays_in_its_cell() -> None:
    assert read(b'A,B,C\n"one\ntwo",2,3\n') == [{"A": "one\ntwo", "B": "2", "C": "3"}]


def test_footer_is_left_out() -> None:
    assert read(b"A,B,C\n1,2,3\nTotal: 1 row\n") == [{"A": "1", "B": "2", "C": "3"}]


def test_formula_is_text() -> None:
    assert read(b"A,B\n=1+1,2\n") == [{"A": "=1+1", "B": "2"}]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"A,B,C\n1,2,3\n1,2,3,4\n", "intake.too_many_cells", "file.csv, line 3, column 4"),
        (b'A,B,C\n1,"2,3\n', "intake.malformed", "file.csv, line 2"),
        (b"A,b,B\n1,2,3\n", "intake.headers", "line 1, column 2"),
        (b"\n\n", "intake.empty", "file.csv"),
    ],
)
def test_malformed_file_is_refused_by_line_and_column(data: bytes, code: str, words: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        read(data, piece=1000)

    assert refusal.value.code == code
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("texts", "orders"),
    [
        (["2026-01-31", "2026-02-01 10:00:00"], ["ymd"]),
        (["31/01/2026", "01/02/2026"], ["dmy"]),
        (["1/31/2026", "2/1/2026"], ["mdy"]),
        (["26-02-2018 19:58"], ["dmy"]),
        (["02/03/2026"], ["dmy", "mdy"]),
        (["north"], []),
    ],
)
def test_order_of_dates_is_found(texts: list[str], orders: list[str]) -> None:
    assert values.possible_orders(texts) == orders


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("$1,234.50", ".", "1234.50"),
        ("1.234,56 €", ",", "1234.56"),
        ("1 234,5 ₽", ",", "1234.5"),
        ("−3", ".", "-3"),
        ("(3.20)", ".", "-3.20"),
    ],
)
def test_number_is_read(text: str, decimal: str, number: str) -> None:
    assert values.decimal_mark([text]) in (decimal, None)
    assert values.number(text, decimal=decimal) == Decimal(number)


@pytest.mark.parametrize("text", ["many", "1.2.3x", "--"])
def test_text_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        values.number(text, decimal=".")


def test_mapping_is_proposed_from_headers_and_cells() -> None:
    headers = ["Opportunity_ID", "Account Name", "Close Date", "Amount", "Hue"]
    cells = dict(zip(headers, ["1", "Acme", "31/12/2026", "1.000,50", "red"], strict=True))

    found = proposing.propose(deals.FIELDS, headers=headers, rows=[table.Row(1, 2, cells)])

    assert found.mapping == {
        "key": "Opportunity_ID",
        "company": "Account Name",
        "closed_at": "Close Date",
        "amount": "Amount",
    }
    assert (found.options, found.asks) == ({"date_order": "dmy", "decimal": ","}, [])


def test_column_is_not_proposed_when_its_cells_do_not_suit() -> None:
    row = table.Row(1, 2, {"ID": "1", "Amount": "much"})

    found = proposing.propose(deals.FIELDS, headers=["ID", "Amount"], rows=[row])

    assert found.mapping == {"key": "ID"}


def test_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    pieces = (b"x" * 1_000_000 for _number in range(100))

    with pytest.raises(RuleBroken) as refusal:
        list(decoding.lines(pieces, encoding="utf-8", filename="big.csv"))

    assert refusal.value.code == "intake.line"
    assert len(list(pieces)) > 90
