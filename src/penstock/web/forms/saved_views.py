"""What people fill in about a view."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.models import SavedView


class ViewForm(forms.Form):
    """Its name, who sees it, and whether the list opens with it."""

    name = forms.CharField(label=pgettext_lazy("of a view", "Name"), max_length=80)
    is_shared = forms.BooleanField(label=_("All colleagues see it"), required=False)
    is_first = forms.BooleanField(label=_("Open the list with it, for me"), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        may_share: bool,
        view: SavedView | None = None,
        is_first: bool = False,
    ) -> None:
        known = {"name": view.name, "is_shared": view.is_shared} if view else {}
        super().__init__(data, initial={**known, "is_first": is_first}, auto_id="view_%s")
        if not may_share:
            del self.fields["is_shared"]
