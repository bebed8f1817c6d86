"""What people fill in about a lead that they take up by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.access import pipelines_for
from penstock.flow.models import Kind
from penstock.sales import access_leads
from penstock.sales.models import Campaign, Channel
from penstock.users import roles
from penstock.users.models import Member


class LeadForm(forms.Form):
    """Who came, how, and what they want."""

    title = forms.CharField(label=_("What is it about?"), max_length=250)
    person = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), required=False, max_length=200
    )
    company = forms.CharField(label=_("Company"), required=False, max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("None")
    )
    message = forms.CharField(
        label=_("What did they say?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    pipeline = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Pipeline"), empty_label=None
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(), label=_("Owner"), required=False, empty_label=_("Nobody")
    )
    was_met = forms.BooleanField(
        label=_("Somebody has spoken with them already"),
        required=False,
        help_text=_("Otherwise the clock runs from now on."),
    )

    def __init__(self, data: Any, *, member: Member) -> None:
        pipelines = pipelines_for(member).filter(kind=Kind.DEAL)
        first = pipelines.first()
        super().__init__(
            data, initial={"owner": member.pk, "pipeline": first.pk if first else None}
        )
        offered = {
            "pipeline": pipelines,
            "campaign": access_leads.campaigns_for(member).filter(retired_at=None),
            "owner": Member.objects.filter(
                workspace_id=member.workspace_id, is_active=True, role__in=roles.SELLS
            ).order_by("sort_key", "pk"),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        pipeline = self.fields["pipeline"]
        pipeline.label_from_instance = lambda row: row.label  # type: ignore[attr-defined]  # -- a model choice
