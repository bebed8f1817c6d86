"""What the page Impact is asked for: which weeks, in which measure, against what; and baselines to keep."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.backlog import access
from penstock.reports.impact import BASELINES, BEFORE, GROWTH, LEVEL, SPANS, Asked
from penstock.reports.impact_weeks import MEASURES, ORDERS
from penstock.users.models import Member

DEFAULT_WEEKS = 13
KEPT = "kept-"


def asked(query: QueryDict, *, member: Member, on: date, known: date | None) -> Asked:
    """Read an address; what is not offered is the usual.

    Raises:
        NotFound: ``backlog.no_baseline``.
    """
    against = query.get("against", BEFORE)
    measure = query.get("measure", ORDERS)
    kept = None
    if against.startswith(KEPT) and (number := against.removeprefix(KEPT)).isdecimal():
        kept = access.baseline_for(member, int(number[:18]))
        measure = kept.measure
    return Asked(
        on=on,
        n_weeks=_weeks(query),
        measure=measure if measure in MEASURES else ORDERS,
        against=against if against in BASELINES else BEFORE,
        kept=kept,
        question=LEVEL if query.get("question") == LEVEL else GROWTH,
        known=known,
    )


def _weeks(query: QueryDict) -> int:
    text = query.get("weeks", "")
    return int(text) if text in {str(n) for n in SPANS} else DEFAULT_WEEKS


class KeepForm(forms.Form):
    """The name under which the weeks that are shown are kept."""

    name = forms.CharField(label=pgettext_lazy("of a baseline", "Name"), max_length=80)


class PlanForm(KeepForm):
    """What a week of five working days is planned to bring."""

    demand = forms.DecimalField(
        label=_("Accepted per week"), min_value=Decimal(0), max_digits=15, decimal_places=2
    )
    capacity = forms.DecimalField(
        label=_("Delivered per week, at most"),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
    )
    cancelled = forms.DecimalField(
        label=_("Cancelled per week"),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        required=False,
    )
