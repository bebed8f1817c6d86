"""What people say of work: who does it, what it waits for, why a full stage takes one more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import WorkItem
from penstock.flow.models import StageKind
from penstock.users.models import Team


class DespiteForm(forms.Form):
    """Why one more is begun although its stage is full."""

    despite = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class TeamForm(forms.Form):
    """Which team does the work."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("Any team")
    )

    def __init__(self, *args: Any, workspace_id: int, **settings: Any) -> None:
        super().__init__(*args, **settings)
        found: Any = self.fields["team"]
        teams = Team.objects.filter(workspace_id=workspace_id, retired_at=None)
        found.queryset = teams.order_by("sort_key", "pk")


class DependencyForm(forms.Form):
    """What must be done before some work; work that is done is not offered."""

    before = forms.ModelChoiceField(
        label=_("What must be done before?"), queryset=WorkItem.objects.none()
    )

    def __init__(self, *args: Any, work: WorkItem, **settings: Any) -> None:
        super().__init__(*args, **settings)
        open_ones = WorkItem.objects.filter(
            workspace_id=work.workspace_id, item__withdrawn_at=None, item__outcome=""
        ).exclude(item__stage__kind=StageKind.DONE)
        found: Any = self.fields["before"]
        found.queryset = open_ones.exclude(pk=work.pk).select_related("item").order_by("pk")
