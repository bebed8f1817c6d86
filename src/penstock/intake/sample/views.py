"""Views that the people of the sample company share: what they look at on Mondays."""

from __future__ import annotations

from penstock.intake.sample.company import Cast
from penstock.users import saved_views

#: List, question, and the name in English and in Russian.
VIEWS = (
    ("deals", "step=none", "Without a next step", "Без следующего шага"),
    (
        "deals",
        "amount_from=20000&sort=close_on&view=list",
        "Large ones by close",
        "Крупные, по сроку",
    ),
    ("deals", "sort=-age&step=late&view=list", "Stuck for too long", "Застряли на этапе"),
    ("leads", "state=overdue&whose=nobody", "Late, and nobody's", "Просрочены, ничьи"),
    ("backlog", "overdue=1&sort=-value", "Overdue, largest first", "Просрочены, сначала крупные"),
)


def keep(cast: Cast) -> None:
    """The manager keeps and shares them; nobody's list opens with one."""
    manager = cast.members[1]
    for place, query, english, russian in VIEWS:
        name = russian if cast.words.currency == "RUB" else english
        saved_views.save(place, name=name, query=query, is_shared=True, by=manager)
