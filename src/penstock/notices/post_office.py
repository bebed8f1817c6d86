"""Handing one letter to the mail server: once, or again with the same identity."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from penstock.base.errors import Unavailable
from penstock.notices.models import Attachment, Message
from penstock.sales import proposal_documents

Status = Message.Status
#: After so long a claim was left behind by a worker that died; the mail server answers within 20 seconds.
LEFT_BEHIND = timedelta(minutes=5)


def send(message_id: int, *, is_last_try: bool = False) -> str:
    """Send a waiting message and write down what became of it; one that is done stays as it is.

    It is claimed by a conditional update, so that two workers never send it both. No transaction is open
    while the mail server is talked to. A worker that dies after the server took the letter and before that
    is written down leaves a claim; the letter then goes out once more, with the same Message-ID, by which
    mail programs know it for the same one. That is the only way in which it can come twice.

    Args:
        message_id: Which one.
        is_last_try: Whether a passing fault is the end.

    Returns:
        Its status.

    Raises:
        Unavailable: ``notices.try_again`` for a fault that may pass.
    """
    if not _claim(message_id):
        return _status(message_id)
    message = Message.objects.get(pk=message_id)
    if not message.to_address:
        # The person was erased meanwhile.
        return _end(message, Status.REFUSED, "")
    try:
        _mail(message).send()
    except (SMTPException, OSError) as error:
        return _failed(message, error, is_last_try=is_last_try)
    return _end(message, Status.SENT, "")


def _claim(message_id: int) -> bool:
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEFT_BEHIND)
    waiting = Message.objects.filter(free, pk=message_id, status=Status.WAITING)
    return bool(waiting.update(claimed_at=now))


def _status(message_id: int) -> str:
    found = Message.objects.filter(pk=message_id).values_list("status", flat=True).first()
    return str(found or "")


def _mail(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to_address],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"Message-ID": message.mail_id, "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for file in message.attachments.select_related(
        "version__proposal", "version__workspace"
    ).order_by("pk"):
        mail.attach(file.name, _data(file), file.media_type)
    return mail


def _data(file: Attachment) -> bytes:
    """Its own bytes, or those of the document that was sent; that is set here if it was not yet."""
    if file.version is None:
        return bytes(file.data)
    return bytes(proposal_documents.keep(file.version).data)


def _failed(message: Message, error: Exception, *, is_last_try: bool) -> str:
    said = _said(error)
    if _is_final(error):
        return _end(message, Status.REFUSED, said)
    if is_last_try:
        return _end(message, Status.GIVEN_UP, said)
    Message.objects.filter(pk=message.pk).update(
        claimed_at=None, n_tries=message.n_tries + 1, answer=said
    )
    raise Unavailable("notices.try_again", said)


def _end(message: Message, status: str, said: str) -> str:
    Message.objects.filter(pk=message.pk).update(
        status=status,
        claimed_at=None,
        n_tries=message.n_tries + 1,
        answer=said,
        sent_at=timezone.now() if status == Status.SENT else None,
    )
    return status


def _is_final(error: Exception) -> bool:
    """Whether the mail server said no for good: a code of 5xx."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    code = error.smtp_code if isinstance(error, SMTPResponseException | SMTPSenderRefused) else 0
    return code >= 500


def _said(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(f"{code} {text!r}" for code, text in error.recipients.values())[:500]
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"[:500]
    return str(error)[:500]
