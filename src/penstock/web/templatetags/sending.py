"""The hidden field by which a form that is sent twice is known."""

from __future__ import annotations

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from penstock.web.once import FIELD

register = template.Library()


@register.simple_tag
def sending() -> SafeString:
    """Name this drawing of a form; ``web.once`` acts once on what is sent with it."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_hex(8))
