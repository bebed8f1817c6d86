"""A history in words: who did what, when, and when it became known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.catalog.models import Product
from penstock.contacts.models import Company, Person
from penstock.flow.models import Blocker, FieldChange, Outcome, Override, Parking, Transition
from penstock.flow.timeline import Event
from penstock.sales.deals import PART_OF
from penstock.sales.models import Activity, ActivityChange, Claim, DealPerson, Escalation, Touch
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.settings import NEEDS
from penstock.web.pages import claim_words, hold_words

Names = Mapping[tuple[str, str], str]
MODELS: dict[str, Any] = {
    "owner": Member,
    "company": Company,
    "product": Product,
    "person": Person,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timeline, as ``components/timeline.html`` shows it."""

    text: str
    at: datetime
    icon: str
    tone: str = ""
    detail: str = ""
    by: str = ""
    quote: str = ""
    is_corrected: bool = False


def entries(events: Iterable[Event], *, currency: str, known: Names | None = None) -> list[Entry]:
    """A history as lines, newest first.

    Names are looked up in one query per kind; of those that are ``known``, as field and id, none is.
    """
    listed = list(events)
    rows = (event.row for event in listed if isinstance(event.row, FieldChange))
    names = _names(rows, known=known or {})
    return [_entry(event, names=names, currency=currency) for event in listed]


def _entry(event: Event, *, names: Names, currency: str) -> Entry:
    text, icon, tone = _told(event.row, names=names, currency=currency)
    return Entry(
        text=text,
        at=event.at,
        icon=icon,
        tone=tone,
        detail=_known(event),
        by=event.row.by.name if event.row.by else "",
        quote=_quoted(event),
        is_corrected=event.is_corrected,
    )


def _quoted(event: Event) -> str:
    """What was written down of something done; words have no history, so only where they end."""
    row = event.row
    if not isinstance(row, ActivityChange) or event.is_corrected:
        return ""
    return row.activity.notes if row.act == ActivityChange.Act.DONE else ""


def _known(event: Event) -> str:
    if event.is_corrected:
        return _("Taken back later: it does not count.")
    if event.known_at is None:
        return ""
    return _("Known since %(day)s.") % {
        "day": date_format(localtime(event.known_at), "DATE_FORMAT")
    }


def _told(row: Any, *, names: Names, currency: str) -> tuple[str, str, str]:
    """What a row says, its icon and its tone."""
    if isinstance(row, FieldChange) and row.field.startswith(PART_OF):
        return _took_part(row, names), "person", ""
    if isinstance(row, FieldChange):
        return _changed(row, names=names, currency=currency), "note", ""
    return SAYINGS[type(row)](row)


def _entered(row: Transition) -> tuple[str, str, str]:
    return _("Entered “%(stage)s”") % {"stage": row.stage.label}, "move", ""


def _overridden(row: Override) -> tuple[str, str, str]:
    """A gate that was passed; its reason is read from the row that can be erased."""
    needs = ", ".join(str(NEEDS.get(need, need)) for need in row.needs)
    wording = getattr(row, "wording", None)
    values = {"needs": needs, "reason": wording.text if wording else "–"}
    return _("Passed the gate without: %(needs)s. Reason: %(reason)s") % values, "key", "warn"


def _ended(row: Outcome) -> tuple[str, str, str]:
    if row.verdict == Outcome.Verdict.LOST and row.reason:
        return _("Lost: %(reason)s") % {"reason": row.reason.label}, "lost", "late"
    icons = {
        "won": ("won", "ok"),
        "lost": ("lost", "late"),
        "open": ("undo", ""),
        "merged": ("link", ""),
    }
    return str(row.get_verdict_display()), *icons.get(row.verdict, ("check", "ok"))


def _parked(row: Parking) -> tuple[str, str, str]:
    if row.until is None:
        return _("No longer parked"), "park", ""
    day = date_format(row.until, "DATE_FORMAT")
    return _("Parked until %(day)s") % {"day": day}, "park", ""


def _blocked(row: Blocker) -> tuple[str, str, str]:
    if not row.cause:
        return _("No longer blocked"), "alert", ""
    return _("Blocked: %(cause)s") % {"cause": hold_words.cause(row.cause)}, "alert", "warn"


def _acted(row: ActivityChange) -> tuple[str, str, str]:
    """What happened to an activity; its words are read from the row that can be erased."""
    what = str(row.activity.get_kind_display())
    if row.activity.subject:
        what = _("%(kind)s: %(subject)s") % {"kind": what, "subject": row.activity.subject}
    values = {
        "what": what,
        "day": date_format(row.due_on, "DATE_FORMAT") if row.due_on else "",
        "who": row.owner.name if row.owner else "",
        "result": str(Activity.Result(row.result).label) if row.result else "",
    }
    sentence, icon, tone = ACTED["result" if row.result else row.act]
    return str(sentence) % values, icon, tone


