"""Which orders the figures of a page are about: one choice per dimension, in the address."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.reports import order_slices, slices
from penstock.reports.order_slices import OrderSlice
from penstock.users.models import Member

LABELS = {
    "pipeline": (_("Pipeline"), _("Any pipeline")),
    "team": (_("Team"), _("Any team")),
    "product": (_("Product"), _("Any product")),
}


class OrderSliceFilters(forms.Form):
    """The filter bar over figures about orders; only dimensions with a choice are offered.

    Raises:
        RuleBroken: ``reports.slice``, when it is made of an address that asks for nothing there is.
    """

    def __init__(self, data: QueryDict, *, member: Member) -> None:
        super().__init__(data, auto_id="slice_%s")
        self.slice: OrderSlice = order_slices.asked(member, data)
        for name, (label, every) in LABELS.items():
            rows = order_slices.CHOICES[name](member)
            choices = [(str(row.pk), slices.name_of(row)) for row in rows]
            if len(choices) > 1 or name in self.slice.asked:
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=[("", every), *choices],
                    required=False,
                    widget=forms.Select(attrs={"class": "input"}),
                )

    @property
    def is_used(self) -> bool:
        """Whether anything is cut."""
        return bool(self.slice.asked)
