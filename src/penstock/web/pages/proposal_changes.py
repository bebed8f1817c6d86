"""What differs between two versions of a proposal, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.sales import proposal_diff, proposal_lines, proposal_paper
from penstock.sales.models import ProposalVersion
from penstock.sales.proposal_diff import Diff, Wording

FIELDS = {
    "title": gettext_lazy("Title"),
    "introduction": gettext_lazy("Introduction"),
    "terms": gettext_lazy("Terms"),
    "valid_until": gettext_lazy("Valid until"),
    "position": gettext_lazy("Place"),
    "description": gettext_lazy("Description"),
    "quantity": gettext_lazy("Quantity"),
    "unit": gettext_lazy("Unit"),
    "unit_price": gettext_lazy("Price"),
    "discount_share": gettext_lazy("Discount"),
    "tax_share": gettext_lazy("Tax"),
    "hours": gettext_lazy("Hours"),
    "is_optional": gettext_lazy("Optional"),
    "discount": gettext_lazy("Discounts"),
    "net": gettext_lazy("Total without tax"),
    "tax": gettext_lazy("Tax"),
    "gross": gettext_lazy("Total"),
}
KINDS = {
    "added": gettext_lazy("New line"),
    "removed": gettext_lazy("Line gone"),
    "changed": gettext_lazy("Line changed"),
}


def changes(before: ProposalVersion, after: ProposalVersion) -> list[Mapping[str, Any]]:
    """What differs between two versions, as rows of words."""
    currency = after.proposal.currency
    diff: Diff = proposal_diff.compare(_wording(before), _wording(after))
    rows = [_told("", change, currency) for change in diff.head]
    for line in diff.lines:
        what = f"{KINDS[line.kind]}: {line.line['title']}"
        if line.kind == "changed":
            rows.extend(_told(what, change, currency) for change in line.fields)
            continue
        quantity = proposal_paper.plain(line.line["quantity"])
        worth = f"{quantity} × {proposal_paper.price(line.line['unit_price'], currency)}"
        pair = ("", worth) if line.kind == "added" else (worth, "")
        rows.append({"what": what, "field": "", "before": pair[0], "after": pair[1]})
    rows.extend(_told(_("Together"), change, currency) for change in diff.sums)
    return rows


def _told(what: str, change: proposal_diff.Change, currency: str) -> Mapping[str, Any]:
    return {
        "what": what,
        "field": str(FIELDS[change.field]),
        "before": _shown(change.field, change.before, currency),
        "after": _shown(change.field, change.after, currency),
    }


def _shown(field: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return _number(field, value, currency)
    return "" if value is None else str(value)


def _number(field: str, value: Decimal, currency: str) -> str:
    if field.endswith("_share"):
        return proposal_paper.share(value)
    if field in ("quantity", "hours"):
        return proposal_paper.plain(value)
    return proposal_paper.price(value, currency)


def _wording(version: ProposalVersion) -> Wording:
    lines = list(version.lines.all())
    return Wording(
        head={name: getattr(version, name) for name in proposal_diff.HEAD},
        lines={
            line.mark: {name: getattr(line, name) for name in proposal_diff.LINE} for line in lines
        },
        totals=proposal_lines.added_up(lines, currency=version.proposal.currency),
    )
