"""A letter to a customer goes through a real mail server, with answers to its writer."""

from __future__ import annotations

import pytest

from penstock.contacts import people
from penstock.notices import post_office
from penstock.notices.models import Message
from penstock.sales import access, deal_mail, deals
from tests import make
from tests.notices.conftest import Postbox

pytestmark = pytest.mark.django_db


def test_letter_arrives_with_a_link_that_opens(postbox: Postbox) -> None:
    workspace = make.workspace()
    owner = make.owner_of(workspace)
    carol = make.person(workspace, "Carol", email="carol@example.test")
    version = make.sent_version(workspace)
    text = "Good day,\n\nhere: {proposal_link}\n<script>alert(1)</script>"

    deal_mail.send(version.proposal.deal, person=carol, subject="Our proposal", text=text, by=owner)
    post_office.send(Message.objects.get().pk)

    letter = postbox.letters[-1]
    plain, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    token = plain.get_content().split("/proposals/")[1].split()[0]
    assert access.proposal_by(token) == version
    assert (letter["To"], letter["Reply-To"], letter["Subject"]) == (
        "carol@example.test",
        owner.account.email,
        "Our proposal",
    )
    assert "<script>" not in html.get_content()
    assert f'proposals/{token}"' in html.get_content()


def test_erased_person_leaves_an_empty_letter() -> None:
    workspace = make.workspace()
    owner, deal = make.owner_of(workspace), make.deal(workspace)
    carol = make.person(workspace, "Carol", email="carol@example.test")
    deals.add_person(deal, person=carol, part="decides", by=None)
    deal_mail.send(deal, person=carol, subject="Hello", text="Good day.", by=owner)

    people.erase(carol, by=owner)

    message = Message.objects.get()
    assert (message.to_address, message.subject, message.text) == ("", "", "")
