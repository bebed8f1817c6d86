"""How far a running change set is, told beside its transaction so that others can see it.

The connection that tells holds an advisory lock while it lasts: whoever finds the lock free knows that nobody runs the
change set, however the process ended that did.
"""

from __future__ import annotations

from time import monotonic
from types import TracebackType

from django.db import connection

from penstock.intake.models import ChangeSet

EVERY_SECONDS = 0.5
# Any number that no other advisory lock uses.
LOCK_SPACE = 0x70656E74


def key(change_set: ChangeSet) -> list[int]:
    """The advisory lock of a change set that runs."""
    return [LOCK_SPACE, change_set.pk % 2**31]


def is_held(change_set: ChangeSet) -> bool:
    """Whether some process runs it; call inside a transaction, which takes the lock if nobody has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", key(change_set))
        return not cursor.fetchone()[0]


class Progress:
    """Writes the number of rows done over a connection of its own, at most twice a second."""

    def __init__(self, change_set: ChangeSet) -> None:
        self._change_set = change_set
        self._connection = connection.copy()
        self._told_at = 0.0
        self.n_done = 0

    def __enter__(self) -> Progress:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('penstock.workspace', %s, false)",
                [str(self._change_set.workspace_id)],
            )
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key(self._change_set))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def start(self, n_rows: int) -> None:
        """Say how many rows there are."""
        self._write("n_rows = %s, n_done = 0", [n_rows])

    def advance(self, n: int) -> None:
        """Say that more rows are done."""
        self.n_done += n
        if monotonic() - self._told_at > EVERY_SECONDS:
            self._told_at = monotonic()
            self._write("n_done = %s", [self.n_done])

    def _write(self, columns: str, values: list[int]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE intake_changeset SET {columns} WHERE id = %s",  # noqa: S608 -- columns are written above
                [*values, self._change_set.pk],
            )
