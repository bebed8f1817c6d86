"""Django's name for this room."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The room of the schedule."""

    name = "penstock.worker"
    label = "worker"

    def ready(self) -> None:
        """Tell the job queue what comes by itself."""
        from penstock.worker import schedule  # noqa: F401, PLC0415 -- models are ready only now
