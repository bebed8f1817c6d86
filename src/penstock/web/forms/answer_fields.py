"""The fields of each answer that is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.analytics.evidence import CONFIRMED
from penstock.catalog import access as catalog
from penstock.contacts import access as contacts
from penstock.flow import access as flow
from penstock.flow.dating import today
from penstock.sales.facts import EVIDENCE
from penstock.sales.models import Activity, Deal, DealPerson, Manner, Topic
from penstock.users.models import Member
from penstock.web.forms import claims, widgets
from penstock.web.forms.orders import day_field, number_field

#: As many people of the company are offered by name; whoever else is meant is typed.
N_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked, and about which deal."""

    member: Member
    deal: Deal | None


def of(need: str, asking: Asking) -> dict[str, forms.Field]:
    """The fields of one answer, by the names under which they are sent."""
    if need in TOPICS:
        return _topic(need, asking)
    if need in SEVERAL:
        return SEVERAL[need](asking)
    return {need: ONE[need](asking)}


def question(need: str) -> str:
    """What is asked above several fields; empty for one, whose label says it."""
    questions: dict[str, Any] = {
        need: claims.QUESTIONS[Topic(topic)] for need, topic in TOPICS.items()
    }
    questions |= {"next_step": _("What is the next step?"), "person": _("Who do we talk to?")}
    return str(questions.get(need, ""))


def _topic(need: str, asking: Asking) -> dict[str, forms.Field]:
    """Few keystrokes: the detail, how it is known and who said it; the rest is as usual."""
    topic, least = EVIDENCE[need]
    details = claims.detail_fields(topic)
    fields = {name: field for name, field in details.items() if name != "text"} or details
    next(iter(fields.values())).required = True
    if "person" in fields:
        fields["person"].widget = _suggesting(asking)
    fields["manner"] = claims.manner_field()
    if least == CONFIRMED:
        fields["manner"].initial = Manner.DOCUMENT
        fields["manner"].help_text = _("A document confirms it, or two who say the same.")
    assert asking.deal is not None, "evidence is asked about a deal"
    said_by = claims.said_by_field(asking.deal)
    if said_by.queryset is not None and said_by.queryset.exists():
        fields["said_by"] = said_by
    return {f"{need}-{name}": field for name, field in fields.items()}


def _next_step(asking: Asking) -> dict[str, forms.Field]:
    kinds = [one for one in Activity.ActivityKind.choices if one[0] != Activity.ActivityKind.NOTE]
    start = today(asking.member.workspace) + timedelta(days=1)
    return {
        "next_step-kind": forms.ChoiceField(label=_("Kind"), choices=kinds),
        "next_step-due_on": day_field(label=_("Due"), required=True, initial=start),
        "next_step-subject": forms.CharField(label=_("What about"), required=False, max_length=250),
    }


def _person(asking: Asking) -> dict[str, forms.Field]:
    return {
        "person-name": _named(_("Person"), asking),
        "person-part": forms.ChoiceField(
            label=_("Part in the decision"),
            choices=DealPerson.Part.choices,
            initial=DealPerson.Part.CONTACT,
        ),
    }


def _decider(asking: Asking) -> forms.Field:
    return _named(_("Who decides?"), asking)


def _named(label: Any, asking: Asking) -> forms.Field:
    return forms.CharField(label=label, max_length=200, widget=_suggesting(asking))


def _suggesting(asking: Asking) -> widgets.Suggesting:
    deal = asking.deal
    if deal is None or deal.company_id is None:
        return widgets.Suggesting()
    people = contacts.people_for(asking.member).filter(company_id=deal.company_id, erased_at=None)
    names = people.order_by("sort_key", "pk").values_list("name", flat=True)
    return widgets.Suggesting(names[:N_OFFERED])


def _amount(_asking: Asking) -> forms.Field:
    return number_field(label=_("Amount"), min_value=0)


def _close_on(_asking: Asking) -> forms.Field:
    return day_field(label=_("Expected close"), required=True)


def _until(_asking: Asking) -> forms.Field:
    return day_field(label=_("Park until"), required=True)


def _channel(_asking: Asking) -> forms.Field:
    return forms.CharField(label=_("Channel"), max_length=60)


def _company(_asking: Asking) -> forms.Field:
    return forms.CharField(label=_("Company"), max_length=200)


def _owner(asking: Asking) -> forms.Field:
    members = Member.objects.filter(workspace_id=asking.member.workspace_id, is_active=True)
    return _choice(_("Owner"), members.order_by("sort_key", "pk"))


def _product(asking: Asking) -> forms.Field:
    products = catalog.products_for(asking.member).filter(retired_at=None)
    return _choice(_("Product"), products.order_by("sort_key", "pk"))


def _reason(asking: Asking) -> forms.Field:
    return _choice(_("Why was it lost?"), flow.reasons_for(asking.member))


def _choice(label: Any, rows: Any) -> forms.Field:
    return forms.ModelChoiceField(rows, label=label, empty_label=_("Choose …"))


ONE: dict[str, Callable[[Asking], forms.Field]] = {
    "amount": _amount,
    "close_on": _close_on,
    "until": _until,
    "channel": _channel,
    "company": _company,
    "owner": _owner,
    "product": _product,
    "decider": _decider,
    "reason": _reason,
}
SEVERAL: dict[str, Callable[[Asking], dict[str, forms.Field]]] = {
    "person": _person,
    "next_step": _next_step,
}
#: Evidence that is asked for, and its topic.
TOPICS = {need: topic for need, (topic, _least) in EVIDENCE.items()}
#: What can be given in a form.
ASKED = frozenset({*ONE, *SEVERAL, *TOPICS})
OF_A_DEAL = frozenset({*SEVERAL, *TOPICS, "decider"})
#: What has to be done elsewhere, in words.
ELSEWHERE = {"proposal_sent": _("A proposal has to be sent. Write one on the page of the deal.")}
#: Why an answer that was given is not enough for its gate.
TOO_WEAK = {
    **{
        topic.value: _("Others say otherwise, or too little. Look at what is known of this deal.")
        for topic in Topic
    },
    "need_confirmed": _("Not confirmed yet: a document confirms it, or two who say the same."),
    "budget_confirmed": _(
        "Not confirmed yet: it must be approved, and a document says so, or two people do."
    ),
    "authority_confirmed": _("Not confirmed yet: a document confirms it, or two who say the same."),
    "timeline_confirmed": _("Not confirmed yet: a document confirms it, or two who say the same."),
}