ACTED: dict[str, tuple[Any, str, str]] = {
    "planned": (gettext_lazy("Planned for %(day)s: %(what)s"), "calendar", ""),
    "moved": (gettext_lazy("Put off to %(day)s: %(what)s"), "calendar", ""),
    "given": (gettext_lazy("Given to %(who)s: %(what)s"), "person", ""),
    "done": ("%(what)s", "check", "ok"),
    "result": (gettext_lazy("%(what)s (%(result)s)"), "check", "ok"),
    "cancelled": (gettext_lazy("Cancelled: %(what)s"), "close", ""),
}


def _claimed(row: Claim) -> tuple[str, str, str]:
    return claim_words.sentence(row), "note", "" if row.is_for else "warn"


def _came(row: Touch) -> tuple[str, str, str]:
    values = {
        "channel": row.get_channel_display(),
        "campaign": row.campaign.name if row.campaign else "",
    }
    if row.campaign:
        return _("Came by “%(campaign)s”: %(channel)s") % values, "right", ""
    return _("Came by this channel: %(channel)s") % values, "right", ""


def _climbed(row: Escalation) -> tuple[str, str, str]:
    return _("Not answered in time: %(name)s was told") % {"name": row.to.name}, "clock", "late"


#: What each kind of row says, its icon and its tone.
SAYINGS: dict[type, Callable[[Any], tuple[str, str, str]]] = {
    Transition: _entered,
    Outcome: _ended,
    Override: _overridden,
    Parking: _parked,
    Blocker: _blocked,
    Claim: _claimed,
    ActivityChange: _acted,
    Touch: _came,
    Escalation: _climbed,
}
#: What is said of each field when it has a value, and when it has none any more.
SENTENCES: dict[str, tuple[Any, Any]] = {
    "owner": (gettext_lazy("Owner is %(value)s"), gettext_lazy("Nobody owns it")),
    "company": (gettext_lazy("Company is %(value)s"), gettext_lazy("Company is unknown")),
    "product": (gettext_lazy("Product is %(value)s"), gettext_lazy("Product is unknown")),
    "amount": (gettext_lazy("Amount is %(value)s"), gettext_lazy("Amount is unknown")),
    "currency": (gettext_lazy("Currency is %(value)s"), gettext_lazy("Currency is unknown")),
    "close_on": (
        gettext_lazy("Expected to close on %(value)s"),
        gettext_lazy("Expected close is unknown"),
    ),
    "channel": (gettext_lazy("Channel is %(value)s"), gettext_lazy("Channel is unknown")),
    "promised_on": (gettext_lazy("Promised for %(value)s"), gettext_lazy("No date is promised")),
    "requested_on": (gettext_lazy("Requested for %(value)s"), gettext_lazy("No date is requested")),
    "planned_on": (gettext_lazy("Planned for %(value)s"), gettext_lazy("No date is planned")),
    "expected_on": (gettext_lazy("Expected on %(value)s"), gettext_lazy("No date is expected")),
}


def _changed(row: FieldChange, *, names: Names, currency: str) -> str:
    if row.field == "qualified":
        return _("Qualified") if row.value == "yes" else _("Disqualified")
    known, unknown = SENTENCES.get(row.field, (None, None))
    if known is None:
        return f"{row.field}: {row.value or '–'}"
    if row.value is None:
        return str(unknown)
    return str(known) % {"value": _shown(row, names=names, currency=currency)}


def _took_part(row: FieldChange, names: Names) -> str:
    name = names.get(("person", row.field.removeprefix(PART_OF))) or _("Erased person")
    if row.value is None:
        return _("%(name)s is no longer on the deal") % {"name": name}
    part = str(DealPerson.Part(row.value).label).lower()
    return _("%(name)s on the deal: %(part)s") % {"name": name, "part": part}


def _shown(row: FieldChange, *, names: Names, currency: str) -> str:
    value = row.value or ""
    if row.field == "amount":
        return figures.money(Decimal(value), currency)
    if row.field.endswith("_on"):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return names.get((row.field, value), value)


def _names(rows: Iterable[Any], *, known: Names | None = None) -> Names:
    known = known or {}
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if row.field in MODELS and row.value and (row.field, row.value) not in known:
            wanted.setdefault(row.field, set()).add(row.value)
        if row.field.startswith(PART_OF):
            wanted.setdefault("person", set()).add(row.field.removeprefix(PART_OF))
    found = {
        (field, str(pk)): name
        for field, ids in wanted.items()
        for pk, name in MODELS[field].objects.filter(pk__in=ids).values_list("pk", "name")
    }
    return {**known, **found}


def values(events: Iterable[Event], *, fields: Iterable[str]) -> dict[str, str]:
    """What some fields said at the end of a history, in words; empty where nothing was known."""
    last: dict[str, FieldChange] = {}
    for event in events:
        if isinstance(event.row, FieldChange) and not event.is_corrected:
            last.setdefault(event.row.field, event.row)
    names = _names(last.values())
    return {
        field: _shown(last[field], names=names, currency="") if field in last else ""
        for field in fields
    }
