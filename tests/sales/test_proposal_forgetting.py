"""Erasing a person takes names and words out of proposals, and leaves figures and the hash."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from penstock.base.errors import NotFound
from penstock.contacts import people
from penstock.sales import proposal_answers, proposal_documents, proposal_links
from penstock.sales.models import ProposalDocument, ProposalEvent, ProposalNote
from penstock.sales.proposal_answers import Who
from tests import make

pytestmark = pytest.mark.django_db


def test_erased_recipient_leaves_no_word_and_every_figure() -> None:
    workspace = make.workspace()
    carol = make.person(workspace, "Carol", email="carol@example.test")
    version = make.sent_version(workspace, person=carol, introduction="Dear Carol")
    _link, token = proposal_links.make(
        version.proposal, by=None, address="carol@example.test", person=carol
    )
    who = Who(name="Carol", person=carol)
    proposal_answers.accept(version, by=None, who=who, note="Love, Carol")
    sha256 = proposal_documents.keep(version).sha256
    net = version.net

    people.erase(carol, by=make.owner_of(workspace))

    version.refresh_from_db()
    note, document = ProposalNote.objects.get(), ProposalDocument.objects.get()
    assert (note.name, note.text, note.erased_at is not None) == ("", "", True)
    assert (version.introduction, version.net) == ("", net)
    assert (bytes(document.data), document.sha256) == (b"", sha256)
    assert proposal_links.find(token) is None
    assert ProposalEvent.objects.get(kind="accepted").amount == net
    with pytest.raises(NotFound) as refusal:
        proposal_documents.keep(version)
    assert refusal.value.code == "proposals.erased"


def test_erased_document_cannot_be_made_anew() -> None:
    workspace = make.workspace()
    carol = make.person(workspace, "Carol")
    version = make.sent_version(workspace, person=carol)
    document = proposal_documents.keep(version)
    data = bytes(document.data)
    people.erase(carol, by=make.owner_of(workspace))

    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalDocument.objects.update(data=data)


def test_others_keep_theirs() -> None:
    workspace = make.workspace()
    carol, dave = make.person(workspace, "Carol"), make.person(workspace, "Dave")
    version = make.sent_version(workspace, person=dave, introduction="Dear Dave")
    proposal_documents.keep(version)

    people.erase(carol, by=make.owner_of(workspace))

    version.refresh_from_db()
    assert version.introduction == "Dear Dave"
    assert ProposalDocument.objects.get().erased_at is None
