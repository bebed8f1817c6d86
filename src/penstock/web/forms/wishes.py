"""How a member wishes to be reminded."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.notices.models import Wishes


class WishesForm(forms.Form):
    """The list of the day, reminders before something is due, and what happens to proposals."""

    has_digest = forms.BooleanField(
        label=_("Send me the list of today on each working day"), required=False
    )
    digest_hour = forms.IntegerField(label=_("From which hour"), min_value=0, max_value=23)
    minutes_before = forms.IntegerField(
        label=_("Minutes before something is due"),
        min_value=0,
        max_value=1440,
        help_text=_("0: no reminders. They come for what has an hour."),
    )
    has_proposals = forms.BooleanField(
        label=_("Write to me when a customer answers a proposal, or when one is about to expire"),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, wish: Wishes) -> None:
        start = {name: getattr(wish, name) for name in self.base_fields}
        super().__init__(data, initial=start, auto_id="wish_%s")
