"""Django's name for this room."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The room of products and prices."""

    name = "penstock.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
