"""Decimal money and quantities: stored to four places, rounded only when shown."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation

PLACES = Decimal("0.0001")
ZERO = Decimal("0.0000")
LARGEST = Decimal(10) ** 15
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽", "BRL": "R$", "JPY": "¥"}


def exact(value: Decimal | int | str) -> Decimal:
    """Quantize to the four places that are stored, half to even.

    Raises:
        ValueError: The text is no number, not finite, or too large to store.

    >>> exact("12.34565")
    Decimal('12.3456')
    """
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if number.is_finite() and abs(number) < LARGEST:
        rounded = number.quantize(PLACES, rounding=ROUND_HALF_EVEN)
        if abs(rounded) < LARGEST:
            return rounded
    raise ValueError(f"{value!r} cannot be stored: finite numbers below {LARGEST:.0e} can")


def net_value(
    *, quantity: Decimal, unit_price: Decimal, discount_share: Decimal = Decimal(0)
) -> Decimal:
    """Value of a line without tax: quantity × price × (1 − discount), to four places.

    >>> net_value(quantity=Decimal(3), unit_price=Decimal("9.99"), discount_share=Decimal("0.1"))
    Decimal('26.9730')
    """
    return exact(quantity * unit_price * (1 - discount_share))


def portion(total: Decimal, *, part: Decimal, whole: Decimal) -> Decimal:
    """The share of ``total`` that ``part`` of ``whole`` carries; the last part takes what is left.

    Summing portions while ``whole`` and ``total`` shrink together leaves nothing over.

    >>> portion(Decimal("10.0000"), part=Decimal(1), whole=Decimal(3))
    Decimal('3.3333')
    >>> portion(Decimal("3.3334"), part=Decimal(1), whole=Decimal(1))
    Decimal('3.3334')
    """
    if whole == 0:
        raise ValueError("a portion of nothing has no value")
    return total if part == whole else exact(total * part / whole)


#: ISO 4217: currencies whose smallest coin is not the hundredth.
_MINOR_PLACES = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_places(currency: str) -> int:
    """How many decimal places a sum in a currency has when it is paid.

    >>> minor_places("EUR"), minor_places("JPY"), minor_places("KWD")
    (2, 0, 3)
    """
    return _MINOR_PLACES.get(currency, 2)


def payable(amount: Decimal, currency: str) -> Decimal:
    """What is really paid: to the smallest coin of the currency, half away from zero.

    The one rounding rule of documents that go to customers. Inside, money keeps four places.

    >>> payable(Decimal("26.9750"), "EUR"), payable(Decimal("26.5"), "JPY")
    (Decimal('26.9800'), Decimal('27.0000'))
    """
    coin = Decimal(1).scaleb(-minor_places(currency))
    return exact(amount.quantize(coin, rounding=ROUND_HALF_UP))
