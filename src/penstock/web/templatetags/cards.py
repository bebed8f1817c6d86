"""The cards of a column, written straight: a board shows hundreds, and templates in templates take most of its time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from penstock.web import figures
from penstock.web.pages.columns import Card, Person

register = template.Library()
#: Cards that are remembered as they are written, a kilobyte each: whoever looks at a board again sees mostly the same.
MOST_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Words:
    """What all cards of a column say, in the reader's language."""

    no_amount: str
    expected: str
    overdue: str
    days: str
    move: str
    icons: str
    step: str
    late: str


@register.simple_tag
def cards(rows: Iterable[Card]) -> SafeString:
    """Cards of three lines: name; amount and expected close; company, age and owner.

    All that comes from people is escaped here; words of the product are escaped with it.
    """
    words = _words()
    return mark_safe("".join(_card(row, words) for row in rows))  # noqa: S308 -- every value is escaped below


def _words() -> Words:
    return Words(
        no_amount=escape(gettext("No amount")),
        expected=escape(gettext("Expected close")),
        overdue=escape(gettext("Overdue:")),
        days=pgettext("age of a card, short", "%(days)s d"),
        move=gettext("Move %(title)s…"),
        icons=escape(static("penstock/icons.svg")),
        step=escape(gettext("Next step")),
        late=escape(gettext("Late in the stage:")),
    )


@lru_cache(MOST_KEPT)
def _card(row: Card, words: Words) -> str:
    title = escape(row.title)
    fixed = " data-fixed" if row.is_fixed else ""
    return (
        f'<article class="card" id="item-{row.id}" data-card data-title="{title}" '
        f'data-move-url="{escape(row.move_url)}"{fixed}>'
        f'<div class="first"><a class="name" href="{escape(row.url)}" data-handle draggable="false" '
        f'title="{escape(row.key)} {title}">{title}</a>{_company(row) if row.note or row.step else ""}</div>'
        f'<div class="second">{_amount(row, words)}{_close(row, words)}</div>'
        f'<div class="third">{_step(row, words)}{_age(row, words)}{_owner(row.owner)}</div>'
        f"{_handle(row, words)}</article>"
    )


def _step(row: Card, words: Words) -> str:
    """The next step, and what else is to be said; the company where there is neither."""
    parts = []
    if row.step:
        parts.append(
            f'<span class="next {row.step.tone}" title="{words.step}">'
            f'<span class="visually-hidden">{words.step}: </span>{escape(row.step.text)}</span>'
        )
    if row.note or row.step:
        return f'{"".join(parts)}<span class="step">{escape(row.note)}</span>'
    return _company(row) or '<span class="step"></span>'


def _company(row: Card) -> str:
    name = escape(row.company)
    return f'<span class="company" title="{name}">{name}</span>' if name else ""


def _amount(row: Card, words: Words) -> str:
    if row.amount:
        return f'<span class="amount">{escape(row.amount)}</span>'
    return f'<span class="amount missing">{words.no_amount}</span>' if row.has_no_amount else ""


def _close(row: Card, words: Words) -> str:
    if row.close_on is None:
        return ""
    late = " late" if row.is_overdue else ""
    sign = f'<span class="visually-hidden">{words.overdue}</span> ' if row.is_overdue else ""
    means = escape(row.date_means) or words.expected
    return (
        f'<time class="due push{late}" datetime="{row.close_on.isoformat()}" title="{means}">'
        f"{sign}{escape(figures.short_day(row.close_on))}</time>"
    )


def _age(row: Card, words: Words) -> str:
    if row.age_days is None:
        return ""
    days = row.age_days
    title = _stood(days, get_language())
    is_late = row.age is not None and row.age.is_late
    if row.age is not None:
        title = f"{title}. {row.age.text}"
    warn = " late" if is_late else ""
    sign = f'<span class="visually-hidden">{words.late}</span> ' if is_late else ""
    shown = escape(words.days % {"days": days})
    return f'<span class="age{warn}" title="{escape(title)}">{sign}{shown}</span>'


@lru_cache(1024)
def _stood(days: int, _language: str | None) -> str:
    return ngettext("%(days)s day in this stage", "%(days)s days in this stage", days) % {
        "days": days
    }


def _owner(owner: Person | None) -> str:
    return _avatar(owner.name, owner.initials) if owner else ""


def _avatar(name: str, initials: str) -> str:
    who = escape(name)
    return f'<span class="avatar" role="img" aria-label="{who}" title="{who}">{escape(initials)}</span>'


def _handle(row: Card, words: Words) -> str:
    if row.is_fixed:
        return ""
    label = escape(words.move % {"title": row.title})
    return (
        f'<a class="button quiet small square move" href="{escape(row.url)}#move" data-move draggable="false">'
        f'<svg class="icon" aria-hidden="true"><use href="{words.icons}#more"></use></svg>'
        f'<span class="visually-hidden">{label}</span></a>'
    )
