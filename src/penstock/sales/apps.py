"""Django's name for this room."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """The room of deals."""

    name = "penstock.sales"
    label = "sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the gates who knows a deal's answers."""
        from penstock.flow import gates  # noqa: PLC0415 -- models are ready only now
        from penstock.sales import facts  # noqa: PLC0415 -- models are ready only now

        gates.connect("deal", facts.of)
