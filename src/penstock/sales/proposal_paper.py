"""A version as it is set on paper: every word and figure, ready to be shown, in its own language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from penstock.base.money import SIGNS, minor_places
from penstock.base.totals import Totals
from penstock.sales import proposal_lines
from penstock.sales.models import ProposalLine, ProposalSettings, ProposalVersion


@dataclass(frozen=True, slots=True)
class Sum:
    """A line below the table."""

    name: str
    value: str
    strong: bool = False


def data(
    version: ProposalVersion, *, settings: ProposalSettings, logo: str | None
) -> dict[str, Any]:
    """What the template shows. Only texts, so that nothing of it can be an instruction."""
    proposal = version.proposal
    with override(proposal.language):
        lines = list(version.lines.all())
        currency = proposal.currency
        counted = [line for line in lines if not line.is_optional]
        optional = [line for line in lines if line.is_optional]
        sums = proposal_lines.added_up(lines, currency=currency)
        return {
            "language": proposal.language,
            "number": proposal.key,
            "title": version.title,
            "is_draft": version.is_draft,
            "logo": logo,
            "seller": _rows(settings.seller) or [version.workspace.name],
            "customer": _customer(version),
            "facts": _facts(version),
            "introduction": version.introduction,
            "terms": version.terms,
            "footer": settings.footer,
            "has_discount": any(line.discount_share for line in lines),
            "has_tax": any(line.tax_share for line in lines),
            "lines": [_line(line, n, currency) for n, line in enumerate(counted, start=1)],
            "options": [
                _line(line, n, currency) for n, line in enumerate(optional, start=len(counted) + 1)
            ],
            "sums": [
                {"name": one.name, "value": one.value, "strong": one.strong}
                for one in sums_of(sums)
            ],
            "labels": labels(),
        }


def sums_of(totals: Totals) -> list[Sum]:
    """The lines below a table: discount, net, tax by rate, what is to be paid."""
    rows = []
    if totals.discount:
        rows.append(Sum(_("Discounts"), money(-totals.discount, totals.currency)))
    taxed = [tax for tax in totals.taxes if tax.share]
    if taxed:
        rows.append(Sum(_("Total without tax"), money(totals.net, totals.currency)))
    for tax in taxed:
        name = _("Tax %(share)s on %(net)s") % {
            "share": share(tax.share),
            "net": money(tax.net, totals.currency),
        }
        rows.append(Sum(name, money(tax.tax, totals.currency)))
    rows.append(Sum(_("Total"), money(totals.gross, totals.currency), strong=True))
    return rows


def money(amount: Decimal, currency: str) -> str:
    """A sum as it is paid: with all places of its currency."""
    places = minor_places(currency)
    figures = number_format(
        abs(amount).quantize(Decimal(1).scaleb(-places)),
        decimal_pos=places,
        use_l10n=True,
        force_grouping=True,
    )
    minus, sign = "−" if amount < 0 else "", SIGNS.get(currency)
    if sign and get_language() in (None, "en"):
        return f"{minus}{sign}{figures}"
    return f"{minus}{figures}\u00a0{sign or currency}"


def price(amount: Decimal, currency: str) -> str:
    """What one unit costs: with more places than coins where it has them."""
    plain = amount.normalize()
    if -int(plain.as_tuple().exponent) <= minor_places(currency):
        return money(amount, currency)
    figures = number_format(plain, use_l10n=True, force_grouping=True)
    sign = SIGNS.get(currency)
    if sign and get_language() in (None, "en"):
        return f"{sign}{figures}"
    return f"{figures}\u00a0{sign or currency}"


def plain(number: Decimal) -> str:
    """A quantity with the places it needs."""
    text = f"{number:f}"
    whole = text.rstrip("0").rstrip(".") if "." in text else text
    return str(number_format(whole, use_l10n=True, force_grouping=True))


def share(value: Decimal) -> str:
    """A share in per cent."""
    return _("%(number)s%%") % {"number": plain(value * 100)}


def _line(line: ProposalLine, n: int, currency: str) -> dict[str, str]:
    return {
        "n": str(n),
        "title": line.title,
        "description": line.description,
        "quantity": f"{plain(line.quantity)} {line.unit}".strip(),
        "price": price(line.unit_price, currency),
        "discount": share(line.discount_share) if line.discount_share else "",
        "tax": share(line.tax_share) if line.tax_share else "",
        "value": money(proposal_lines.value(line, currency), currency),
    }


def _facts(version: ProposalVersion) -> list[tuple[str, str]]:
    zone = version.workspace.zone
    day = localtime(version.sent_at or version.created_at, zone).date()
    return [
        (_("Proposal"), version.proposal.key),
        (_("Version"), str(version.number)),
        (_("Date"), date_format(day, "DATE_FORMAT")),
        (_("Valid until"), date_format(version.valid_until, "DATE_FORMAT")),
    ]


def _customer(version: ProposalVersion) -> list[str]:
    proposal = version.proposal
    company, person = proposal.deal.company, proposal.person
    return [one.name for one in (company, person) if one is not None and one.name] or ["–"]


def _rows(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def labels() -> dict[str, str]:
    """The words around the figures."""
    return {
        "draft": _("Draft").upper(),
        "customer": _("For"),
        "n": "",
        "what": _("What we offer"),
        "quantity": _("Quantity"),
        "price": _("Price"),
        "discount": _("Discount"),
        "tax": _("Tax"),
        "value": _("Sum"),
        "options": _("Options"),
        "options_note": _("Not in the total; choose what you want of it."),
        "terms": _("Terms"),
        # Typst puts in the numbers.
        "page": _("Page %1 of %2"),
    }
