"""Django's name for this room."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """The room of companies and people."""

    name = "penstock.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what the rooms below keep of people."""
        from penstock.contacts import people  # noqa: PLC0415 -- models are loaded only now
        from penstock.users import saved_views  # noqa: PLC0415 -- models are loaded only now

        people.connect(
            lambda person: saved_views.forget(
                person.workspace_id, texts=[person.name, person.email, person.phone]
            )
        )
