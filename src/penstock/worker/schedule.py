"""The rhythm of the duties: each is a job of its own per workspace, so that one that fails stops no other."""

from __future__ import annotations

from django.db import connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from penstock.users import walls
from penstock.users.models import Workspace
from penstock.worker import duties

QUEUE = "duties"
RETRY = RetryStrategy(max_attempts=3, wait=30)


@app.periodic(cron="* * * * *")
@app.task(name="worker.minute", queue=QUEUE, queueing_lock="worker.minute")
def minute(timestamp: int) -> None:
    """Hand out what is due every minute."""
    hand_out(duties.MINUTE)


@app.periodic(cron="7 * * * *")
@app.task(name="worker.hour", queue=QUEUE, queueing_lock="worker.hour")
def hour(timestamp: int) -> None:
    """Hand out what is due every hour; a worker that was off for a night does it as it starts."""
    hand_out(duties.HOUR)


@app.periodic(cron="17 3 * * *")
@app.task(name="worker.day", queue=QUEUE, queueing_lock="worker.day")
def day(timestamp: int) -> None:
    """Hand out what is due every day."""
    hand_out(duties.DAY)


@app.task(name="worker.duty", queue=QUEUE, retry=RETRY)
def duty(*, workspace_id: int, name: str) -> None:
    """Do one duty for one workspace."""
    with walls.inside(workspace_id):
        duties.named(name).act(Workspace.objects.get(pk=workspace_id))


def hand_out(every: str) -> int:
    """Make a job of each duty for each workspace; one that still waits is not made again."""
    handed = 0
    for due in duties.of(every):
        for workspace_id in _workspaces():
            lock = f"{due.name}:{workspace_id}"
            try:
                # A savepoint: the job that waits already must not spoil those that follow.
                with transaction.atomic():
                    duty.configure(queueing_lock=lock).defer(
                        workspace_id=workspace_id, name=due.name
                    )
            except AlreadyEnqueued:
                continue
            handed += 1
    return handed


def _workspaces() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT penstock_workspace_ids()")
        return [row[0] for row in cursor.fetchall()]
