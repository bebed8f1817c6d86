"""Northwind, Microsoft (SQLite edition): orders with required and shipped dates, and discounts by line."""

from __future__ import annotations

import csv
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from penstock.intake.models import ChangeSet
from penstock.reports import backlog
from penstock.users.models import Member
from tests.real_data.conftest import FOLDER, Bring

pytestmark = pytest.mark.real_data
QUERIES = {
    "companies": "SELECT CustomerID, CompanyName, City, Country FROM Customers",
    "products": "SELECT ProductID, ProductName, UnitPrice FROM Products",
    "orders": (
        "SELECT o.OrderID, o.CustomerID, o.OrderDate, o.RequiredDate, o.ShippedDate,"
        ' d.ProductID, d.Quantity, d.UnitPrice, d.Discount FROM Orders o JOIN "Order Details" d'
        " ON d.OrderID = o.OrderID ORDER BY o.OrderID, d.ProductID"
    ),
}


def written(query: str, file: Path) -> Path:
    """The rows of a query as a CSV file."""
    database = FOLDER / "northwind" / "northwind.sqlite"
    if not database.exists():
        pytest.skip("PENSTOCK_DATA has no northwind/northwind.sqlite")
    connection = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    rows = connection.execute(query)
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column[0] for column in rows.description])
        writer.writerows(rows)
    connection.close()
    return file


@pytest.fixture(scope="module")
def orders(bring: Bring, tmp_path_factory: pytest.TempPathFactory) -> ChangeSet:
    folder = tmp_path_factory.mktemp("northwind")
    files = {noun: written(query, folder / f"{noun}.csv") for noun, query in QUERIES.items()}
    return [bring(file, noun, source="northwind") for noun, file in files.items()][-1]


def test_every_line_becomes_a_line(orders: ChangeSet) -> None:
    assert orders.counts == {"create": 2155}
    assert orders.made["orders"] == 830


@pytest.mark.parametrize(
    ("day", "n", "value"),
    [
        (date(2017, 12, 31), 19, "23005.74"),
        (date(2018, 4, 30), 23, None),
        (date(2018, 5, 6), 21, "25937.43"),
    ],
)
def test_orders_owed_on_a_day(
    orders: ChangeSet, member: Member, day: date, n: int, value: str | None
) -> None:
    owed = backlog.on_day(member, on=day).owed

    assert owed.n_orders == n
    if value:
        assert [round(amount, 2) for amount in owed.value.values()] == [Decimal(value)]
