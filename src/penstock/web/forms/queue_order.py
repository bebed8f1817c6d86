"""What people fill in about the order of work."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.backlog.models import QueueRule, RankChange
from penstock.backlog.priorities import Rule

HUNDRED = Decimal(100)


class RuleForm(forms.Form):
    """The policy and its numbers."""

    policy = forms.ChoiceField(label=_("Policy"), choices=QueueRule.Policy.choices)
    bound_days = forms.IntegerField(
        label=_("Nobody who comes so many working days later overtakes"),
        help_text=_("Leave empty for no bound. It ages cost of delay and contribution."),
        min_value=1,
        max_value=3650,
        required=False,
    )
    delay_share = forms.DecimalField(
        label=_("A working day of waiting costs, per cent of the value"),
        help_text=_("Where nobody said what waiting costs."),
        min_value=Decimal("0.001"),
        max_value=HUNDRED,
        max_digits=6,
        decimal_places=3,
    )
    k = forms.DecimalField(
        label=_("ATC looks ahead, in mean orders"),
        min_value=Decimal("0.1"),
        max_value=Decimal(10),
        max_digits=4,
        decimal_places=2,
    )

    def __init__(self, data: QueryDict | None, *, rule: QueueRule) -> None:
        first = {
            "policy": rule.policy,
            "bound_days": rule.bound_days,
            "delay_share": (rule.delay_share * HUNDRED).normalize(),
            "k": rule.k,
        }
        super().__init__(data, initial=first)

    def rule(self) -> Rule:
        """What was chosen."""
        told = self.cleaned_data
        return Rule(
            policy=told["policy"],
            bound_days=told["bound_days"],
            delay_share=told["delay_share"] / HUNDRED,
            k=told["k"],
        )


class RankForm(forms.Form):
    """The place of an order before all that the policy orders."""

    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=9999, initial=1)
    reason = forms.ChoiceField(label=_("Why?"), choices=RankChange.Reason.choices)


class CostsForm(forms.Form):
    """What a day of waiting costs, and what is left of the price for us."""

    cost_of_delay = forms.DecimalField(
        label=_("A working day of waiting costs"),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        required=False,
    )
    contribution = forms.DecimalField(
        label=_("Contribution: price less what it makes us buy"),
        max_digits=15,
        decimal_places=2,
        required=False,
    )
