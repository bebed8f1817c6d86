"""What people fill in to shape a form by which leads come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.flow.access import pipelines_for
from penstock.flow.models import Kind
from penstock.sales import access_leads, capture_forms
from penstock.sales.models import CaptureForm, Channel, OwnerRule
from penstock.users import roles
from penstock.users.models import Member, Team
from penstock.web.forms.open_capture import LABELS

ASKED = (
    ("", _("Not asked")),
    ("optional", pgettext_lazy("a field of a form", "Optional")),
    ("required", pgettext_lazy("a field of a form", "Required")),
)


class ShapeForm(forms.Form):
    """A form: what it says, what it asks, and what becomes of what comes in."""

    name = forms.CharField(
        label=pgettext_lazy("of a form", "Name"), max_length=120, help_text=_("For you alone.")
    )
    heading = forms.CharField(label=_("Heading"), required=False, max_length=200)
    intro = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    consent = forms.CharField(
        label=_("Consent"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What visitors agree to before they send. Every wording is kept as a version of its own. "
            "Empty: nothing is asked."
        ),
    )
    thanks = forms.CharField(
        label=_("Thanks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown after sending."),
    )
    pipeline = forms.ModelChoiceField(
        CaptureForm.objects.none(), label=_("Pipeline"), empty_label=None
    )
    owner_rule = forms.ChoiceField(label=_("Leads are given to"), choices=OwnerRule.choices)
    member = forms.ModelChoiceField(
        Member.objects.none(), label=_("Member"), required=False, empty_label=_("Nobody")
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("None")
    )
    channel = forms.ChoiceField(
        label=_("Channel, if the address says none"),
        required=False,
        choices=[("", Channel.DIRECT.label), *Channel.choices[:-1]],
    )
    campaign = forms.ModelChoiceField(
        CaptureForm.objects.none(), label=_("Campaign"), required=False, empty_label=_("None")
    )
    origins = forms.CharField(
        label=_("Sites that may show it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One address per line, such as https://www.example.com. Their own forms may send here, too."
        ),
    )

    def __init__(self, data: Any, *, member: Member, form: CaptureForm | None = None) -> None:
        super().__init__(data, initial=_initial(form))
        workspace = member.workspace_id
        offered = {
            "pipeline": pipelines_for(member).filter(kind=Kind.DEAL),
            "member": Member.objects.filter(
                workspace_id=workspace, is_active=True, role__in=roles.SELLS
            ).order_by("sort_key", "pk"),
            "team": Team.objects.filter(workspace_id=workspace, retired_at=None).order_by(
                "sort_key", "pk"
            ),
            "campaign": access_leads.campaigns_for(member).filter(retired_at=None),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        pipeline = self.fields["pipeline"]
        pipeline.label_from_instance = lambda row: row.label  # type: ignore[attr-defined]  # -- a model choice
        for code in capture_forms.OFFERED:
            self.fields[f"ask_{code}"] = forms.ChoiceField(
                label=LABELS[code], choices=ASKED, required=False, initial=_asked(form, code)
            )

    @property
    def told(self) -> list[forms.BoundField]:
        """All but what is asked of visitors."""
        return [field for field in self if not field.name.startswith("ask_")]

    @property
    def questions(self) -> list[forms.BoundField]:
        """What is asked of visitors."""
        return [field for field in self if field.name.startswith("ask_")]

    @property
    def details(self) -> dict[str, Any]:
        """What the verbs take."""
        given: Mapping[str, Any] = self.cleaned_data
        details = {name: value for name, value in given.items() if not name.startswith("ask_")}
        details["origins"] = given["origins"].split()
        details["fields"] = [
            {"code": code, "required": given[f"ask_{code}"] == "required"}
            for code in capture_forms.OFFERED
            if given[f"ask_{code}"]
        ]
        return details


class KeyForm(forms.Form):
    """Who will use a key."""

    name = forms.CharField(
        label=_("Who uses it"), max_length=120, help_text=_("Such as the name of your shop system.")
    )


def _initial(form: CaptureForm | None) -> dict[str, Any]:
    if form is None:
        return {}
    names = ("name", "heading", "intro", "thanks", "owner_rule", "channel")
    keys = ("pipeline", "member", "team", "campaign")
    return {
        **{name: getattr(form, name) for name in names},
        **{name: getattr(form, f"{name}_id") for name in keys},
        "consent": capture_forms.consent_of(form).text,
        "origins": "\n".join(form.origins),
    }


def _asked(form: CaptureForm | None, code: str) -> str:
    fields = form.fields if form is not None else capture_forms.USUAL
    required = {one["code"]: one["required"] for one in fields}
    if code not in required:
        return ""
    return "required" if required[code] else "optional"
