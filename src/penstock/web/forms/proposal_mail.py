"""To whom a proposal goes, and with which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from penstock.notices import proposals as letters
from penstock.sales import proposal_mail
from penstock.sales.models import ProposalVersion
from penstock.sales.proposal_mail import LONGEST_TEXT, Mailing


class AddressInput(forms.EmailInput):
    """An address, with those that are known on offer."""

    known: Sequence[tuple[str, str]] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field, and its list behind it."""
        field = super().render(name, value, {**(attrs or {}), "list": f"{name}-known"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.known)
        return format_html('{}<datalist id="{}-known">{}</datalist>', field, name, options)


class MailForm(forms.Form):
    """A letter with the link to a proposal."""

    address = forms.EmailField(label=_("E-mail"), max_length=254, widget=AddressInput())
    text = forms.CharField(
        label=_("Letter"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The link follows below it."),
    )
    with_document = forms.BooleanField(label=_("Attach the PDF"), required=False)

    def __init__(self, data: Any, *, version: ProposalVersion) -> None:
        known = proposal_mail.addresses(version.proposal)
        initial = {
            "address": known[0][0] if known else "",
            "text": letters.usual_text(version),
        }
        super().__init__(data, initial=initial)
        self.fields["address"].widget.known = known

    def mailing(self) -> Mailing | None:
        """What was asked for; None to hand the link over otherwise."""
        said = self.cleaned_data
        if not said["address"]:
            return None
        return Mailing(
            address=said["address"], text=said["text"], with_document=said["with_document"]
        )


class SendForm(MailForm):
    """Sending a version: by mail, or by a link to be handed over."""

    def __init__(self, data: Any, *, version: ProposalVersion) -> None:
        super().__init__(data, version=version)
        self.fields["address"].required = False
        self.fields["address"].help_text = _("Without an address you get a link to hand over.")
