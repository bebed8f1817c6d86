"""Whether an order goes before others, who paid for it, and which orders went before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog import expediting
from penstock.backlog.models import Expedite, Order, Overtaken
from penstock.flow import replay
from penstock.reports.moment import Moment
from penstock.reports.overtaking import SHOWN, Overtaking
from penstock.web import figures
from penstock.web.pages.history import Entry


@dataclass(frozen=True, slots=True)
class Urgency:
    """What is said of an order on this: running (None if it waits for its turn), and all that was, newest first."""

    running: Expedite | None
    told: Sequence[Entry]

    @property
    def is_empty(self) -> bool:
        """Nothing to show."""
        return not self.told


NOTHING = Urgency(None, ())


def read(order: Order, *, moment: Moment) -> Urgency:
    """The urgency of an order as of a day, in two queries."""
    rows = Expedite.objects.filter(item_id=order.pk).select_related("by", "wording")
    counting = [
        row
        for row in replay.effective(rows, known=moment.known_at)
        if moment.is_now or row.occurred_at < moment.at
    ]
    passed = Overtaken.objects.filter(order=order).select_related(
        "expedite__item", "expedite__by", "expedite__wording"
    )
    told = [_own(row) for row in counting]
    told += [_other(one) for one in passed if moment.is_now or one.expedite.occurred_at < moment.at]
    last = counting[-1] if counting else None
    return Urgency(
        running=last if last is not None and last.is_on else None,
        told=sorted(told, key=lambda entry: entry.at, reverse=True),
    )


def _own(row: Expedite) -> Entry:
    wording = getattr(row, "wording", None)
    return Entry(
        text=_("It goes before all others") if row.is_on else _("It waits for its turn again"),
        at=row.occurred_at,
        icon="alert" if row.is_on else "check",
        tone="warn" if row.is_on else "",
        detail=_bill(row) if row.is_on else "",
        quote=wording.text if wording else "",
        by=row.by.name if row.by else "",
    )


def _bill(row: Expedite) -> str:
    cause = str(expediting.CAUSES.get(row.cause, row.cause))
    others = ngettext("%(n)d order waits longer", "%(n)d orders wait longer", row.n_overtaken) % {
        "n": row.n_overtaken
    }
    parts = [cause, others if row.n_overtaken else _("nobody waits longer")]
    if row.n_overtaken and row.days is not None:
        parts.append(_("%(days)s days together") % {"days": _number(row.days)})
    return " · ".join(parts)


def _other(one: Overtaken) -> Entry:
    days = (
        _("nobody could tell by how many days")
        if one.days is None
        else _("%(days)s days longer") % {"days": _number(one.days)}
    )
    row = one.expedite
    return Entry(
        text=_("%(key)s was put before it") % {"key": row.item.key},
        at=row.occurred_at,
        icon="clock",
        tone="warn",
        detail=f"{expediting.CAUSES.get(row.cause, row.cause)} · {days}",
        by=row.by.name if row.by else "",
    )


def bill_text(found: Overtaking) -> str:
    """Who waits longer, said before it is confirmed."""
    n = found.bill.n_overtaken
    if not n:
        return _("It comes first already: nobody waits longer.")
    who = ngettext(
        "%(n)d order waits longer: %(keys)s.", "%(n)d orders wait longer: %(keys)s.", n
    ) % {"n": n, "keys": _keys(found)}
    return " ".join(part for part in (who, _days(found), _missing(found)) if part)


def _keys(found: Overtaking) -> str:
    keys = ", ".join(
        f"{one.key} ({one.company})" if one.company else one.key for one in found.passed[:SHOWN]
    )
    more = len(found.passed) - SHOWN
    return keys if more <= 0 else _("%(keys)s and %(n)d more") % {"keys": keys, "n": more}


def _days(found: Overtaking) -> str:
    if found.problem == "no_hours":
        return _("By how much nobody can tell: not all hours of this order are known.")
    hours = figures.number(found.bill.hours or Decimal(0))
    if found.problem == "no_capacity":
        return _(
            "%(hours)s hours of work come before theirs. How many days that is nobody can tell: no team "
            "has hours."
        ) % {"hours": hours}
    if found.bill.all_days is None or found.longest is None:
        return _(
            "%(hours)s hours of work come before theirs; for some of them not even a year of capacity "
            "suffices."
        ) % {"hours": hours}
    return _(
        "%(hours)s hours of work come before theirs: at most %(longest)s days for one, %(days)s days for "
        "all of them together."
    ) % {
        "hours": hours,
        "longest": _number(found.longest),
        "days": _number(found.bill.all_days),
    }


def _missing(found: Overtaking) -> str:
    n = found.n_missing
    if not n:
        return ""
    return ngettext(
        "%(n)d of them will miss its promise by that.",
        "%(n)d of them will miss their promise by that.",
        n,
    ) % {"n": n}


def _number(days: Decimal) -> str:
    return figures.number(days, places=1)
