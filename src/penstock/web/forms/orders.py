"""What people fill in about orders: the shape of it, not the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Line
from penstock.base.money import LARGEST
from penstock.catalog.models import Product
from penstock.web.forms import widgets

DATES = {
    "requested_on": _("Requested"),
    "promised_on": _("Promised"),
    "planned_on": _("Planned"),
    "expected_on": _("Expected"),
}


def plain(number: Decimal) -> Decimal:
    """A number without zeros at its end.

    >>> plain(Decimal("10.5000")), plain(Decimal("100.0000"))
    (Decimal('10.5'), Decimal('100'))
    """
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def day_input() -> forms.DateInput:
    """A date as browsers ask for it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def day_field(**settings: Any) -> forms.DateField:
    """A date that may stay empty."""
    return forms.DateField(
        required=settings.pop("required", False),
        widget=day_input(),
        input_formats=["%Y-%m-%d"],
        **settings,
    )


def number_field(**settings: Any) -> forms.DecimalField:
    """A decimal as people write it in their language, up to four places."""
    settings.setdefault("max_value", LARGEST)
    return forms.DecimalField(
        decimal_places=4,
        max_digits=19,
        localize=True,
        widget=widgets.NumberInput(),
        **settings,
    )


def percent_field(**settings: Any) -> forms.DecimalField:
    """A share, asked for in percent."""
    return forms.DecimalField(
        required=settings.pop("required", False),
        min_value=0,
        max_digits=9,
        decimal_places=4,
        localize=True,
        widget=widgets.NumberInput(),
        **settings,
    )


class LineForm(forms.Form):
    """The base of every small form about one line."""

    def __init__(self, *args: Any, line: Line, **settings: Any) -> None:
        self.line = line
        super().__init__(*args, **settings)


class QuantityForm(LineForm):
    """How much of a line, and when it happened."""

    quantity = number_field(label=_("Quantity"))
    happened_on = day_field(label=_("On"), help_text=_("Empty means now."))


class CancelForm(QuantityForm):
    """How much of a line will not be delivered, and why."""

    reason = forms.ChoiceField(label=_("Reason"))

    REASONS = {
        "customer": _("The customer no longer wants it"),
        "unavailable": _("We cannot deliver it"),
        "mistake": _("It was ordered by mistake"),
        "other": _("Another reason"),
    }

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["reason"].choices = list(self.REASONS.items())  # type: ignore[attr-defined]  # -- a choice field


class AmendForm(LineForm):
    """By how much more or less is ordered."""

    quantity = number_field(
        label=_("Change of quantity"), help_text=_("More is positive, less is negative.")
    )
    happened_on = day_field(label=_("On"), help_text=_("Empty means now."))


class PriceForm(LineForm):
    """What one unit of the rest costs from now on."""

    unit_price = number_field(label=_("Price of one unit"))


class HoursForm(LineForm):
    """How many work hours the rest needs."""

    hours = number_field(label=_("Work hours for what is left"))


class CancelRestForm(forms.Form):
    """Why what is left of an order will not be delivered."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(CancelForm.REASONS.items()))


class NewOrderForm(forms.Form):
    """An order by hand; its lines are forms of their own, and all in its currency."""

    title = forms.CharField(label=_("Title"), max_length=250)
    company = forms.CharField(
        label=_("Customer"),
        required=False,
        max_length=200,
        help_text=_("A new name adds a company."),
        widget=forms.TextInput(attrs={"list": "companies", "autocomplete": "off"}),
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        max_length=3,
        error_messages={"invalid": _("Enter a currency as three letters, such as EUR.")},
    )
    requested_on = day_field(label=DATES["requested_on"])
    promised_on = day_field(label=DATES["promised_on"])


class NewLineForm(forms.Form):
    """One position of a new order; a product brings name, price and hours where they are left empty."""

    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, empty_label="–"
    )
    title = forms.CharField(label=_("What"), required=False, max_length=250)
    quantity = number_field(label=_("Quantity"), initial=Decimal(1), min_value=0)
    unit_price = number_field(label=_("Price"), required=False, min_value=0)
    discount = percent_field(label=_("Discount, %"), max_value=100)
    tax = percent_field(label=_("Tax, %"))
    hours = number_field(label=_("Hours"), required=False, min_value=0)

    def __init__(self, *args: Any, products: Any = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        if products is not None:
            self.fields["product"].queryset = products  # type: ignore[attr-defined]  # -- a choice field

    def clean(self) -> dict[str, Any]:
        """A title and a price, or a product that has them."""
        answers = self.cleaned_data
        if answers.get("product") is None:
            for name in ("title", "unit_price"):
                if name not in self.errors and answers.get(name) in ("", None):
                    self.add_error(name, self.fields["quantity"].error_messages["required"])
        return answers


class NewLineFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # -- not generic at run time
    """The lines of a new order: at least one, empty rows do not count."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """The first row is asked for, the others may stay empty."""
        return {**super().get_form_kwargs(index), "use_required_attribute": False}


LinesFormSet = forms.formset_factory(
    NewLineForm, formset=NewLineFormSet, extra=4, min_num=1, validate_min=True, max_num=100
)
