"""The leads of a window with the touches that earn the credit for them, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from penstock.analytics import attribution
from penstock.base.calendar import Window, end_of
from penstock.flow import dating
from penstock.reports import rows
from penstock.reports.filters import DealFilter
from penstock.reports.pipeline import narrowing, seen
from penstock.sales import channels
from penstock.sales.models import Deal
from penstock.users.models import Member

#: How a lead stands: an open lead, an open deal that was qualified, and ended ones.
OPEN, QUALIFIED, WON, LOST_QUALIFIED, LOST = "open", "qualified", "won", "lost_qualified", "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which leads, by which rule, and as of when."""

    member: Member
    window: Window
    rule: str
    until: date
    known: date | None
    only: DealFilter

    @property
    def known_at(self) -> datetime | None:
        """Until when it was known."""
        return None if self.known is None else end_of(self.known, zone=self.window.zone)

    @property
    def at(self) -> datetime:
        """The end of the day at which they stand as they are shown."""
        return end_of(self.until, zone=self.window.zone)


@dataclass(frozen=True, slots=True)
class Group:
    """Leads alike, as the database counts them.

    ``spans`` says of each how many days it was followed: until it was won or lost, or (as -1 - days)
    until the following stopped; empty where none was followed.
    """

    channel: str | None
    campaign_id: int | None
    stated: str
    among: int
    kind: str
    currency: str
    day: date | None
    n: int
    n_with_amount: int
    total: Decimal | None
    spans: Sequence[int] = ()


