"""Who are the people at our customers?"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from penstock.contacts import access, people
from penstock.contacts.models import Person
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.contacts import PersonForm
from penstock.web.pages import likes
from penstock.web.pages import people as pages
from penstock.web.pages.likes import Like
from penstock.web.views import dialogs, redirects, shell


@require_GET
def page(request: MemberRequest, person_id: int) -> HttpResponse:
    """One person."""
    person = access.person_for(request.member, person_id)
    if person.pk != person_id:
        return redirects.to_survivor(request, person, url_name="person")
    return shell.show(request, "web/people/page.html", pages.build(person, member=request.member))


@require_http_methods(["GET", "POST"])
def create(request: MemberRequest, company_id: int) -> HttpResponse:
    """Add a person to a company."""
    company = access.company_for(request.member, company_id, to="edit")
    form = PersonForm(request.POST or None)
    alike: list[Like] = []
    if dialogs.is_new(request, form):
        facts = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        alike = likes.people(request.member, company=company, **facts)
    if request.method == "POST" and not alike:
        values = form.cleaned_data if form.is_valid() else {}
        made = dialogs.attempt(
            form,
            lambda: people.add(request.workspace, company=company, by=request.member, **values),
        )
        if made is not None:
            return htmx.go(request, reverse("company", args=[request.workspace.slug, company.pk]))
    return dialogs.ask(
        request, form, title=_("New person"), submit=_("Add the person"), likes=alike
    )


@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, person_id: int) -> HttpResponse:
    """Change what is known of a person."""
    person = access.person_for(request.member, person_id, to="edit")
    initial = {name: getattr(person, name) for name in PersonForm.base_fields}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST":
        values = form.cleaned_data if form.is_valid() else {}
        changed = dialogs.attempt(form, lambda: people.change(person, by=request.member, **values))
        if changed is not None:
            messages.success(request, _("Saved."))
            return _open(request, changed)
    return dialogs.ask(request, form, title=person.name, submit=_("Save"))


@require_http_methods(["GET", "POST"])
def erase(request: MemberRequest, person_id: int) -> HttpResponse:
    """Ask, for it cannot be undone; then erase all that identifies a person."""
    person = access.person_for(request.member, person_id, to="erase")
    if request.method == "POST":
        people.erase(person, by=request.member)
        messages.success(request, _("All that identified this person was erased."))
        return _open(request, person)
    return dialogs.ask(
        request,
        forms.Form(),
        title=_("Erase %(name)s?") % {"name": person.name},
        text=_(
            "Name, address, phone and job title are erased for good."
            " Deals and sums stay as they are."
        ),
        submit=_("Erase for good"),
    )


def _open(request: MemberRequest, person: Person) -> HttpResponse:
    return htmx.go(request, reverse("person", args=[request.workspace.slug, person.pk]))
