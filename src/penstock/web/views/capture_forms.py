"""Settings: forms by which leads come in, and keys for other programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.sales import access_leads, capture_forms, capture_keys
from penstock.sales.models import CaptureForm
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.capture_forms import KeyForm, ShapeForm
from penstock.web.pages import capture_forms as pages
from penstock.web.pages import settings
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All forms, with what came in by them."""
    access_leads.check_shape(request.member)
    lines = pages.lines(request.member)
    return shell.show(
        request,
        "web/forms/index.html",
        settings.head(_("Settings"), answer=pages.answer(lines)),
        slug=request.workspace.slug,
        tabs=settings.tabs(request.member, current="forms"),
        lines=lines,
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask what a form shall be, and make it."""
    access_leads.check_shape(request.member)
    shape = ShapeForm(request.POST or None, member=request.member)
    if request.method == "POST":
        made = dialogs.attempt(
            shape,
            lambda: capture_forms.make(request.workspace, by=request.member, **shape.details),
        )
        if made is not None:
            return _to(request, made, _("The form is open. Its address stands below."))
    return _show(request, shape, None)


@ASKS
def edit(request: MemberRequest, form_id: int) -> HttpResponse:
    """A form: its address, its keys, and what it asks; saving changes it."""
    form = access_leads.form_for(request.member, form_id)
    shape = ShapeForm(request.POST or None, member=request.member, form=form)
    if request.method == "POST" and dialogs.attempt(
        shape, lambda: capture_forms.change(form, by=request.member, **shape.details)
    ):
        return _to(request, form, _("Saved."))
    return _show(request, shape, form)


@require_POST
def open_up(request: MemberRequest, form_id: int) -> HttpResponse:
    """Let a form take leads in."""
    form = access_leads.form_for(request.member, form_id)
    capture_forms.open_up(form, by=request.member)
    return _to(request, form, _("The form is open."))


@require_POST
def close(request: MemberRequest, form_id: int) -> HttpResponse:
    """Let a form take nothing in for now."""
    form = access_leads.form_for(request.member, form_id)
    capture_forms.close(form, by=request.member)
    return _to(request, form, _("The form is closed; its address stays."))


@require_POST
def retire(request: MemberRequest, form_id: int) -> HttpResponse:
    """Close a form for good."""
    form = access_leads.form_for(request.member, form_id)
    capture_forms.retire(form, by=request.member)
    messages.success(request, _("The form is gone; what came in by it stays."))
    return htmx.go(request, reverse("capture-forms", args=[request.workspace.slug]))


@ASKS
def make_key(request: MemberRequest, form_id: int) -> HttpResponse:
    """Ask who will use a key, make it, and show its secret, once."""
    form = access_leads.form_for(request.member, form_id)
    asked = KeyForm(request.POST or None)
    if request.method == "POST":
        key = dialogs.attempt(
            asked, lambda: capture_keys.make(form, by=request.member, **asked.cleaned_data)
        )
        if key is not None:
            url = reverse("open-capture", args=[request.workspace.slug])
            return shell.show(
                request,
                "web/forms/key.html",
                pages.key_page(form, slug=request.workspace.slug),
                key=key,
                form=form,
                secret=capture_keys.secret_of(key),
                url=request.build_absolute_uri(url),
            )
    return dialogs.ask(request, asked, title=_("New key"), submit=_("Make the key"))


@require_POST
def revoke_key(request: MemberRequest, capture_key_id: int) -> HttpResponse:
    """Let a key sign nothing any more."""
    key = access_leads.key_for(request.member, capture_key_id)
    capture_keys.revoke(key, by=request.member)
    return _to(
        request, access_leads.form_for(request.member, key.form_id), _("The key is revoked.")
    )


def _show(request: MemberRequest, shape: ShapeForm, form: CaptureForm | None) -> HttpResponse:
    url = script = ""
    if form is not None:
        parts = [request.workspace.slug, form.token]
        url = request.build_absolute_uri(reverse("open-form", args=parts))
        script = request.build_absolute_uri(reverse("open-form-embed", args=parts))
    return shell.show(
        request,
        "web/forms/page.html",
        pages.head(form, slug=request.workspace.slug),
        slug=request.workspace.slug,
        form=shape,
        capture=form,
        url=url,
        snippet=pages.snippet(script) if form else "",
        plain=pages.plain_form(form, url=url) if form else "",
        keys=pages.keys(form) if form else (),
        versions=pages.versions(form) if form else (),
        status=422 if shape.is_bound else 200,
    )


def _to(request: MemberRequest, form: CaptureForm, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("capture-form", args=[request.workspace.slug, form.pk]))
