"""No row of another workspace is seen, counted, changed or pointed at: every table and key."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import (
    DatabaseError,
    IntegrityError,
    ProgrammingError,
    connection,
    models,
    transaction,
)

from penstock.backlog.models import QueueRule
from penstock.flow.models import Item
from penstock.sales.models import Deal, ProposalSettings
from penstock.users import walls
from penstock.users.models import Workspace
from tests import make, makers

pytestmark = pytest.mark.django_db

WALLED = [model for model in apps.get_models() if issubclass(model, walls.Walled)]
#: Of these a workspace has one row.
SINGLE = {ProposalSettings, QueueRule}
KEYS = [(model, key.name) for model in WALLED for key in walls.walled_keys(model)]
#: Tables that belong to no workspace: sign-in, sessions, jobs, and Django's own books.
GLOBAL_PREFIXES = (
    "account_",
    "auth_",
    "django_",
    "mfa_",
    "procrastinate_",
    "socialaccount_",
    "users_account",
)
#: What a copy of a row must have otherwise, so that only its foreign key can be wrong.
UNLIKE = {
    "position": 9999,
    "code": "unlike",
    "key": "DEAL-9999",
    "prefix": "NONE",
    "name": "Unlike",
    "topic": "unlike",
    "number": 9999,
    "value": "999",
    "account_id": None,
    "source_key": None,
    "supersedes_id": None,
    "external_id": "unlike",
    "token_digest": "unlike",
    "mark": 9999,
    "language": "xx",
    "token_hash": "unlike",
    "is_default": False,
    "day": date(1999, 9, 9),
    "gone_id": 999_999,
    "high_id": 999_999,
    "token": "unlike",
    "public_id": "unlike",
    "digest": "unlike",
    "place": "unlike",
}


@pytest.fixture
def two(transactional_settings: None) -> tuple[Workspace, Workspace]:
    return make.workspace("Mine"), make.workspace("Theirs")


@pytest.fixture
def transactional_settings() -> Any:
    yield
    walls.leave()


def label(value: object) -> str:
    return value._meta.label if isinstance(value, type) else str(value)


@pytest.mark.parametrize("model", WALLED, ids=label)
def test_row_is_neither_seen_nor_counted_from_another_workspace(
    model: type[models.Model], two: tuple[Workspace, Workspace]
) -> None:
    mine, theirs = two
    row = _make(model, theirs)

    with walls.inside(mine.pk):
        seen = _count(model, "id_of_row = %s", row.pk)
        counted = _count(model, "workspace_id <> %s", mine.pk)

    assert (seen, counted) == (0, 0)
    with walls.inside(theirs.pk):
        assert _count(model, "id_of_row = %s", row.pk) == 1


@pytest.mark.parametrize("model", WALLED, ids=label)
def test_row_is_not_changed_from_another_workspace(
    model: type[models.Model], two: tuple[Workspace, Workspace]
) -> None:
    mine, theirs = two
    row = _make(model, theirs)
    table = model._meta.db_table

    with walls.inside(mine.pk):
        updated = _try(
            f"UPDATE {table} SET workspace_id = workspace_id WHERE {_pk(model)} = %s", row.pk
        )
        taken = _try(f"UPDATE {table} SET workspace_id = {mine.pk} WHERE {_pk(model)} = %s", row.pk)
        deleted = _try(f"DELETE FROM {table} WHERE {_pk(model)} = %s", row.pk)

    refusal = "permission denied" if getattr(model, "append_only", False) else 0
    assert (updated, taken, deleted) == (refusal, refusal, refusal)


@pytest.mark.parametrize("model", WALLED, ids=label)
def test_row_is_not_written_into_another_workspace(
    model: type[models.Model], two: tuple[Workspace, Workspace]
) -> None:
    mine, theirs = two
    values = _copy(_make(model, theirs))

    with walls.inside(mine.pk), pytest.raises(ProgrammingError, match="row-level security"):
        _insert(model, values)


@pytest.mark.parametrize("model", WALLED, ids=label)
def test_nothing_is_seen_without_a_workspace(
    model: type[models.Model], two: tuple[Workspace, Workspace]
) -> None:
    _make(model, two[1])

    walls.leave()

    assert _count(model, "true") == 0


@pytest.mark.parametrize(("model", "name"), KEYS, ids=label)
def test_new_row_does_not_point_into_another_workspace(
    model: type[models.Model], name: str, two: tuple[Workspace, Workspace]
) -> None:
    mine, theirs = two
    key = model._meta.get_field(name)
    target = _target(model, key, theirs)
    with walls.inside(mine.pk):
        values = _with_own_keys(model, _copy(_make(model, mine)), mine)

        if model._meta.label == "backlog.Forecast":
            # It is about one thing.
            values |= {"order_id": None}
        with pytest.raises(IntegrityError) as refusal:
            _insert(model, values | {key.column: target.pk})

    assert _constraint(refusal) == f"{model._meta.db_table}_{key.column}_same_workspace"


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (model, name)
        for model, name in KEYS
        if not getattr(model, "append_only", False) and not model._meta.get_field(name).primary_key
    ],
    ids=label,
)
def test_row_is_not_turned_to_point_into_another_workspace(
    model: type[models.Model], name: str, two: tuple[Workspace, Workspace]
) -> None:
    mine, theirs = two
    key = model._meta.get_field(name)
    target = _make(key.remote_field.model, theirs)
    with walls.inside(mine.pk):
        row = _make(model, mine)

        with pytest.raises(IntegrityError) as refusal:
            _turn(row, key.attname, target.pk)

    assert _constraint(refusal) == f"{model._meta.db_table}_{key.column}_same_workspace"


@pytest.mark.parametrize("model", [one for one in WALLED if one not in SINGLE], ids=label)
def test_copy_with_keys_of_its_own_workspace_is_accepted(
    model: type[models.Model], two: tuple[Workspace, Workspace]
) -> None:
    mine, _theirs = two
    with walls.inside(mine.pk):
        values = _copy(_make(model, mine))

        _insert(model, _with_own_keys(model, values, mine))


@pytest.mark.parametrize(("model", "name"), KEYS, ids=label)
def test_foreign_key_carries_the_workspace(model: type[models.Model], name: str) -> None:
    key = model._meta.get_field(name)
    query = """
        SELECT count(*) FROM pg_constraint k
        WHERE k.contype = 'f' AND k.condeferrable AND k.condeferred AND k.convalidated
          AND k.conrelid = %s::regclass AND k.confrelid = %s::regclass
          AND (SELECT array_agg(attname::text ORDER BY place) FROM unnest(k.conkey)
               WITH ORDINALITY AS part(number, place)
               JOIN pg_attribute ON attrelid = k.conrelid AND attnum = number) = %s
        """
    tables = (model._meta.db_table, key.remote_field.model._meta.db_table)

    with connection.cursor() as cursor:
        cursor.execute(query, [*tables, ["workspace_id", key.column]])

        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("model", WALLED, ids=label)
def test_every_row_is_tied_to_a_workspace_that_exists(model: type[models.Model]) -> None:
    """By a key of its own, or by one that must not be empty and carries the workspace."""
    query = """
        SELECT count(*) FROM pg_constraint k
        WHERE k.contype = 'f' AND k.convalidated AND k.conrelid = %s::regclass
          AND (SELECT bool_and(attnotnull) AND 'workspace_id' = ANY (array_agg(attname::text))
               FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = ANY (k.conkey))
        """

    with connection.cursor() as cursor:
        cursor.execute(query, [model._meta.db_table])

        assert cursor.fetchone()[0] >= 1


def test_workspace_is_implied_only_by_a_key_that_must_be_there() -> None:
    state = SimpleNamespace(apps=apps)

    with pytest.raises(ValueError, match="need not point"):
        walls.Implied("Campaign").database_forwards("sales", None, state, state)


def test_every_key_between_walled_tables_is_a_workspace_key() -> None:
    plain = [
        f"{model._meta.label}.{key.name}"
        for model in WALLED
        for key in walls.walled_keys(model)
        if not isinstance(key, walls.WorkspaceKey | walls.WorkspaceOneToOne)
    ]

    assert plain == []


def test_every_table_is_walled_or_global() -> None:
    query = """
        SELECT c.relname, c.relrowsecurity AND EXISTS (
            SELECT FROM pg_policy p
            WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polwithcheck IS NOT NULL)
        FROM pg_class c
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
        """

    with connection.cursor() as cursor:
        cursor.execute(query)
        open_tables = {name for name, is_walled in cursor.fetchall() if not is_walled}

    assert {name for name in open_tables if not name.startswith(GLOBAL_PREFIXES)} == set()
    assert "users_workspace" not in open_tables


def test_login_neither_owns_tables_nor_bypasses_walls() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class "
            "WHERE relowner = r.oid AND relkind = 'r' AND relnamespace = 'public'::regnamespace) "
            "FROM pg_roles r WHERE rolname = current_user"
        )

        assert cursor.fetchone() == (False, False)


def test_member_of_two_workspaces_reads_but_does_not_change_the_other_membership() -> None:
    alice = make.account()
    mine = make.workspace("Mine", by=alice)
    theirs = make.workspace("Theirs", by=alice)

    with walls.inside(mine.pk, account_id=alice.pk):
        names = set(Workspace.objects.values_list("name", flat=True))
        deleted = _try("DELETE FROM users_member WHERE workspace_id = %s", theirs.pk)
        renamed = _try("UPDATE users_workspace SET name = 'x' WHERE id = %s", theirs.pk)
        moved = _try(
            f"UPDATE users_member SET workspace_id = {mine.pk} WHERE workspace_id = %s", theirs.pk
        )

    assert names == {"Mine", "Theirs"}
    assert (deleted, renamed, moved) == (0, 0, 0)


def test_inside_restores_what_was_set_before(two: tuple[Workspace, Workspace]) -> None:
    mine, theirs = two
    walls.enter(workspace_id=mine.pk)

    with walls.inside(theirs.pk):
        within = walls.current_workspace_id()

    assert (within, walls.current_workspace_id()) == (theirs.pk, mine.pk)


def test_inside_restores_after_an_error(two: tuple[Workspace, Workspace]) -> None:
    mine, theirs = two
    walls.enter(workspace_id=mine.pk)

    with pytest.raises(ZeroDivisionError), walls.inside(theirs.pk):
        raise ZeroDivisionError

    assert walls.current_workspace_id() == mine.pk


def test_inside_lets_a_database_error_out_and_rollback_restores(
    two: tuple[Workspace, Workspace],
) -> None:
    mine, theirs = two
    walls.enter(workspace_id=mine.pk)

    with (
        pytest.raises(DatabaseError, match="division by zero"),
        transaction.atomic(),
        walls.inside(theirs.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")

    assert walls.current_workspace_id() == mine.pk


@pytest.mark.django_db(transaction=True)
def test_inside_restores_around_a_failed_transaction() -> None:
    with (
        pytest.raises(DatabaseError, match="division by zero"),
        walls.inside(41),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")

    assert walls.current_workspace_id() is None


@pytest.mark.django_db(transaction=True)
def test_failed_founding_leaves_the_session_outside() -> None:
    alice = make.account()
    make.workspace(by=alice, slug="taken")
    walls.leave()

    with pytest.raises(Exception, match="address"):
        make.workspace(by=alice, slug="taken")

    assert walls.current_workspace_id() is None


def _make(model: type[models.Model], workspace: Workspace) -> models.Model:
    with walls.inside(workspace.pk):
        return makers.maker_of(model)(workspace)


def _target(model: type[models.Model], key: Any, workspace: Workspace) -> models.Model:
    """Something to point at; for a primary key, an item that no row of the model has yet."""
    if not key.primary_key or key.remote_field.model is not Item:
        return _make(key.remote_field.model, workspace)
    with walls.inside(workspace.pk):
        return make.order(workspace).item if model is Deal else make.item(workspace)


def _with_own_keys(
    model: type[models.Model], values: dict[str, Any], workspace: Workspace
) -> dict[str, Any]:
    return values | {
        key.column: _target(model, key, workspace).pk
        for key in walls.walled_keys(model)
        if values[key.column] is not None
    }


def _pk(model: type[models.Model]) -> str:
    return f"{model._meta.pk.column}"


def _count(model: type[models.Model], condition: str, *values: object) -> int:
    where = condition.replace("id_of_row", _pk(model))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE {where}", values)
        return int(cursor.fetchone()[0])


def _try(statement: str, *values: object) -> int | str:
    """How many rows a statement touched, or that it is not permitted."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    except ProgrammingError as error:
        return "permission denied" if "permission denied" in str(error) else str(error)


