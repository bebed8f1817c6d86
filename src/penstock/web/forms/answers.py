"""The answers that a gate, a win, a loss or a parking can ask for: one field each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.catalog import access as catalog
from penstock.contacts import access as contacts
from penstock.flow import access as flow
from penstock.users.models import Member
from penstock.web.forms import widgets

Field = Callable[[Member], forms.Field]


class AnswersForm(forms.Form):
    """Only the answers that are missing, in the order in which they are needed."""

    def __init__(
        self, member: Member, *, needs: Iterable[str], data: QueryDict | None = None
    ) -> None:
        super().__init__(data, auto_id="answer_%s")
        for need in needs:
            self.fields[need] = FIELDS[need](member)


def form_for(member: Member, needs: Iterable[str]) -> AnswersForm | None:
    """An empty form for some needs, or None when one of them cannot be given in place."""
    wanted = list(needs)
    if not wanted or not set(wanted) <= set(FIELDS):
        return None
    return AnswersForm(member, needs=wanted)


def given(member: Member, data: QueryDict) -> AnswersForm | None:
    """The answers that came with a request, or None when it brought none."""
    asked = [need for need in data.getlist("asked") if need in FIELDS]
    return AnswersForm(member, needs=asked, data=data) if asked else None


def title(form: AnswersForm) -> str:
    """What a dialog that asks these answers is called."""
    titles = {"reason": _("Mark as lost"), "until": _("Park this deal")}
    return str(titles.get(_only(form), _("One more thing")))


def submit(form: AnswersForm) -> str:
    """The verb of its button."""
    verbs = {"reason": _("Mark as lost"), "until": pgettext_lazy("deal", "Park")}
    return str(verbs.get(_only(form), _("Continue")))


def _only(form: AnswersForm) -> str:
    return next(iter(form.fields)) if len(form.fields) == 1 else ""


def _amount(_member: Member) -> forms.Field:
    return forms.DecimalField(
        label=_("Amount"), min_value=0, max_digits=19, decimal_places=4, widget=widgets.money()
    )


def _close_on(_member: Member) -> forms.Field:
    return forms.DateField(label=_("Expected close"), widget=widgets.day())


def _until(_member: Member) -> forms.Field:
    return forms.DateField(label=_("Park until"), widget=widgets.day())


def _channel(_member: Member) -> forms.Field:
    return forms.CharField(label=_("Channel"), max_length=60)


def _company(_member: Member) -> forms.Field:
    return forms.CharField(label=_("Company"), max_length=200)


def _owner(member: Member) -> forms.Field:
    members = Member.objects.filter(workspace_id=member.workspace_id, is_active=True)
    return _choice(_("Owner"), members.order_by("sort_key", "pk"))


def _product(member: Member) -> forms.Field:
    products = catalog.products_for(member).filter(retired_at=None)
    return _choice(_("Product"), products.order_by("sort_key", "pk"))


def _person(member: Member) -> forms.Field:
    return _choice(
        _("Person"), contacts.people_for(member).filter(erased_at=None).order_by("sort_key", "pk")
    )


def _reason(member: Member) -> forms.Field:
    return _choice(_("Why was it lost?"), flow.reasons_for(member))


def _choice(label: Any, rows: Any) -> forms.Field:
    return forms.ModelChoiceField(rows, label=label, empty_label=_("Choose …"))


FIELDS: dict[str, Field] = {
    "amount": _amount,
    "close_on": _close_on,
    "until": _until,
    "channel": _channel,
    "company": _company,
    "owner": _owner,
    "product": _product,
    "person": _person,
    "reason": _reason,
}
