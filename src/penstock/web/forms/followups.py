"""What people fill in about rules that follow a delivery or a loss, and about one act by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.catalog.access import products_for
from penstock.flow.access import pipelines_for, reasons_for
from penstock.flow.models import Kind
from penstock.sales.followup_rules import LONGEST_DAYS
from penstock.sales.models import Act, FollowupRule, Scale
from penstock.users.models import Member
from penstock.web.forms.orders import day_field

#: Which questions a rule is asked, by what it does.
ASKED: Mapping[str, tuple[str, ...]] = {
    Act.SURVEY: ("name", "after_days", "scale", "pipeline", "product"),
    Act.RENEWAL: ("name", "after_days", "close_days", "pipeline", "product"),
    Act.UPSELL: ("name", "after_days", "close_days", "offer", "pipeline", "product"),
    Act.WIN_BACK: ("name", "after_days", "close_days", "pipeline", "reason"),
}


class RuleForm(forms.Form):
    """A rule; only the questions that go with its act."""

    name = forms.CharField(label=_("Name"), max_length=120)
    after_days = forms.IntegerField(
        label=_("Days after"), min_value=0, max_value=LONGEST_DAYS, initial=7
    )
    close_days = forms.IntegerField(
        label=_("Days until it should close"), min_value=0, max_value=LONGEST_DAYS, initial=30
    )
    scale = forms.ChoiceField(label=_("Scale"), choices=Scale.choices)
    offer = forms.ModelChoiceField(
        FollowupRule.objects.none(),
        label=_("Product that is offered"),
        help_text=_("The new deal has its price of the day as amount."),
    )
    pipeline = forms.ModelChoiceField(
        FollowupRule.objects.none(),
        label=_("Only from this pipeline"),
        required=False,
        empty_label=_("All"),
    )
    product = forms.ModelChoiceField(
        FollowupRule.objects.none(),
        label=_("Only where this product was delivered"),
        required=False,
        empty_label=_("All"),
    )
    reason = forms.ModelChoiceField(
        FollowupRule.objects.none(),
        label=_("Only deals lost for this reason"),
        required=False,
        empty_label=_("All"),
    )

    def __init__(self, *args: Any, member: Member, act: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for name in set(self.fields) - set(ASKED[act]):
            del self.fields[name]
        products = products_for(member).filter(retired_at=None).order_by("sort_key", "pk")
        self._offer("offer", products)
        self._offer("product", products)
        self._offer("pipeline", pipelines_for(member).filter(kind=Kind.DEAL))
        self._offer("reason", reasons_for(member))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows


class PlanForm(forms.Form):
    """One act by hand, on a day."""

    act = forms.ChoiceField(label=_("What is done"))
    on = day_field(label=_("On"), required=True)

    def __init__(self, *args: Any, acts: list[str], **settings: Any) -> None:
        super().__init__(*args, **settings)
        choices = [(act, Act(act).label) for act in acts]
        self.fields["act"].choices = choices  # type: ignore[attr-defined]  # -- a choice field


class AskForm(forms.Form):
    """Ask a customer now."""

    scale = forms.ChoiceField(label=_("Scale"), choices=Scale.choices)
