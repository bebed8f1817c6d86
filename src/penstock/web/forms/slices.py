"""Which deals the figures of a page are about: one choice per dimension, in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.reports import slices
from penstock.reports.slices import Slice
from penstock.sales.access import deals_for
from penstock.users.models import Member

LABELS = {
    "pipeline": (_("Pipeline"), _("Any pipeline")),
    "team": (_("Team"), _("Any team")),
    "owner": (_("Owner"), _("Any owner")),
    "channel": (_("Channel"), _("Any channel")),
    "product": (_("Product"), _("Any product")),
    "segment": (_("Segment"), _("Any segment")),
}


class SliceFilters(forms.Form):
    """The filter bar over figures about deals; only dimensions with a choice are offered.

    Raises:
        RuleBroken: ``reports.slice``, when it is made of an address that asks for nothing there is.
    """

    def __init__(self, data: QueryDict, *, member: Member) -> None:
        super().__init__(data, auto_id="slice_%s")
        self.slice: Slice = slices.asked(member, data)
        for name, (label, every) in LABELS.items():
            choices = _choices(member, name)
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


def _choices(member: Member, name: str) -> list[tuple[str, Any]]:
    if name == "segment":
        return [(text, text) for text in slices.segments(member)]
    if name == "channel":
        rows = deals_for(member).exclude(channel="").order_by("channel")
        return [(text, text) for text in rows.values_list("channel", flat=True).distinct()]
    found = slices.CHOICES[name](member)
    return [(str(row.pk), slices.name_of(row)) for row in found]
