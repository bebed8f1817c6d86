"""Django's name for this room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room of letters."""

    name = "penstock.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what is worth a letter, and tell contacts what to erase of a person."""
        from penstock.contacts import people  # noqa: PLC0415 -- models are ready only now
        from penstock.flow import bus  # noqa: PLC0415 -- models are ready only now
        from penstock.notices import jobs, outbox  # noqa: F401, PLC0415 -- models are ready only now
        from penstock.notices.table import TABLE  # noqa: PLC0415 -- models are ready only now

        bus.connect("notices", TABLE)
        people.connect(outbox.forget)
