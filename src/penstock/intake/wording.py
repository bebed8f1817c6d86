"""What reasons and notes mean, in whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from penstock.flow.models import Finding

if TYPE_CHECKING:
    from penstock.intake.models import ChangeRow

# With the row's parameters filled in; without them, as a heading, the plain form below.
SENTENCES: dict[str, str | Promise] = {
    "not_a_date": _("“%(text)s” in column “%(column)s” is not a date in the chosen order."),
    "not_a_number": _("“%(text)s” in column “%(column)s” is not a number."),
    "missing": _("The field “%(field)s” is empty."),
    "future": _("A date lies in the future."),
    "repeated": _("The same row stands in the file twice."),
    "repeated_differently": _("Rows with the key “%(key)s” contradict each other."),
    "unknown_stage": _("There is no stage “%(text)s”. Map it, or let new stages be made."),
    "unknown_status": _("The status “%(text)s” says neither open, won nor lost. Map it."),
    "unknown_company": _("There is no company “%(text)s”."),
    "unknown_product": _("There is no product “%(text)s”."),
    "unknown_owner": _("There is no member “%(text)s”."),
    "unknown_role": _("There is no role “%(text)s”."),
    "unknown_deal": _("There is no deal with the key “%(key)s”. Import the deals first."),
    "unknown_order": _("There is no order with the key “%(key)s”. Import the orders first."),
    "unknown_line": _("There is no line “%(key)s” in this order."),
    "unknown_kind": _("“%(text)s” is no event that can happen to an order."),
    "negative": _("The field “%(field)s” is below zero."),
    "gone": _("It was withdrawn when an import was taken back."),
    "no_acceptance": _("It was fulfilled without any acceptance."),
    "not_accepted": _("It was not accepted yet. Import it again when it was."),
    "status_without_time": _("The status carries no time; it is taken to have ended as it began."),
    "merged": _("It was merged into another record here, which keeps its own values."),
    "possibly_same": _("Possibly the same as what is here already."),
    "flow.gate": _(
        "A gate asks for what is not known: %(needs)s. Bring the answers first, or say for this import why "
        "its moves may pass without them."
    ),
    "flow.wip_limit": _("“%(stage)s” is full: its limit is %(limit)s."),
    "flow.moved_meanwhile": _(
        "Somebody moved it to “%(stage)s” meanwhile. Look again, then move it."
    ),
    "flow.closed": _("It is closed. Reopen it before you move it."),
    "flow.stage_elsewhere": _("This stage belongs to another pipeline. Choose one of its own."),
    "backlog.quantity": _("The quantity must be above zero."),
    "backlog.price_negative": _("A price is zero or more."),
    "backlog.share": _("A discount lies between 0 % and 100 %, a tax is zero or more."),
    "sales.amount_negative": _("An amount is zero or more."),
    "sales.currency": _("The currency is not three letters, such as EUR."),
    "catalog.currency": _("The currency is not three letters, such as EUR."),
    "catalog.rate_pair": _("Neither of the two currencies is that of the workspace."),
    "catalog.rate_future": _("A date lies in the future."),
    "catalog.rate_not_positive": _("The rate is not above zero."),
    "catalog.units": _("The number of units is not above zero."),
    "contacts.name_missing": _("It has no name."),
}
HEADINGS: dict[str, str | Promise] = {
    "not_a_date": _("not a date in the chosen order"),
    "not_a_number": _("not a number"),
    "missing": _("a required field is empty"),
    "repeated_differently": _("rows with one key contradict each other"),
    "unknown_stage": _("no such stage"),
    "unknown_status": _("no such status"),
    "unknown_company": _("no such company"),
    "unknown_product": _("no such product"),
    "unknown_owner": _("no such member"),
    "unknown_role": _("no such role"),
    "unknown_deal": _("no such deal"),
    "unknown_order": _("no such order"),
    "unknown_line": _("no such line"),
    "unknown_kind": _("no such event"),
    "negative": _("below zero"),
    "flow.gate": _("a gate asks for what is not known"),
    "flow.wip_limit": _("the stage is full"),
    "flow.moved_meanwhile": _("moved by hand meanwhile"),
}


def sentence(code: str) -> str:
    """What a reason or note means, for a heading over many rows."""
    found = HEADINGS.get(code) or SENTENCES.get(code) or Finding.LABELS.get(code)
    return str(found or code)


def reason(row: ChangeRow) -> str:
    """Why a row got its verdict."""
    if row.params.get("message"):
        return str(row.params["message"])
    text = SENTENCES.get(row.reason)
    if text is None:
        return sentence(row.reason)
    try:
        return str(str(text) % row.params)
    except KeyError:
        return sentence(row.reason)


def notes(row: ChangeRow) -> list[str]:
    """What is noteworthy about a row, beside its verdict."""
    return [sentence(code) for code in row.notes]
