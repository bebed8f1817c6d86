"""Django's name for this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The door for browsers."""

    name = "penstock.web"
    label = "web"
