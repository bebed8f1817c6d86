"""What people fill in about proposals: the shape of it, not the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from penstock.catalog import access as catalog
from penstock.catalog.models import Product
from penstock.contacts import access as contacts
from penstock.contacts.models import Person
from penstock.sales.models import ProposalVersion
from penstock.sales.proposal_lines import Wanted
from penstock.users.models import Member
from penstock.web.forms.orders import day_field, number_field, percent_field, plain

AREA = {"rows": 3}


class VersionForm(forms.Form):
    """What stands around the lines of a draft."""

    title = forms.CharField(label=_("Title"), max_length=250)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Recipient"), required=False, empty_label=_("Nobody yet")
    )
    valid_until = day_field(label=_("Valid until"), required=True)
    introduction = forms.CharField(
        label=_("Introduction"), required=False, max_length=4000, widget=forms.Textarea(AREA)
    )
    terms = forms.CharField(
        label=_("Terms"), required=False, max_length=20_000, widget=forms.Textarea(AREA)
    )

    def __init__(self, data: Any, *, member: Member, version: ProposalVersion) -> None:
        initial = {
            "title": version.title,
            "person": version.proposal.person_id,
            "valid_until": version.valid_until,
            "introduction": version.introduction,
            "terms": version.terms,
        }
        super().__init__(data, initial=initial)
        people = contacts.people_for(member).filter(erased_at=None).order_by("sort_key", "pk")
        company = version.proposal.deal.company_id
        self.fields["person"].queryset = (  # type: ignore[attr-defined]  # -- a choice field
            people.filter(company_id=company) if company else people
        )


class LineForm(forms.Form):
    """One line of a draft; a row with neither product nor title does not count."""

    mark = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, empty_label="–"
    )
    title = forms.CharField(label=_("What"), required=False, max_length=250)
    description = forms.CharField(label=_("Description"), required=False, max_length=4000)
    quantity = number_field(label=_("Quantity"), required=False, min_value=0)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=24)
    unit_price = number_field(label=_("Price"), required=False, min_value=0)
    discount = percent_field(label=_("Discount, %"), max_value=100)
    tax = percent_field(label=_("Tax, %"), max_value=100)
    hours = number_field(label=_("Hours"), required=False, min_value=0)
    is_optional = forms.BooleanField(label=_("Optional"), required=False)

    def __init__(self, *args: Any, products: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["product"].queryset = products  # type: ignore[attr-defined]  # -- a choice field

    def wanted(self) -> Wanted | None:
        """The line, or None for an empty row."""
        answers = self.cleaned_data
        if not (answers.get("title") or answers.get("product")):
            return None
        return Wanted(
            title=answers["title"],
            description=answers["description"],
            product=answers["product"],
            quantity=Decimal(1) if answers["quantity"] is None else answers["quantity"],
            unit=answers["unit"],
            unit_price=answers["unit_price"],
            discount_share=(answers["discount"] or Decimal(0)) / 100,
            tax_share=(answers["tax"] or Decimal(0)) / 100,
            hours=answers["hours"],
            is_optional=answers["is_optional"],
            mark=answers["mark"],
        )


LinesFormSet = forms.formset_factory(LineForm, extra=3, max_num=200, absolute_max=220)


def lines_of(version: ProposalVersion, member: Member, data: Any = None) -> Any:
    """The lines of a draft as a form set, with room for more."""
    products = catalog.products_for(member).filter(retired_at=None).order_by("sort_key", "pk")
    initial = [_initial(line) for line in version.lines.all()]
    return LinesFormSet(data, prefix="lines", initial=initial, form_kwargs={"products": products})


def _initial(line: Any) -> dict[str, Any]:
    return {
        "mark": line.mark,
        "product": line.product_id,
        "title": line.title,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": plain(line.unit_price),
        "discount": plain(line.discount_share * 100) if line.discount_share else None,
        "tax": plain(line.tax_share * 100) if line.tax_share else None,
        "hours": None if line.hours is None else plain(line.hours),
        "is_optional": line.is_optional,
    }


class NewForm(forms.Form):
    """In which language and currency a proposal is written; neither changes later."""

    language = forms.ChoiceField(label=_("Language of the document"))
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)


class WhoForm(forms.Form):
    """Who answers, and what they say besides."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    text = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(AREA)
    )


class AcceptForm(WhoForm):
    """A binding yes: with a name and a tick."""

    consent = forms.BooleanField(
        label=_("I accept this proposal with its terms, and I am entitled to do so.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput())


class DeclineForm(WhoForm):
    """A no, with its reason."""

    text = forms.CharField(
        label=_("Reason"), required=False, max_length=4000, widget=forms.Textarea(AREA)
    )
    version = forms.IntegerField(widget=forms.HiddenInput())


class CommentForm(forms.Form):
    """Something about the whole or about one line."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(AREA))
    mark = forms.TypedChoiceField(
        label=_("About"), required=False, coerce=int, empty_value=None, choices=()
    )
    nonce = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, version: ProposalVersion, **more: Any) -> None:
        super().__init__(*args, **more)
        lines = [(line.mark, line.title) for line in version.lines.all()]
        self.fields["mark"].choices = [("", _("The whole proposal")), *lines]  # type: ignore[attr-defined]  # -- a choice field


class AnswerForm(forms.Form):
    """What the customer told us otherwise, by telephone or on paper."""

    said = forms.ChoiceField(
        label=_("The customer"),
        choices=[("accept", _("accepted it")), ("decline", _("declined it"))],
    )
    name = forms.CharField(label=_("Who said so"), required=False, max_length=200)
    text = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(AREA)
    )
    options = forms.TypedMultipleChoiceField(
        label=_("Options chosen"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, version: ProposalVersion, **more: Any) -> None:
        super().__init__(*args, **more)
        options = [(line.mark, line.title) for line in version.lines.all() if line.is_optional]
        self.fields["options"].choices = options  # type: ignore[attr-defined]  # -- a choice field
        if not options:
            del self.fields["options"]


class SettingsForm(forms.Form):
    """What stands on every proposal, and what an acceptance does."""

    accepting_wins = forms.BooleanField(
        label=_("When a customer accepts, the deal is won and its lines are ordered"),
        required=False,
    )
    valid_days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=365)
    seller = forms.CharField(
        label=_("Sender: name, address, tax number"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
    )
    footer = forms.CharField(label=_("Foot line"), required=False, max_length=250)
    terms_en = forms.CharField(
        label=_("Terms in English"), required=False, max_length=20_000, widget=forms.Textarea(AREA)
    )
    terms_ru = forms.CharField(
        label=_("Terms in Russian"), required=False, max_length=20_000, widget=forms.Textarea(AREA)
    )
    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or SVG, half a megabyte at most.")
    )
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)


class TemplateForm(forms.Form):
    """A typst text, checked before it is kept."""

    source = forms.CharField(
        label=_("Template"),
        required=False,
        max_length=60_000,
        strip=False,
        widget=forms.Textarea({"rows": 24, "class": "code", "spellcheck": "false"}),
        help_text=_("Empty brings the usual one back."),
    )
