"""An order by hand: customer, lines, dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.backlog import access, orders
from penstock.backlog.models import Order
from penstock.base.errors import RuleBroken
from penstock.base.keys import match_key
from penstock.catalog import access as catalog
from penstock.catalog import products
from penstock.catalog.models import Product
from penstock.contacts import access as contacts
from penstock.contacts import companies
from penstock.contacts.models import Company
from penstock.flow.dating import today
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.orders import (
    LinesFormSet,
    NewLineForm,
    NewOrderForm,
)
from penstock.web.pages.base import Crumb, Page
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS

MORE_LINES = 5


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for an order, and place it."""
    access.check_edit(request.member, to="edit")
    if request.method != "POST":
        first = NewOrderForm(initial={"currency": request.workspace.currency})
        return _show(request, first, _lines(request))
    if "more" in request.POST:
        return _show(request, NewOrderForm(initial=request.POST.dict()), _with_more(request))
    form, lines = NewOrderForm(request.POST), _lines(request, request.POST)
    order = (
        dialogs.attempt(form, lambda: _place(request, form, lines)) if lines.is_valid() else None
    )
    if order is None:
        form.is_valid()
        return _show(request, form, lines, status=422)
    messages.success(request, _("%(key)s is placed.") % {"key": order.item.key})
    return htmx.go(request, reverse("order", args=[request.workspace.slug, order.item.key]))


def _place(request: MemberRequest, form: NewOrderForm, lines: BaseFormSet[NewLineForm]) -> Order:
    answers = form.cleaned_data
    return orders.place(
        request.workspace,
        title=answers["title"],
        lines=[
            _line(row.cleaned_data, currency=answers["currency"], on=today(request.workspace))
            for row in lines
            if row.has_changed()
        ],
        currency=answers["currency"],
        by=request.member,
        company=_company(request, answers["company"]),
        reference=answers["reference"],
        requested_on=answers["requested_on"],
        promised_on=answers["promised_on"],
    )


def _line(answers: dict[str, Any], *, currency: str, on: date) -> orders.NewLine:
    product: Product | None = answers["product"]
    return orders.NewLine(
        title=answers["title"] or (product.name if product else ""),
        product=product,
        unit=product.unit if product else "",
        quantity=answers["quantity"],
        unit_price=_price(answers, currency=currency, on=on),
        discount_share=(answers["discount"] or Decimal(0)) / 100,
        tax_share=(answers["tax"] or Decimal(0)) / 100,
        hours=_hours(answers),
    )


def _price(answers: dict[str, Any], *, currency: str, on: date) -> Decimal:
    """What was entered, or the product's price of the day."""
    price: Decimal | None = answers["unit_price"]
    product: Product | None = answers["product"]
    if price is None and product is not None:
        price = products.price_on(product, day=on, currency=currency)
        if price is None:
            raise RuleBroken(
                "backlog.price_missing",
                _("%(product)s has no price in %(currency)s. Enter one in its line.")
                % {"product": product.name, "currency": currency},
            )
    return price or Decimal(0)


def _hours(answers: dict[str, Any]) -> Decimal | None:
    """What was entered, or what so many of the product take; None while unknown."""
    product: Product | None = answers["product"]
    if answers["hours"] is None and product is not None and product.work_hours is not None:
        quantity: Decimal = answers["quantity"]
        return product.work_hours * quantity
    hours: Decimal | None = answers["hours"]
    return hours


def _company(request: MemberRequest, name: str) -> Company | None:
    """The company of this name in any spelling; a new one if there is none."""
    if not name.strip():
        return None
    known = contacts.companies_for(request.member).filter(match_key=match_key(name)).first()
    return known or companies.add(request.workspace, name=name, by=request.member)


def _lines(request: MemberRequest, data: Any = None, **settings: Any) -> BaseFormSet[NewLineForm]:
    offered = catalog.products_for(request.member).filter(retired_at=None)
    choices = {"products": offered.order_by("sort_key", "pk")}
    return LinesFormSet(data, prefix="lines", form_kwargs=choices, **settings)


def _with_more(request: MemberRequest) -> BaseFormSet[NewLineForm]:
    """The lines as they were filled in, with room for more."""
    data = request.POST.copy()
    asked = data.get("lines-TOTAL_FORMS", "")
    n = int(asked) if asked.isdecimal() and len(asked) < 4 else 1
    initial = [
        {name: data.get(f"lines-{row}-{name}", "") for name in NewLineForm.base_fields}
        for row in range(n)
    ]
    formset = _lines(request, initial=initial)
    formset.extra = MORE_LINES
    return formset


def _show(
    request: MemberRequest,
    form: NewOrderForm,
    lines: BaseFormSet[NewLineForm],
    *,
    status: int = 200,
) -> HttpResponse:
    back = Crumb(name=_("Backlog"), url=reverse("backlog", args=[request.workspace.slug]))
    known = contacts.companies_for(request.member).order_by("sort_key")
    return shell.show(
        request,
        "web/order/new.html",
        Page(title=_("New order"), nav="backlog", crumbs=(back,)),
        form=form,
        lines=lines,
        companies=list(known.values_list("name", flat=True)[:200]),
        status=status,
    )
