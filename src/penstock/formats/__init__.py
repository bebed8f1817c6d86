"""How dates and numbers are written, where Django's own habit of a language does not suit us."""

from django.utils.translation import gettext_noop

#: Django's short name of the month: beside a day, Russian says "27 мая", not "27 май".
MAY = gettext_noop("may")
