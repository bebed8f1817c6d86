"""The door for pages: what granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from penstock.config import parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "penstock.config.settings")

parent.follow()
application = get_wsgi_application()
