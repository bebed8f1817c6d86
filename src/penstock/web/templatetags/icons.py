"""Icons and pieces of pages that never change: written once, for they stand on every page."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from html import escape
from threading import Lock

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

#: Pieces that are remembered, some kilobytes each.
MOST_KEPT = 256
_kept: OrderedDict[tuple[object, ...], SafeString] = OrderedDict()
_lock = Lock()


@register.simple_tag
def icon(name: str, large: object = False) -> SafeString:
    """One icon of icons.svg, hidden from screen readers."""
    return _icon(str(name), bool(large))


@lru_cache(MOST_KEPT)
def _icon(name: str, is_large: bool) -> SafeString:
    size = " large" if is_large else ""
    return mark_safe(  # noqa: S308 -- both values are escaped
        f'<svg class="icon{size}" aria-hidden="true">'
        f'<use href="{escape(static("penstock/icons.svg"))}#{escape(name)}"></use></svg>'
    )


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """``{% keep "name" one two %}…{% endkeep %}``: what is the same wherever these values and the language are.

    For words and addresses alone: never with a token against forgery, nor with anything about whoever reads.
    """
    _tag, *values = token.split_contents()
    inner = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep([parser.compile_filter(value) for value in values], inner)


class Keep(template.Node):
    """A piece of a page that is written once for each of its keys."""

    def __init__(self, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.values = values
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The piece as it was written, or written now."""
        key = (get_language(), *(value.resolve(context) for value in self.values))
        with _lock:
            found = _kept.get(key)
            if found is not None:
                _kept.move_to_end(key)
                return found
        found = self.nodelist.render(context)
        with _lock:
            _kept[key] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return found