def _copy(row: models.Model) -> dict[str, Any]:
    """The values of a row, by column, for another row that breaks no rule of uniqueness."""
    columns = {field.attname: field for field in row._meta.local_concrete_fields}
    values = {
        field.column: UNLIKE.get(name, field.value_from_object(row))
        for name, field in columns.items()
        if name != "id"
    }
    if row._meta.label == "flow.Link":
        values["kind"] = "unlike"
    if row._meta.label == "notices.Notice":
        values["source_key"] = "unlike"
    if row._meta.label == "sales.Snooze":
        values["kind"] = "unlike"
    if row._meta.label == "sales.ChannelRule":
        values["text"] = "unlike"
    if row._meta.label == "sales.Submission":
        values["source_key"] = "unlike"
    if row._meta.label == "sales.ProposalVersion":
        # A proposal has one draft.
        values |= {"sent_at": values["created_at"], "net": 0, "tax": 0}
    return values


def _insert(model: type[models.Model], values: dict[str, Any]) -> None:
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    prepared = [
        fields[column].get_db_prep_save(value, connection) for column, value in values.items()
    ]
    names, marks = ", ".join(f'"{column}"' for column in values), ", ".join(["%s"] * len(values))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", prepared)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _turn(row: models.Model, column: str, target: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        assert type(row)._base_manager.filter(pk=row.pk).update(**{column: target}) == 1
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _constraint(refusal: pytest.ExceptionInfo[IntegrityError]) -> str:
    return str(refusal.value.__cause__.diag.constraint_name)


def test_a_temporary_table_never_stands_for_the_workspaces(db: None) -> None:
    made = make.workspace()

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE users_workspace (id bigint) ON COMMIT DROP")
        cursor.execute("SELECT penstock_workspace_ids()")
        found = [row[0] for row in cursor.fetchall()]

    assert found == [made.pk]
