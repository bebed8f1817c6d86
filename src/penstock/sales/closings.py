"""How deals were closed, kept so that figures of months and years are read from one index."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

#: The fields whose later changes make a closed deal one to be read from its rows.
FIELDS = ("amount", "currency")


def keep(deal_ids: Sequence[int]) -> None:
    """Say again of some deals how they were closed; call it after each of their rows that may say otherwise.

    A deal is *plain* when one row ended it, as won or lost, and no row speaks of its amount or currency
    after that: then amount and currency of now are those of every moment since, and ``closed_at`` and
    ``closed_as`` are set. Any other that ever ended is ``is_retold``: only its rows say what was so in a
    window. Rather one too many is retold than one too few.
    """
    if deal_ids:
        with connection.cursor() as cursor:
            cursor.execute(KEEP + " AND sales_deal.item_id = ANY(%s)", [list(deal_ids)])


KEEP = """
    UPDATE sales_deal SET closed_at = said.closed_at, closed_as = said.closed_as, is_retold = said.is_retold
    FROM (
        SELECT item_id,
               CASE WHEN is_plain THEN at END AS closed_at,
               CASE WHEN is_plain THEN verdict ELSE '' END AS closed_as,
               n > 0 AND NOT is_plain AND NOT (n = 1 AND verdict = 'merged') AS is_retold
        FROM (
            SELECT d.item_id, ends.n, ends.at, ends.verdict,
                   ends.n = 1 AND ends.verdict IN ('won', 'lost') AND NOT EXISTS (
                       SELECT 1 FROM flow_fieldchange c
                       WHERE c.workspace_id = d.workspace_id AND c.item_id = d.item_id
                         AND c.field IN ('amount', 'currency') AND c.occurred_at > ends.at) AS is_plain
            FROM sales_deal d CROSS JOIN LATERAL (
                SELECT count(*) AS n, max(o.occurred_at) AS at, max(o.verdict) AS verdict
                FROM flow_outcome o WHERE o.workspace_id = d.workspace_id AND o.item_id = d.item_id) ends
        ) counted
    ) said
    WHERE sales_deal.item_id = said.item_id"""
