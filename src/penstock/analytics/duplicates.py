"""Whether two companies or two people are probably one: a score with its reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


#: Nothing speaks for it.
NOTHING = Match(0.0)


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


@dataclass(frozen=True, slots=True)
class CompanyPieces:
    """A company, cut once to be compared with many."""

    words: tuple[str, ...]
    grams: frozenset[str]
    numbers: tuple[str, ...]
    domain: str
    town: str


@dataclass(frozen=True, slots=True)
class PersonPieces:
    """A person, cut once to be compared with many."""

    words: tuple[str, ...]
    grams: frozenset[str]
    email: str
    mailbox: str
    phone: str
    company_id: int | None


def company_pieces(facts: CompanyFacts) -> CompanyPieces:
    """Cut a company.

    >>> company_pieces(CompanyFacts("Завод №1", city="Пермь")).town
    'perm'
    """
    words = tuple(spelling.company_words(facts.name))
    return CompanyPieces(
        words=words,
        grams=spelling.trigrams(words),
        numbers=_numbers(words),
        domain=spelling.domain(facts.domain),
        town=spelling.plain(facts.city),
    )


def person_pieces(facts: PersonFacts) -> PersonPieces:
    """Cut a person.

    >>> person_pieces(PersonFacts("Ann Smith", "ann+fair@acme.com")).mailbox
    'ann@acme.com'
    """
    words = tuple(spelling.person_words(facts.name))
    return PersonPieces(
        words=words,
        grams=spelling.trigrams(words),
        email=spelling.email(facts.email),
        mailbox=spelling.mailbox(facts.email),
        phone=spelling.phone(facts.phone),
        company_id=facts.company_id,
    )


def companies(one: CompanyFacts, other: CompanyFacts) -> Match:
    """How probable it is that two companies are one.

    Every reason for it has a weight; together they come to 1 − Π(1 − weight). What speaks against it (other numbers in
    the name, other domains, other towns) multiplies the result.

    >>> companies(CompanyFacts("ООО «Ромашка»"), CompanyFacts("Romashka Ltd")).reasons[0].code
    'same_name'
    >>> companies(CompanyFacts("Acme"), CompanyFacts("Mill")).score
    0.0
    """
    return company_match(company_pieces(one), company_pieces(other))


def company_match(one: CompanyPieces, other: CompanyPieces) -> Match:
    """The same of two companies that are cut already.

    >>> pieces = company_pieces(CompanyFacts("Acme", "acme.com"))
    >>> company_match(pieces, pieces).score
    0.97
    """
    weights, reasons = _named(one, other, ordered=True)
    if one.domain and one.domain == other.domain:
        weights.append(0.7)
        reasons.append(Reason("same_domain"))
    if not weights:
        return NOTHING
    against = 0.25 if one.numbers != other.numbers else 1.0
    if one.domain and other.domain and one.domain != other.domain:
        against *= 0.75
    if one.town and other.town and one.town != other.town:
        against *= 0.8
    return _together(weights, reasons, against=against)


def people(one: PersonFacts, other: PersonFacts) -> Match:
    """How probable it is that two people are one; as for companies.

    >>> people(PersonFacts("Ann", "ann@acme.com"), PersonFacts("A. Smith", "ANN@acme.com")).score
    0.9
    """
    return person_match(person_pieces(one), person_pieces(other))


def person_match(one: PersonPieces, other: PersonPieces) -> Match:
    """The same of two people who are cut already.

    >>> pieces = person_pieces(PersonFacts("Ann Smith"))
    >>> person_match(pieces, pieces).score
    0.558
    """
    weights, reasons = _named(one, other, ordered=False)
    # A name is shared by many people: alone it is no reason, unless they work at the same company.
    weights = [0.62 * weight for weight in weights]
    for code, weight in _addresses(one, other):
        weights.append(weight)
        reasons.append(Reason(code))
    if not weights:
        return NOTHING
    against = 1.0
    if one.company_id and other.company_id:
        if one.company_id == other.company_id:
            weights.append(0.3)
            reasons.append(Reason("same_company"))
        else:
            against = 0.75
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
    one: CompanyPieces | PersonPieces, other: CompanyPieces | PersonPieces, *, ordered: bool
) -> tuple[list[float], list[Reason]]:
    """The weight of two names, and how alike they are."""
    if not one.words or not other.words:
        return [], []
    if "".join(one.words) == "".join(other.words):
        return [0.9], [Reason("same_name", 1.0)]
    alike = spelling.likeness(one.grams, other.grams)
    if not ordered and _is_within(one.words, other.words):
        alike = max(alike, 0.9)
    if alike < ALIKE or (ordered and _has_own_words(one.words, other.words)):
        return [], []
    return [0.9 * alike * alike], [Reason("like_name", round(alike, 2))]


def _has_own_words(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each name has a word that is like none of the other: North and South of one house are two companies."""
    grams = {word: spelling.trigrams([word]) for word in {*words, *others}}

    def own(mine: Sequence[str], theirs: Sequence[str]) -> bool:
        return any(
            all(spelling.likeness(grams[word], grams[other]) < 0.4 for other in theirs)
            for word in mine
        )

    return own(words, others) and own(others, words)


def _is_within(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether all words of one name (two at least) stand in the other: a patronymic came along."""
    short, long = sorted((set(words), set(others)), key=len)
    return len(short) > 1 and short < long


def _addresses(one: PersonPieces, other: PersonPieces) -> list[tuple[str, float]]:
    found = []
    if one.email and one.email == other.email:
        found.append(("same_email", 0.9))
    elif one.mailbox and one.mailbox == other.mailbox:
        found.append(("same_mailbox", 0.75))
    if one.phone and one.phone == other.phone:
        found.append(("same_phone", 0.65))
    return found


def _numbers(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\d+", " ".join(words))))


def _together(weights: list[float], reasons: list[Reason], *, against: float) -> Match:
    left = 1.0
    for weight in weights:
        left *= 1 - weight
    return Match(round((1 - left) * against, 4), tuple(reasons))
