"""Django's name for this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room of imports."""

    name = "penstock.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the job queue which jobs there are, and contacts what else keeps personal data."""
        from penstock.contacts import people  # noqa: PLC0415 -- models are ready only now
        from penstock.intake import forgetting, jobs  # noqa: F401, PLC0415 -- models are ready only now

        people.connect(forgetting.forget)
