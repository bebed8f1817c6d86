"""Django's name for this room."""

from django.apps import AppConfig


class BacklogConfig(AppConfig):
    """The room of orders, their lines, ledger and work."""

    name = "penstock.backlog"
    label = "backlog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how this room forgets a person."""
        from penstock.backlog import forgetting  # noqa: PLC0415 -- models must be ready first
        from penstock.contacts import people  # noqa: PLC0415 -- models must be ready first

        people.connect(forgetting.forget)
