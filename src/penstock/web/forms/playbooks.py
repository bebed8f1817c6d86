"""A task that a stage puts on the deals that enter it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.sales import access_mail
from penstock.sales.models import MailTemplate, PlaybookTask
from penstock.sales.models.playbook import Counted, Who
from penstock.sales.playbooks import FIELDS, LONGEST_DAYS
from penstock.users.models import Member
from penstock.web.forms.activities import PLANNED, members_of, offer
from penstock.web.forms.orders import number_field


class TaskForm(forms.Form):
    """What, when, who, and when not."""

    title = forms.CharField(label=_("What is to be done"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"), choices=PLANNED)
    days = forms.IntegerField(
        label=_("Working days"), min_value=0, max_value=LONGEST_DAYS, initial=1
    )
    counted = forms.ChoiceField(label=pgettext_lazy("days", "Counted"), choices=Counted.choices)
    who = forms.ChoiceField(label=_("Who"), choices=Who.choices)
    member = forms.ModelChoiceField(
        Member.objects.none(), label=_("The member"), required=False, empty_label=_("Nobody named")
    )
    least_amount = number_field(
        label=_("Only from this amount"),
        required=False,
        min_value=0,
        help_text=_("In the currency of the workspace. Empty: for every deal."),
    )
    link = forms.URLField(
        label=_("Address of a document"), required=False, max_length=500, assume_scheme="https"
    )
    template = forms.ModelChoiceField(
        MailTemplate.objects.none(),
        label=_("Mail template"),
        required=False,
        empty_label=_("Without a template"),
        help_text=_("For an e-mail: the letter that is offered, filled in."),
    )
    is_required = forms.BooleanField(label=_("Required: a gate can ask for it"), required=False)
    ends_with_stage = forms.BooleanField(
        label=_("Called off when the deal leaves the stage"), required=False, initial=True
    )

    def __init__(
        self, data: QueryDict | None, *, member: Member, task: PlaybookTask | None = None
    ) -> None:
        start: dict[str, Any] = {name: getattr(task, name) for name in FIELDS} if task else {}
        super().__init__(data, initial=start, auto_id="task_%s")
        offer(self, "member", members_of(member))
        offer(self, "template", access_mail.templates_for(member))
