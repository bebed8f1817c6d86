"""What dated statements amount to: how well something is known, by whom, and where they contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

#: A statement whose weight fell below this no longer speaks.
LIVE = 0.2
#: Support from which on something is confirmed, if a document or two who agree stand behind it.
ENOUGH = 0.75
#: A weaker side speaks against a stronger one from this part of its support on.
DISPUTED = 0.5
UNKNOWN, STALE, GUESSED = "unknown", "stale", "guessed"
CONTRADICTED, STATED, CONFIRMED = "contradicted", "stated", "confirmed"
#: States from the one that tells least to the one that tells most.
STATES = (UNKNOWN, STALE, GUESSED, CONTRADICTED, STATED, CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Somebody said something; a topic's statements are weighed together.

    ``key`` names it, ``source`` who said it (one source counts once), ``about`` its subject: only
    statements about one subject contradict each other. ``value`` is a number if it has one (an
    amount, a day), ``age_days`` is 0 or more, ``confidence`` a share. ``is_guess`` marks what nobody
    said, ``is_document`` what is written down, ``is_final`` what may confirm.
    """

    key: int
    source: Hashable
    age_days: float
    confidence: float
    is_for: bool = True
    is_guess: bool = False
    is_document: bool = False
    is_final: bool = True
    about: Hashable = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a topic is weighed: days in which a statement loses half, and how far values may differ.

    ``tolerance`` is a share of the larger value if ``is_relative``, else in the value's own unit.
    """

    half_life_days: float
    tolerance: float = 0.0
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How well a topic is known, from ``n`` statements of which ``n_live`` still speak.

    ``support`` in [0, 1] is that of the leading side; ``is_against`` when that side says no.
    ``leading`` are the keys of its statements, strongest first; ``disputing`` those of each side
    that contradicts it, strongest side first.
    """

    state: str
    support: float
    is_against: bool
    n: int
    n_live: int
    leading: tuple[int, ...] = ()
    disputing: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    statements: tuple[Statement, ...]
    support: float
    is_for: bool


def weight(statement: Statement, *, half_life_days: float) -> float:
    """What a statement is worth by its age: its confidence, halved with each half-life.

    >>> said = Statement(key=1, source="Anna", age_days=90, confidence=0.8)
    >>> weight(said, half_life_days=90)
    0.4
    """
    if statement.age_days < 0 or half_life_days <= 0:
        raise ValueError("a statement lies in the past, and a half-life is longer than nothing")
    return float(statement.confidence * 0.5 ** (statement.age_days / half_life_days))


def standing(statements: Iterable[Statement], *, rule: Rule) -> Standing:
    """How well a topic is known at the moment from which the ages are counted.

    The order of the statements does not matter. Where nothing contradicts, an agreeing
    statement never weakens, and time never improves the state. With several subjects, the one known best counts.

    Returns:
        ``unknown`` without statements, ``stale`` when none speaks any more. Else ``contradicted``
        if another side has half the support of the leading one, ``confirmed`` from 0.75 on with a
        document or two sources, ``stated`` when somebody said so, ``guessed`` when nobody did.

    Source:
        Independent sources add up as 1 − ∏(1 − weight), the certainty factor of E. H. Shortliffe and
        B. G. Buchanan, "A Model of Inexact Reasoning in Medicine", Mathematical Biosciences 23 (1975),
        p. 364: 0.6 and 0.5 give 0.8. The decay and the bounds are ours.

    >>> rule = Rule(half_life_days=90)
    >>> anna = Statement(key=1, source="Anna", age_days=0, confidence=0.6)
    >>> boris = Statement(key=2, source="Boris", age_days=0, confidence=0.5)
    >>> standing([anna], rule=rule).state, standing([anna, boris], rule=rule).state
    ('stated', 'confirmed')
    >>> round(standing([anna, boris], rule=rule).support, 3)
    0.8
    """
    told = sorted(statements, key=lambda one: one.key)
    live = [one for one in told if weight(one, half_life_days=rule.half_life_days) >= LIVE]
    if not live:
        state = STALE if told else UNKNOWN
        return Standing(state=state, support=0.0, is_against=False, n=len(told), n_live=0)
    subjects: dict[Hashable, list[Statement]] = defaultdict(list)
    for one in live:
        subjects[one.about].append(one)
    found = [_weighed(rows, rule=rule, n=len(told), n_live=len(live)) for rows in subjects.values()]
    return max(found, key=_rank)


