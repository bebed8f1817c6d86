"""What the product does by itself, duty by duty: a verb for one workspace, and how often it is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penstock.backlog import priorities
from penstock.contacts import upkeep
from penstock.intake import leftovers
from penstock.notices import proposal_news, reminders
from penstock.sales import answers, capture_keys, followups
from penstock.users import sendings
from penstock.users.models import Workspace
from penstock.worker import digest, foreseeing

MINUTE, HOUR, DAY = "minute", "hour", "day"


@dataclass(frozen=True, slots=True)
class Duty:
    """One act for one workspace; safe to run twice, for a worker may die in the middle."""

    name: str
    every: str
    act: Callable[[Workspace], object]


#: All duties; a new one adds its line here.
DUTIES: tuple[Duty, ...] = (
    Duty("followups.carry_out", HOUR, followups.carry_out_due),
    Duty("reminders.before_due", MINUTE, reminders.before_due),
    Duty("proposals.tell_of_end", HOUR, proposal_news.tell_of_end),
    Duty("digest.send_due", HOUR, digest.send_due),
    Duty("answers.climb", MINUTE, answers.climb),
    Duty("intake.release", MINUTE, leftovers.release),
    Duty("queue.refresh", MINUTE, priorities.refresh_due),
    Duty("promises.foresee", HOUR, foreseeing.foresee),
    Duty("pairs.begin", HOUR, upkeep.begin),
    Duty("pairs.renew", DAY, upkeep.renew),
    Duty("capture_keys.clear_seen", HOUR, capture_keys.clear_seen),
    Duty("sendings.clear", DAY, sendings.clear),
)


def of(every: str) -> list[Duty]:
    """The duties of one rhythm."""
    return [duty for duty in DUTIES if duty.every == every]


def named(name: str) -> Duty:
    """A duty by its name.

    Raises:
        LookupError: There is none, or no more.
    """
    for duty in DUTIES:
        if duty.name == name:
            return duty
    raise LookupError(f"there is no duty “{name}”")
