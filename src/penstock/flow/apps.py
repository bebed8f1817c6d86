"""Django's name for this room."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """The room of items that flow through stages."""

    name = "penstock.flow"
    label = "flow"
    default_auto_field = "django.db.models.BigAutoField"
