"""What people say of the dates of an order or of one of its lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog import dates
from penstock.backlog.dates import Why
from penstock.backlog.models import Line
from penstock.web.forms.orders import DATES, day_field

__all__ = ["DATES", "DatesForm", "LineDatesForm", "PromiseForm"]


class DatesForm(forms.Form):
    """The dates that are saved in place; a promise is given apart, with its reason."""

    requested_on = day_field(label=DATES["requested_on"])
    planned_on = day_field(label=DATES["planned_on"])
    expected_on = day_field(label=DATES["expected_on"])


class ReasonForm(forms.Form):
    """Why a promise becomes another one."""

    cause = forms.ChoiceField(label=_("Why does it change?"), required=False)
    text = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        found: Any = self.fields["cause"]
        found.choices = [("", "–"), *dates.CAUSES.items()]

    def why(self) -> Why | None:
        """What the verb wants to hear; None where no cause was chosen."""
        cause = self.cleaned_data["cause"]
        return Why(cause, self.cleaned_data["text"]) if cause else None


class PromiseForm(ReasonForm):
    """Another day, since when it is promised, and why; the first promise needs no reason."""

    promised_on = day_field(
        label=_("We promise it for"), help_text=_("Empty means that no day is promised any more.")
    )
    happened_on = day_field(label=_("Said on"), help_text=_("Empty means now."))

    def __init__(self, *args: Any, before: date | None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.order_fields(["promised_on", "cause", "text", "happened_on"])
        if before is None:
            del self.fields["cause"], self.fields["text"]

    def why(self) -> Why | None:
        """As asked; nothing was asked for the first promise."""
        return super().why() if "cause" in self.fields else None


class LineDatesForm(ReasonForm):
    """The four dates of one line; empty ones are those of its order."""

    requested_on = day_field(label=DATES["requested_on"])
    promised_on = day_field(label=DATES["promised_on"])
    planned_on = day_field(label=DATES["planned_on"])
    expected_on = day_field(label=DATES["expected_on"])

    def __init__(self, *args: Any, line: Line, **settings: Any) -> None:
        settings.setdefault("initial", {name: getattr(line, name) for name in DATES})
        super().__init__(*args, **settings)
        self.order_fields([*DATES, "cause", "text"])
        if line.promised_on is None:
            del self.fields["cause"], self.fields["text"]

    def days(self) -> dict[str, date | None]:
        """The dates alone."""
        return {name: self.cleaned_data[name] for name in DATES}

    def why(self) -> Why | None:
        """As asked; nothing was asked while the line had no promise of its own."""
        return super().why() if "cause" in self.fields else None
