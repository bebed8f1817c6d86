"""What the lists of the backlog can be asked for, as it stands in the address."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from penstock.contacts.models import Tier
from penstock.web.pages.backlog_queue import DEFAULT_SORT, SORTS, Asked


def asked(query: QueryDict) -> Asked:
    """Read an address; what cannot be read is left out."""
    sort = query.get("sort", "")
    name = sort.removeprefix("-")
    return Asked(
        search=query.get("q", "").strip()[:100],
        stage_id=_id(query.get("stage")),
        company_id=_id(query.get("company")),
        is_overdue=query.get("overdue") == "1",
        is_repromised=query.get("promise") == "moved",
        is_expedited=query.get("first") == "1",
        tier=query.get("tier", "") if query.get("tier") in Tier.values else "",
        is_held=query.get("held") == "1",
        has_no_hours=query.get("hours") == "none",
        sort=name if name in SORTS else DEFAULT_SORT,
        is_descending=sort.startswith("-") and name in SORTS,
    )


def _id(text: Any) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None
