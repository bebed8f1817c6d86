"""Settings: the letters that are written once and sent to many."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from penstock.flow import access
from penstock.sales import access_mail, mail_templates
from penstock.sales.models import MailTemplate
from penstock.users.middleware import MemberRequest
from penstock.web import htmx
from penstock.web.forms.mail import TemplateForm
from penstock.web.pages import settings as pages
from penstock.web.pages import settings_mail
from penstock.web.views import dialogs, shell
from penstock.web.views.orders import ASKS


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """All templates, and what they may name."""
    access.check_shape(request.member, to="shape")
    return shell.show(
        request,
        "web/settings/mail.html",
        pages.head(_("Settings"), answer=str(settings_mail.ANSWER)),
        slug=request.workspace.slug,
        tabs=pages.tabs(request.member, current="mail"),
        lines=settings_mail.build(request.member),
        placeholders=settings_mail.placeholders(),
    )


@ASKS
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a template, and keep it."""
    access.check_shape(request.member, to="shape")
    form = TemplateForm(
        request.POST if request.method == "POST" else None, language=get_language() or ""
    )
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: mail_templates.add(request.workspace, by=request.member, **form.cleaned_data),
    ):
        return _back(request, _("The template is added."))
    return _ask(request, form, title=_("New template"))


@ASKS
def edit(request: MemberRequest, template_id: int) -> HttpResponse:
    """Ask for what a template says, and keep it."""
    template = access_mail.template_for(request.member, template_id)
    form = TemplateForm(request.POST if request.method == "POST" else None, template=template)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: mail_templates.change(template, by=request.member, **form.cleaned_data)
    ):
        return _back(
            request, _("The template is changed. Letters that were sent stay as they are.")
        )
    return _ask(request, form, title=template.name)


@require_POST
def retire(request: MemberRequest, template_id: int) -> HttpResponse:
    """Offer a template no more."""
    template = access_mail.template_for(request.member, template_id)
    mail_templates.retire(template, by=request.member)
    return _back(request, _("“%(name)s” is retired.") % {"name": template.name})


@require_GET
def preview(request: MemberRequest, template_id: int) -> HttpResponse:
    """A template as it would be sent about a real deal."""
    template: MailTemplate = access_mail.template_for(request.member, template_id)
    page = settings_mail.preview(request.member, template, key=request.GET.get("deal", ""))
    return shell.show(request, "web/settings/mail_preview.html", page, slug=request.workspace.slug)


def _ask(request: MemberRequest, form: TemplateForm, *, title: str) -> HttpResponse:
    named = ", ".join(f"{{{one}}}" for one in mail_templates.PLACEHOLDERS)
    text = _("These are filled in for each letter: %(list)s.") % {"list": named}
    return dialogs.ask(request, form, title=title, text=text, submit=_("Save"))


def _back(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return htmx.go(request, reverse("mail-templates", args=[request.workspace.slug]))
