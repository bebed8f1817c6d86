"""What is to be done, and what came of it, in as few keystrokes as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.contacts.models import Person
from penstock.flow.models import Item, Kind, Link
from penstock.sales.models import Activity
from penstock.users.models import Member
from penstock.web.forms.orders import day_field

KINDS = Activity.ActivityKind
PLANNED = [(kind.value, kind.label) for kind in KINDS if kind != KINDS.NOTE]
NOTES = forms.Textarea(attrs={"rows": 2})
#: The name of the buttons that choose a day with one click; it comes before the day in the form.
CHIP = "chip"


class DueForm(forms.Form):
    """A day, of a chip or of the calendar, and an hour if it has one."""

    due_on = day_field(label=_("Another day"))
    due_time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def __init__(self, data: QueryDict | None = None, **settings: Any) -> None:
        super().__init__(data, auto_id="activity_%s", **settings)
        first = next(iter(self.visible_fields()), None)
        if first is not None:
            first.field.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """The day of the chip, else the one that was chosen."""
        values = super().clean() or {}
        if chip := day_field().clean(self.data.get(CHIP, "")):
            values["due_on"] = chip
        if not values.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Choose a day."))
        return values

    def due(self, item: Item) -> date | datetime:
        """When it is due: a day, or a moment on the clocks of the workspace."""
        day, hour = self.cleaned_data["due_on"], self.cleaned_data.get("due_time")
        return datetime.combine(day, hour, tzinfo=item.workspace.zone) if hour else day


class StepForm(DueForm):
    """The next step: what, and when."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("activity", "What"), choices=PLANNED, initial=KINDS.CALL
    )
    subject = forms.CharField(label=_("What about"), required=False, max_length=250)
    field_order: Sequence[str] = ("kind", "subject", "due_on", "due_time")


class PlanForm(StepForm):
    """Something planned, with all its details."""

    owner = forms.ModelChoiceField(
        Member.objects.none(), label=_("Who"), required=False, empty_label=_("Nobody")
    )
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("With"), required=False, empty_label=_("Nobody named")
    )
    priority = forms.BooleanField(label=_("Comes first on its day"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=NOTES)
    field_order = ("kind", "subject", "due_on", "due_time", "owner", "person", "notes", "priority")

    def __init__(
        self, data: QueryDict | None = None, *, item: Item, member: Member, **settings: Any
    ) -> None:
        super().__init__(data, **settings)
        offer(self, "owner", members_of(member))
        offer(self, "person", people_on(item))

    def details(self) -> dict[str, Any]:
        """What a valid form says besides its day."""
        names = ("kind", "subject", "owner", "person", "notes")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "priority": int(self.cleaned_data["priority"]),
        }


class EditForm(PlanForm):
    """What is planned, changed: all but its kind."""

    def __init__(
        self, data: QueryDict | None = None, *, activity: Activity, member: Member
    ) -> None:
        zone = activity.item.workspace.zone
        at = activity.due_at.astimezone(zone).time() if activity.due_at else None
        start = {
            "subject": activity.subject,
            "notes": activity.notes,
            "due_on": activity.due_on,
            "due_time": f"{at:%H:%M}" if at else "",
            "owner": activity.owner_id,
        }
        super().__init__(data, item=activity.item, member=member, initial=start)
        for name in ("kind", "person", "priority"):
            del self.fields[name]
        self.fields["due_on"].label = _("Day")
        self.fields["owner"].required = True


class DoneForm(forms.Form):
    """What came of it: the words; the result is the button that was pressed."""

    notes = forms.CharField(label=_("What came of it?"), required=False, widget=NOTES)

    def __init__(self, data: QueryDict | None = None, **settings: Any) -> None:
        super().__init__(data, auto_id="activity_%s", **settings)

    @property
    def result(self) -> str:
        """The button that was pressed; empty for the plain one."""
        return str(self.data.get("result", ""))


class LogForm(DoneForm):
    """Something that was done without having been planned."""

    subject = forms.CharField(label=_("What about"), required=False, max_length=250)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("With"), required=False, empty_label=_("Nobody named")
    )
    on = day_field(label=_("When"), help_text=_("Empty: just now."))
    field_order = ("notes", "person", "subject", "on")

    def __init__(self, data: QueryDict | None = None, *, item: Item, kind: str) -> None:
        super().__init__(data)
        offer(self, "person", people_on(item))
        only = people_on(item)[:2]
        if len(only) == 1:
            self.initial["person"] = only[0].pk
        if kind == KINDS.NOTE:
            self.fields["notes"].label = _("What is known")
            del self.fields["person"]


def people_on(item: Item) -> Any:
    """The people of a deal; of an order those of its customer, and of the deal that placed it."""
    wanted = Q(deals__deal_id=item.pk)
    if item.kind == Kind.ORDER:
        placing = Link.objects.filter(target=item, kind="placed").values("source")
        wanted = Q(company__orders=item.pk) | Q(deals__deal__in=placing)
    rows = Person.objects.filter(
        pk__in=Person.objects.filter(wanted).values("pk"), erased_at=None, merged_into=None
    )
    return rows.order_by("sort_key", "pk")


def members_of(member: Member) -> Any:
    """The colleagues to whom something can be given."""
    rows = Member.objects.filter(workspace_id=member.workspace_id, is_active=True)
    return rows.order_by("sort_key", "pk")


def offer(form: forms.Form, name: str, rows: Any) -> None:
    """Let a field choose among rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def initial_owner(item: Item, member: Member) -> Mapping[str, Any]:
    """Whose a new activity is, unless somebody else is chosen."""
    return {"owner": item.owner_id or member.pk}
