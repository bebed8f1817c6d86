"""Mail templates: written, changed, retired, and filled with what is known of a deal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Person
from penstock.sales.models import Deal, MailTemplate
from penstock.users import audit
from penstock.users.models import Member, Workspace

FIELDS = ("name", "language", "subject", "text")
LONGEST = {"name": 120, "subject": 250, "text": 8000}
#: What stands for a link that only the customer of the letter gets; it is made when the letter is sent.
PROPOSAL_LINK = "proposal_link"
#: What a template may name, and what it stands for.
PLACEHOLDERS: Mapping[str, Any] = {
    "person": _("name of the recipient"),
    "company": _("name of the company"),
    "deal": _("title of the deal"),
    "me": _("your name"),
    "workspace": _("name of the workspace"),
    PROPOSAL_LINK: _("link to the proposal that was sent last"),
}
_NAMED = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter about to be sent; ``missing`` names the placeholders for which nothing is known."""

    subject: str
    text: str
    missing: tuple[str, ...] = ()


def of(workspace: Workspace) -> QuerySet[MailTemplate]:
    """The templates in use, by name."""
    rows = MailTemplate.objects.filter(workspace=workspace, retired_at=None)
    return rows.order_by("name", "language", "pk")


def add(workspace: Workspace, *, by: Member | None, **details: Any) -> MailTemplate:
    """Write a template.

    Raises:
        RuleBroken: ``sales.mail_template`` for what is empty or too long; ``sales.mail_language``;
            ``sales.mail_name_taken``; ``sales.mail_placeholder`` for one that nobody knows.
    """
    with transaction.atomic():
        return _write(MailTemplate(workspace=workspace), details, by=by, action="mail.added")


def change(template: MailTemplate, *, by: Member | None, **details: Any) -> MailTemplate:
    """Change a template; letters that were sent stay as they are.

    Raises:
        RuleBroken: As :func:`add`.
    """
    with transaction.atomic():
        return _write(_locked(template), details, by=by, action="mail.changed")


def retire(template: MailTemplate, *, by: Member | None) -> MailTemplate:
    """Offer a template no more. Safe to call twice."""
    with transaction.atomic():
        row = _locked(template)
        if row.retired_at is None:
            row.retired_at = timezone.now()
            row.save(update_fields=["retired_at"])
            _record("mail.retired", row, by=by)
        return row


def restore(template: MailTemplate, *, by: Member | None) -> MailTemplate:
    """Offer a retired template again. Safe to call twice.

    Raises:
        RuleBroken: ``sales.mail_name_taken``.
    """
    with transaction.atomic():
        row = _locked(template)
        if row.retired_at is not None:
            _check_name(row)
            row.retired_at = None
            row.save(update_fields=["retired_at"])
            _record("mail.restored", row, by=by)
        return row


def fill(template: MailTemplate, deal: Deal, *, person: Person | None, by: Member | None) -> Draft:
    """The letter of a template about a deal. What nobody knows keeps its placeholder, and is named.

    The link to a proposal keeps its placeholder too: its secret is made when the letter is sent.
    """
    known = {
        "person": person.name if person else "",
        "company": deal.company.name if deal.company else "",
        "deal": deal.item.title,
        "me": by.name if by else "",
        "workspace": deal.workspace.name,
    }

    def put(found: re.Match[str]) -> str:
        return known.get(found[1], "") or found[0]

    subject, text = _NAMED.sub(put, template.subject), _NAMED.sub(put, template.text)
    used = set(_NAMED.findall(template.subject + template.text))
    missing = tuple(name for name in known if name in used and not known[name])
    return Draft(subject, text, missing)


def left_in(*texts: str) -> list[str]:
    """The placeholders that still stand in a letter, each once, in the order of the list."""
    found = {name for text in texts for name in _NAMED.findall(text)}
    return [name for name in PLACEHOLDERS if name in found]


def check_placeholders(**texts: str) -> None:
    """Refuse a placeholder that nobody knows, and say which there are.

    Raises:
        RuleBroken: ``sales.mail_placeholder``.
    """
    for field, text in texts.items():
        for name in _NAMED.findall(text):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
                raise RuleBroken(
                    "sales.mail_placeholder",
                    _("There is no {%(name)s}. Use these: %(known)s.")
                    % {"name": name, "known": known},
                    needs=[field],
                )


def _write(
    row: MailTemplate, details: Mapping[str, Any], *, by: Member | None, action: str
) -> MailTemplate:
    unknown = set(details) - set(FIELDS)
    if unknown:
        raise ValueError(f"a template has no {', '.join(sorted(unknown))}")
    for name, value in details.items():
        setattr(row, name, value.replace("\r\n", "\n").strip())
    row.subject = " ".join(row.subject.split())
    for name, longest in LONGEST.items():
        if not 0 < len(getattr(row, name)) <= longest:
            raise RuleBroken(
                "sales.mail_template",
                _("Fill it in, with %(n)s characters at most.") % {"n": longest},
                needs=[name],
            )
    if row.language not in dict(settings.LANGUAGES):
        raise RuleBroken(
            "sales.mail_language", _("Choose one of the languages offered."), needs=["language"]
        )
    check_placeholders(subject=row.subject, text=row.text)
    _check_name(row)
    row.save()
    _record(action, row, by=by)
    return row


def _check_name(row: MailTemplate) -> None:
    same = MailTemplate.objects.filter(
        workspace_id=row.workspace_id,
        language=row.language,
        name__iexact=row.name,
        retired_at=None,
    )
    if same.exclude(pk=row.pk).exists():
        raise RuleBroken(
            "sales.mail_name_taken",
            _("There is a template of this name in this language. Choose another name."),
            needs=["name"],
        )


def _locked(template: MailTemplate) -> MailTemplate:
    return MailTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)


def _record(action: str, row: MailTemplate, *, by: Member | None) -> None:
    audit.record(workspace_id=row.workspace_id, by=by, action=action, target=row)
