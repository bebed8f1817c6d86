"""Django's name for this room."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """The room of deals."""

    name = "penstock.sales"
    label = "sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the gates who knows a deal's answers, and contacts what to erase of a person."""
        from penstock.contacts import people  # noqa: PLC0415 -- models are ready only now
        from penstock.flow import gates  # noqa: PLC0415 -- models are ready only now
        from penstock.sales import facts, surveys  # noqa: PLC0415 -- models are ready only now

        gates.connect("deal", facts.of)
        people.connect(surveys.forget)
