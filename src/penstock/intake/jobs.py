"""Work on imports in the background: each job enters its workspace, and is taken up again after a kill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from penstock.base.errors import Conflict, PenstockError
from penstock.users import walls

RETRY = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="intake.check", queue="intake", retry=RETRY)
def check(*, workspace_id: int, change_set_id: int) -> None:
    """Check a change set."""
    _work(workspace_id, change_set_id, lambda sets, one: sets.check_now(one))


@app.task(name="intake.apply", queue="intake", retry=RETRY)
def apply(*, workspace_id: int, change_set_id: int) -> None:
    """Apply a change set."""
    _work(workspace_id, change_set_id, lambda sets, one: sets.apply_now(one))


@app.task(name="intake.revert", queue="intake", retry=RETRY)
def revert(*, workspace_id: int, change_set_id: int) -> None:
    """Revert a change set."""
    _work(workspace_id, change_set_id, lambda sets, one: sets.revert_now(one, by=one.by))


@app.periodic(cron="* * * * *")
@app.task(name="intake.take_up", queue="intake", queueing_lock="intake.take_up", pass_context=True)
async def take_up(context: Any, timestamp: int) -> None:
    """Start the jobs again that a killed worker left behind."""
    for job in await context.app.job_manager.get_stalled_jobs(queue="intake"):
        await context.app.job_manager.retry_job(job)


def _work(workspace_id: int, change_set_id: int, act: Callable[[Any, Any], object]) -> None:
    from penstock.intake import changesets  # noqa: PLC0415 -- change sets defer these jobs
    from penstock.intake.models import ChangeSet  # noqa: PLC0415 -- models are ready only now

    with walls.inside(workspace_id):
        sets = ChangeSet.objects.select_related("workspace", "by").filter(pk=change_set_id)
        if (change_set := sets.first()) is None:
            # A person whom its file named was erased meanwhile.
            return
        try:
            act(changesets, change_set)
        except Conflict:
            # Another worker was faster; what it did stands.
            return
        except PenstockError:
            # The refusal stands in the change set; trying again would not change it.
            return
