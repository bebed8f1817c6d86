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
        from penstock.flow import bulk  # noqa: PLC0415 -- models must be ready first

        bulk.connect("backlog_expedite", "is_on, cause, n_overtaken, hours, days")
        bulk.connect("backlog_deposit", "amount")
        people.connect(forgetting.forget)
