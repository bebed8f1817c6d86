"""The worker: sends, schedules and computes what pages left for later; needs Django to be set up."""

from __future__ import annotations

import procrastinate.worker  # noqa: F401 -- loaded here, so that branches share it
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

CONCURRENCY = 4


def run(*, concurrency: int = CONCURRENCY) -> None:
    """Run background jobs until stopped.

    Args:
        concurrency: Jobs at the same time.
    """
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as jobs:
        jobs.run_worker(concurrency=concurrency)
