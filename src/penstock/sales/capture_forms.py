"""Forms by which leads come in: made, changed, opened and closed, and what their visitors agree to."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotFound, RuleBroken
from penstock.flow import dating
from penstock.sales.models import CaptureForm, Channel, ConsentText, OwnerRule
from penstock.users import audit, roles
from penstock.users.models import Member, Workspace

#: What a form can ask, in the order in which it asks.
OFFERED = ("name", "email", "phone", "company", "website", "job_title", "city", "message")
USUAL = (
    {"code": "name", "required": True},
    {"code": "email", "required": True},
    {"code": "company", "required": False},
    {"code": "message", "required": False},
)
#: One of them is needed: without an answer to it nobody can answer.
REACHED_BY = frozenset({"email", "phone"})
DETAILS = (
    "name",
    "heading",
    "intro",
    "thanks",
    "fields",
    "pipeline",
    "owner_rule",
    "member",
    "team",
    "channel",
    "campaign",
    "origins",
)
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?", re.IGNORECASE)


def make(
    workspace: Workspace, *, by: Member | None, consent: str = "", **details: Any
) -> CaptureForm:
    """Make a form; it is open at once.

    Raises:
        RuleBroken: ``sales.form_name``, ``sales.form_fields``, ``sales.form_owner``,
            ``sales.form_origin``, ``sales.channel``.
    """
    with transaction.atomic():
        form = CaptureForm(workspace=workspace, token=secrets.token_urlsafe(12))
        details.setdefault("fields", USUAL)
        _write(form, details)
        ConsentText.objects.create(
            workspace=workspace, form=form, number=1, text=consent.strip(), by=by
        )
        audit.record(workspace_id=workspace.pk, by=by, action="capture_form.made", target=form)
        return form


def change(
    form: CaptureForm, *, by: Member | None, consent: str | None = None, **details: Any
) -> CaptureForm:
    """Change a form; another text of consent is a version of its own.

    Raises:
        RuleBroken: Those of :func:`make`.
    """
    with transaction.atomic():
        row = locked(form)
        _write(row, details)
        now = consent_of(row)
        if consent is not None and consent.strip() != now.text:
            ConsentText.objects.create(
                workspace_id=row.workspace_id,
                form=row,
                number=now.number + 1,
                text=consent.strip(),
                by=by,
            )
        audit.record(
            workspace_id=row.workspace_id, by=by, action="capture_form.changed", target=row
        )
        return row


def open_up(form: CaptureForm, *, by: Member | None) -> CaptureForm:
    """Let a form take leads in. Safe to call twice."""
    return _switch(form, is_on=True, by=by, action="capture_form.opened")


def close(form: CaptureForm, *, by: Member | None) -> CaptureForm:
    """Let a form take nothing in for now; its address stays. Safe to call twice."""
    return _switch(form, is_on=False, by=by, action="capture_form.closed")


def retire(form: CaptureForm, *, by: Member | None) -> CaptureForm:
    """Close a form for good; what came in by it stays. Safe to call twice."""
    with transaction.atomic():
        row = locked(form)
        if row.retired_at is None:
            row.retired_at = dating.now()
            row.save(update_fields=["retired_at"])
            audit.record(
                workspace_id=row.workspace_id, by=by, action="capture_form.retired", target=row
            )
        return row


def found_by(workspace: Workspace, token: str) -> CaptureForm:
    """The form behind an address.

    Raises:
        NotFound: ``sales.no_form``; the same for a wrong address and for a retired form.
    """
    rows = CaptureForm.objects.filter(workspace=workspace, token=token[:64], retired_at=None)
    form = rows.select_related("workspace", "pipeline").first()
    if form is None:
        raise NotFound("sales.no_form", _("This form is not there any more."))
    return form


def consent_of(form: CaptureForm) -> ConsentText:
    """The text that counts now."""
    return ConsentText.objects.filter(form=form).latest("number")


def next_owner(form: CaptureForm) -> Member | None:
    """Who gets the next lead, and remember it; call with the form locked.

    In a team it goes round among those who may sell, so that nobody gets a second one before everybody
    had one.
    """
    if form.owner_rule == OwnerRule.MEMBER:
        return form.member if form.member is not None and form.member.is_active else None
    if form.owner_rule != OwnerRule.TEAM:
        return None
    members = Member.objects.filter(team=form.team_id, is_active=True, role__in=roles.SELLS)
    found = list(members.order_by("pk"))
    if not found:
        return None
    after = [one for one in found if one.pk > (form.last_given_id or 0)]
    chosen = (after or found)[0]
    form.last_given = chosen
    form.save(update_fields=["last_given"])
    return chosen


def locked(form: CaptureForm) -> CaptureForm:
    """The form, so that only one at a time is given its leads."""
    rows = CaptureForm.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("workspace", "pipeline__workspace", "member", "campaign").get(
        pk=form.pk
    )


def _switch(form: CaptureForm, *, is_on: bool, by: Member | None, action: str) -> CaptureForm:
    with transaction.atomic():
        row = locked(form)
        if row.is_on != is_on:
            row.is_on = is_on
            row.save(update_fields=["is_on"])
            audit.record(workspace_id=row.workspace_id, by=by, action=action, target=row)
        return row


def _write(form: CaptureForm, details: Mapping[str, Any]) -> None:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise ValueError(f"a form has no {', '.join(sorted(unknown))}")
    for name, value in details.items():
        setattr(form, name, value.strip() if isinstance(value, str) else value)
    _check(form)
    form.fields = _ordered(form.fields)
    form.origins = [one.rstrip("/").lower() for one in form.origins]
    form.save()


def _check(form: CaptureForm) -> None:
    if not form.name:
        raise RuleBroken("sales.form_name", _("Give the form a name."), needs=["name"])
    codes = {one["code"] for one in form.fields}
    if not codes <= set(OFFERED) or not codes & REACHED_BY:
        raise RuleBroken(
            "sales.form_fields",
            _("Ask for an e-mail address or a phone number, or nobody can answer."),
            needs=["fields"],
        )
    if form.channel and form.channel not in Channel.values:
        raise RuleBroken("sales.channel", _("Choose one of the channels."), needs=["channel"])
    wanted = {OwnerRule.MEMBER: form.member_id, OwnerRule.TEAM: form.team_id}
    if form.owner_rule not in OwnerRule.values or not wanted.get(OwnerRule(form.owner_rule), 1):
        raise RuleBroken(
            "sales.form_owner",
            _("Say to which member or team the leads are given."),
            needs=[form.owner_rule if form.owner_rule in ("member", "team") else "owner_rule"],
        )
    wrong = [one for one in form.origins if not ORIGIN.fullmatch(one.rstrip("/"))]
    if wrong:
        raise RuleBroken(
            "sales.form_origin",
            _("Enter addresses of sites such as https://www.example.com, one per line."),
            needs=["origins"],
        )


def _ordered(fields: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    required = {one["code"]: bool(one["required"]) for one in fields}
    return [{"code": code, "required": required[code]} for code in OFFERED if code in required]
