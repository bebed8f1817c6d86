"""What a customer answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.sales.models import Scale
from penstock.sales.models.survey import RANGES
from penstock.sales.surveys import LONGEST_COMMENT

LABELS = {
    Scale.CSAT: _("From 1, not at all, to 5, very satisfied"),
    Scale.NPS: _("From 0, not at all likely, to 10, extremely likely"),
}


class AnswerForm(forms.Form):
    """A number of the scale, and words if there are any."""

    score = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, scale: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        low, high = RANGES[scale]
        score = self.fields["score"]
        score.label = LABELS[Scale(scale)]
        score.choices = [(n, str(n)) for n in range(low, high + 1)]  # type: ignore[attr-defined]  # -- a choice field
