"""What people fill in about the workspace, its members, pipelines and loss reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.models import Kind, Stage
from penstock.sales import facts
from penstock.users.models import Role
from penstock.users.models.workspace import Overrides, Sees
from penstock.web.forms.orders import day_field, number_field, percent_field, plain

NEEDS = facts.LABELS


class WorkspaceForm(forms.Form):
    """Name, clock and language of the workspace, and what reps see."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        help_text=_("Days begin and end in it. Such as Europe/Berlin."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For new members; each may choose another one."),
    )
    reps_see = forms.ChoiceField(label=_("Reps see"), choices=Sees.choices)
    overrides = forms.ChoiceField(
        label=_("Who may pass a gate without its answers"),
        choices=Overrides.choices,
        help_text=_("Always with a reason, which is kept and counted."),
    )
    late_share = forms.IntegerField(
        label=_("A deal is late in its stage when so many percent of the won ones had left it"),
        min_value=50,
        max_value=99,
        required=False,
    )

    expedite_limit = forms.IntegerField(
        label=_("So many orders may go before all others at once"),
        min_value=0,
        max_value=99,
        required=False,
    )

    def clean_late_share(self) -> Decimal | None:
        """The share of so many percent; None to leave it."""
        percent = self.cleaned_data["late_share"]
        return None if percent is None else Decimal(percent) / 100

    @property
    def zones(self) -> list[str]:
        """The zones offered, by name."""
        return sorted(zone for zone in available_timezones() if "/" in zone)


class InviteForm(forms.Form):
    """Somebody new."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), required=False, max_length=150
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.REP)


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(choices=Role.choices)


class NameForm(forms.Form):
    """A name alone: of a stage, of a loss reason."""

    name = forms.CharField(label=_("Name"), max_length=120)


class PipelineForm(forms.Form):
    """A new pipeline; one stage per line."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("What flows in it"), choices=[(Kind.DEAL, Kind.DEAL.label)])
    stages = forms.CharField(
        label=_("Stages, one per line"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In order, from first to last."),
    )

    def clean_stages(self) -> list[str]:
        """The names, without empty lines."""
        names = [line.strip() for line in self.cleaned_data["stages"].splitlines()]
        return [name for name in names if name]


class StageForm(forms.Form):
    """A stage: its name, its chance, its limit, and what must be known before a deal leaves it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    probability = percent_field(label=_("Probability of winning, %"), max_value=100)
    wip_limit = forms.IntegerField(
        label=_("WIP limit"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("At most so many at once; empty means no limit."),
    )
    needs = forms.MultipleChoiceField(
        label=_("Before a deal leaves it, these must be known"),
        required=False,
        choices=[(answer, NEEDS[answer]) for answer in facts.ANSWERS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, stage: Stage) -> None:
        self.stage = stage
        super().__init__(data, initial=_initial(stage))
        if stage.pipeline.kind != Kind.DEAL:
            del self.fields["probability"], self.fields["needs"]

    @property
    def share(self) -> Decimal | None:
        """The probability as a share."""
        percent = self.cleaned_data.get("probability")
        return None if percent is None else percent / 100


def _initial(stage: Stage) -> dict[str, Any]:
    chance = None if stage.probability is None else plain(stage.probability * 100)
    return {
        "name": stage.label,
        "probability": chance,
        "wip_limit": stage.wip_limit,
        "needs": stage.needs,
    }


class ProductForm(forms.Form):
    """A product, with its price when it is new."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(label=_("Article number"), required=False, max_length=64)
    category = forms.CharField(label=_("Category"), required=False, max_length=120)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=24)
    work_hours = number_field(label=_("Work hours per unit"), required=False, min_value=0)


class PriceForm(forms.Form):
    """What a product costs from a day on."""

    amount = number_field(label=_("Price"), min_value=0)
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        error_messages={"invalid": _("Enter a currency as three letters, such as EUR.")},
    )
    valid_from = day_field(label=_("Valid from"), required=True)
