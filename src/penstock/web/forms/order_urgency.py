"""Why an order goes before others, and what was paid towards it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.dates import Why
from penstock.backlog.expediting import CAUSES
from penstock.contacts.models import Tier
from penstock.web.forms.orders import CancelRestForm, day_field, number_field, plain


class ExpediteForm(forms.Form):
    """Why it goes before others."""

    cause = forms.ChoiceField(label=_("Reason"), choices=list(CAUSES.items()))
    text = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def why(self) -> Why:
        """What the verb wants to hear."""
        return Why(self.cleaned_data["cause"], self.cleaned_data["text"])


class DepositForm(forms.Form):
    """How much was paid, and when."""

    amount = number_field(label=_("Amount"))
    happened_on = day_field(label=_("On"), help_text=_("Empty means now."))


class CancelForm(CancelRestForm):
    """Why the rest is cancelled, and what of the deposit goes back."""

    def __init__(self, *args: Any, due_back: Decimal, is_free: bool, **settings: Any) -> None:
        super().__init__(*args, **settings)
        if due_back:
            self.fields["pay_back"] = number_field(
                label=_("Refund of the deposit"),
                required=False,
                min_value=0,
                initial=plain(due_back) if is_free else None,
                help_text=_("The whole deposit beyond what was delivered can go back: no penalty.")
                if is_free
                else _("At most %(amount)s; a penalty was agreed for cancelling.")
                % {"amount": f"{plain(due_back):f}"},
            )


class TierForm(forms.Form):
    """How important a customer is, and since when."""

    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", "–"), *Tier.choices])
    happened_on = day_field(label=_("Since"), help_text=_("Empty means now."))
