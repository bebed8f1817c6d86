"""What somebody said about need, budget, authority or time, in as few keystrokes as possible."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from penstock.contacts.models import Person
from penstock.sales.claims import Said
from penstock.sales.models import Claim, Deal, DealPerson, Manner, Topic
from penstock.web import figures
from penstock.web.forms.orders import day_field, number_field, percent_field

#: The details of each topic, in the order in which they are asked.
DETAILS: dict[str, tuple[str, ...]] = {
    Topic.NEED: ("text",),
    Topic.BUDGET: ("amount", "is_approved", "text"),
    Topic.AUTHORITY: ("person", "part", "text"),
    Topic.TIMELINE: ("due_on", "text"),
}
QUESTIONS = {
    Topic.NEED: _("What do they need?"),
    Topic.BUDGET: _("How much may it cost?"),
    Topic.AUTHORITY: _("Who decides?"),
    Topic.TIMELINE: _("When is it needed?"),
}
SIDES = (("for", _("Yes: it speaks for the deal")), ("against", _("No: it speaks against it")))
WORDS = forms.Textarea(attrs={"rows": 2})


class FadingForm(forms.Form):
    """In how many days a statement about each topic loses half of its weight."""

    def __init__(
        self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="fading_%s")
        for topic in Topic:
            self.fields[topic.value] = forms.IntegerField(
                label=topic.label, min_value=1, max_value=3650
            )


def detail_fields(topic: str) -> dict[str, forms.Field]:
    """The fields of a topic, none of them required by itself: the verb says what is missing."""
    every: dict[str, forms.Field] = {
        "text": forms.CharField(
            label=_("What was said"), required=False, max_length=2000, widget=WORDS
        ),
        "amount": number_field(label=_("Amount"), required=False, min_value=0),
        "is_approved": forms.BooleanField(label=_("The budget is approved"), required=False),
        "person": forms.CharField(label=_("Person"), required=False, max_length=200),
        "part": forms.ChoiceField(
            label=_("Part in the decision"),
            choices=DealPerson.Part.choices,
            initial=DealPerson.Part.DECIDES,
        ),
        "due_on": day_field(label=_("Needed by")),
    }
    return {name: every[name] for name in DETAILS[topic]}


def manner_field() -> forms.ChoiceField:
    """How the company knows."""
    return forms.ChoiceField(
        label=_("How do we know?"), choices=Manner.choices, initial=Manner.CALL
    )


def said_by_field(deal: Deal) -> forms.ModelChoiceField[Person]:
    """Who said it, of the people on a deal; where there is only one, it is proposed."""
    people = Person.objects.filter(deals__deal=deal, erased_at=None).order_by("sort_key", "pk")
    first = people[:2]
    return forms.ModelChoiceField(
        people,
        label=_("Said by"),
        required=False,
        empty_label=_("Me, from what I know"),
        initial=first[0].pk if len(first) == 1 else None,
    )


class ClaimForm(forms.Form):
    """A statement about one topic: its details first, then who said it, how and when."""

    manner = manner_field()
    side = forms.ChoiceField(label=_("Does it speak for the deal?"), choices=SIDES, initial="for")
    on = day_field(label=_("When"))
    confidence = percent_field(
        label=_("How sure, %"),
        max_value=100,
        help_text=_("Empty: as usual for this way of knowing."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        deal: Deal,
        topic: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.topic = topic
        super().__init__(data, initial=initial, auto_id="claim_%s")
        self.fields["said_by"] = said_by_field(deal)
        for name, field in detail_fields(topic).items():
            self.fields[name] = field
        self.order_fields([*DETAILS[topic], "manner", "said_by", "side", "on", "confidence"])
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    def said(self, *, person: Person | None) -> Said:
        """What a valid form says."""
        return said_of(self.topic, self.cleaned_data, person=person)


def said_of(topic: str, values: Mapping[str, Any], *, person: Person | None) -> Said:
    """What some valid answers about a topic say."""
    percent = values.get("confidence")
    return Said(
        topic=topic,
        manner=values.get("manner") or Manner.CALL,
        is_for=values.get("side", "for") == "for",
        confidence=None if percent is None else Decimal(percent) / 100,
        said_by=values.get("said_by"),
        amount=values.get("amount"),
        is_approved=bool(values.get("is_approved")),
        person=person,
        part=values.get("part") or "",
        due_on=values.get("due_on"),
        text=values.get("text") or "",
    )


def initial_of(claim: Claim) -> dict[str, Any]:
    """What a form that replaces a claim starts with."""
    wording = getattr(claim, "wording", None)
    return {
        "text": wording.text if wording else "",
        "amount": None if claim.amount is None else figures.plain(claim.amount),
        "is_approved": claim.is_approved,
        "person": claim.person.name if claim.person else "",
        "part": claim.part,
        "due_on": claim.due_on,
        "manner": claim.manner,
        "side": "for" if claim.is_for else "against",
        "said_by": claim.said_by_id,
        "confidence": figures.plain(claim.confidence * 100),
    }
