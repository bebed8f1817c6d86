"""What the deals of companies come to: open ones at the rates of today, won ones each at that of its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum

from penstock.base.money import ZERO
from penstock.catalog.exchange import Exchange, Part
from penstock.flow.dating import today
from penstock.sales.access import items_for
from penstock.users.models import Member
from penstock.web.pages import money
from penstock.web.pages.deal_rows import closed_on
from penstock.web.pages.money import Shown

OPEN, WON = "", "won"


@dataclass(frozen=True, slots=True)
class Bought:
    """The open and the won deals of one company: how many, and their amounts by currency and day."""

    n: dict[str, int] = field(default_factory=lambda: {OPEN: 0, WON: 0})
    parts: dict[str, list[Part]] = field(default_factory=lambda: {OPEN: [], WON: []})

    def sums(self, outcome: str) -> dict[str, Decimal]:
        """The native sums."""
        found: dict[str, Decimal] = {}
        for part in self.parts[outcome]:
            found[part.currency] = found.get(part.currency, ZERO) + part.amount
        return found


NOTHING = Bought()


def bought(member: Member, ids: Iterable[int]) -> dict[int, Bought]:
    """Per company what a member may see of its deals; one question."""
    rows = (
        items_for(member)
        .filter(deal__company_id__in=list(ids), outcome__in=(OPEN, WON))
        .order_by()
        .annotate(closed_on=closed_on(member.workspace))
        .values_list("deal__company_id", "outcome", "deal__currency", "closed_on")
        .annotate(Count("pk"), Sum("deal__amount"), Count("deal__amount"))
    )
    by_company: dict[int, Bought] = {}
    for company_id, outcome, currency, day, n, amount, known in rows:
        mine = by_company.setdefault(company_id, Bought())
        mine.n[outcome] += n
        if amount is not None:
            mine.parts[outcome].append(Part(currency, amount, known, day))
    return by_company


def exchange(member: Member, found: Mapping[int, Bought]) -> Exchange:
    """The rates for all of them; no question where one currency is all there is."""
    rates = Exchange(member.workspace, day=today(member.workspace))
    rates.learn(part for one in found.values() for parts in one.parts.values() for part in parts)
    return rates


def shown(rates: Exchange, parts: Sequence[Part]) -> Shown | str:
    """A sum in the workspace's currency, with its native parts on demand; nothing for none."""
    return money.in_column(rates.in_one(parts)) if parts else ""


def sentence(rates: Exchange, parts: Sequence[Part]) -> str:
    """A sum within a sentence; empty for none."""
    return money.sentence(rates.in_one(parts)) if parts else ""
