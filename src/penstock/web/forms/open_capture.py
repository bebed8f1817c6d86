"""What a visitor fills in, and the guards that tell people from machines."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.sales.captures import LONGEST
from penstock.sales.models import CaptureForm, ConsentText

#: A person takes longer than this to fill in a form, and no page is open for longer than that.
QUICKEST_SECONDS = 3
LONGEST_SECONDS = 24 * 3600
#: Looks like a field worth filling in to whoever does not see that it is hidden.
TRAP = "homepage"

LABELS = {
    "name": pgettext_lazy("of a person", "Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "company": _("Company"),
    "website": _("Website"),
    "job_title": _("Job title"),
    "city": _("City"),
    "message": _("Message"),
}
AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "company": "organization",
    "website": "url",
    "job_title": "organization-title",
    "city": "address-level2",
}


class VisitorForm(forms.Form):
    """The fields of a form, its consent, and hidden ones: where the visitor came from, and the guards."""

    page = forms.CharField(required=False, widget=forms.HiddenInput)
    referrer = forms.CharField(required=False, widget=forms.HiddenInput)
    guard = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        form: CaptureForm,
        consent: ConsentText,
        **settings: Any,
    ) -> None:
        super().__init__(data, **settings)
        self.guards = Guards(form)
        for one in form.fields:
            self.fields[one["code"]] = _field(one["code"], required=one["required"])
        if consent.text:
            self.fields["agrees"] = forms.BooleanField(
                label=consent.text,
                error_messages={
                    "required": _("We need your consent before we may keep what you send.")
                },
            )
        self.fields[TRAP] = forms.CharField(
            label=_("Leave this field empty"),
            required=False,
            widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
        )
        self.initial.setdefault("guard", self.guards.new())

    @property
    def asked(self) -> list[forms.BoundField]:
        """What visitors see."""
        return [field for field in self if not field.is_hidden and field.name != TRAP]

    @property
    def trap(self) -> forms.BoundField:
        """What only machines fill in."""
        return self[TRAP]

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by field."""
        return {name: self.cleaned_data[name] for name in LABELS if name in self.cleaned_data}


class Guards:
    """A signed mark that says when a form was opened; each one is good for one sending."""

    def __init__(self, form: CaptureForm) -> None:
        self.signer = signing.TimestampSigner(salt=f"penstock.capture:{form.pk}:{form.token}")

    def new(self) -> str:
        """A fresh mark."""
        return self.signer.sign(secrets.token_urlsafe(12))

    def read(self, mark: str) -> tuple[str, str]:
        """The name of a mark, and what is wrong with it: ``none``, ``old``, ``quick`` or nothing."""
        try:
            name = self.signer.unsign(mark, max_age=LONGEST_SECONDS)
        except signing.SignatureExpired:
            return "", "old"
        except signing.BadSignature:
            return "", "none"
        try:
            self.signer.unsign(mark, max_age=QUICKEST_SECONDS)
        except signing.SignatureExpired:
            return name, ""
        return name, "quick"


def _field(code: str, *, required: bool) -> forms.Field:
    attrs = {"autocomplete": AUTOCOMPLETE[code]} if code in AUTOCOMPLETE else {}
    longest = LONGEST.get(code, 200)
    if code == "email":
        return forms.EmailField(
            label=LABELS[code],
            required=required,
            max_length=longest,
            widget=forms.EmailInput(attrs=attrs),
        )
    widget = (
        forms.Textarea(attrs={"rows": 5}) if code == "message" else forms.TextInput(attrs=attrs)
    )
    return forms.CharField(label=LABELS[code], required=required, max_length=longest, widget=widget)
