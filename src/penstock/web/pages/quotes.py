"""If we sign this, when can we deliver, and who waits longer: the answer in words and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.backlog.models import Forecast
from penstock.reports.quotes import Later, Quote
from penstock.sales import offers
from penstock.sales.models import Deal, ProposalLine
from penstock.users.models import Workspace
from penstock.web import figures
from penstock.web.pages.base import Crumb, Definition, Page
from penstock.web.pages.tiles import day_text, short_day_and_year


@dataclass(frozen=True, slots=True)
class LaterRow:
    """An order that would wait longer."""

    key: str
    title: str
    promised: str
    before: str
    after: str
    days: str
    late: str
    cost: str


def head(found: Quote | None, *, deal: Deal | None, workspace: Workspace) -> Page:
    """The question, and the answer once hours are said."""
    crumb = (
        Crumb(
            name=deal.item.title,
            url=reverse("deal", args=[workspace.slug, deal.item.key]),
        )
        if deal
        else Crumb(name=_("Outlook"), url=reverse("outlook", args=[workspace.slug]))
    )
    return Page(
        title=_("If we sign this, when?"),
        nav="pipeline" if deal else "outlook",
        crumbs=(crumb,),
        answer=answer(found) if found else _("Say how many hours of work it is."),
        definition=_definition(found) if found else None,
    )


def answer(found: Quote) -> str:
    """When it is ready, where it stands, and who pays for it."""
    return " ".join([_when(found), _whom(found)])


def _when(found: Quote) -> str:
    if found.problem:
        return str(Forecast.Problem(found.problem).label)
    sure, middle = found.ready.days[1], found.ready.days[0]
    if sure is None or middle is None:
        return _("Not within the horizon: it is ready by %(day)s in %(share)s of cases.") % {
            "day": day_text(found.horizon_on),
            "share": figures.share(round(found.ready.within, 2)),
        }
    said = _("Ready by %(sure)s in 85 of 100 cases, by %(middle)s in half of them.") % {
        "sure": day_text(sure),
        "middle": day_text(middle),
    }
    if found.ready.by_promise is None:
        return said
    on_time = _("On time for the promise in %(share)s of cases.") % {
        "share": figures.share(round(found.ready.by_promise, 2))
    }
    return f"{said} {on_time}"


def _whom(found: Quote) -> str:
    if not found.n_later:
        return _("Nobody waits longer for it.")
    said = ngettext(
        "%(n)s order waits longer for it.", "%(n)s orders wait longer for it.", found.n_later
    ) % {"n": figures.number(found.n_later)}
    if not found.n_newly_late:
        return said
    newly = ngettext(
        "%(n)s of them is late only because of it.",
        "%(n)s of them are late only because of it.",
        found.n_newly_late,
    ) % {"n": figures.number(found.n_newly_late)}
    return f"{said} {newly}"


def _definition(found: Quote) -> Definition:
    return Definition(
        text=_(
            "The queue is drawn twice on the same paths: as it is, and with this order at place "
            "%(place)s of %(n)s. Later is the mean over all paths; "
            "the slot has to earn what that costs the others, at their cost of a day."
        )
        % {"place": figures.number(found.place), "n": figures.number(found.n)},
        window=ngettext("%(n)s past week", "%(n)s past weeks", found.n_history)
        % {"n": figures.number(found.n_history)},
        n=figures.number(found.n - 1),
    )


def facts(found: Quote, *, currency: str) -> list[tuple[str, str]]:
    """Its days, its place, and what the slot has to earn."""
    labels = (_("50 of 100 cases"), _("85 of 100 cases"), _("95 of 100 cases"))
    return [
        *(
            (
                label,
                day_text(day) if day else _("not by %(day)s") % {"day": day_text(found.horizon_on)},
            )
            for label, day in zip(labels, found.ready.days, strict=True)
        ),
        (
            _("Place in the queue"),
            _("%(place)s of %(n)s")
            % {"place": figures.number(found.place), "n": figures.number(found.n)},
        ),
        (
            _("The slot has to earn"),
            figures.money(Decimal(round(found.break_even)), currency, is_whole=True),
        ),
    ]


def later(found: Quote, *, currency: str) -> list[LaterRow]:
    """Who waits longer, the costliest first."""
    return [_later(one, currency) for one in found.later]


def _later(one: Later, currency: str) -> LaterRow:
    return LaterRow(
        key=one.key,
        title=one.title,
        promised=short_day_and_year(one.promised_on) if one.promised_on else "–",
        before=short_day_and_year(one.before) if one.before else "–",
        after=short_day_and_year(one.after) if one.after else "–",
        days=figures.number(Decimal(str(round(one.days, 1))), places=1),
        late=figures.share(round(max(one.late, 0.0), 3), places=1),
        cost=figures.money(Decimal(round(one.cost)), currency, is_whole=True),
    )


def hours_of(deal: Deal) -> Decimal | None:
    """The hours of the proposal that counts, or of the draft; None where any line lacks them."""
    counting = offers.counting(deal.pk)
    lines: Sequence[ProposalLine] = (
        list(counting.version.lines.all())
        if counting
        else list(
            ProposalLine.objects.filter(
                version__proposal__deal=deal, version__sent_at=None
            ).order_by("pk")
        )
    )
    chosen = set(counting.options) if counting else set()
    told = [line.hours for line in lines if not line.is_optional or line.mark in chosen]
    if not told or any(hours is None for hours in told):
        return None
    return round(sum((hours for hours in told if hours is not None), Decimal(0)), 2)
