"""Django's name for this room."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """Accounts, workspaces, members, roles."""

    name = "penstock.users"
    label = "users"
    default_auto_field = "django.db.models.BigAutoField"
