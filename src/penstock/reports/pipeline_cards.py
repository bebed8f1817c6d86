"""The open deals that stood in each stage at the end of a day, the latest arrivals first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.moment import Moment
from penstock.reports.pipeline import ALL, narrowing, seen
from penstock.users.models import Member

Row = Mapping[str, Any]
#: Named as the columns of the items that a board of today reads.
COLUMNS = (
    "id",
    "key",
    "title",
    "stage_id",
    "entered_at",
    "opened_at",
    "owner__name",
    "deal__company_id",
    "deal__company__name",
    "deal__amount",
    "deal__currency",
    "deal__close_on",
    "deal__channel",
    "deal__next_step_on",
)


def on_day(member: Member, *, when: Moment, only: DealFilter = ALL, n_each: int = 80) -> list[Row]:
    """Open deals that were not parked on a day, at most ``n_each`` per stage.

    Titles and names are today's; stage, amount, dates, owner, company and channel those of the day.
    """
    narrow, params = narrowing(only, of="d.item_id")
    deals, more = rows.embedded(seen(member, only, present_at=when.known_at).values("item_id"))
    params |= more | rows.times(at=when.at, known=when.known_at)
    params |= {
        "workspace": member.workspace_id,
        "on": when.on,
        "own": member.workspace.currency,
        "n_each": n_each,
    }
    found = rows.ask(_query(deals, narrow), params)
    return [
        dict(zip(COLUMNS, row, strict=True)) | {"outcome": "", "parked_until": None}
        for row in found
    ]


def _query(deals: str, narrow: str) -> str:
    # What only a card tells is asked for the cards that are shown, not for every deal.
    place = rows.last("flow_transition", "occurred_at AS entered_at, r.stage_id", of="d.item_id")
    return f"""
        WITH ended AS ({rows.last_of_each("flow_outcome", "verdict")}),
             waiting AS ({rows.last_of_each("flow_parking", "until")}),
             ranked AS (
                SELECT d.item_id, place.value AS stage_id, place.entered_at,
                       row_number() OVER (
                           PARTITION BY place.value ORDER BY place.entered_at DESC, d.item_id
                       ) AS rank
                FROM ({deals}) d
                CROSS JOIN LATERAL ({place}) place
                LEFT JOIN waiting ON waiting.item_id = d.item_id
                {narrow}
                WHERE coalesce(waiting.value <= %(on)s, true) AND NOT EXISTS (
                    SELECT 1 FROM ended WHERE ended.item_id = d.item_id AND ended.value <> 'open'))
        SELECT i.id, i.key, i.title, ranked.stage_id, ranked.entered_at, i.opened_at, mate.name,
               buyer.id, buyer.name, amount.value::numeric, coalesce(currency.value, %(own)s),
               close_on.value::date, coalesce(channel.value, ''), step.due_on
        FROM ranked JOIN flow_item i ON i.id = ranked.item_id
        LEFT JOIN LATERAL ({rows.field("owner", of="i.id")}) owner ON true
        LEFT JOIN users_member mate ON mate.id = owner.value::bigint
        LEFT JOIN LATERAL ({rows.field("company", of="i.id")}) company ON true
        LEFT JOIN contacts_company buyer ON buyer.id = company.value::bigint
        LEFT JOIN LATERAL ({rows.field("amount", of="i.id")}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of="i.id")}) currency ON true
        LEFT JOIN LATERAL ({rows.field("close_on", of="i.id")}) close_on ON true
        LEFT JOIN LATERAL ({rows.field("channel", of="i.id")}) channel ON true
        LEFT JOIN LATERAL ({_step()}) step ON true
        WHERE ranked.rank <= %(n_each)s
        ORDER BY ranked.stage_id, ranked.rank
    """  # noqa: S608 -- fragments of this room; values are parameters


def _step() -> str:
    """The day of the next step of the item ``i`` at an instant: the earliest of what was planned then."""
    stood = (
        "SELECT DISTINCT ON (r.activity_id) r.state, r.due_on FROM sales_activitychange r "  # noqa: S608 -- fragments of this room; values are parameters
        f"WHERE r.item_id = i.id AND {rows.counting('sales_activitychange')} "
        "ORDER BY r.activity_id, r.occurred_at DESC, r.id DESC"
    )
    return f"SELECT min(due_on) AS due_on FROM ({stood}) stood WHERE stood.state = 'planned'"  # noqa: S608 -- as above
