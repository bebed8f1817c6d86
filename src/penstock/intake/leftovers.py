"""Change sets whose process was killed, or whose job gave up: say so, and let them be run again."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from penstock.intake import progress
from penstock.intake.models import ChangeSet, State
from penstock.users.models import Workspace

#: How long after its start a run without a process is taken for ended.
GRACE = timedelta(minutes=1)
MESSAGE = gettext_noop(
    "The process that worked on it ended in the middle. Nothing of it was done; start it again."
)
RUNNING = {
    State.CHECKING: State.FAILED,
    State.APPLYING: State.FAILED,
    State.REVERTING: State.APPLIED,
}


def release(workspace: Workspace) -> int:
    """Set change sets free that nobody works on, nor will; returns how many.

    A job of a killed worker is started again (``jobs.take_up``), so what has a job is left alone. An import of the
    command line has none: it ends with its process, and its transaction with it.
    """
    stuck = ChangeSet.objects.filter(
        workspace=workspace, state__in=RUNNING, started_at__lt=timezone.now() - GRACE
    )
    return sum(_release(pk) for pk in stuck.values_list("pk", flat=True))


def _release(pk: int) -> bool:
    with transaction.atomic():
        one = ChangeSet.objects.select_for_update().get(pk=pk)
        if one.state not in RUNNING or _has_job(one) or progress.is_held(one):
            return False
        one.state, one.finished_at = RUNNING[State(one.state)], timezone.now()
        one.error = {"code": "intake.broken_off", "message": MESSAGE}
        one.save(update_fields=["state", "finished_at", "error"])
    return True


def _has_job(change_set: ChangeSet) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = 'intake' "
            "AND status IN ('todo', 'doing') AND args->>'change_set_id' = %s)",
            [str(change_set.pk)],
        )
        return bool(cursor.fetchone()[0])
