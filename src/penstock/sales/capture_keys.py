"""Keys by which other programs sign what they send: made, revoked, checked; each signature counts once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, NotAllowed, RuleBroken
from penstock.flow import dating
from penstock.sales.models import CaptureForm, CaptureKey, SeenSignature
from penstock.users import audit
from penstock.users.models import Member, Workspace

#: How far the clock of a sender may be off, and how old a request may be.
WINDOW = timedelta(minutes=5)
VERSION = "v1"


def make(form: CaptureForm, *, name: str, by: Member | None) -> CaptureKey:
    """Make a key for a form; :func:`secret_of` says its secret. Older keys keep working until revoked.

    Raises:
        RuleBroken: ``sales.key_name``.
    """
    if not name.strip():
        raise RuleBroken("sales.key_name", _("Say who will use the key."), needs=["name"])
    with transaction.atomic():
        key = CaptureKey.objects.create(
            workspace_id=form.workspace_id,
            form=form,
            name=name.strip()[:120],
            public_id=secrets.token_hex(8),
            made_at=dating.now(),
            by=by,
        )
        audit.record(workspace_id=form.workspace_id, by=by, action="capture_key.made", target=key)
        return key


def revoke(key: CaptureKey, *, by: Member | None) -> CaptureKey:
    """Let a key sign nothing any more, from this moment. Safe to call twice."""
    with transaction.atomic():
        row = CaptureKey.objects.select_for_update(no_key=True).get(pk=key.pk)
        if row.revoked_at is None:
            row.revoked_at = dating.now()
            row.save(update_fields=["revoked_at"])
            audit.record(
                workspace_id=row.workspace_id, by=by, action="capture_key.revoked", target=row
            )
        return row


def secret_of(key: CaptureKey) -> str:
    """The secret of a key: derived from that of the installation, so that no backup holds it."""
    name = f"{key.workspace_id}:{key.public_id}"
    return salted_hmac("penstock.capture", name, algorithm="sha256").hexdigest()


def sign(secret: str, *, timestamp: int, body: bytes) -> str:
    """The signature that belongs to a body sent at a moment.

    >>> sign("s", timestamp=1, body=b"{}")[:12]
    'v1=b253639bc'
    """
    said = f"{timestamp}.".encode() + body
    return f"{VERSION}={hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()}"


def check(
    workspace: Workspace, *, public_id: str, timestamp: str, signature: str, body: bytes
) -> CaptureKey:
    """The key that signed a body just now; its signature is used up by this.

    Raises:
        NotAllowed: ``sales.signature``: unknown or revoked key, or a signature that does not fit;
            ``sales.signature_old``: sent too long ago, or by a clock that is wrong.
        Conflict: ``sales.signature_used``: it was sent before.
    """
    rows = CaptureKey.objects.select_related("form__workspace", "workspace")
    key = rows.filter(workspace=workspace, public_id=public_id[:32], revoked_at=None).first()
    is_number = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12
    # A wrong key costs as much time as a wrong signature.
    secret = secret_of(key) if key else secrets.token_hex(32)
    expected = sign(secret, timestamp=int(timestamp) if is_number else 0, body=body)
    fits = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
    if key is None or not is_number or not fits:
        raise NotAllowed(
            "sales.signature",
            _(
                "The signature does not fit. Check key, secret, time stamp and that the body is sent as signed."
            ),
        )
    sent_at = datetime.fromtimestamp(int(timestamp), tz=UTC)
    if abs(dating.now() - sent_at) > WINDOW:
        raise NotAllowed(
            "sales.signature_old",
            _("The time stamp is more than five minutes off. Check the clock and sign anew."),
        )
    _use_up(key, expected)
    return key


def clear_seen(workspace: Workspace) -> int:
    """Forget signatures that are too old to be sent again; returns how many."""
    before = dating.now() - 2 * WINDOW
    return SeenSignature.objects.filter(workspace=workspace, seen_at__lt=before).delete()[0]


def _use_up(key: CaptureKey, signature: str) -> None:
    digest = hashlib.sha256(signature.encode()).hexdigest()
    present = dating.now()
    try:
        with transaction.atomic():
            SeenSignature.objects.create(
                workspace_id=key.workspace_id, key=key, digest=digest, seen_at=present
            )
            CaptureKey.objects.filter(pk=key.pk).update(last_used_at=present)
    except IntegrityError as error:
        raise Conflict(
            "sales.signature_used",
            _("This request was taken in before. To send it again, sign it with a new time stamp."),
        ) from error
