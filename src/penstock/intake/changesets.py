"""What can happen to a change set: start it, map it, check it, apply it, revert it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.intake import drafts, jobs, reverting, running, storage
from penstock.intake.drafts import (
    headers,
    rows,
    sample,
    save_mapping,
    set_mapping,
    start,
    use_mapping,
)
from penstock.intake.models import ChangeSet, State
from penstock.intake.progress import Progress
from penstock.users import audit
from penstock.users.models import Member

__all__ = [
    "apply",
    "apply_now",
    "check",
    "check_now",
    "drop",
    "headers",
    "revert",
    "revert_now",
    "rows",
    "sample",
    "save_mapping",
    "set_mapping",
    "start",
    "use_mapping",
]
# Any number that no other advisory lock uses.
LOCK_SPACE = 0x70656E73


def drop(change_set: ChangeSet) -> None:
    """Drop an import that was not applied, with its file; call inside the verb's transaction.

    Raises:
        Conflict: ``intake.running`` while it is being applied.
    """
    _claim(change_set)
    change_set.rows.all().delete()
    storage.drop(change_set)
    change_set.delete()


def check(change_set: ChangeSet) -> ChangeSet:
    """Check it in the background; see :func:`check_now`."""
    return _defer(change_set, state=State.CHECKING, job=jobs.check)


def apply(change_set: ChangeSet) -> ChangeSet:
    """Apply it in the background; see :func:`apply_now`."""
    return _defer(change_set, state=State.APPLYING, job=jobs.apply)


def revert(change_set: ChangeSet, *, by: Member) -> ChangeSet:
    """Take an applied import back in the background; see :func:`revert_now`."""
    _check_applied(change_set)
    return _defer(change_set, state=State.REVERTING, job=jobs.revert)


def check_now(
    change_set: ChangeSet, *, tell: Callable[[int, int], None] | None = None
) -> ChangeSet:
    """Say per row what applying would do, without doing it.

    Raises:
        RuleBroken: ``intake.ask`` when something about the file must be chosen first, and those of reading it.
    """
    return _now(change_set, state=State.CHECKING, then=State.CHECKED, tell=tell)


def apply_now(
    change_set: ChangeSet, *, tell: Callable[[int, int], None] | None = None
) -> ChangeSet:
    """Do it, in one transaction: after a kill nothing of it is there, and it can be done again.

    The file is dropped in the same transaction: its rows say all that is needed from then on.
    """
    return _now(change_set, state=State.APPLYING, then=State.APPLIED, tell=tell)


def revert_now(change_set: ChangeSet, *, by: Member | None) -> ChangeSet:
    """Take an applied import back: what it opened is withdrawn, what it added to others is voided.

    Raises:
        Conflict: ``intake.not_applied``.
    """
    with transaction.atomic():
        _check_applied(change_set)
        _claim(change_set)
        reverting.revert(change_set, by=by)
        change_set.state, change_set.reverted_at = State.REVERTED, timezone.now()
        change_set.save(update_fields=["state", "reverted_at"])
        audit.record(
            workspace_id=change_set.workspace_id, by=by, action="import.reverted", target=change_set
        )
    return change_set


def _now(
    change_set: ChangeSet,
    *,
    state: State,
    then: State,
    tell: Callable[[int, int], None] | None,
) -> ChangeSet:
    _check_not_done(change_set)
    _check_asked(change_set)
    change_set.state, change_set.started_at = state, timezone.now()
    change_set.error, change_set.n_done, change_set.n_rows = {}, 0, None
    change_set.save(update_fields=["state", "started_at", "error", "n_done", "n_rows"])
    try:
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(change_set))
            start, advance = _tellers(progress, tell)
            if then == State.CHECKED:
                result = running.check(change_set, start=start, advance=advance)
                _finish(change_set, result, state=then)
            else:
                with transaction.atomic():
                    _claim(change_set)
                    _check_not_done(change_set)
                    result = running.apply(change_set, start=start, advance=advance)
                    _finish(change_set, result, state=then)
    except Conflict:
        # Somebody else works on it: what stands in the row is theirs.
        raise
    except PenstockError as error:
        _fail(change_set, error)
        raise
    return change_set


def _tellers(
    progress: Progress, tell: Callable[[int, int], None] | None
) -> tuple[Callable[[int], None], Callable[[int], None]]:
    total = 0

    def start(n_rows: int) -> None:
        nonlocal total
        total = n_rows
        progress.start(n_rows)
        if tell:
            tell(0, total)

    def advance(n: int) -> None:
        progress.advance(n)
        if tell:
            tell(progress.n_done, total)

    return start, advance


def _finish(change_set: ChangeSet, result: running.Result, *, state: State) -> None:
    change_set.state, change_set.finished_at = state, timezone.now()
    change_set.counts = dict(result.counts)
    change_set.made = {
        "reasons": dict(result.reasons),
        **{name: n for name, n in result.made.items() if n},
    }
    change_set.n_rows = change_set.n_done = result.n_rows
    if state == State.APPLIED:
        change_set.applied_at = change_set.finished_at
        storage.drop(change_set)
        audit.record(
            workspace_id=change_set.workspace_id,
            by=change_set.by,
            action="import.applied",
            target=change_set,
        )
    change_set.save()


def _fail(change_set: ChangeSet, error: PenstockError) -> None:
    change_set.state, change_set.finished_at = State.FAILED, timezone.now()
    change_set.error = {"code": error.code, "message": error.message}
    change_set.save(update_fields=["state", "finished_at", "error"])


def _defer(change_set: ChangeSet, *, state: State, job: Any) -> ChangeSet:
    if state != State.REVERTING:
        drafts.check_editable(change_set)
        _check_asked(change_set)
    with transaction.atomic():
        change_set.state, change_set.n_done = state, 0
        change_set.started_at, change_set.error = timezone.now(), {}
        change_set.save(update_fields=["state", "n_done", "started_at", "error"])
        job.defer(workspace_id=change_set.workspace_id, change_set_id=change_set.pk)
    return change_set


def _claim(change_set: ChangeSet) -> None:
    """Keep two runs of one change set apart, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, change_set.pk % 2**31]
        )
        is_mine = cursor.fetchone()[0]
    if not is_mine:
        raise Conflict(
            "intake.running", _("This import is being worked on already. Reload the page.")
        )


def _check_not_done(change_set: ChangeSet) -> None:
    """Refuse to run again what was applied, as a job does that was repeated after its end."""
    if ChangeSet.objects.filter(pk=change_set.pk, applied_at__isnull=False).exists():
        raise drafts.not_editable()


def _check_applied(change_set: ChangeSet) -> None:
    if change_set.applied_at is None or change_set.reverted_at is not None:
        raise Conflict(
            "intake.not_applied", _("Only an import that was applied can be taken back, once.")
        )


def _check_asked(change_set: ChangeSet) -> None:
    asks = change_set.options.get("asks", [])
    open_asks = [name for name in asks if not change_set.options.get(name)]
    if open_asks:
        raise RuleBroken(
            "intake.ask",
            _("%(file)s does not tell in which order its dates name day and month. Choose it.")
            % {"file": change_set.filename},
            needs=open_asks,
        )
