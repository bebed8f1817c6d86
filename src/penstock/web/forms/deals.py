"""A new deal, and the facts of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.catalog.access import products_for
from penstock.flow.models import Pipeline
from penstock.sales.facts import LABELS
from penstock.sales.models import DealPerson
from penstock.users import members, roles
from penstock.users.models import Member
from penstock.web.forms import widgets


def _members(member: Member) -> Any:
    rows = Member.objects.filter(workspace_id=member.workspace_id, is_active=True)
    return rows.order_by("sort_key", "pk")


class FactsForm(forms.Form):
    """What is known of a deal."""

    company = forms.CharField(label=_("Company"), required=False, max_length=200)
    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        min_value=0,
        max_digits=19,
        decimal_places=4,
        widget=widgets.money(),
    )
    currency = forms.RegexField("^[A-Z]{3}$", label=_("Currency"), max_length=3)
    close_on = forms.DateField(label=_("Expected close"), required=False, widget=widgets.day())
    owner = forms.ModelChoiceField(
        Member.objects.none(), label=_("Owner"), required=False, empty_label=_("Nobody")
    )
    product = forms.ModelChoiceField(
        Member.objects.none(), label=_("Product"), required=False, empty_label=_("None")
    )
    channel = forms.CharField(label=_("Channel"), required=False, max_length=60)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("owner", _members(member))
        if not self.is_bound:
            # Only what is sent is looked up; what is shown needs names alone.
            people = [(one.pk, one.name) for one in members.active(member.workspace_id)]
            self.fields["owner"].widget.choices = [("", _("Nobody")), *people]
        products = products_for(member).filter(retired_at=None)
        self._offer("product", products.order_by("sort_key", "pk"))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class NewDealForm(FactsForm):
    """What a new deal is asked for; only the title is needed."""

    title = forms.CharField(label=_("Title"), max_length=250)
    stage = forms.ModelChoiceField(Member.objects.none(), label=_("Stage"), empty_label=None)

    field_order = (
        "title",
        "company",
        "amount",
        "currency",
        "close_on",
        "owner",
        "channel",
        "stage",
    )

    def __init__(self, *args: Any, member: Member, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        del self.fields["product"]
        stages = pipeline.stages.filter(retired_at=None).order_by("position", "pk")
        self._offer("stage", stages)
        self._may_override = roles.may_override(member)
        if "despite" in self.data:
            self._ask_reason()

    def ask_why(self, needs: Iterable[str]) -> None:
        """Name what a gate before the stage misses, and ask for a reason to pass it, if they may."""
        missing = ", ".join(str(LABELS[need]) for need in needs if need in LABELS)
        self.add_error("stage", _("Missing: %(list)s.") % {"list": missing})
        if self._may_override and "despite" not in self.fields:
            self._ask_reason()

    def _ask_reason(self) -> None:
        self.fields["despite"] = forms.CharField(
            label=_("Why it may pass without them"), required=False, max_length=500
        )


class PersonForm(forms.Form):
    """A person for a deal: one who is known, or a new one by name."""

    name = forms.CharField(label=_("Person"), max_length=200)
    part = forms.ChoiceField(
        label=_("Part in the decision"), choices=DealPerson.Part.choices, initial="contact"
    )
