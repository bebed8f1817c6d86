"""What is known of a deal's need, budget, authority and time, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from penstock.analytics.evidence import Standing, ask_next, weight
from penstock.reports.moment import Moment
from penstock.sales import evidence, facts
from penstock.sales.evidence import Evidence
from penstock.sales.models import Claim, Deal, Topic
from penstock.web import figures
from penstock.web.forms.claims import QUESTIONS
from penstock.web.pages import claim_words

STATES = {
    "unknown": (pgettext_lazy("evidence", "Unknown"), ""),
    "stale": (pgettext_lazy("evidence", "Stale"), "warn"),
    "guessed": (pgettext_lazy("evidence", "Guessed"), "warn"),
    "contradicted": (pgettext_lazy("evidence", "Contradicted"), "late"),
    "stated": (pgettext_lazy("evidence", "Stated"), "info"),
    "confirmed": (pgettext_lazy("evidence", "Confirmed"), "ok"),
}
AGAINST = {
    "guessed": (gettext_lazy("Guessed: no"), "late"),
    "stated": (gettext_lazy("Stated: no"), "late"),
    "confirmed": (gettext_lazy("Confirmed: no"), "late"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A claim as the panel shows it."""

    id: int
    gist: str
    wording: str
    source: str
    manner: str
    at: datetime
    confidence: str
    weight: str
    is_for: bool
    is_faded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicBox:
    """One topic: its state in words, its evidence, and the sides of a contradiction."""

    code: str
    name: str
    question: str
    state: str
    tone: str
    answer: str
    lines: Sequence[Line]
    sides: Sequence[Sequence[Line]]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePanel:
    """The four topics and the one to ask about next; empty words when all is confirmed."""

    topics: Sequence[TopicBox]
    ask: str
    ask_code: str
    ask_because: str


def build(
    deal: Deal,
    *,
    moment: Moment | None = None,
    merged: Iterable[int] | None = None,
    is_blank: bool = False,
) -> EvidencePanel:
    """The panel of a deal; with a moment of the past, as it was then.

    Of a deal about which nothing was ever said, nothing is asked.
    """
    is_past = moment is not None and not moment.is_now
    at, known = (moment.at, moment.known_at) if moment is not None and is_past else (None, None)
    found = (
        evidence.nothing()
        if is_blank
        else evidence.of(deal.pk, workspace_id=deal.workspace_id, at=at, known=known, merged=merged)
    )
    stage = deal.item.stage
    wanted = {
        facts.EVIDENCE[need][0]
        for need in stage.needs
        if need in facts.EVIDENCE and not _is_met(found, need)
    }
    code = ask_next(found.standings, wanted=wanted)
    because = (
        _("The gate of “%(stage)s” asks for it.") % {"stage": stage.label}
        if code in wanted
        else _("It is what we know least.")
    )
    boxes = [_box(topic, found, at=at) for topic in Topic]
    return EvidencePanel(
        topics=boxes,
        ask=str(QUESTIONS[Topic(code)]) if code and not is_past else "",
        ask_code=code or "",
        ask_because=because,
    )


def _is_met(found: Evidence, need: str) -> bool:
    topic, at_least = facts.EVIDENCE[need]
    return found.holds(topic, at_least=at_least)


def _box(topic: Topic, found: Evidence, *, at: datetime | None) -> TopicBox:
    standing, claims = found.standings[topic], found.claims[topic]
    half_life = found.rules[topic].half_life_days
    lines = {claim.pk: _line(claim, at=at, half_life=half_life) for claim in claims}
    state, tone = (AGAINST if standing.is_against else STATES).get(
        standing.state, STATES[standing.state]
    )
    sides = (standing.leading, *standing.disputing) if standing.disputing else ()
    return TopicBox(
        code=topic.value,
        name=str(topic.label),
        question=str(QUESTIONS[topic]),
        state=str(state),
        tone=tone,
        answer=_answer(standing, claims),
        lines=list(lines.values()),
        sides=[[lines[key] for key in side] for side in sides],
        n=standing.n,
    )


def _answer(standing: Standing, claims: Sequence[Claim]) -> str:
    """What the strongest claim says."""
    by_id = {claim.pk: claim for claim in claims}
    best = by_id.get(standing.leading[0]) if standing.leading else None
    return claim_words.gist(best) if best is not None else ""


def _line(claim: Claim, *, at: datetime | None, half_life: float) -> Line:
    said = evidence.statement(claim, at or evidence.now())
    left = weight(said, half_life_days=half_life)
    gist, wording = claim_words.gist(claim), claim_words.wording(claim)
    return Line(
        id=claim.pk,
        gist=gist,
        wording=wording if wording != gist else "",
        source=claim_words.source(claim),
        manner=str(claim.get_manner_display()),
        at=claim.occurred_at,
        confidence=figures.share(claim.confidence),
        weight=figures.share(Decimal(str(round(left, 4)))),
        is_for=claim.is_for,
        is_faded=left < evidence.LIVE,
    )