def groups(asked: Question, *, followed: datetime) -> list[Group]:
    """Leads with the same channel, campaign, standing and currency as one row each.

    Args:
        asked: Which leads.
        followed: Until when ends are taken for known: those of later stop the following there.
    """
    query, params = cases(asked)
    ended = "c.verdict IN ('won', 'lost') AND c.ended_at <= %(followed)s"
    stop = "least(%(followed)s, CASE WHEN p.value > %(followed_on)s THEN p.occurred_at END)"
    query += f"""
        , waiting AS (
            SELECT DISTINCT ON (r.item_id) r.item_id, r.until AS value, r.occurred_at FROM flow_parking r
            WHERE r.occurred_at < %(followed)s AND {rows.known("flow_parking")}
            ORDER BY r.item_id, r.occurred_at DESC, r.id DESC),
        spans AS (
            SELECT c.*, CASE WHEN {ended} THEN {_days("c.ended_at")} ELSE -1 - {_days(stop)} END AS span
            FROM credited c LEFT JOIN waiting p ON p.item_id = c.item_id)
        SELECT c.channel, c.campaign_id, coalesce(c.stated, ''), c.among, c.kind,
               coalesce(currency.value, %(own)s),
               CASE WHEN coalesce(currency.value, %(own)s) <> %(own)s
                    THEN (c.ended_at AT TIME ZONE %(zone)s)::date END,
               count(*), count(amount.value), sum(amount.value::numeric),
               coalesce(array_agg(c.span) FILTER (WHERE c.opened_at < %(followed)s), '{{}}')
        FROM spans c
        LEFT JOIN LATERAL ({rows.field("amount", of="c.won_id")}) amount ON true
        LEFT JOIN LATERAL ({rows.field("currency", of="c.won_id")}) currency ON true
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= {
        "followed": followed,
        "followed_on": followed.astimezone(asked.window.zone).date(),
    }
    return [Group(*row) for row in rows.ask(query, params)]


def _days(until: str) -> str:
    return f"greatest(0, floor(extract(epoch FROM {until} - c.opened_at) / 86400))::int"


def cases(asked: Question, *, of: QuerySet[Deal] | None = None) -> tuple[str, rows.Params]:
    """The leads of a window, one row for each touch that earns credit; a stated source is one touch.

    ``of`` are the deals to look at, where they are not those that the member may see.
    """
    window = asked.window
    narrow, params = narrowing(asked.only, of="v.item_id")
    mine = seen(asked.member, asked.only) if of is None else of
    opened = mine.filter(item__opened_at__gte=window.start, item__opened_at__lt=window.stop)
    visible, more = rows.embedded(opened.values("item_id", "item__opened_at", "qualified_at"))
    qualified, history = _qualified(asked)
    query = f"""
        WITH RECURSIVE
        answers AS (
            SELECT m.gone_id, m.kept_id FROM contacts_merge m
            WHERE m.workspace_id = %(workspace)s AND m.noun = 'deal' AND m.undone_at IS NULL
            UNION
            SELECT a.gone_id, m.kept_id FROM answers a JOIN contacts_merge m ON m.gone_id = a.kept_id
            WHERE m.workspace_id = %(workspace)s AND m.noun = 'deal' AND m.undone_at IS NULL),
        ended AS (
            SELECT DISTINCT ON (r.item_id) r.item_id, r.verdict, r.occurred_at FROM flow_outcome r
            WHERE r.occurred_at >= %(first)s AND {rows.counting("flow_outcome")}
            ORDER BY r.item_id, r.occurred_at DESC, r.id DESC),
        cases AS (
            SELECT v.item_id, v.opened_at, e.verdict, e.occurred_at AS ended_at, {qualified} AS is_qualified
            FROM ({visible}) v (item_id, opened_at, qualified_at) {narrow}
            LEFT JOIN ended e ON e.item_id = v.item_id {history}
            WHERE v.opened_at < %(at)s AND e.verdict IS DISTINCT FROM 'merged'),
        touched AS (
            SELECT r.item_id, r.channel, r.campaign_id, r.occurred_at, r.id
            FROM sales_touch r WHERE {rows.counting("sales_touch")}
            UNION ALL
            SELECT a.kept_id, r.channel, r.campaign_id, r.occurred_at, r.id
            FROM sales_touch r JOIN answers a ON a.gone_id = r.item_id
            WHERE {rows.counting("sales_touch")}),
        timely AS (
            SELECT t.* FROM touched t JOIN cases c ON c.item_id = t.item_id
            WHERE t.occurred_at <= coalesce(CASE WHEN c.verdict IN ('won', 'lost') THEN c.ended_at END, %(at)s)),
        earning AS ({_earning(asked.rule)}),
        credited AS (
            SELECT c.item_id, c.opened_at, c.ended_at, c.verdict, e.channel, e.campaign_id,
                   coalesce(e.among, 1) AS among, stated.value AS stated,
                   CASE WHEN c.verdict = 'won' THEN '{WON}'
                        WHEN c.verdict = 'lost' AND c.is_qualified THEN '{LOST_QUALIFIED}'
                        WHEN c.verdict = 'lost' THEN '{LOST}'
                        WHEN c.is_qualified THEN '{QUALIFIED}' ELSE '{OPEN}' END AS kind,
                   CASE WHEN c.verdict = 'won' THEN c.item_id END AS won_id
            FROM cases c LEFT JOIN earning e ON e.item_id = c.item_id
            LEFT JOIN LATERAL ({rows.field("channel", of="(CASE WHEN e.item_id IS NULL THEN c.item_id END)")})
                stated ON true)
    """  # noqa: S608 -- fragments of this room; values are parameters
    params |= more | rows.times(at=asked.at, known=asked.known_at)
    params |= {
        "first": window.start,
        "workspace": asked.member.workspace_id,
        "own": asked.member.workspace.currency,
        "zone": window.zone.key,
    }
    return query, params


def _qualified(asked: Question) -> tuple[str, str]:
    """Whether a lead was qualified: now as the deal says, else as its history said then; and the join for it."""
    if asked.known is None and asked.at > dating.now():
        return "v.qualified_at IS NOT NULL", ""
    history = f"LEFT JOIN LATERAL ({rows.field('qualified', of='v.item_id')}) q ON true"
    return "coalesce(q.value = 'yes', false)", history


def _earning(rule: str) -> str:
    order = {
        attribution.FIRST: "t.occurred_at, t.id",
        attribution.LAST: "t.occurred_at DESC, t.id DESC",
    }
    if rule in order:
        return (
            "SELECT DISTINCT ON (t.item_id) t.item_id, t.channel, t.campaign_id, 1 AS among "  # noqa: S608 -- our own fragments
            f"FROM timely t ORDER BY t.item_id, {order[rule]}"
        )
    return (
        "SELECT t.item_id, t.channel, t.campaign_id, "
        "(count(*) OVER (PARTITION BY t.item_id))::int AS among FROM timely t"
    )


def stated(found: Sequence[Group], member: Member) -> dict[str, str]:
    """The channel of each stated source that stands in for a touch."""
    texts = {one.stated for one in found if one.channel is None and one.stated}
    return channels.of_stated(texts, own=channels.rules_of(member.workspace_id))


def key(one: Group, stated_as: Mapping[str, str], *, by: str) -> str:
    """The channel or campaign that earns; nothing where none is known."""
    if by == "campaign":
        return str(one.campaign_id or "")
    return one.channel or stated_as.get(one.stated, "")
