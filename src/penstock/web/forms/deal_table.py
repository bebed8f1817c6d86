"""What is asked when deals are changed in the table: one value of one of them, or the same for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.flow import access as flow
from penstock.flow.models import Pipeline, Stage
from penstock.sales.models import DealEdit
from penstock.users.models import Member
from penstock.web.forms.orders import day_field, number_field

Act = DealEdit.Act
LONGEST_TITLE = 250


def cell(name: str, *, member: Member, pipeline: Pipeline) -> forms.Field:
    """The field of a column of the table."""
    makers: dict[str, Callable[[], forms.Field]] = {
        "title": lambda: forms.CharField(label=_("Title"), max_length=LONGEST_TITLE),
        "amount": lambda: number_field(label=_("Amount"), required=False, min_value=0),
        "close_on": lambda: day_field(label=_("Expected close")),
        "owner": lambda: _owner(member),
        "stage": lambda: _stage(pipeline),
    }
    return makers[name]()


class CellForm(forms.Form):
    """One value of one deal."""

    def __init__(
        self, data: Any, *, name: str, value: Any, member: Member, pipeline: Pipeline
    ) -> None:
        super().__init__(data, initial={"value": value}, auto_id="cell_%s")
        self.fields["value"] = cell(name, member=member, pipeline=pipeline)


class EditForm(forms.Form):
    """The same for several deals."""

    def __init__(self, data: Any, *, act: str, member: Member, pipeline: Pipeline) -> None:
        super().__init__(data)
        self.fields["value"] = _value(act, member=member, pipeline=pipeline)


def _value(act: str, *, member: Member, pipeline: Pipeline) -> forms.Field:
    makers: dict[str, Callable[[], forms.Field]] = {
        Act.MOVE: lambda: _stage(pipeline),
        Act.ASSIGN: lambda: _owner(member),
        Act.CLOSE_ON: lambda: day_field(label=_("Expected close")),
        Act.PARK: lambda: day_field(label=_("Until"), required=True),
        Act.LOSE: lambda: _reason(member),
    }
    return makers[act]()


def _reason(member: Member) -> forms.Field:
    reasons = flow.reasons_for(member)
    return forms.ModelChoiceField(reasons, label=_("Reason"), empty_label=None)


def _owner(member: Member) -> forms.Field:
    rows = Member.objects.filter(workspace_id=member.workspace_id, is_active=True)
    return forms.ModelChoiceField(
        rows.order_by("sort_key", "pk"), label=_("Owner"), required=False, empty_label=_("Nobody")
    )


class StageField(forms.ModelChoiceField):  # type: ignore[type-arg]  # -- Django names none at run time
    """Stages under the names that the reader knows."""

    def label_from_instance(self, obj: Stage) -> str:
        """The name of a stage."""
        return str(obj.label)


def _stage(pipeline: Pipeline) -> forms.Field:
    stages = Stage.objects.filter(pipeline=pipeline, retired_at=None).order_by("position")
    return StageField(stages, label=_("Stage"), empty_label=None)
