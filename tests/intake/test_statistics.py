"""The planner knows of imported rows at once."""

import pytest
from django.db import connection

from penstock.flow.models import Item
from penstock.intake import changesets, running
from tests import make

pytestmark = pytest.mark.django_db


def test_apply_tells_the_planner_about_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MANY", 3)
    workspace = make.workspace()
    data = b"id,title,stage,created\n" + b"".join(
        b"D-%d,Wheel %d,Proposal,2026-01-02\n" % (number, number) for number in range(5)
    )
    change_set = changesets.start(make.owner_of(workspace), "deals", "deals.csv", data)

    changesets.apply_now(change_set)

    assert Item.objects.filter(kind="deal").count() == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'flow_item'")
        assert cursor.fetchone() == (5,)
