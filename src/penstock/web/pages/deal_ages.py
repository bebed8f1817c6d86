"""What the age of a deal in its stage means, in words."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from penstock.reports import ageing
from penstock.web import figures
from penstock.web.pages.columns import Age

if TYPE_CHECKING:
    from collections.abc import Mapping

    from penstock.analytics.ageing_in_stage import Left
    from penstock.reports.ageing import Ages
    from penstock.users.models import Member


def of_row(row: Mapping[str, Any], *, ages: Ages, member: Member) -> Age | None:
    """The age of an open deal on a board; None where too few deals were won to say anything."""
    parked = row["parked_until"]
    if parked is not None and parked > ages.on:
        return None
    since = ageing.since(row["entered_at"], parked, member=member)
    left = ages.left(row["stage_id"], since=since)
    if left is None:
        return None
    is_late = ages.is_late(left, step_on=row["deal__next_step_on"], item_id=row["id"])
    return Age(text=told(left), is_late=is_late)


def told(left: Left) -> str:
    """The sentence, with its number of cases."""
    return _told(figures.share(left.share), left.n, get_language())


@lru_cache(1024)
def _told(share: str, n: int, _language: str | None) -> str:
    return _("%(share)s of the %(n)s deals we won had left this stage by now.") % {
        "share": share,
        "n": figures.number(n),
    }


def sentence(ages: Ages, *, stage_id: int, since: Any, step_on: date | None, item_id: int) -> str:
    """What the page of a deal says: the share, or that there are too few; and whether it is late or paused."""
    ageing_of = ages.by_stage.get(stage_id)
    left = ages.left(stage_id, since=since)
    if left is None:
        n = ageing_of.n_won if ageing_of is not None else 0
        return _(
            "Too few won deals stood in this stage to say what is usual (%(n)s of %(least)s)."
        ) % {
            "n": figures.number(n),
            "least": figures.number(ageing.MIN_WON),
        }
    if left.share < ages.late_share:
        return told(left)
    return f"{told(left)} {_verdict(ages, left, step_on=step_on, item_id=item_id)}"


def _verdict(ages: Ages, left: Left, *, step_on: date | None, item_id: int) -> str:
    if ages.is_late(left, step_on=step_on, item_id=item_id):
        return _("That is late.")
    if ages.is_late(left, step_on=step_on):
        return _(
            "The customer is to clear the way by a day that is ahead, so it does not count as late."
        )
    return _("A step is planned, so it does not count as late.")
