"""How soon are leads answered?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from penstock.analytics.survival import Quantile
from penstock.reports import answers
from penstock.reports.answers import Answered, Answers
from penstock.sales.models import Channel
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.insights_losses import interval, per_cent
from penstock.web.pages.leads import hours_text
from penstock.web.pages.tiles import Tile, window_text

#: Fewer leads say nothing about a usual time.
N_NEEDED = 5
STATES = {
    answers.IN_TIME: pgettext_lazy("leads", "Answered in time"),
    answers.LATE: pgettext_lazy("leads", "Answered late"),
    answers.WAITING: pgettext_lazy("leads", "Waiting, in time"),
    answers.OVERDUE: pgettext_lazy("leads", "Waiting, time is over"),
    answers.ENDED: pgettext_lazy("leads", "Ended without an answer"),
}
NOBODY = gettext_lazy("Nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An owner or a channel; ``query`` leads to its leads."""

    name: str
    n: str
    share: str
    interval: str
    median: str
    p85: str
    waiting: str
    query: str


def head(found: Answers) -> Page:
    """The answer, and how it is measured."""
    return Page(
        title=_("Answer times"),
        nav="insights",
        answer=_answer(found.whole),
        definition=Definition(
            text=_(
                "Leads that came in by themselves or were taken up as new leads in the window. A clock runs "
                "from the arrival to the first call, meeting or e-mail that reached somebody, in working "
                "hours without holidays. In time is a share of the leads that were answered or whose "
                "time is over, with Wilson's interval at 95 %. Median and 85 % are Kaplan and Meier's: "
                "leads that still wait, or were qualified or closed without a contact, count with the time "
                "they waited."
            ),
            window=window_text(found.window),
            n=figures.number(found.whole.n),
        ),
    )


def tiles(found: Answers) -> list[Tile]:
    """Share in time, median, 85 %, and what is overdue."""
    whole = found.whole
    known = whole.in_time.of
    return [
        Tile(
            name=_("Answered in time"),
            value=per_cent(whole.in_time.share),
            basis=_("%(n)s of %(of)s; between %(interval)s")
            % {
                "n": figures.number(whole.in_time.n),
                "of": figures.number(known),
                "interval": interval(whole.in_time),
            }
            if known
            else "",
        ),
        Tile(name=_("Median until an answer"), value=hours(whole.duration.median)),
        Tile(name=_("85 % answered within"), value=hours(whole.duration.p85)),
        Tile(
            name=_("Climbed beyond the owner"),
            value=figures.number(found.n_told),
            basis=_("leads of which the team lead or a manager was told"),
        ),
    ]


def states(whole: Answered) -> list[dict[str, str]]:
    """How the leads stand, each with the way to them."""
    return [
        {
            "name": str(STATES[state]),
            "n": figures.number(whole.counts[state]),
            "query": f"state={state}",
        }
        for state in answers.STATES
    ]


def owner_lines(found: Answers) -> list[Line]:
    """By owner, as of today."""
    return [_line(part, part.name or str(NOBODY), f"by={pk}") for pk, part in found.by_owner]


def channel_lines(found: Answers) -> list[Line]:
    """By the channel of the first touch."""
    labels = dict(Channel.choices)
    return [
        _line(part, str(labels.get(code, _("Not known"))), f"came={code or 'none'}")
        for code, part in found.by_channel
    ]


def notes(found: Answers) -> list[str]:
    """What bears on the figures."""
    said = []
    ended = found.whole.counts[answers.ENDED]
    if ended:
        said.append(
            ngettext(
                "%(n)s lead was qualified or closed without a written contact: it is in no share.",
                "%(n)s leads were qualified or closed without a written contact: they are in no share.",
                ended,
            )
            % {"n": figures.number(ended)}
        )
    if 0 < found.whole.n < N_NEEDED:
        said.append(_("So few leads say little about the usual time."))
    return said


def hours(found: Quantile) -> str:
    """A number of working hours; a dash where so many were not answered yet."""
    if found.days is None:
        return "–"
    return hours_text(found.days)


def keep(clocks: Iterable[answers.Clock], *, state: str, by: int | None, came: str) -> list[int]:
    """The leads behind a figure."""
    return [
        one.item_id
        for one in clocks
        if (not state or one.state == state)
        and (by is None or (one.owner_id or 0) == by)
        and (not came or one.channel == ("" if came == "none" else came))
    ]


def _line(part: Answered, name: str, query: str) -> Line:
    waiting = part.counts[answers.WAITING] + part.counts[answers.OVERDUE]
    return Line(
        name=name,
        n=figures.number(part.n),
        share=per_cent(part.in_time.share),
        interval=interval(part.in_time),
        median=hours(part.duration.median),
        p85=hours(part.duration.p85),
        waiting=figures.number(waiting),
        query=query,
    )


def _answer(whole: Answered) -> str:
    if not whole.n:
        return _("No lead came in in this window.")
    if not whole.in_time.of:
        return _("All leads of this window still wait, and their time is not over.")
    text = ngettext(
        "%(share)s of %(n)s lead was answered in time.",
        "%(share)s of %(n)s leads were answered in time.",
        whole.in_time.of,
    )
    overdue = whole.counts[answers.OVERDUE]
    values = {"share": per_cent(whole.in_time.share), "n": figures.number(whole.in_time.of)}
    if not overdue:
        return text % values
    late = ngettext(
        "%(n)s waits although its time is over.",
        "%(n)s wait although their time is over.",
        overdue,
    )
    return f"{text % values} {late % {'n': figures.number(overdue)}}"
