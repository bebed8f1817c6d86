"""What ``penstock report`` says about leads: the channels they come by, and how soon they are answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from penstock.analytics import attribution
from penstock.analytics.conversion import Share
from penstock.base.errors import RuleBroken
from penstock.cli.figures import Laid, Question
from penstock.cli.insights import slice_of, title, window_of
from penstock.cli.rendering import Sheet, percent
from penstock.flow import dating
from penstock.reports import answers, channel_costs, channels
from penstock.reports.answers import STATES, Answered
from penstock.reports.channels import Earned
from penstock.reports.moment import moment
from penstock.sales.models import Channel
from penstock.users.models import Member

BYS = ("channel", "campaign")


def of_channels(member: Member, asked: Question, where: str) -> Laid:
    """What each channel or campaign brought and cost."""
    window = window_of(member, asked)
    by, rule = _way(asked.by)
    found = channels.earned(
        member,
        window,
        rule=rule,
        by=by,
        until=asked.on or dating.today(member.workspace),
        known=asked.known,
        only=slice_of(member, where),
    )
    own = member.workspace.currency
    named = [(one, _name(one, by)) for one in found.lines] + [(found.whole, _("Total"))]
    sheets = [
        Sheet(
            title=title(_("Channels") if by == "channel" else _("Campaigns"), window),
            columns=(by, *channels.FIGURES, "won of all", "cost", "cost per lead", "return"),
            rows=[_earned(one, name, own) for one, name in named],
        ),
        Sheet(
            title=_("More of them"),
            columns=(
                by,
                "95 % interval",
                "by day",
                "won of closed",
                "cost per customer",
                "won value",
            ),
            rows=[_more(one, name, own) for one, name in named],
            note=_(
                "Won of all follows open leads as not decided yet (Aalen-Johansen); won of closed is won ÷ (won + "
                "lost). "
                "Credit by %(rule)s touch. A slice bears the part of a campaign's cost that is its leads' part."
            )
            % {"rule": rule},
        ),
    ]
    figure = {
        "window": window,
        "by": by,
        "rule": rule,
        "followed_until": found.followed_until.isoformat(),
        "idle_cost": _amount(found.idle_cost),
        "lines": [_told(one, _name(one, by)) for one in found.lines],
        "whole": _told(found.whole, _("Total")),
    }
    return figure, sheets


def of_answers(member: Member, asked: Question, where: str) -> Laid:
    """How soon leads are answered."""
    window = window_of(member, asked)
    when = moment(member.workspace, on=asked.on, known=asked.known)
    at = min(when.at, dating.now())
    found = answers.in_window(
        member, window, at=at, known=when.known_at, only=slice_of(member, where)
    )
    heads = ("leads", *(one.replace("_", " ") for one in STATES), "share in time", "95 % interval")
    parts = [("", _("Total"), found.whole)]
    parts += [("owner", one.name, one) for _pk, one in found.by_owner]
    parts += [("channel", _name_of(key), one) for key, one in found.by_channel]
    sheet = Sheet(
        title=title(_("Answers to leads"), window),
        columns=("by", "name", *heads, "median, hours", "85 %, hours"),
        rows=[[by, *_answered(one, name)] for by, name, one in parts],
        note=_("Hours are working hours; leads that wait are followed until then (Kaplan-Meier)."),
    )
    return found, [sheet]


def _way(text: str) -> tuple[str, str]:
    """How the leads are divided and who earns the credit, from such as ``campaign,last``."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    if set(named) - {*BYS, *attribution.RULES}:
        raise RuleBroken(
            "cli.by",
            _("--by can be one of these: %(names)s.")
            % {"names": ", ".join((*BYS, *attribution.RULES))},
        )
    by = next((one for one in named if one in BYS), "channel")
    return by, next((one for one in named if one in attribution.RULES), attribution.FIRST)


def _name(one: Earned, by: str) -> str:
    return _name_of(one.key) if by == "channel" else one.name or _("Not known")


def _name_of(channel: str) -> str:
    return str(dict(Channel.choices).get(channel, "") or _("Not known"))


def _earned(one: Earned, name: str, own: str) -> list[Any]:
    return [
        name,
        *(round(float(one.count(figure)), 2) for figure in channels.FIGURES),
        percent(one.followed.won.share) if one.followed and one.followed.horizon_days else None,
        _money(one.cost, own),
        _money(one.cost_per("leads"), own),
        None if one.returned is None else round(float(one.returned), 2),
    ]


def _more(one: Earned, name: str, own: str) -> list[Any]:
    ends, n_closed = one.followed, float(one.n_closed)
    is_told = ends is not None and ends.horizon_days is not None
    return [
        name,
        f"{percent(ends.won.low)} … {percent(ends.won.high)}" if ends and is_told else None,
        ends.horizon_days if ends else None,
        percent(float(one.count("won")) / n_closed) if n_closed else None,
        _money(one.cost_per("won"), own),
        _money(one.value, own),
    ]


def _told(one: Earned, name: str) -> dict[str, Any]:
    """All of a line, for programs."""
    return {
        "key": one.key,
        "name": name,
        **{figure: round(float(one.count(figure)), 4) for figure in channels.FIGURES},
        "won_of_all": one.followed,
        "cost": _amount(one.cost),
        "cost_per_lead": _amount(one.cost_per("leads")),
        "cost_per_customer": _amount(one.cost_per("won")),
        "won_value": _amount(one.value),
        "return": None if one.returned is None else round(float(one.returned), 4),
    }


def _amount(value: Fraction | None) -> Decimal | None:
    return None if value is None else round(channel_costs.decimal(value), 2)


def _money(value: Fraction | None, own: str) -> Any:
    return None if value is None else {own: _amount(value)}


def _answered(one: Answered, name: str) -> list[Any]:
    in_time: Share = one.in_time
    interval = f"{percent(in_time.low)} … {percent(in_time.high)}" if in_time.of else None
    hours = (one.duration.median.days, one.duration.p85.days)
    return [
        name or "–",
        one.n,
        *(one.counts.get(state, 0) for state in STATES),
        percent(in_time.share),
        interval,
        *(None if value is None else round(value, 1) for value in hours),
    ]


FIGURES: Mapping[str, Callable[[Member, Question, str], Laid]] = {
    "channels": of_channels,
    "answers": of_answers,
}
