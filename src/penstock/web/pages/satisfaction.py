"""Are our customers satisfied with what was delivered?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.analytics.conversion import Share
from penstock.analytics.satisfaction import FEW
from penstock.reports.satisfaction import Answer, Satisfaction
from penstock.sales.models.survey import HAPPY, RANGES
from penstock.web import figures
from penstock.web.pages.base import Definition, Page
from penstock.web.pages.tiles import Tile, TooFew, day_text, n_text, window_text

N_ANSWERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A survey behind the figures."""

    order_key: str
    title: str
    company: str
    asked_on: str
    answer: str
    tone: str
    comment: str


def head(found: Satisfaction) -> Page:
    """The answer for the window, and how it is measured."""
    return Page(
        title=_("Satisfaction"),
        nav="insights",
        answer=_answer(found),
        definition=Definition(
            text=_(
                "Surveys asked in the window, each with the latest answer given up to its end. "
                "Unanswered ones are in the response rate and in nothing else."
            ),
            window=window_text(found.window),
            n=figures.number(found.answered.of),
        ),
    )


def tiles(found: Satisfaction) -> list[Tile]:
    """The figures."""
    return [_answered(found), _satisfied(found), _net_promoter(found), _unhappy(found)]


def rows(answers: Sequence[Answer]) -> list[Row]:
    """The surveys in words."""
    return [
        Row(
            order_key=one.order_key,
            title=one.title,
            company=one.company,
            asked_on=day_text(one.asked_at.date()),
            answer=_("No answer yet")
            if one.score is None
            else _("%(score)s of %(high)s") % {"score": one.score, "high": RANGES[one.scale][1]},
            tone=_tone(one),
            comment=one.comment,
        )
        for one in answers
    ]


def _tone(one: Answer) -> str:
    if one.score is None:
        return ""
    if one.is_unhappy:
        return "late"
    return "ok" if one.score >= HAPPY[one.scale] else "warn"


def _answer(found: Satisfaction) -> str:
    if not found.answered.of:
        return _("Nobody was asked in this window.")
    asked = ngettext(
        "%(n)s of %(of)s survey was answered.",
        "%(n)s of %(of)s surveys were answered.",
        found.answered.of,
    ) % {"n": figures.number(found.answered.n), "of": figures.number(found.answered.of)}
    unhappy = ngettext(
        "%(n)s customer is unhappy and should be called.",
        "%(n)s customers are unhappy and should be called.",
        found.n_unhappy,
    ) % {"n": figures.number(found.n_unhappy)}
    return f"{asked} {unhappy}" if found.n_unhappy else asked


def _answered(found: Satisfaction) -> Tile:
    return Tile(
        name=_("Response rate"),
        value=_per_cent(found.answered),
        basis=_basis(found.answered),
        definition=Definition(
            text=_("Surveys with an answer ÷ surveys asked in the window. Wilson interval at 95 %.")
        ),
    )


def _satisfied(found: Satisfaction) -> Tile:
    return Tile(
        name=_("Satisfied (CSAT)"),
        value=_per_cent(found.satisfied),
        basis=_basis(found.satisfied),
        too_few=_too_few(found.satisfied.of),
        definition=Definition(
            text=_("Answers of 4 or 5 ÷ all CSAT answers. Wilson interval at 95 %.")
        ),
    )


def _net_promoter(found: Satisfaction) -> Tile:
    score = found.net_promoter
    basis = ""
    if score.low is not None and score.high is not None:
        basis = _("between %(low)s and %(high)s, n = %(n)s") % {
            "low": round(score.low),
            "high": round(score.high),
            "n": figures.number(score.n),
        }
    return Tile(
        name=_("Net promoter score"),
        value="–" if score.score is None else figures.number(round(score.score)),
        basis=basis,
        too_few=_too_few(score.n),
        definition=Definition(
            text=_(
                "Share of answers of 9 and 10 less the share of answers from 0 to 6, in points from "
                "-100 to 100. Adjusted Wald interval at 95 %."
            )
        ),
    )


def _unhappy(found: Satisfaction) -> Tile:
    return Tile(
        name=_("Unhappy customers"),
        value=figures.number(found.n_unhappy),
        url="#answers",
        basis=n_text(found.answered.n),
        tone="late" if found.n_unhappy else "",
        definition=Definition(text=_("Answers of 1 or 2 (CSAT) and of 0 to 6 (NPS).")),
    )


def _too_few(n: int) -> TooFew | None:
    return TooFew(n=n, needed=FEW) if n < FEW else None


def _per_cent(share: Share) -> str:
    return "–" if share.share is None else figures.share(share.share)


def _basis(share: Share) -> str:
    if share.low is None or share.high is None:
        return n_text(share.of)
    return _("between %(low)s and %(high)s, n = %(n)s") % {
        "low": figures.share(share.low),
        "high": figures.share(share.high),
        "n": figures.number(share.of),
    }
