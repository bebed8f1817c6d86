"""Leads: who waits for an answer, how they came, and for how long there is still time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from penstock.base.working_time import WorkingTime
from penstock.catalog import calendars
from penstock.contacts import hints
from penstock.contacts.comparing import COMPANIES, PEOPLE
from penstock.flow import dating
from penstock.sales import access, access_leads, channels, leads
from penstock.sales.models import AnswerClock, Channel, Deal, DealPerson
from penstock.sales.models.deal import DealQuerySet
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.pages.base import Page

PAGE_SIZE = 50
STATES = {
    "": pgettext_lazy("leads", "All"),
    "overdue": pgettext_lazy("leads", "Time is over"),
    "waiting": pgettext_lazy("leads", "Waiting"),
    "answered": pgettext_lazy("leads", "Answered"),
}
WHOSE = {
    "": gettext_lazy("Anybody's"),
    "mine": gettext_lazy("Mine"),
    "nobody": gettext_lazy("Nobody's"),
}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One lead, ready to be shown."""

    key: str
    title: str
    company: str
    person: str
    channel: str
    campaign: str
    arrived_at: datetime
    clock: str
    tone: str
    twin: str
    twin_kind: str
    twin_id: int
    owner_id: int | None
    owner: str
    may_edit: bool


@dataclass(frozen=True, kw_only=True)
class LeadsPage(Page):
    """The inbox."""

    lines: Sequence[Line]
    page_obj: Part[Any]
    channels: Sequence[Mapping[str, object]]
    states: Sequence[Mapping[str, object]]
    whose: Sequence[Mapping[str, object]]
    owners: Sequence[tuple[int, str]]
    n_held: int
    list_url: str
    is_filtered: bool
    may_sell: bool


def build(member: Member, query: QueryDict) -> LeadsPage:
    """The inbox as an address asks for it."""
    found = leads.waiting(access.deals_for(member))
    stated = _stated(found, member)
    narrowed = _narrow(found, member, query)
    counts = _counts(narrowed, stated)
    chosen = query.get("channel", "")
    shown = narrowed
    if chosen in (*Channel.values, UNKNOWN):
        code = "" if chosen == UNKNOWN else chosen
        texts = [text for text, its in stated.items() if its == code]
        shown = narrowed.filter(leads.by_channel(code or "-", texts))
    part = Paginator(
        shown.select_related("item__owner", "item__stage", "company", "clock"), PAGE_SIZE
    ).get_page(query.get("page", ""))
    n_waiting = _n_waiting(found)
    return LeadsPage(
        title=_("Leads"),
        nav="leads",
        answer=_answer(*n_waiting),
        lines=_lines(list(part), member=member, stated=stated),
        page_obj=part,
        channels=_channel_chips(counts, query, chosen=chosen),
        states=_chips(STATES, query, "state"),
        whose=_chips(WHOSE, query, "whose"),
        owners=_owners(member),
        n_held=access_leads.held_for(member).count(),
        list_url=reverse("leads-list", args=[member.workspace.slug]) + f"?{query.urlencode()}",
        is_filtered=any(query.get(name) for name in ("channel", "state", "whose")),
        may_sell=roles.may_sell(member),
    )


def _narrow(found: DealQuerySet, member: Member, query: QueryDict) -> DealQuerySet:
    now = dating.now()
    states = {
        "overdue": Q(clock__answered_at=None, clock__due_at__lt=now),
        "waiting": Q(clock__answered_at=None, clock__isnull=False),
        "answered": Q(clock__answered_at__isnull=False),
    }
    whose = {"mine": Q(item__owner=member), "nobody": Q(item__owner=None)}
    wanted = states.get(query.get("state", ""), Q())
    return found.filter(wanted & whose.get(query.get("whose", ""), Q()))


def _stated(found: DealQuerySet, member: Member) -> dict[str, str]:
    """The channel of each source that leads without a touch state; nothing where none is known."""
    texts = found.order_by().values_list("channel", flat=True).distinct()
    return channels.of_stated(list(texts), own=channels.rules_of(member.workspace_id))


