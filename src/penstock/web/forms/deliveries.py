"""What people say when an order leaves, or is planned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Line
from penstock.web.forms.orders import day_field, number_field, plain


class QuantitiesForm(forms.Form):
    """How much of each open line of one order; ``offered`` stands there already."""

    def __init__(
        self,
        *args: Any,
        lines: Sequence[Line],
        offered: Mapping[int, Decimal] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self.lines = lines
        for line in lines:
            wanted = line.remaining_quantity if offered is None else offered.get(line.pk)
            self.fields[f"line_{line.pk}"] = number_field(
                label=line.title,
                required=False,
                min_value=0,
                max_value=line.remaining_quantity,
                initial=plain(min(wanted, line.remaining_quantity)) if wanted else None,
                help_text=_("of %(quantity)s that are left")
                % {"quantity": f"{plain(line.remaining_quantity):f}"},
            )

    def quantities(self) -> list[tuple[Line, Decimal]]:
        """The lines of which there is something, with how much."""
        answers = [(line, self.cleaned_data[f"line_{line.pk}"]) for line in self.lines]
        return [(line, quantity) for line, quantity in answers if quantity]


class DeliveryForm(QuantitiesForm):
    """How much of each line left, when, and with which paper."""

    def __init__(self, *args: Any, reference: str = "", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["happened_on"] = day_field(label=_("On"), help_text=_("Empty means now."))
        self.fields["reference"] = forms.CharField(
            label=_("Delivery note"), required=False, max_length=120, initial=reference
        )


class PlanForm(QuantitiesForm):
    """How much of each line is to leave together, and on which day."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["planned_on"] = day_field(label=_("Planned for"), required=True)
        self.order_fields(["planned_on"])