def holds(found: Standing, *, at_least: str) -> bool:
    """Whether a topic is known well enough, and does not speak against the deal.

    >>> holds(Standing("stated", 0.6, False, 1, 1), at_least="confirmed")
    False
    """
    return not found.is_against and STATES.index(found.state) >= STATES.index(at_least)


def ask_next(found: Mapping[str, Standing], *, wanted: Collection[str] = ()) -> str | None:
    """The topic to ask about: of those wanted the weakest, else the weakest that is not confirmed.

    None when all is confirmed. Of equals the first as the mapping has them.

    >>> ask_next({"need": Standing("stated", 0.6, False, 1, 1), "budget": Standing("unknown", 0, False, 0, 0)})
    'budget'
    """
    open_ = [topic for topic in found if found[topic].state != CONFIRMED or topic in wanted]
    first = [topic for topic in open_ if topic in wanted] or open_
    return min(
        first,
        key=lambda topic: (STATES.index(found[topic].state), found[topic].support),
        default=None,
    )


def _weighed(rows: Sequence[Statement], *, rule: Rule, n: int, n_live: int) -> Standing:
    sides = sorted(_sides(rows, rule), key=lambda side: (-side.support, side.statements[0].key))
    leading, *others = sides
    disputing = [side for side in others if side.support >= DISPUTED * leading.support]
    return Standing(
        state=CONTRADICTED if disputing else _state(leading, rule),
        support=leading.support,
        is_against=not leading.is_for,
        n=n,
        n_live=n_live,
        leading=_keys(leading, rule),
        disputing=tuple(_keys(side, rule) for side in disputing),
    )


def _sides(rows: Sequence[Statement], rule: Rule) -> list[_Side]:
    """Those who say no, and those who say yes, parted by values that lie too far from each other.

    What has no value agrees with the strongest value.
    """
    against = [one for one in rows if not one.is_for]
    valued = sorted((one for one in rows if one.is_for and one.value is not None), key=_by_value)
    groups: list[list[Statement]] = []
    for one in valued:
        if groups and _is_near(groups[-1][0].value, one.value, rule):
            groups[-1].append(one)
        else:
            groups.append([one])
    groups.sort(key=lambda group: (-_support(group, rule), group[0].key))
    bare = [one for one in rows if one.is_for and one.value is None]
    if bare:
        groups[:1] = [[*(groups[0] if groups else []), *bare]]
    parted = [(group, True) for group in groups] + [(against, False)] * bool(against)
    return [_Side(tuple(group), _support(group, rule), is_for) for group, is_for in parted]


def _by_value(one: Statement) -> tuple[float, int]:
    return (one.value or 0.0, one.key)


def _is_near(first: float | None, other: float | None, rule: Rule) -> bool:
    assert first is not None, "only values are compared"
    assert other is not None, "only values are compared"
    scale = max(abs(first), abs(other)) if rule.is_relative else 1.0
    return abs(first - other) <= rule.tolerance * scale


def _support(rows: Iterable[Statement], rule: Rule) -> float:
    best: dict[Hashable, float] = {}
    for one in rows:
        said = weight(one, half_life_days=rule.half_life_days)
        best[one.source] = max(best.get(one.source, 0.0), said)
    return 1.0 - prod(
        1.0 - best[source] for source in sorted(best, key=lambda s: (best[s], str(s)))
    )


def _state(side: _Side, rule: Rule) -> str:
    said = [one for one in side.statements if not one.is_guess]
    if not said:
        return GUESSED
    final = [one for one in said if one.is_final]
    is_backed = any(one.is_document for one in final) or len({one.source for one in final}) > 1
    return CONFIRMED if is_backed and _support(said, rule) >= ENOUGH else STATED


def _keys(side: _Side, rule: Rule) -> tuple[int, ...]:
    ranked = sorted(
        side.statements,
        key=lambda one: (-weight(one, half_life_days=rule.half_life_days), one.key),
    )
    return tuple(one.key for one in ranked)


def _rank(found: Standing) -> tuple[int, bool, float, tuple[int, ...]]:
    return (STATES.index(found.state), not found.is_against, found.support, found.leading)
