"""History cannot be rewritten by the login under which the product runs."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from psycopg.errors import InsufficientPrivilege

from tests import make, makers

pytestmark = pytest.mark.django_db

HISTORY = [model for model in apps.get_models() if getattr(model, "append_only", False)]


def test_these_models_are_history() -> None:
    assert {model._meta.label for model in HISTORY} >= {
        "backlog.Entry",
        "catalog.Price",
        "flow.Blocker",
        "flow.FieldChange",
        "flow.Link",
        "flow.Outcome",
        "flow.Parking",
        "flow.Transition",
        "sales.ProposalEvent",
        "users.AuditEntry",
    }


@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model._meta.label)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET workspace_id = workspace_id",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
def test_history_is_not_rewritten(model: type[models.Model], statement: str) -> None:
    row = makers.maker_of(model)(make.workspace())

    with (
        pytest.raises(ProgrammingError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=model._meta.db_table))

    assert isinstance(refusal.value.__cause__, InsufficientPrivilege)
    assert model._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_nothing_is_truncated(model: type[models.Model]) -> None:
    with (
        pytest.raises(ProgrammingError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    assert isinstance(refusal.value.__cause__, InsufficientPrivilege)
