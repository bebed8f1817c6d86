"""Settings: products and their prices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.base.keys import match_key
from penstock.catalog import access, products
from penstock.catalog.models import Price, Product
from penstock.flow.dating import today
from penstock.users import roles
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.settings import PriceForm, ProductForm
from penstock.web.pages import settings as pages
from penstock.web.views import dialogs, shell
from penstock.web.views.backlog import without
from penstock.web.views.orders import ASKS

PAGE_SIZE = 100
COLUMNS = (
    "id",
    "name",
    "code",
    "category",
    "unit",
    "work_hours",
    "retired_at",
    "price",
    "currency",
)


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All products with the price in force today."""
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(_listed(request, search), PAGE_SIZE).get_page(request.GET.get("page"))
    return shell.show(
        request,
        "web/products/list.html",
        pages.head(_("Settings")),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="products"),
        page_obj=page,
        search=search,
        base_query=without(request.GET, "page"),
        may_edit=roles.may_edit_contacts(request.member),
    )


def _listed(request: MemberRequest, search: str) -> QuerySet[Any]:
    prices = Price.objects.filter(
        product=OuterRef("pk"), valid_from__lte=today(request.workspace)
    ).order_by("-valid_from", "-id")
    found = access.products_for(request.member).order_by("retired_at", "sort_key", "pk")
    if search:
        found = found.filter(match_key__contains=match_key(search))
    listed: QuerySet[Any] = found.annotate(
        price=Subquery(prices.values("amount")[:1]),
        currency=Subquery(prices.values("currency")[:1]),
    ).values(*COLUMNS)
    return listed


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a product, and add it."""
    access.check_edit(request.member, to="edit")
    form = ProductForm(request.POST or None)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: products.add(request.workspace, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The product is added."))
    return dialogs.ask(request, form, title=_("New product"), submit=_("Add"))


@ASKS
def edit(request: MemberRequest, product_id: int) -> HttpResponse:
    """Ask for what is known of a product, and keep it."""
    product = access.product_for(request.member, product_id, to="edit")
    stored = {name: getattr(product, name) for name in ProductForm.base_fields}
    form = ProductForm(request.POST or None, initial=stored)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: products.change(product, by=request.member, **form.cleaned_data)
    ):
        return _back(request, _("The product is changed."))
    return dialogs.ask(request, form, title=product.name, submit=_("Save"))


@ASKS
def price(request: MemberRequest, product_id: int) -> HttpResponse:
    """Ask what a product costs from a day on, and keep it beside its former prices."""
    product = access.product_for(request.member, product_id, to="edit")
    first = {"currency": request.workspace.currency, "valid_from": today(request.workspace)}
    form = PriceForm(request.POST or None, initial=first)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: products.price(product, **form.cleaned_data)
    ):
        return _back(request, _("The price is kept."))
    return dialogs.ask(
        request, form, title=_("Price of %(name)s") % {"name": product.name}, submit=_("Save")
    )


@require_POST
def retire(request: MemberRequest, product_id: int) -> HttpResponse:
    """Take a product out of sale."""
    product: Product = access.product_for(request.member, product_id, to="edit")
    products.retire(product, by=request.member)
    return _back(request, _("%(name)s is out of sale.") % {"name": product.name})


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("products", args=[request.workspace.slug]))
