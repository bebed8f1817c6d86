"""Django's name for this room."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """The room of companies and people."""

    name = "penstock.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
