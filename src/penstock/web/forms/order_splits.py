"""What people say when they split an order, or merge two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import Line, Order
from penstock.web.forms.deliveries import QuantitiesForm
from penstock.web.forms.orders import day_field


class SplitForm(QuantitiesForm):
    """How much of each line goes into a new order; made for the open lines of one order."""

    def __init__(self, *args: Any, order: Order, lines: Sequence[Line], **settings: Any) -> None:
        super().__init__(*args, lines=lines, offered={}, **settings)
        self.fields["title"] = forms.CharField(
            label=_("Title of the new order"), max_length=250, initial=order.item.title
        )
        self.fields["happened_on"] = day_field(label=_("On"), help_text=_("Empty means now."))
        self.order_fields(["title"])


class MergeForm(forms.Form):
    """Which order goes into this one."""

    def __init__(self, *args: Any, others: Sequence[Order], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.others = {str(other.pk): other for other in others}
        self.fields["gone"] = forms.ChoiceField(
            label=_("Which order comes in?"),
            choices=[
                (number, f"{other.item.key} {other.item.title}")
                for number, other in self.others.items()
            ],
        )

    @property
    def gone(self) -> Order:
        """The order that was chosen."""
        return self.others[self.cleaned_data["gone"]]
