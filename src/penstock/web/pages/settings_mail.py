"""Mail templates: the list, and one of them filled in for a real deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penstock.flow.models import Kind
from penstock.sales import access, access_mail, deal_mail, mail_templates
from penstock.sales.models import Deal, MailTemplate
from penstock.users.models import Member
from penstock.web.pages.base import Crumb, Page

ANSWER = gettext_lazy(
    "Letters that are written once: whoever writes to a customer chooses one, and it is filled in."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One template."""

    id: int
    name: str
    language: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Preview(Page):
    """A template as it would be sent about a deal; no deal where there is none to try it on."""

    deal_key: str
    deal_title: str
    to: str
    subject: str
    text: str
    missing: str


def build(member: Member) -> Sequence[Line]:
    """The templates in use."""
    languages = dict(settings.LANGUAGES)
    return [
        Line(
            id=row.pk,
            name=row.name,
            language=languages.get(row.language, row.language),
            subject=row.subject,
        )
        for row in access_mail.templates_for(member)
    ]


def placeholders() -> list[tuple[str, str]]:
    """What a template may name, with what it stands for."""
    return [(f"{{{name}}}", str(text)) for name, text in mail_templates.PLACEHOLDERS.items()]


def preview(member: Member, template: MailTemplate, *, key: str) -> Preview:
    """A template on a deal of that number, or on the one that was opened last."""
    deal = _deal(member, key)
    person = next(iter(deal_mail.people_of(deal)), None) if deal else None
    draft = mail_templates.Draft(template.subject, template.text)
    if deal is not None:
        draft = mail_templates.fill(template, deal, person=person, by=member)
    return Preview(
        title=template.name,
        nav="settings",
        answer=_("So it would be sent. Nothing is sent from here."),
        crumbs=(
            Crumb(
                name=_("Mail templates"),
                url=reverse("mail-templates", args=[member.workspace.slug]),
            ),
        ),
        deal_key=deal.item.key if deal else "",
        deal_title=deal.item.title if deal else "",
        to=f"{person.name} <{person.email}>" if person else "",
        subject=draft.subject,
        text=draft.text,
        missing=", ".join(f"{{{name}}}" for name in draft.missing),
    )


def _deal(member: Member, key: str) -> Deal | None:
    if not key:
        items = access.items_for(member).filter(kind=Kind.DEAL, outcome="").order_by("-opened_at")
        newest = items.values_list("key", flat=True).first()
        if newest is None:
            return None
        key = newest
    deal = access.deal_for(member, key.strip().upper())
    deal.workspace = member.workspace
    return deal
