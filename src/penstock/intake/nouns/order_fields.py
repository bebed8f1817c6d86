"""What files say about orders and their lines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from penstock.base.keys import match_key
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.run import Run

KEY = Field(
    "key",
    _("Order"),
    Sort.TEXT,
    ("order id", "order number", "order no", "order", "sales order", "номер заказа", "заказ"),
    is_required=True,
)
LINE_FIELDS = (
    Field(
        "line_key",
        _("Line"),
        Sort.TEXT,
        ("line", "order item id", "line number", "line no", "position", "строка", "позиция"),
    ),
    Field(
        "line_title",
        _("Line title"),
        Sort.TEXT,
        ("item", "description", "line title", "item name", "наименование"),
    ),
    Field(
        "product",
        _("Product"),
        Sort.TEXT,
        ("product name", "product id", "sku", "товар", "продукт"),
    ),
    Field("quantity", _("Quantity"), Sort.NUMBER, ("qty", "units", "количество")),
    Field("unit_price", _("Price"), Sort.NUMBER, ("price", "unit price", "цена")),
    Field("discount", _("Discount"), Sort.SHARE, ("discount share", "discount percent", "скидка")),
    Field("tax", _("Tax"), Sort.SHARE, ("vat", "tax rate", "ндс", "налог")),
    Field(
        "charge",
        _("Charge"),
        Sort.NUMBER,
        ("freight value", "shipping", "delivery fee", "доставка"),
    ),
    Field("hours", _("Work hours"), Sort.NUMBER, ("work hours", "часы", "трудоёмкость")),
)
ORDER_FIELDS = (
    KEY,
    Field("title", _("Title"), Sort.TEXT, ("order title", "subject", "название")),
    Field(
        "company",
        _("Company"),
        Sort.TEXT,
        (
            "customer",
            "customer id",
            "account",
            "company name",
            "customer name",
            "компания",
            "клиент",
            "заказчик",
        ),
    ),
    Field(
        "owner", _("Owner"), Sort.TEXT, ("order owner", "sales rep", "employee", "ответственный")
    ),
    Field(
        "reference",
        _("Reference"),
        Sort.TEXT,
        ("po number", "purchase order", "customer reference"),
    ),
    Field(
        "accepted_at",
        _("Accepted"),
        Sort.MOMENT,
        (
            "order approved at",
            "approved at",
            "approved",
            "order date",
            "accepted at",
            "confirmed at",
            "дата заказа",
            "принят",
        ),
    ),
    Field(
        "requested_on",
        _("Requested"),
        Sort.DAY,
        ("required date", "requested date", "требуемая дата"),
    ),
    Field(
        "promised_on",
        _("Promised"),
        Sort.DAY,
        (
            "order estimated delivery date",
            "promised date",
            "estimated delivery date",
            "due date",
            "обещанная дата",
        ),
    ),
    Field(
        "shipped_at",
        _("Handed to the carrier"),
        Sort.MOMENT,
        ("order delivered carrier date", "carrier date", "handed over"),
    ),
    Field(
        "fulfilled_at",
        _("Fulfilled"),
        Sort.MOMENT,
        (
            "order delivered customer date",
            "delivered at",
            "delivered",
            "delivery date",
            "shipped date",
            "shipped",
            "fulfilled at",
            "дата выполнения",
            "отгружен",
        ),
    ),
    Field(
        "cancelled_at",
        _("Cancelled"),
        Sort.MOMENT,
        ("canceled at", "cancelled at", "cancel date", "дата отмены"),
    ),
    Field("status", _("Status"), Sort.TEXT, ("order status", "state", "статус")),
    Field("currency", _("Currency"), Sort.TEXT, ("currency code", "валюта")),
    Field("amount", _("Amount"), Sort.NUMBER, ("total", "order total", "order amount", "сумма")),
)
SAYS_LINE = ("product", "line_title", "quantity", "unit_price", "amount")
CANCELLED = frozenset(
    map(
        match_key,
        ("canceled", "cancelled", "unavailable", "voided", "void", "отменён", "отменен", "отмена"),
    )
)
FULFILLED = frozenset(
    map(
        match_key,
        (
            "delivered",
            "fulfilled",
            "completed",
            "complete",
            "closed",
            "выполнен",
            "доставлен",
            "отгружен",
        ),
    )
)


def key_of(run: Run, raw: dict[str, str]) -> str:
    """The order that a row speaks of."""
    return run.cells.key_of("key", raw)


def verdict_of(run: Run, status: str | None) -> str:
    """What a status says of the end of an order: fulfilled, cancelled, or nothing."""
    word = match_key(run.value_of("status", status)) if status else ""
    if word in CANCELLED:
        return "cancelled"
    return "fulfilled" if word in FULFILLED else ""
