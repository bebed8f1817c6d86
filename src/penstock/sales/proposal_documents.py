"""The PDF of a version: set at once to look at, and kept for good once it was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from django.utils.translation import gettext_lazy as _

from penstock.base import pictures, typesetting
from penstock.base.errors import NotFound, RuleBroken
from penstock.flow import dating
from penstock.sales import proposal_paper, proposal_settings
from penstock.sales.models import ProposalDocument, ProposalTemplate, ProposalVersion
from penstock.users.models import Workspace

#: What a template calls the logo.
LOGO = "logo.svg"


def preview(version: ProposalVersion) -> bytes:
    """The document as it would be now.

    Raises:
        RuleBroken: ``proposals.template``: the workspace's own template cannot be set.
    """
    return _set(version, source=template(version.workspace, version.proposal.language))


def keep(version: ProposalVersion) -> ProposalDocument:
    """The document of a sent version: made at the first call, the same bytes at every later one.

    Where the workspace's own template fails on it, the usual one is taken: a proposal that was sent
    has a document.

    Raises:
        NotFound: ``proposals.no_document`` for a draft; ``proposals.erased`` when it named a person who
            was erased since.
    """
    if version.is_draft:
        raise NotFound("proposals.no_document", _("A draft has no document yet. Send it first."))
    found = ProposalDocument.objects.filter(version=version).first()
    if found is not None:
        return _legible(found)
    try:
        data = preview(version)
    except RuleBroken:
        data = _set(version, source=usual())
    # Two who make it at the same time make the same; the first one is kept.
    document, _made = ProposalDocument.objects.get_or_create(
        version=version,
        defaults={
            "workspace_id": version.workspace_id,
            "data": data,
            "sha256": hashlib.sha256(data).hexdigest(),
            "made_at": dating.now(),
        },
    )
    return _legible(document)


def _legible(document: ProposalDocument) -> ProposalDocument:
    if document.erased_at is not None:
        raise NotFound(
            "proposals.erased", _("It was erased, for it named a person who asked for that.")
        )
    return document


def template(workspace: Workspace, language: str) -> str:
    """The template of a language: the workspace's own, or the usual one."""
    own = ProposalTemplate.objects.filter(workspace=workspace, language=language).first()
    return own.source if own else usual()


def usual() -> str:
    """The template that comes along; its words follow the language of the proposal."""
    return (resources.files("penstock.sales") / "typst" / "proposal.typ").read_text("utf-8")


def check_template(workspace: Workspace, version: ProposalVersion | None, source: str) -> None:
    """Try a template on a version, or on an empty one where there is none yet.

    Raises:
        RuleBroken: ``proposals.template``, with what typst says.
    """
    if version is not None:
        _set(version, source=source)
        return
    blank: dict[str, list[str]] = {
        "lines": [],
        "options": [],
        "sums": [],
        "facts": [],
        "seller": [],
        "customer": [],
    }
    words = {"title": "", "number": "", "introduction": "", "terms": "", "footer": "", "logo": None}
    flags = {"is_draft": True, "has_discount": False, "has_tax": False, "language": "en"}
    data = {**blank, **words, **flags, "labels": proposal_paper.labels()}
    _typeset(source, data=data, files={}, at=0)


def _set(version: ProposalVersion, *, source: str) -> bytes:
    settings = proposal_settings.of(version.workspace)
    picture = proposal_settings.logo(version.workspace_id)
    # The typesetter reads only texts: any picture becomes a drawing.
    name = LOGO if picture else None
    data = proposal_paper.data(version, settings=settings, logo=name)
    moment = version.sent_at or version.created_at
    files = {LOGO: pictures.as_drawing(picture[0], kind=picture[1])} if picture else {}
    return _typeset(source, data=data, files=files, at=int(moment.timestamp()))


def _typeset(source: str, *, data: Mapping[str, Any], files: Mapping[str, bytes], at: int) -> bytes:
    try:
        return typesetting.compile_pdf(source, data=data, files=files, at=at)
    except typesetting.TypesettingFailed as error:
        raise RuleBroken(
            "proposals.template",
            _("The document cannot be set: %(reason)s.") % {"reason": str(error)},
            needs=["source"],
        ) from error
