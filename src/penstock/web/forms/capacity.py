"""What people fill in about hours, absence and disruptions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.backlog.capacities import Loss, NewPlace
from penstock.backlog.models import Disruption, Place
from penstock.catalog.models import Calendar
from penstock.flow.models import Kind, Stage, StageKind
from penstock.users.models import Team
from penstock.web.forms.orders import day_field, number_field, percent_field

HUNDRED = Decimal(100)


def moment_field(**settings: Any) -> forms.DateTimeField:
    """A day and a time, in the workspace's zone."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(
        widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **settings
    )


class TeamAndStage(forms.Form):
    """The base of what is said of a team, or of one stage of its work."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    stage = forms.ModelChoiceField(
        label=_("Stage"),
        queryset=Stage.objects.none(),
        required=False,
        empty_label=_("All stages of work"),
    )

    def __init__(self, *args: Any, workspace_id: int, **settings: Any) -> None:
        super().__init__(*args, **settings)
        teams = Team.objects.filter(workspace_id=workspace_id, retired_at=None)
        stages = Stage.objects.filter(
            workspace_id=workspace_id,
            pipeline__kind=Kind.WORK,
            kind=StageKind.WORK,
            retired_at=None,
        )
        fields: Any = self.fields
        fields["team"].queryset = teams.order_by("sort_key", "pk")
        fields["stage"].queryset = stages.order_by("pipeline__position", "position", "pk")


class PlaceForm(TeamAndStage):
    """A person or a machine that works for a team."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=120, help_text=_("Such as “Lathe 2”.")
    )
    hours_per_day = number_field(label=_("Hours per working day"), initial=8)
    from_on = day_field(label=_("From"), required=True)
    until_on = day_field(label=_("Until"), help_text=_("Empty means for good."))
    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=_("Working time of the workspace"),
    )
    ramp_weeks = forms.IntegerField(
        label=_("Weeks until all hours are worked"), initial=0, min_value=0, max_value=104
    )
    ramp_percent = percent_field(label=_("Share of the hours at first, %"), max_value=100)

    field_order = ("team", "name", "hours_per_day", "from_on", "until_on", "stage", "calendar")

    def __init__(self, *args: Any, workspace_id: int, **settings: Any) -> None:
        super().__init__(*args, workspace_id=workspace_id, **settings)
        found: Any = self.fields["calendar"]
        found.queryset = Calendar.objects.filter(workspace_id=workspace_id, retired_at=None)

    def place(self) -> NewPlace:
        """What the verb wants to hear."""
        said = self.cleaned_data
        own = ("name", "hours_per_day", "from_on", "until_on", "stage", "calendar", "ramp_weeks")
        return NewPlace(
            **{name: said[name] for name in own},
            ramp_share=(said["ramp_percent"] or Decimal(0)) / HUNDRED,
        )


class EndPlaceForm(forms.Form):
    """The last day on which a place works."""

    until_on = day_field(label=_("Last day"), required=True)


class AbsenceForm(forms.Form):
    """From which day to which a place works less."""

    place = forms.ModelChoiceField(label=_("Who or what"), queryset=Place.objects.none())
    first_on = day_field(label=_("First day"), required=True)
    last_on = day_field(label=_("Last day"), required=True)
    lost_share = percent_field(
        label=_("Absent share, %"), required=True, max_value=100, initial=100
    )

    def __init__(self, *args: Any, workspace_id: int, **settings: Any) -> None:
        super().__init__(*args, **settings)
        places = Place.objects.filter(workspace_id=workspace_id, withdrawn_at=None)
        found: Any = self.fields["place"]
        found.queryset = places.select_related("team").order_by("team__sort_key", "name", "pk")
        found.label_from_instance = lambda place: f"{place.team.name} · {place.name or place.pk}"


class DisruptionForm(TeamAndStage):
    """What kept a team from working, and how much of its hours it took."""

    cause = forms.ChoiceField(label=_("Cause"), choices=Disruption.Cause.choices)
    lost_share = percent_field(label=_("Lost share, %"), required=True, max_value=100, initial=100)
    started_at = moment_field(label=_("From"))
    ended_at = moment_field(label=_("Until"), required=False, help_text=_("Empty while it lasts."))
    evidence = forms.CharField(
        label=_("Proof"),
        required=False,
        max_length=500,
        help_text=_("Such as the number of a report, or a link."),
    )

    field_order = ("team", "cause", "lost_share", "started_at", "ended_at", "stage", "evidence")

    def loss(self) -> Loss:
        """What the verb wants to hear."""
        said = self.cleaned_data
        own = ("started_at", "ended_at", "cause", "stage", "evidence")
        return Loss(**{name: said[name] for name in own}, lost_share=said["lost_share"] / HUNDRED)


class EndForm(forms.Form):
    """Since when a disruption is over."""

    ended_at = moment_field(label=_("Over since"), required=False, help_text=_("Empty means now."))
