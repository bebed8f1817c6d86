"""Django's name for this room."""

from django.apps import AppConfig


class BacklogConfig(AppConfig):
    """The room of orders, their lines, ledger and work."""

    name = "penstock.backlog"
    label = "backlog"
    default_auto_field = "django.db.models.BigAutoField"
