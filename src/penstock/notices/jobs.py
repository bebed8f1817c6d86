"""Sending letters in the background, each in its workspace."""

from __future__ import annotations

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from penstock.users import walls

QUEUE = "notices"
#: Tries after 20, 40, 80 … seconds, the last after about five hours.
RETRY = RetryStrategy(max_attempts=10, exponential_wait=2, linear_wait=20)


@app.task(name="notices.send", queue=QUEUE, retry=RETRY, pass_context=True)
def send(context: Any, *, workspace_id: int, message_id: int) -> None:
    """Send one message; a passing fault lets the job be tried again."""
    from penstock.notices import post_office  # noqa: PLC0415 -- models are ready only now

    is_last = context.job.attempts + 1 >= (RETRY.max_attempts or 1)
    with walls.inside(workspace_id):
        post_office.send(message_id, is_last_try=is_last)
