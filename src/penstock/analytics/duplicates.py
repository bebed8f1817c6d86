"""Whether two companies or two people are probably one: a score with its reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from penstock.analytics import spelling

#: From this score on two records are shown as possibly the same; set on the labelled pairs of the tests.
THRESHOLD = 0.6
#: Names less alike than this are no reason.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two records may be one: a code, and for names how alike they are."""

    code: str
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How probable it is that two records are one, in [0, 1]; a rank, not a frequency."""

    score: float
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def is_possible(self) -> bool:
        """Worth to be shown."""
        return self.score >= THRESHOLD


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What companies are compared by; empty for unknown."""

    name: str
    domain: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What people are compared by; empty for unknown."""

    name: str
    email: str = ""
    phone: str = ""
    company_id: int | None = None


def companies(one: CompanyFacts, other: CompanyFacts) -> Match:
    """How probable it is that two companies are one.

    Every reason for it has a weight; together they come to 1 − Π(1 − weight). What speaks against it (other numbers in
    the name, other domains, other towns) multiplies the result.

    >>> companies(CompanyFacts("ООО «Ромашка»"), CompanyFacts("Romashka Ltd")).reasons[0].code
    'same_name'
    >>> companies(CompanyFacts("Acme"), CompanyFacts("Mill")).score
    0.0
    """
    words, others = spelling.company_words(one.name), spelling.company_words(other.name)
    weights, reasons = _named(words, others, ordered=True)
    here, there = spelling.domain(one.domain), spelling.domain(other.domain)
    if here and here == there:
        weights.append(0.7)
        reasons.append(Reason("same_domain"))
    against = 0.25 if _numbers(words) != _numbers(others) else 1.0
    if here and there and here != there:
        against *= 0.75
    if one.city and other.city and spelling.plain(one.city) != spelling.plain(other.city):
        against *= 0.8
    return _together(weights, reasons, against=against)


def people(one: PersonFacts, other: PersonFacts) -> Match:
    """How probable it is that two people are one; as for companies.

    >>> people(PersonFacts("Ann", "ann@acme.com"), PersonFacts("A. Smith", "ANN@acme.com")).score
    0.9
    """
    words, others = spelling.person_words(one.name), spelling.person_words(other.name)
    weights, reasons = _named(words, others, ordered=False)
    # A name is shared by many people: alone it is no reason, unless they work at the same company.
    weights = [0.62 * weight for weight in weights]
    for code, weight in _addresses(one, other):
        weights.append(weight)
        reasons.append(Reason(code))
    against = 1.0
    if one.company_id and other.company_id:
        if one.company_id == other.company_id:
            weights.append(0.3)
            reasons.append(Reason("same_company"))
        else:
            against = 0.75
    if not any(reason.code != "same_company" for reason in reasons):
        return Match(0.0)
    return _together(weights, reasons, against=against)


def titles(one: str, other: str) -> float:
    """How alike two titles of deals are, from 0 to 1.

    >>> round(titles("A wheel for Acme", "Wheel for ACME"), 2)
    0.97
    """
    return spelling.likeness(_grams(one), _grams(other))


@lru_cache(maxsize=64)
def _grams(title: str) -> frozenset[str]:
    # The deals of one company are compared one after the other.
    return spelling.trigrams(map(spelling.folded, spelling.plain(title).split()))


def _named(
    words: list[str], others: list[str], *, ordered: bool
) -> tuple[list[float], list[Reason]]:
    """The weight of two names, and how alike they are."""
    if not words or not others:
        return [], []
    if "".join(words) == "".join(others):
        return [0.9], [Reason("same_name", 1.0)]
    alike = spelling.likeness(spelling.trigrams(words), spelling.trigrams(others))
    if not ordered and _is_within(words, others):
        alike = max(alike, 0.9)
    if alike < ALIKE or (ordered and _has_own_words(words, others)):
        return [], []
    return [0.9 * alike * alike], [Reason("like_name", round(alike, 2))]


def _has_own_words(words: list[str], others: list[str]) -> bool:
    """Whether each name has a word that is like none of the other: North and South of one house are two companies."""
    grams = {word: spelling.trigrams([word]) for word in {*words, *others}}

    def own(mine: list[str], theirs: list[str]) -> bool:
        return any(
            all(spelling.likeness(grams[word], grams[other]) < 0.4 for other in theirs)
            for word in mine
        )

    return own(words, others) and own(others, words)


def _is_within(words: list[str], others: list[str]) -> bool:
    """Whether all words of one name (two at least) stand in the other: a patronymic came along."""
    short, long = sorted((set(words), set(others)), key=len)
    return len(short) > 1 and short < long


def _addresses(one: PersonFacts, other: PersonFacts) -> list[tuple[str, float]]:
    found = []
    if one.email and spelling.email(one.email) == spelling.email(other.email):
        found.append(("same_email", 0.9))
    elif one.email and spelling.mailbox(one.email) == spelling.mailbox(other.email) != "":
        found.append(("same_mailbox", 0.75))
    if spelling.phone(one.phone) and spelling.phone(one.phone) == spelling.phone(other.phone):
        found.append(("same_phone", 0.65))
    return found


def _numbers(words: list[str]) -> list[str]:
    return sorted(re.findall(r"\d+", " ".join(words)))


def _together(weights: list[float], reasons: list[Reason], *, against: float) -> Match:
    left = 1.0
    for weight in weights:
        left *= 1 - weight
    return Match(round((1 - left) * against, 4), tuple(reasons))
