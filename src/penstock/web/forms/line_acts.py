"""What can be done with a line of an order: each act with its form, its verb and its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from penstock.backlog import deliveries, ledger
from penstock.backlog.models import Entry, Line, Order
from penstock.users.models import Member
from penstock.web.forms import orders as forms

Answers = Mapping[str, Any]
Run = Callable[[Line, Answers, ledger.Act], object]


@dataclass(frozen=True, slots=True)
class LineAct:
    """One act: words, form, what it writes, and the act that takes it back."""

    title: Promise
    submit: Promise
    done: Promise
    form: type[forms.LineForm]
    run: Run
    initial: Callable[[Line], dict[str, Any]] = lambda line: {}
    undo: str = ""


def moment_on(day: date | None, *, line: Line) -> datetime | None:
    """The time of an act that happened on a day: noon there, never before the order was accepted.

    Today and no day mean now.
    """
    return moment_in(day, order=line.order)


def moment_in(day: date | None, *, order: Order) -> datetime | None:
    """The time of an act that happened to an order on a day, as :func:`moment_on`."""
    zone: ZoneInfo = order.workspace.zone
    if day is None or day == timezone.now().astimezone(zone).date():
        return None
    noon = datetime.combine(day, time(12), tzinfo=zone)
    accepted: datetime | None = order.accepted_at
    if accepted and accepted.astimezone(zone).date() == day:
        return max(noon, accepted + timedelta(seconds=1))
    return noon


def act_of(line: Line, answers: Answers, *, by: Member) -> ledger.Act:
    """Who acts, when and why, as the verbs of the ledger want it."""
    at = moment_on(answers.get("happened_on"), line=line)
    return ledger.Act(by=by, at=at, reason=answers.get("reason", ""))


def _quantity(verb: Callable[..., Entry]) -> Run:
    return lambda line, answers, act: verb(line, quantity=answers["quantity"], act=act)


def _deliver(line: Line, answers: Answers, act: ledger.Act) -> object:
    parts = [(line, answers["quantity"])]
    return deliveries.book(line.order, quantities=parts, by=act.by, at=act.at)


def _rest(line: Line) -> dict[str, Any]:
    return {"quantity": forms.plain(line.remaining_quantity)}


ACTS: dict[str, LineAct] = {
    "fulfilments": LineAct(
        title=_("Deliver"),
        submit=_("Deliver"),
        done=_("Delivered."),
        form=forms.QuantityForm,
        run=_deliver,
        initial=_rest,
        undo="reversals",
    ),
    "cancellations": LineAct(
        title=_("Cancel what is left"),
        submit=_("Cancel it"),
        done=_("Cancelled."),
        form=forms.CancelForm,
        run=_quantity(ledger.cancel),
        initial=_rest,
        undo="reinstatements",
    ),
    "amendments": LineAct(
        title=_("Order more or less"),
        submit=_("Amend"),
        done=_("Amended."),
        form=forms.AmendForm,
        run=_quantity(ledger.amend),
    ),
    "reversals": LineAct(
        title=_("Take back a delivery that did not happen"),
        submit=_("Take back"),
        done=_("The delivery is taken back."),
        form=forms.QuantityForm,
        run=_quantity(ledger.reverse),
    ),
    "returns": LineAct(
        title=_("The customer returned goods"),
        submit=_("Take in"),
        done=_("Returned, and owed again."),
        form=forms.QuantityForm,
        run=_quantity(ledger.return_goods),
    ),
    "reinstatements": LineAct(
        title=_("Take back a cancellation"),
        submit=_("Reinstate"),
        done=_("Reinstated, and owed again."),
        form=forms.QuantityForm,
        run=_quantity(ledger.reinstate),
    ),
    "prices": LineAct(
        title=_("Change the price of what is left"),
        submit=_("Change the price"),
        done=_("The price is changed."),
        form=forms.PriceForm,
        run=lambda line, answers, act: ledger.revalue(
            line, unit_price=answers["unit_price"], act=act
        ),
        initial=lambda line: {"unit_price": forms.plain(line.unit_price)},
    ),
    "estimates": LineAct(
        title=_("Estimate the work"),
        submit=_("Save the estimate"),
        done=_("The estimate is saved."),
        form=forms.HoursForm,
        run=lambda line, answers, act: ledger.estimate(line, hours=answers["hours"], act=act),
        initial=lambda line: (
            {} if line.remaining_hours is None else {"hours": forms.plain(line.remaining_hours)}
        ),
    ),
}