def _counts(found: DealQuerySet, stated: Mapping[str, str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for first, text in _pairs(found):
        counts[first or stated.get(text, "") or UNKNOWN] += 1
    return counts


def _pairs(found: Any) -> Iterable[tuple[str | None, str]]:
    """First channel and stated source of each lead; the first is no field, but annotated."""
    return found.order_by().values_list("first_channel", "channel")  # type: ignore[no-any-return]  # -- annotated


def _n_waiting(found: DealQuerySet) -> tuple[int, int]:
    """How many nobody answered yet, and of how many the time is over."""
    due = found.order_by().filter(clock__answered_at=None, clock__isnull=False)
    moments = list(due.values_list("clock__due_at", flat=True))
    now = dating.now()
    return len(moments), sum(at < now for at in moments)


def _lines(rows: Sequence[Deal], *, member: Member, stated: Mapping[str, str]) -> list[Line]:
    people = _people([row.pk for row in rows])
    companies = hints.twins(
        member.workspace_id, COMPANIES, {row.company_id for row in rows if row.company_id}
    )
    persons = hints.twins(member.workspace_id, PEOPLE, {pk for pk, _name in people.values()})
    time, now = calendars.of(member.workspace), dating.now()
    return [
        _line(
            row,
            member=member,
            person=people.get(row.pk),
            twins=(companies, persons),
            stated=stated,
            clock=_clock(getattr(row, "clock", None), time=time, now=now),
        )
        for row in rows
    ]


def _line(
    row: Deal,
    *,
    member: Member,
    person: tuple[int, str] | None,
    twins: tuple[Mapping[int, tuple[int, str]], Mapping[int, tuple[int, str]]],
    stated: Mapping[str, str],
    clock: tuple[str, str],
) -> Line:
    code = row.first_channel or stated.get(row.channel, "")  # type: ignore[attr-defined]  # -- annotated
    kind, twin = _twin(row, person, twins)
    text, tone = clock
    return Line(
        key=row.item.key,
        title=row.item.title,
        company=row.company.name if row.company else "",
        person=person[1] if person else "",
        channel=str(Channel(code).label) if code else row.channel,
        campaign=row.first_campaign or "",  # type: ignore[attr-defined]  # -- annotated
        arrived_at=row.clock.arrived_at if hasattr(row, "clock") else row.item.opened_at,
        clock=text,
        tone=tone,
        twin=twin[1] if twin else "",
        twin_kind=kind,
        twin_id=twin[0] if twin else 0,
        owner_id=row.item.owner_id,
        owner=row.item.owner.name if row.item.owner else "",
        may_edit=roles.may_sell_for(member, owner_id=row.item.owner_id),
    )


def _twin(
    row: Deal,
    person: tuple[int, str] | None,
    twins: tuple[Mapping[int, tuple[int, str]], Mapping[int, tuple[int, str]]],
) -> tuple[str, tuple[int, str] | None]:
    companies, persons = twins
    if person is not None and person[0] in persons:
        return "person", persons[person[0]]
    return "company", companies.get(row.company_id or 0)


def _clock(clock: AnswerClock | None, *, time: WorkingTime, now: datetime) -> tuple[str, str]:
    """What the clock says, and its tone."""
    if clock is None:
        return pgettext("answer clock", "No clock"), "faint"
    if clock.answered_hours is not None:
        hours = hours_text(float(clock.answered_hours))
        tone = "late" if clock.is_late(now) else "ok"
        return _("answered after %(hours)s") % {"hours": hours}, tone
    left = time.hours_between(now, clock.due_at)
    if now > clock.due_at:
        return _("%(hours)s over") % {"hours": hours_text(max(-left, 0.0))}, "late"
    tone = "warn" if left <= float(clock.target_hours) / 4 else "info"
    return _("%(hours)s left") % {"hours": hours_text(left)}, tone


def hours_text(value: float) -> str:
    """Working hours, or minutes where it is less than one.

    >>> hours_text(0.25), hours_text(3.04)
    ('15 working min', '3 working h')
    """
    if value < 1:
        return _("%(n)s working min") % {"n": figures.number(round(value * 60))}
    tenths = round(value, 1)
    n = (
        figures.number(int(tenths))
        if tenths == int(tenths)
        else figures.plain(Decimal(str(tenths)))
    )
    return _("%(n)s working h") % {"n": n}


def _people(ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The first person of each lead."""
    rows = DealPerson.objects.filter(deal__in=ids).order_by("-pk")
    return {
        deal_id: (pk, name)
        for deal_id, pk, name in rows.values_list("deal_id", "person_id", "person__name")
    }


def _owners(member: Member) -> list[tuple[int, str]]:
    rows = Member.objects.filter(
        workspace_id=member.workspace_id, is_active=True, role__in=roles.SELLS
    )
    return list(rows.order_by("sort_key", "pk").values_list("pk", "name"))


def _channel_chips(
    counts: Counter[str], query: QueryDict, *, chosen: str
) -> list[dict[str, object]]:
    names: dict[str, object] = {code: label for code, label in Channel.choices if counts[code]}
    if counts[UNKNOWN]:
        names[UNKNOWN] = _("Not known")
    every = {"": pgettext("channels", "All")} | names
    chips = _chips(every, query, "channel")
    for chip, code in zip(chips, every, strict=True):
        chip["n"] = figures.number(counts[code] if code else sum(counts.values()))
    return chips


def _chips(offered: Mapping[str, object], query: QueryDict, name: str) -> list[dict[str, object]]:
    kept = query.copy()
    for gone in (name, "page"):
        kept.pop(gone, None)
    rest = kept.urlencode()
    return [
        {
            "name": str(label),
            "url": "?"
            + "&".join(part for part in (rest, f"{name}={code}" if code else "") if part),
            "is_current": query.get(name, "") == code,
        }
        for code, label in offered.items()
    ]


def _answer(n: int, n_over: int) -> str:
    if not n:
        return _("Everybody who came in was answered.")
    text = ngettext("%(n)s lead waits for an answer.", "%(n)s leads wait for an answer.", n)
    waits = text % {"n": figures.number(n)}
    if not n_over:
        return waits
    over = ngettext("Of %(n)s the time is over.", "Of %(n)s the time is over.", n_over)
    return f"{waits} {over % {'n': figures.number(n_over)}}"
