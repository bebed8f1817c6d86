"""What people fill in about campaigns, channels, and how a customer came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.sales import access_leads
from penstock.sales.models import Campaign, Channel, ChannelRule
from penstock.users.models import Member
from penstock.web.forms.orders import day_field, number_field


class CampaignForm(forms.Form):
    """A campaign: what it is called, how addresses name it, when it ran."""

    name = forms.CharField(label=pgettext_lazy("of a campaign", "Name"), max_length=120)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    starts_on = day_field(label=_("First day"), required=True)
    ends_on = day_field(label=_("Last day"), help_text=_("Empty while it goes on."))
    code = forms.CharField(
        label=_("Code in addresses"),
        required=False,
        max_length=120,
        help_text=_("The value of utm_campaign by which visitors are told to come from it."),
    )


class CostForm(forms.Form):
    """What a campaign cost over some days, both included."""

    amount = number_field(label=_("Amount"), min_value=0)
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    first = day_field(label=_("First day"), required=True)
    last = day_field(
        label=_("Last day"),
        required=True,
        help_text=_("The amount is spread evenly over the days."),
    )


class RuleForm(forms.Form):
    """Which channel a value in an address, or a stated source, stands for."""

    sort = forms.ChoiceField(label=_("Compared with"), choices=ChannelRule.Sort.choices)
    text = forms.CharField(
        label=_("Word"), max_length=200, help_text=_("Upper and lower case are the same.")
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)


class StatedForm(forms.Form):
    """Which channel a stated source stands for."""

    text = forms.CharField(max_length=200)
    channel = forms.ChoiceField(choices=Channel.choices)


class TouchForm(forms.Form):
    """How a customer came, and when."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("None")
    )
    on = day_field(label=_("When"))

    def __init__(self, *args: Any, member: Member, **settings: Any) -> None:
        super().__init__(*args, **settings)
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = access_leads.campaigns_for(member).filter(retired_at=None)
