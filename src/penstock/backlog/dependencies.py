"""Saying what must be done before some work; never in a circle."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Dependency, WorkItem
from penstock.base.errors import RuleBroken
from penstock.users.models import Member, Team

# "work" as a number: the name of the advisory lock.
_LOCK = 0x776F726B


def add(before: WorkItem, *, after: WorkItem, by: Member | None) -> Dependency:
    """Let ``after`` wait until ``before`` is done. Safe to call twice.

    Raises:
        RuleBroken: ``backlog.dependency_circle`` when ``before`` waits for ``after``, directly or by way
            of others.
    """
    with transaction.atomic():
        _lock(before.workspace_id)
        if before.pk == after.pk or _waits_for(before.pk, after.pk):
            raise RuleBroken(
                "backlog.dependency_circle",
                _("%(before)s waits for %(after)s already, so it cannot come before it.")
                % {"before": before.item.key, "after": after.item.key},
                needs=["before"],
            )
        row, _made = Dependency.objects.get_or_create(
            workspace_id=before.workspace_id, before=before, after=after
        )
        return row


def remove(row: Dependency, *, by: Member | None) -> None:
    """Let it wait no longer. Safe to call twice."""
    Dependency.objects.filter(pk=row.pk).delete()


def give(work: WorkItem, *, team: Team | None, by: Member | None) -> WorkItem:
    """Say which team does the work; None lets any team take it."""
    work.team = team
    work.save(update_fields=["team"])
    return work


def _waits_for(work_id: int, other_id: int) -> bool:
    """Whether some work waits for another, by way of any number between."""
    query = """
        WITH RECURSIVE reached (work_id) AS (
            SELECT before_id FROM backlog_dependency WHERE after_id = %s
            UNION
            SELECT d.before_id FROM reached JOIN backlog_dependency d ON d.after_id = reached.work_id)
        SELECT EXISTS (SELECT 1 FROM reached WHERE work_id = %s)
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [work_id, other_id])
        return bool(cursor.fetchone()[0])


def _lock(workspace_id: int) -> None:
    """One after the other: two halves of a circle must not be written at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, workspace_id % 2**31])
