"""What is asked of a company and of a person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CompanyForm(forms.Form):
    """What is known of a company."""

    name = forms.CharField(label=_("Name"), max_length=200)
    domain = forms.CharField(label=_("Web domain"), max_length=200, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=120, required=False)
    segment = forms.CharField(
        label=_("Segment"),
        max_length=60,
        required=False,
        help_text=_(
            "Your own division of customers, such as Small or Enterprise. Insights can be cut by it."
        ),
    )
    country = forms.CharField(label=_("Country"), max_length=120, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    employees = forms.IntegerField(
        label=_("Employees"), min_value=0, max_value=2_000_000_000, required=False
    )


class PersonForm(forms.Form):
    """What is known of a person."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
