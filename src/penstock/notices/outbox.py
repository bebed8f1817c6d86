"""Putting a letter into the outbox: a row and a job, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from penstock.contacts.models import Person
from penstock.flow import dating
from penstock.flow.models import Item
from penstock.notices import jobs
from penstock.notices.letters import Letter
from penstock.notices.models import Attachment, Message
from penstock.sales.models import ProposalVersion
from penstock.users.models import Member, Workspace

#: Who lives through the past again, as an import or the sample company does, writes no letters.
PAST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class File:
    """What is attached: bytes, or the document of a version, which is set when the letter goes."""

    name: str
    media_type: str
    data: bytes = b""
    version: ProposalVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """Where a letter goes: an address, and whose it is if we know."""

    address: str
    member: Member | None = None
    person: Person | None = None
    #: Whose answer it is that comes back; empty for the sender of all letters.
    reply_to: str = ""


def post(  # noqa: PLR0913 -- a letter says where to, what about and with what
    workspace: Workspace,
    letter: Letter,
    *,
    kind: str,
    to: To,
    about: Item | None = None,
    files: Sequence[File] = (),
    source_key: str | None = None,
) -> Message | None:
    """Keep a letter and have it sent once the transaction is kept. The same ``source_key`` posts once.

    None when there is no address to send it to, or when the past is being told.
    """
    if not to.address or timezone.now() - dating.now() > PAST:
        return None
    with transaction.atomic():
        known = Message.objects.filter(workspace=workspace, source_key=source_key)
        if source_key is not None and (message := known.first()) is not None:
            return message
        message = Message.objects.create(
            workspace=workspace,
            kind=kind,
            to_address=to.address,
            member=to.member,
            person=to.person,
            reply_to=to.reply_to,
            item=about,
            subject=letter.one_line_subject,
            text=letter.text,
            html=letter.html,
            mail_id=make_msgid(domain=settings.PUBLIC_HOST),
            source_key=source_key,
        )
        Attachment.objects.bulk_create(
            Attachment(
                workspace=workspace,
                message=message,
                name=file.name,
                media_type=file.media_type,
                data=file.data,
                version=file.version,
            )
            for file in files
        )
        jobs.send.defer(workspace_id=workspace.pk, message_id=message.pk)
        return message


def to_member(member: Member | None) -> To:
    """A colleague's address: of the account; nowhere for who has none or left."""
    if member is None or member.account is None or not member.is_active:
        return To(address="", member=member)
    return To(address=member.account.email, member=member)


def language_of(member: Member | None) -> str | None:
    """In which language to write to a colleague: theirs, or else the workspace's."""
    if member is None:
        return None
    return (member.account.language if member.account else "") or member.workspace.language


def to_person(person: Person | None) -> To:
    """A contact's address."""
    return To(address=person.email if person else "", person=person)


def forget(person: Person) -> None:
    """Erase the words of all letters to a person; that there were some stays."""
    about = Message.objects.filter(person=person)
    if person.email:
        about = about | Message.objects.filter(to_address__iexact=person.email)
    keys = list(about.values_list("pk", flat=True))
    Attachment.objects.filter(message_id__in=keys).delete()
    Message.objects.filter(pk__in=keys).update(
        to_address="", subject="", text="", html="", answer=""
    )
