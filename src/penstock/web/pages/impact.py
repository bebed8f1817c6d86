"""Why the backlog changed, in a sentence, and part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from penstock.analytics import shapley
from penstock.analytics.backlog_change import CAPACITY, UNEXPLAINED
from penstock.backlog import access
from penstock.backlog.models import Baseline
from penstock.reports.impact import BEFORE, GROWTH, LEVEL, MEDIAN, SPANS, YEAR, Impact
from penstock.reports.impact_causes import AWAY, PLANNED
from penstock.reports.impact_weeks import HOURS, ORDERS, VALUE
from penstock.reports.moment import Moment
from penstock.users import roles
from penstock.users.models import Member
from penstock.web import figures
from penstock.web.forms.impact import KEPT
from penstock.web.pages import impact_words as words
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import short_day_and_year, window_text

#: The entries behind a factor; the others have none of their own.
BEHIND = {"demand": "accepted", "capacity": "fulfilled", "cancelled": "cancelled"}
BASELINE_NAMES = {
    BEFORE: gettext_lazy("As many weeks before"),
    YEAR: gettext_lazy("The same weeks a year before"),
    MEDIAN: gettext_lazy("The middle of the 26 weeks before"),
}
MEASURE_NAMES = {
    ORDERS: pgettext_lazy("measure", "Orders"),
    VALUE: pgettext_lazy("measure", "Value"),
    HOURS: pgettext_lazy("measure", "Hours"),
}
QUESTIONS = {
    GROWTH: gettext_lazy("Since the weeks began"),
    LEVEL: gettext_lazy("Since the end of the baseline"),
}
#: Fewer orders than this in and out are told without shares.
FEWEST = 10
#: What a sentence names at most, and how much of a part must pull the other way before shares mislead.
NAMED, AGAINST = 3, Fraction(15, 100)


@dataclass(frozen=True, slots=True)
class Part:
    """One factor, or what is inside capacity: what it says, how much it is, and the rows behind it."""

    name: str
    amount: str
    share: str
    url: str
    is_inside: bool = False
    note: str = ""


def head(found: Impact) -> Page:
    """Title and answer."""
    return Page(
        title=_("Backlog"),
        nav="backlog",
        answer=answer(found),
        definition=Definition(
            text=_(
                "The weeks are walked again with each of demand, capacity, cancellations, other "
                "changes and the opening as in the baseline or as it was, in all combinations. Each "
                "has the mean of what its change does over all orders of changing (Shapley); the "
                "parts add up to the whole. Capacity is what was delivered; of weeks in which work "
                "ran out it is estimated from the others. Inside capacity, recorded hours count at "
                "what an hour brought in all these weeks; what they leave open is unexplained."
            ),
            window=_("%(window)s against %(baseline)s")
            % {"window": window_text(found.window), "baseline": baseline_text(found)},
            n=figures.number(_n(found)),
        ),
    )


def baseline_text(found: Impact) -> str:
    """What it is compared with, in words."""
    if found.baseline is None:
        return found.asked.kept.name if found.asked.kept else ""
    return window_text(found.baseline)


def _n(found: Impact) -> int:
    return round(sum(week.accepted + week.done for week in found.weeks))


def answer(found: Impact) -> str:
    """By how much the backlog changed, and because of what."""
    if abs(found.change) < (Decimal("0.5") if found.asked.measure == ORDERS else 1):
        return _("The backlog is as large as it was.")
    reasons = _reasons(found)
    values = {"amount": words.amount(found.change, found), "reasons": reasons}
    if found.change > 0:
        said = _("The backlog grew by %(amount)s: %(reasons)s.")
        bare = _("The backlog grew by %(amount)s.")
    else:
        said = _("The backlog shrank by %(amount)s: %(reasons)s.")
        bare = _("The backlog shrank by %(amount)s.")
    return (said if reasons else bare) % values


def _reasons(found: Impact) -> str:
    """The largest parts that pull the same way as the change; as amounts where others pull against it."""
    if found.asked.measure == ORDERS and _n(found) < FEWEST:
        return ""
    change = Fraction(found.change)
    flat = _flat(found)
    along = sorted(
        ((share / change, code) for code, share in flat.items() if share * change > 0),
        reverse=True,
    )
    against = -sum(share / change for share in flat.values() if share * change < 0)
    if against > AGAINST:
        return _amounts(found, flat)
    return ", ".join(
        _("%(share)s %(because)s")
        % {
            "share": figures.share(float(part)),
            "because": words.because(code, flat[code], found),
        }
        for part, code in along[:NAMED]
        if part >= Fraction(1, 200)
    )


def _amounts(found: Impact, flat: Mapping[str, Fraction]) -> str:
    largest = sorted(flat.items(), key=lambda one: -abs(one[1]))[:NAMED]
    return ", ".join(
        _("%(amount)s %(because)s")
        % {
            "amount": ("+" if share > 0 else "\u2212") + words.amount(share, found),
            "because": words.because(code, share, found),
        }
        for code, share in largest
        if share
    )


def _flat(found: Impact) -> dict[str, Fraction]:
    """The factors; what a recorded cause took stands apart from capacity where it is at least half of it."""
    capacity = found.shares[CAPACITY]
    flat = dict(found.shares)
    recorded = {
        code: share
        for code, share in found.inside.items()
        if code != UNEXPLAINED and abs(capacity) >= abs(share) and share * capacity > 0
    }
    cause = max(recorded, key=lambda code: abs(recorded[code]), default="")
    if cause and abs(recorded[cause]) * 2 >= abs(capacity):
        flat[cause] = recorded[cause]
        flat[CAPACITY] = capacity - recorded[cause]
    return flat


def parts(found: Impact, *, member: Member, moment: Moment) -> list[Part]:
    """All factors, the largest first, capacity followed by what is inside it; they add up to the change."""
    places = Decimal("0.1") if found.asked.measure == ORDERS else Decimal(1)
    inside = {f"in {code}": share for code, share in found.inside.items()}
    whole = shapley.in_whole(found.shares, places=places)
    within = shapley.in_whole(inside, places=places) if inside else {}
    rows: list[Part] = []
    for code, share in sorted(found.shares.items(), key=lambda one: -abs(one[1])):
        if not share and code not in BEHIND:
            continue
        rows.append(
            Part(
                name=words.name(code, share),
                amount=words.signed(whole[code], found),
                share=_share(share, found),
                url=_behind(found, code, member=member, moment=moment),
            )
        )
        if code == CAPACITY:
            rows += [
                Part(
                    name=words.name(one, found.inside[one]),
                    amount=words.signed(within[f"in {one}"], found),
                    share=_share(found.inside[one], found),
                    url=_capacity_url(one, member=member),
                    is_inside=True,
                    note=words.weeks(found, one) if one not in (PLANNED, AWAY) else "",
                )
                for one in sorted(found.inside, key=lambda one: -abs(found.inside[one]))
                if found.inside[one]
            ]
    return rows


def _share(share: Fraction, found: Impact) -> str:
    return figures.share(float(share / Fraction(found.change))) if found.change else ""


def total(found: Impact) -> str:
    """The whole change."""
    return words.signed(found.change, found)


def notes(found: Impact) -> list[str]:
    """What a reader must know of these figures."""
    said = []
    if found.n_without_rest:
        said.append(
            ngettext(
                "In %(n)s week work ran out: its capacity is estimated from the others.",
                "In %(n)s weeks work ran out: their capacity is estimated from the others.",
                found.n_without_rest,
            )
            % {"n": figures.number(found.n_without_rest)}
        )
    if found.missing:
        said.append(
            _("Left out for want of a rate: %(codes)s.") % {"codes": ", ".join(found.missing)}
        )
    if not found.inside:
        said.append(_("No hours of the teams are recorded, so capacity has no causes inside."))
    return said


def weeks_chart(found: Impact) -> dict[str, Any]:
    """What came in, what was delivered and what was owed, week by week."""
    x = [short_day_and_year(week.window.last) for week in found.weeks]
    named = (
        (_("Accepted"), "bar", [week.accepted for week in found.weeks]),
        (_("Delivered"), "bar", [week.done for week in found.weeks]),
        (_("Owed"), "line", [week.closing for week in found.weeks]),
    )
    return {
        "id": "chart-weeks",
        "title": _("%(measure)s per week, and owed at its end")
        % {"measure": MEASURE_NAMES[found.asked.measure]},
        "summary": answer(found),
        "size": "short",
        "data": {
            "x": x,
            "series": [
                {"name": n, "kind": kind, "values": [float(value) for value in values]}
                for n, kind, values in named
            ],
        },
        "heads": [_("Week until"), *(name for name, _kind, _values in named)],
        "rows": [
            [day, *(figures.number(values[at]) for _name, _kind, values in named)]
            for at, day in enumerate(x)
        ],
    }


def choices(found: Impact, *, member: Member) -> dict[str, list[tuple[str, str, bool]]]:
    """What can be asked: by the name in the address, each answer, its label, and whether it is asked."""
    asked = found.asked
    current = f"{KEPT}{asked.kept.pk}" if asked.kept else asked.against
    kept: Sequence[Baseline] = list(access.baselines_for(member))
    return {
        "measure": [
            (code, str(name), code == asked.measure) for code, name in MEASURE_NAMES.items()
        ],
        "weeks": [(str(n), span_name(n), n == asked.n_weeks) for n in SPANS],
        "against": [
            *((code, str(name), code == current) for code, name in BASELINE_NAMES.items()),
            *((f"{KEPT}{row.pk}", row.name, f"{KEPT}{row.pk}" == current) for row in kept),
        ],
        "question": [
            (code, str(name), code == asked.question)
            for code, name in QUESTIONS.items()
            if asked.kept is None and asked.against != MEDIAN
        ],
    }


def span_name(n: int) -> str:
    """So many weeks."""
    return ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}


def _capacity_url(code: str, *, member: Member) -> str:
    """Where hours are recorded, for who may look at them."""
    if not roles.may_deliver(member):
        return ""
    return reverse("capacity", args=[member.workspace.slug])


def _behind(found: Impact, code: str, *, member: Member, moment: Moment) -> str:
    if code not in BEHIND:
        return ""
    query = {
        "kind": BEHIND[code],
        "first": found.window.first.isoformat(),
        "last": found.window.last.isoformat(),
    }
    if moment.known:
        query["known"] = moment.known.isoformat()
    return f"{reverse('backlog-entries', args=[member.workspace.slug])}?{urlencode(query)}"
