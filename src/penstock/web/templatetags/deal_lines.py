"""The rows of the table of deals, written straight as cards are: fifty of them, with five cells that can be changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from penstock.web.pages.deal_list import Line

register = template.Library()

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Words:
    """What all rows say, in the reader's language."""

    company: str
    stage: str
    amount: str
    close_on: str
    step: str
    owner: str
    channel: str
    opened: str
    age: str
    overdue: str
    late: str
    days: str
    select: str
    rename: str
    short_date: str
    icons: str


@register.simple_tag
def deal_lines(lines: Iterable[Line], *, shows: Collection[str], may_edit: bool) -> SafeString:
    """Rows of the table of deals; with ``may_edit`` each begins with a place for its box.

    All that comes from people is escaped here; words of the product are escaped with it.
    """
    words = _words()
    columns = [write for name, write in _COLUMNS.items() if name in shows]
    return mark_safe(  # noqa: S308 -- every value is escaped below
        "".join(
            f'<tr id="line-{escape(line.key)}">{_box(line, words) if may_edit else ""}'
            f"{''.join(write(line, words) for write in columns)}</tr>"
            for line in lines
        )
    )


def _words() -> Words:
    return Words(
        company=escape(gettext("Company")),
        stage=escape(gettext("Stage")),
        amount=escape(gettext("Amount")),
        close_on=escape(gettext("Expected close")),
        step=escape(gettext("Next step")),
        owner=escape(gettext("Owner")),
        channel=escape(gettext("Channel")),
        opened=escape(gettext("Opened")),
        age=escape(gettext("In this stage")),
        overdue=escape(gettext("Overdue:")),
        late=escape(gettext("Late in the stage:")),
        days=pgettext("age of a card, short", "%(days)s d"),
        select=gettext("Select %(title)s"),
        rename=gettext("Rename %(title)s"),
        short_date=pgettext("short date with year", "j M Y"),
        icons=escape(static("penstock/icons.svg")),
    )


def _box(line: Line, words: Words) -> str:
    if not line.may_edit:
        return '<td class="shrink"></td>'
    label = escape(words.select % {"title": line.title})
    return (
        f'<td class="shrink"><input type="checkbox" name="deal" value="{escape(line.key)}" form="edits" '
        f'aria-label="{label}"></td>'
    )


def _key(line: Line, _words: Words) -> str:
    return f'<td class="key">{escape(line.key)}</td>'


def _title(line: Line, words: Words) -> str:
    return f'<th scope="row">{_name(line, words)}</th>'


def _name(line: Line, words: Words) -> str:
    name = f'<a href="{escape(line.url)}">{escape(line.title)}</a>'
    if not line.may_edit:
        return _slot(line, "title", name)
    label = escape(words.rename % {"title": line.title})
    pencil = (
        f'<a class="cell pencil"{_asks(line, "title")}>'
        f'<svg class="icon" aria-hidden="true"><use href="{words.icons}#note"></use></svg>'
        f'<span class="visually-hidden">{label}</span></a>'
    )
    return _slot(line, "title", f"{name} {pencil}")


def _company(line: Line, words: Words) -> str:
    link = f'<a href="{escape(line.company_url)}">{escape(line.company)}</a>'
    return f'<td data-label="{words.company}">{link if line.company_url else ""}</td>'


def _stage(line: Line, words: Words) -> str:
    state = f' <span class="badge {line.tone}">{escape(line.state)}</span>' if line.state else ""
    cell = _cell(line, "stage", words.stage, line.stage)
    return f'<td data-label="{words.stage}">{cell}{state}</td>'


def _amount(line: Line, words: Words) -> str:
    cell = _cell(line, "amount", words.amount, line.amount)
    return f'<td class="number" data-label="{words.amount}">{cell}</td>'


def _owner(line: Line, words: Words) -> str:
    return f'<td data-label="{words.owner}">{_cell(line, "owner", words.owner, line.owner)}</td>'


def _channel(line: Line, words: Words) -> str:
    return f'<td data-label="{words.channel}">{escape(line.channel)}</td>'


def _opened(line: Line, words: Words) -> str:
    day = _day(line.opened_on, words)
    return f'<td class="nowrap" data-label="{words.opened}">{day}</td>'


def _close(line: Line, words: Words) -> str:
    late = " is-late" if line.is_overdue else ""
    sign = f'<span class="visually-hidden">{words.overdue}</span> ' if line.is_overdue else ""
    cell = _cell(line, "close_on", words.close_on, _day(line.close_on, words))
    return f'<td class="nowrap{late}" data-label="{words.close_on}">{sign}{cell}</td>'


def _step(line: Line, words: Words) -> str:
    text, tone = (line.step.text, line.step.tone) if line.step else ("", "")
    marked = f" is-{tone}" if tone else ""
    return f'<td class="step{marked}" data-label="{words.step}">{escape(text)}</td>'


def _age(line: Line, words: Words) -> str:
    is_late = line.age is not None and line.age.is_late
    title = "" if line.age is None else f' title="{escape(line.age.text)}"'
    sign = f'<span class="visually-hidden">{words.late}</span> ' if is_late else ""
    return (
        f'<td class="number{" is-late" if is_late else ""}" data-label="{words.age}"{title}>'
        f"{sign}{escape(words.days % {'days': line.age_days})}</td>"
    )


def _cell(line: Line, name: str, label: str, text: str) -> str:
    """A value that is changed where it stands; ``label`` is escaped already."""
    shown = escape(text) or NOTHING
    if not line.may_edit:
        return _slot(line, name, shown)
    link = f'<a class="cell" aria-label="{label}: {shown}"{_asks(line, name)}>{shown}</a>'
    return _slot(line, name, link)


def _slot(line: Line, name: str, inner: str) -> str:
    return f'<span class="cell-slot" id="cell-{escape(line.key)}-{name}">{inner}</span>'


def _asks(line: Line, name: str) -> str:
    url = f"{escape(line.url)}/cells/{name}"
    return f' href="{url}" hx-get="{url}" hx-target="closest .cell-slot" hx-swap="innerHTML"'


def _day(day: date | None, words: Words) -> str:
    return date_format(day, words.short_date) if day else ""


_COLUMNS: dict[str, Callable[[Line, Words], str]] = {
    "key": _key,
    "title": _title,
    "company": _company,
    "stage": _stage,
    "amount": _amount,
    "close_on": _close,
    "step": _step,
    "owner": _owner,
    "channel": _channel,
    "opened": _opened,
    "age": _age,
}
