"""How a workspace writes its proposals: sender, terms, validity, logo, and what an acceptance does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base import pictures
from penstock.base.errors import RuleBroken
from penstock.flow import dating
from penstock.sales.models import ProposalSettings, ProposalTemplate
from penstock.users import audit
from penstock.users.models import Member, Workspace

LONGEST_TEMPLATE = 60_000
FIELDS = ("accepting_wins", "valid_days", "seller", "footer", "terms")


def of(workspace: Workspace) -> ProposalSettings:
    """The settings of a workspace, or the usual ones while nobody has set any; without the logo."""
    found = ProposalSettings.objects.defer("logo").filter(workspace=workspace).first()
    return found or ProposalSettings(workspace=workspace)


def change(workspace: Workspace, *, by: Member, **values: Any) -> ProposalSettings:
    """Change the settings; only what is named.

    Raises:
        RuleBroken: ``proposals.valid_days``.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"the settings of proposals have no {', '.join(sorted(unknown))}")
    days = values.get("valid_days", 1)
    if not 1 <= days <= 365:
        raise RuleBroken(
            "proposals.valid_days", _("Enter between 1 and 365 days."), needs=["valid_days"]
        )
    with transaction.atomic():
        row, _made = ProposalSettings.objects.update_or_create(workspace=workspace, defaults=values)
        audit.record(
            workspace_id=workspace.pk, by=by, action="proposals.settings_changed", target=row
        )
        return row


def set_logo(workspace: Workspace, data: bytes, *, by: Member) -> ProposalSettings:
    """Keep a picture as the workspace's logo; empty takes it away.

    Raises:
        RuleBroken: ``proposals.logo``: it is none of PNG, JPEG and plain SVG, or too large.
    """
    kind = ""
    if data:
        try:
            kind = pictures.kind_of(data)
        except ValueError as error:
            raise RuleBroken("proposals.logo", _WORDS[str(error)], needs=["logo"]) from error
    with transaction.atomic():
        row, _made = ProposalSettings.objects.update_or_create(
            workspace=workspace, defaults={"logo": data, "logo_type": kind}
        )
        audit.record(workspace_id=workspace.pk, by=by, action="proposals.logo_changed", target=row)
        return row


def logo(workspace_id: int) -> tuple[bytes, str] | None:
    """The logo and its kind (png, jpeg, svg), if there is one."""
    row = ProposalSettings.objects.filter(workspace_id=workspace_id).first()
    return (bytes(row.logo), row.logo_type) if row and row.logo_type else None


def set_template(
    workspace: Workspace, *, language: str, source: str, by: Member
) -> ProposalTemplate | None:
    """Keep a workspace's own template for a language; an empty one brings the usual back.

    Whoever takes it from a page tries it first, by ``proposal_documents.check``.

    Raises:
        RuleBroken: ``proposals.language``, ``proposals.template_too_long``.
    """
    language = checked_language(language)
    if len(source) > LONGEST_TEMPLATE:
        raise RuleBroken(
            "proposals.template_too_long",
            _("The template is too long. Enter at most 60,000 characters."),
            needs=["source"],
        )
    with transaction.atomic():
        row = None
        rows = ProposalTemplate.objects.filter(workspace=workspace, language=language)
        if source.strip():
            row, _made = rows.update_or_create(
                workspace=workspace,
                language=language,
                defaults={"source": source, "by": by, "changed_at": dating.now()},
            )
        else:
            rows.delete()
        audit.record(
            workspace_id=workspace.pk, by=by, action="proposals.template_changed", target=row
        )
        return row


def checked_language(language: str) -> str:
    """A language in which documents are written, or a refusal.

    Raises:
        RuleBroken: ``proposals.language``.
    """
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken(
            "proposals.language", _("Choose one of the languages offered."), needs=["language"]
        )
    return language


_WORDS = {
    pictures.TOO_LARGE: _("The picture is too large. Choose one of half a megabyte at most."),
    pictures.UNKNOWN: _("Choose a picture as PNG, JPEG or SVG."),
    pictures.TOO_MANY_PIXELS: _("The picture has too many pixels. Make it smaller first."),
    pictures.ACTIVE: _(
        "This SVG holds more than a drawing: scripts, styles from elsewhere or links. "
        "Save it as a plain SVG, or choose a PNG."
    ),
}
