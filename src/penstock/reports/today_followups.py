"""Follow-ups on Today: the deals that a delivery or a loss led to, and nobody has begun with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, QuerySet

from penstock.flow.models import Item
from penstock.reports.today_sources import DEAL, MOST, Asked, Found, of_deal, open_deals
from penstock.sales.models import Activity, Followup
from penstock.sales.models.followup import Act

#: What opens a deal when its day has come.
OPENING = (Act.RENEWAL, Act.UPSELL, Act.WIN_BACK)


def followups(asked: Asked) -> Iterable[Found]:
    """Renewals, upsells and win-backs whose day came: open deals without a step, until one is planned or done.

    Asking for satisfaction goes by itself; an unhappy answer is a step of its own.
    """
    done = Followup.objects.filter(
        act__in=OPENING, done_at__isnull=False, opened__in=_untouched(asked)
    )
    told = {row.opened_id: row for row in done.select_related("source").order_by("due_on")[:MOST]}
    for row in open_deals(asked).filter(pk__in=list(told)).values(*DEAL):
        followup = told[row["id"]]
        matter = of_deal(
            row,
            kind=followup.act,
            late_days=(asked.today - followup.due_on).days,
            about=followup.source.title,
        )
        yield replace(matter, due_on=followup.due_on)


def _untouched(asked: Asked) -> QuerySet[Item]:
    """Open deals with nothing planned and nothing done."""
    begun = Activity.objects.filter(item=OuterRef("pk"), done_at__isnull=False)
    return open_deals(asked).filter(~Exists(begun), deal__next_step_on=None)
