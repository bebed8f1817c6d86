"""How well need, budget, authority and time of deals are known at a moment, from their claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from penstock.analytics import evidence
from penstock.analytics.evidence import LIVE, Rule, Standing, Statement
from penstock.contacts import merging
from penstock.contacts.models.merge import Noun
from penstock.flow import replay
from penstock.flow.dating import now
from penstock.sales.claims import HALF_LIFE_DAYS
from penstock.sales.models import Claim, DealPerson, HalfLife, Manner, Topic

__all__ = ["LIVE", "Evidence", "now", "of", "of_many", "rules_of", "statement"]
#: Budgets agree within a fifth, dates within a month: closer nobody is before a proposal.
BUDGET_TOLERANCE = 0.2
TIMELINE_TOLERANCE_DAYS = 31.0
#: Only who decides or pays answers for authority; who else has a say is shown, and not weighed.
DECIDING = frozenset({"", DealPerson.Part.DECIDES, DealPerson.Part.PAYS})
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The four topics of a deal: how well each is known, and the claims behind it, newest first.

    ``rules`` say how they were weighed.
    """

    standings: Mapping[str, Standing]
    claims: Mapping[str, list[Claim]]
    rules: Mapping[str, Rule]

    def holds(self, topic: str, *, at_least: str) -> bool:
        """Whether a topic is known well enough and speaks for the deal."""
        return evidence.holds(self.standings[topic], at_least=at_least)


def of(
    item_id: int,
    *,
    workspace_id: int,
    at: datetime | None = None,
    known: datetime | None = None,
    merged: Iterable[int] | None = None,
) -> Evidence:
    """What is known of one deal now, or at an instant, as known at another (both exclusive).

    ``merged`` are the deals that were merged into it, if they were asked for already.
    """
    answering = None
    if merged is not None:
        answering = {item_id: item_id, **dict.fromkeys(merged, item_id)}
    return of_many([item_id], workspace_id=workspace_id, at=at, known=known, answering=answering)[
        item_id
    ]


def nothing() -> Evidence:
    """What is known of a deal about which nobody said anything: no claim, so no half-life of one matters."""
    return _evidence((), _rules({}), at=None, known=None)


def of_many(
    item_ids: Iterable[int],
    *,
    workspace_id: int,
    at: datetime | None = None,
    known: datetime | None = None,
    answering: Mapping[int, int] | None = None,
) -> dict[int, Evidence]:
    """The same of many deals, in three queries; what was said of deals merged into them counts as theirs."""
    ids = list(item_ids)
    if answering is None:
        answering = merging.answering(Noun.DEAL, ids, at=known or at)
    rows: dict[int, list[Claim]] = defaultdict(list)
    found = Claim.objects.filter(item_id__in=list(answering), workspace_id=workspace_id)
    for row in found.select_related("item__deal", "said_by", "person", "by", "wording"):
        rows[answering[row.item_id]].append(row)
    rules = rules_of(workspace_id)
    return {pk: _evidence(rows[pk], rules, at=at, known=known) for pk in ids}


def rules_of(workspace_id: int) -> dict[str, Rule]:
    """How a workspace weighs each topic."""
    return _rules(
        dict(HalfLife.objects.filter(workspace_id=workspace_id).values_list("topic", "days"))
    )


def _rules(own: Mapping[str, float]) -> dict[str, Rule]:
    days = {topic.value: float(own.get(topic, HALF_LIFE_DAYS[topic])) for topic in Topic}
    return {
        Topic.NEED: Rule(days[Topic.NEED]),
        Topic.BUDGET: Rule(days[Topic.BUDGET], tolerance=BUDGET_TOLERANCE, is_relative=True),
        Topic.AUTHORITY: Rule(days[Topic.AUTHORITY]),
        Topic.TIMELINE: Rule(days[Topic.TIMELINE], tolerance=TIMELINE_TOLERANCE_DAYS),
    }


def _evidence(
    rows: Iterable[Claim], rules: Mapping[str, Rule], *, at: datetime | None, known: datetime | None
) -> Evidence:
    counting = replay.effective(rows, known=known)
    if at is not None:
        counting = [row for row in counting if row.occurred_at < at]
    moment = at or now()
    claims: dict[str, list[Claim]] = {topic.value: [] for topic in Topic}
    for row in reversed(counting):
        claims[row.topic].append(row)
    standings = {
        topic: evidence.standing(
            (statement(row, moment) for row in listed if row.part in DECIDING), rule=rules[topic]
        )
        for topic, listed in claims.items()
    }
    return Evidence(standings=standings, claims=claims, rules=rules)


def statement(claim: Claim, moment: datetime) -> Statement:
    """A claim as it is weighed at a moment."""
    return Statement(
        key=claim.pk,
        source=("person", claim.said_by_id) if claim.said_by_id else ("member", claim.by_id),
        age_days=max(0.0, (moment - claim.occurred_at).total_seconds() / DAY_SECONDS),
        confidence=float(claim.confidence),
        is_for=claim.is_for,
        is_guess=claim.manner == Manner.GUESS,
        is_document=claim.manner == Manner.DOCUMENT,
        is_final=claim.is_approved or claim.topic != Topic.BUDGET or not claim.is_for,
        about=(claim.person_id, claim.part) if claim.person_id else None,
        value=_value(claim),
    )


def _value(claim: Claim) -> float | None:
    """Amounts in another currency than the deal's are not compared."""
    if claim.amount is not None:
        return float(claim.amount) if claim.currency == claim.item.deal.currency else None
    return float(claim.due_on.toordinal()) if claim.due_on else None
