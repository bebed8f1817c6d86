"""What is written about orders and work of the sample company, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkWords:
    """Notes of people who deliver."""

    promise_notes: tuple[str, ...]
    hurry: str


EN = WorkWords(
    promise_notes=(
        "The castings come a week later than the foundry said.",
        "The customer's crane is free only then.",
        "The second shift is on the penstock gates until Friday.",
        "The bearing seat was bored oval and has to be welded up.",
    ),
    hurry="Their turbine stands still; the mill loses a day's output every day.",
)
RU = WorkWords(
    promise_notes=(
        "Литьё придёт на неделю позже, чем обещал завод.",
        "Кран у заказчика освободится только к этому дню.",
        "Вторая смена до пятницы занята затворами.",
        "Посадочное место расточили овальным, будем наплавлять.",
    ),
    hurry="У них стоит турбина, комбинат каждый день теряет дневную выработку.",
)
BY_LANGUAGE = {"en": EN, "ru": RU}
