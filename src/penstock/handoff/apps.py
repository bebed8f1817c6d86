"""Connects the table of consequences when Django is ready."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """What one pipeline makes happen in another."""

    name = "penstock.handoff"
    label = "handoff"

    def ready(self) -> None:
        """Hand the table to the bus."""
        from penstock.flow import bus  # noqa: PLC0415 -- models are ready only now
        from penstock.handoff.table import TABLE  # noqa: PLC0415 -- models are ready only now

        bus.connect("handoff", TABLE)
