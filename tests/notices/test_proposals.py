"""Letters about proposals: to the customer with a link that opens, to the seller with what was said."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from penstock.contacts import people
from penstock.notices import post_office
from penstock.notices.models import Message
from penstock.sales import access, deals, jobs, proposal_answers, proposal_mail, proposals
from penstock.sales.models import ProposalDocument, ProposalLink, ProposalVersion
from penstock.sales.proposal_answers import Who
from penstock.sales.proposal_mail import Mailing
from penstock.users.models import Workspace
from tests import make
from tests.notices.conftest import Postbox

pytestmark = pytest.mark.django_db

TO_CAROL = Mailing(address="carol@example.test")


def _sent(workspace: Workspace, mailing: Mailing = TO_CAROL, **details: object) -> ProposalVersion:
    deal = make.deal(workspace, title="Wheels", owner=make.owner_of(workspace))
    version = make.proposal_version(workspace, deal=deal, **details)
    proposals.send(version, by=make.owner_of(workspace), mailing=mailing)
    return ProposalVersion.objects.select_related("proposal__deal__item").get(pk=version.pk)


def _arrived(postbox: Postbox, kind: str) -> EmailMessage:
    for message in Message.objects.filter(kind=kind):
        post_office.send(message.pk)
    return postbox.letters[-1]


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(("language", "word"), [("en", "Good day"), ("ru", "Добрый день")])
def test_letter_has_a_link_that_opens_in_the_language_of_the_proposal(
    postbox: Postbox, language: str, word: str
) -> None:
    workspace = make.workspace()
    version = _sent(workspace, language=language)

    letter = _arrived(postbox, "proposal")

    token = _text(letter).split("/proposals/")[1].split()[0]
    assert access.proposal_by(token) == version
    assert (letter["To"], letter["Reply-To"]) == (
        "carol@example.test",
        make.owner_of(workspace).account.email,
    )
    assert "PROP-1" in letter["Subject"]
    assert word in _text(letter)
    assert [*letter.iter_attachments()] == []


def test_letter_says_what_its_sender_wrote_and_carries_the_document_that_was_kept(
    postbox: Postbox,
) -> None:
    mailing = Mailing(address="carol@example.test", text="Dear Carol", with_document=True)
    version = _sent(make.workspace(), mailing)

    letter = _arrived(postbox, "proposal")

    (attached,) = letter.iter_attachments()
    kept = ProposalDocument.objects.get(version=version)
    assert attached.get_content() == bytes(kept.data)
    assert attached.get_filename() == "PROP-1-1.pdf"
    assert "Dear Carol" in _text(letter)
    assert "Good day" not in _text(letter)


def test_document_is_set_by_a_job_at_the_sending() -> None:
    version = make.sent_version(make.workspace())

    jobs.keep_document(workspace_id=version.workspace_id, version_id=version.pk)

    assert ProposalDocument.objects.get().version_id == version.pk


def test_who_has_the_address_becomes_the_recipient() -> None:
    workspace = make.workspace()
    deal = make.deal(workspace)
    carol = make.person(workspace, "Carol", email="Carol@Example.test")
    deals.add_person(deal, person=carol, part="decides", by=None)
    version = make.proposal_version(workspace, deal=deal)

    proposals.send(version, by=None, mailing=TO_CAROL)

    version.proposal.refresh_from_db()
    assert version.proposal.person == carol
    assert Message.objects.get(kind="proposal").person == carol


def test_seller_hears_of_the_first_view_once() -> None:
    version = _sent(make.workspace())

    for look in ("one", "one", "two"):
        proposal_answers.view(version, source_key=look)

    told = Message.objects.get(kind="proposal_viewed")
    assert told.subject == "Viewed: “Wheels”"
    assert told.to_address == make.owner_of(version.workspace).account.email


def test_seller_hears_what_the_customer_says_in_their_own_language() -> None:
    version = _sent(make.workspace())
    account = make.owner_of(version.workspace).account
    account.language = "ru"
    account.save()
    who = Who(name="Carol")

    proposal_answers.comment(version, by=None, who=who, text="When?")
    proposal_answers.accept(version, by=None, who=who, note="Fine")

    comment = Message.objects.get(kind="proposal_commented")
    accepted = Message.objects.get(kind="proposal_accepted")
    assert "Carol" in comment.text
    assert "When?" in comment.text
    assert "Сделка выиграна" in accepted.text
    assert "Fine" in accepted.text


def test_acceptance_that_wins_nothing_says_so() -> None:
    version = _sent(make.workspace())
    make.proposal_settings.change(
        version.workspace, by=make.owner_of(version.workspace), accepting_wins=False
    )

    proposal_answers.accept(version, by=None, who=Who(name="Carol"))

    assert "win it by hand" in Message.objects.get(kind="proposal_accepted").text


def test_what_we_note_ourselves_is_no_news() -> None:
    version = _sent(make.workspace())

    proposal_answers.decline(version, by=make.owner_of(version.workspace), who=Who())

    assert set(Message.objects.values_list("kind", flat=True)) == {"proposal"}


def test_our_answer_is_mailed_to_where_the_proposal_went_last(postbox: Postbox) -> None:
    version = _sent(make.workspace())
    owner = make.owner_of(version.workspace)
    proposal_mail.mail(version.proposal, Mailing(address="dave@example.test"), by=owner)

    proposal_answers.comment(version, by=owner, who=Who(), text="On Monday.")

    last = Message.objects.order_by("-pk")[0]
    post_office.send(last.pk)
    assert postbox.letters[-1]["To"] == "dave@example.test"
    assert "On Monday." in _text(postbox.letters[-1])


def test_our_answer_is_mailed_nowhere_where_the_link_was_handed_over() -> None:
    version = make.sent_version(make.workspace())

    proposal_answers.comment(
        version, by=make.owner_of(version.workspace), who=Who(), text="On Monday."
    )

    assert not Message.objects.exists()


def test_erased_person_is_named_by_no_link() -> None:
    workspace = make.workspace()
    carol = make.person(workspace, "Carol", email="carol@example.test")
    deal = make.deal(workspace)
    deals.add_person(deal, person=carol, part="decides", by=None)
    proposals.send(make.proposal_version(workspace, deal=deal), by=None, mailing=TO_CAROL)

    people.erase(carol, by=make.owner_of(workspace))

    link = ProposalLink.objects.get()
    assert (link.address, link.revoked_at is not None) == ("", True)
