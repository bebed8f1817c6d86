"""What people fill in about a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.users.models import Member, Team


class TeamForm(forms.Form):
    """Its name, who leads it, who belongs to it."""

    name = forms.CharField(label=pgettext_lazy("of a team", "Name"), max_length=120)
    lead = forms.ModelChoiceField(
        label=_("Team lead"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Sees what the team leaves undone; need not belong to it."),
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever belongs to another team leaves it."),
    )

    def __init__(
        self, data: QueryDict | None, *, workspace_id: int, team: Team | None = None
    ) -> None:
        super().__init__(data, initial=_initial(team))
        active = Member.objects.filter(workspace_id=workspace_id, is_active=True)
        for name in ("lead", "members"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = active.order_by("sort_key", "pk")


def _initial(team: Team | None) -> dict[str, Any]:
    if team is None:
        return {}
    return {
        "name": team.name,
        "lead": team.lead_id,
        "members": list(team.members.filter(is_active=True).values_list("pk", flat=True)),
    }
