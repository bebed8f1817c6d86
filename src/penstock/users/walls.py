"""The second wall: every row has a workspace, and the database shows only the current one's.

The run-time login owns nothing and is subject to row-level security. Two session settings say who
is asking: ``penstock.workspace`` (whose rows) and ``penstock.account`` (whose memberships). A
migration ends with :class:`Wall`, which builds the policies and the composite foreign keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.migrations.operations.base import Operation
from psycopg.pq import TransactionStatus

WORKSPACE = "nullif(current_setting('penstock.workspace', true), '')::bigint"
ACCOUNT = "nullif(current_setting('penstock.account', true), '')::bigint"


class WorkspaceKey(models.ForeignKey[Any, Any]):
    """A foreign key between rows of one workspace.

    The constraint carries the workspace, ``(workspace_id, id)``, so that no row can point into
    another one; :class:`Wall` builds it, therefore Django's own single-column constraint is off.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        # Rows are hardly ever deleted, so a key needs an index only where it is read; each model
        # says so.
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)


class WorkspaceOneToOne(models.OneToOneField[Any, Any]):
    """A one-to-one link between rows of one workspace; see :class:`WorkspaceKey`."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class Walled(models.Model):
    """A row that belongs to one workspace and can be seen from no other."""

    workspace = models.ForeignKey(
        "users.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """No table of its own."""

        abstract = True


def walled_keys(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    """The foreign keys of a model whose constraint must carry the workspace."""
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.name != "workspace"
        and any(f.name == "workspace" for f in field.remote_field.model._meta.local_fields)
    ]


class Wall(Operation):
    """Build row-level security and composite foreign keys for some models of an app."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *names: str) -> None:
        self.names = names

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        """How a migration file writes it."""
        return (self.__class__.__qualname__, list(self.names), {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in what Django knows."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Build the keys that others point to before those that point."""
        models_ = [to_state.apps.get_model(app_label, name) for name in self.names]
        for model in models_:
            schema_editor.execute(_unique_sql(model))
        for model in models_:
            for statement in (*_policy_sql(model), *_key_sql(model)):
                schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Nothing: the tables that carry the policies are dropped by the operations before."""

    def describe(self) -> str:
        """What the progress of a migration says."""
        return f"Build the walls of {', '.join(self.names)}"


class Key(Operation):
    """Build the composite foreign key of one field that was added to a model with a wall."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, field: str) -> None:
        self.name = name
        self.field = field

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        """How a migration file writes it."""
        return (self.__class__.__qualname__, [self.name, self.field], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in what Django knows."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Tie the column to rows of the same workspace."""
        model = to_state.apps.get_model(app_label, self.name)
        schema_editor.execute(_one_key_sql(model, model._meta.get_field(self.field)))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Nothing: the constraint goes with the column."""

    def describe(self) -> str:
        """What the progress of a migration says."""
        return f"Tie {self.field} of {self.name} to its workspace"


class Implied(Operation):
    """Leave the workspace of some tables to their keys: whoever must point to a row of it is in it.

    A row that has to name an item, ``(workspace_id, item_id)``, names by it a workspace that exists.
    To look that up once more costs as much as the item, for each row, and locks the one row that all
    who write share.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, *names: str) -> None:
        self.names = names

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        """How a migration file writes it."""
        return (self.__class__.__qualname__, list(self.names), {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in what Django knows."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the key to the workspace alone."""
        for model in self._models(app_label, to_state):
            for name in schema_editor._constraint_names(model, ["workspace_id"], foreign_key=True):
                schema_editor.execute(schema_editor._delete_fk_sql(model, name))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Tie the tables to the workspace again."""
        for model in self._models(app_label, to_state):
            field = model._meta.get_field("workspace")
            suffix = "_fk_%(to_table)s_%(to_column)s"
            schema_editor.execute(schema_editor._create_fk_sql(model, field, suffix))

    def describe(self) -> str:
        """What the progress of a migration says."""
        return f"Leave the workspace of {', '.join(self.names)} to their keys"

    def _models(self, app_label: str, state: Any) -> list[type[models.Model]]:
        found = [state.apps.get_model(app_label, name) for name in self.names]
        for model in found:
            if not any(not key.null for key in walled_keys(model)):
                message = f"{model._meta.label} need not point to a row of its workspace"
                raise ValueError(message)
        return found


class Policy(Operation):
    """Enable row-level security on a table with conditions of its own.

    Args:
        name: The model.
        mine: Which rows may be read and written.
        readable: Which others may be read, but not written.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, *, mine: str, readable: str) -> None:
        self.name = name
        self.mine = mine
        self.readable = readable

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        """How a migration file writes it."""
        return (
            self.__class__.__qualname__,
            [self.name],
            {"mine": self.mine, "readable": self.readable},
        )

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in what Django knows."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Replace what :class:`Wall` built, if anything."""
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        schema_editor.execute(f'DROP POLICY IF EXISTS walls ON "{table}"')
        schema_editor.execute(
            f'CREATE POLICY walls ON "{table}" USING ({self.mine}) WITH CHECK ({self.mine})'
        )
        schema_editor.execute(
            f'CREATE POLICY windows ON "{table}" FOR SELECT USING ({self.readable})'
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Nothing: the table goes with the operation that made it."""

    def describe(self) -> str:
        """What the progress of a migration says."""
        return f"Enable row-level security on {self.name}"


def _unique_sql(model: type[models.Model]) -> str:
    table, key = model._meta.db_table, model._meta.pk.column
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_of_workspace" '
        f'UNIQUE (workspace_id, "{key}")'
    )


def _policy_sql(model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    mine = f"workspace_id = (SELECT {WORKSPACE})"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY walls ON "{table}" USING ({mine}) WITH CHECK ({mine})',
    ]


def _key_sql(model: type[models.Model]) -> list[str]:
    return [_one_key_sql(model, field) for field in walled_keys(model)]


def _one_key_sql(model: type[models.Model], field: models.ForeignKey[Any, Any]) -> str:
    table, column = model._meta.db_table, field.column
    target = field.remote_field.model._meta
    # Deferred like Django's own keys, so that rows of one transaction may be written in any order.
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_same_workspace" '
        f'FOREIGN KEY (workspace_id, "{column}") '
        f'REFERENCES "{target.db_table}" (workspace_id, "{target.pk.column}") '
        "DEFERRABLE INITIALLY DEFERRED"
    )


def enter(*, workspace_id: int | None = None, account_id: int | None = None) -> None:
    """Say to the database who asks, for this session; None clears.

    The settings outlive transactions, so whoever calls this calls :func:`leave`; prefer
    :func:`inside`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('penstock.workspace', %s, false), "
            "set_config('penstock.account', %s, false)",
            [_text(workspace_id), _text(account_id)],
        )


def leave() -> None:
    """Clear both settings, so that a kept connection never carries them over."""
    enter()


@contextmanager
def inside(workspace_id: int, *, account_id: int | None = None) -> Iterator[None]:
    """Work inside one workspace, and restore what was set before when done."""
    before = _current()
    enter(workspace_id=workspace_id, account_id=account_id)
    try:
        yield
    finally:
        # A failed transaction refuses statements, and would hide the error that failed it. Its
        # rollback brings back what was set before, for settings are part of the transaction in
        # which they were made.
        if not _has_failed():
            enter(workspace_id=before[0], account_id=before[1])


def current_workspace_id() -> int | None:
    """The workspace whose rows this session sees."""
    return _current()[0]


def _current() -> tuple[int | None, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {WORKSPACE}, {ACCOUNT}")
        row = cursor.fetchone()
    return (row[0], row[1])


def _has_failed() -> bool:
    link = connection.connection
    return connection.needs_rollback or (
        link is not None and link.info.transaction_status == TransactionStatus.INERROR
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
