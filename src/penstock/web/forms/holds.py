"""What people say when an order waits, and when it no longer does."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.holds import CAUSES, Why
from penstock.flow.models import Blocker
from penstock.web.forms.orders import day_field

SIDES = [
    ("", _("Who usually can")),
    (Blocker.Side.CUSTOMER.value, _("The customer")),
    (Blocker.Side.SUPPLIER.value, _("A supplier")),
    (Blocker.Side.OURS.value, _("We")),
]


class HoldForm(forms.Form):
    """Why it waits, who can change that, since when, and by when that is expected."""

    cause = forms.ChoiceField(
        label=_("Why does it wait?"),
        choices=[(code, words) for code, (words, _s) in CAUSES.items()],
    )
    side = forms.ChoiceField(label=_("Who can change that?"), choices=SIDES, required=False)
    happened_on = day_field(label=_("Since"), help_text=_("Empty means now."))
    until = day_field(
        label=_("Expected until"),
        help_text=_("Empty while nobody knows. It waits until somebody releases it."),
    )

    def why(self) -> Why:
        """What the verb wants to hear; the side follows from the cause if none was chosen."""
        cause = self.cleaned_data["cause"]
        return Why(
            cause=cause,
            side=self.cleaned_data["side"] or CAUSES[cause][1],
            until=self.cleaned_data["until"],
        )


class ReleaseForm(forms.Form):
    """Since when it no longer waits."""

    happened_on = day_field(label=_("Since"), help_text=_("Empty means now."))
