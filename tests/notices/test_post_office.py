"""Letters through a real mail server: sent, refused for now, refused for good, not reached, never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from penstock.base.errors import Unavailable
from penstock.contacts import people
from penstock.flow import dating
from penstock.notices import outbox, post_office
from penstock.notices.models import Message
from tests import make
from tests.notices.conftest import Postbox

pytestmark = pytest.mark.django_db


def test_letter_arrives_in_cyrillic_with_both_bodies_and_its_file(postbox: Postbox) -> None:
    workspace = make.workspace()
    file = outbox.File(name="смета.pdf", media_type="application/pdf", data=b"%PDF-1")
    letter = make.letter("Насколько вы довольны?", url="http://localhost/x", button="Ответить")
    message = outbox.post(
        workspace, letter, kind="test", to=outbox.To(address="carol@example.test"), files=[file]
    )
    assert message is not None

    status = post_office.send(message.pk)

    (arrived,) = postbox.letters
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain is not None
    assert html is not None
    (attached,) = arrived.iter_attachments()
    assert status == "sent"
    assert arrived["Subject"] == "Насколько вы довольны?"
    assert arrived["To"] == "carol@example.test"
    assert arrived["Message-ID"] == message.mail_id
    assert "Ответить: http://localhost/x" in plain.get_content()
    assert 'href="http://localhost/x"' in html.get_content()
    assert (attached.get_filename(), attached.get_content()) == ("смета.pdf", b"%PDF-1")


def test_sent_letter_is_not_sent_again(postbox: Postbox) -> None:
    message = make.message(make.workspace())

    first, second = post_office.send(message.pk), post_office.send(message.pk)

    assert (first, second, len(postbox.letters)) == ("sent", "sent", 1)


def test_passing_refusal_is_tried_again(postbox: Postbox) -> None:
    message = make.message(make.workspace())
    postbox.answers = ["451 Greylisted"]

    with pytest.raises(Unavailable):
        post_office.send(message.pk)
    message.refresh_from_db()
    assert (message.status, message.n_tries) == ("waiting", 1)
    assert "451" in message.answer

    assert post_office.send(message.pk) == "sent"


def test_last_passing_refusal_gives_up(postbox: Postbox) -> None:
    message = make.message(make.workspace())
    postbox.answers = ["451 Greylisted"]

    assert post_office.send(message.pk, is_last_try=True) == "given_up"


def test_final_refusal_ends_it_with_the_servers_words(postbox: Postbox) -> None:
    message = make.message(make.workspace())
    postbox.answers = ["550 No such user here"]

    status = post_office.send(message.pk)

    message.refresh_from_db()
    assert status == "refused"
    assert "550" in message.answer
    assert "No such user here" in message.answer
    assert postbox.letters == []


def test_mail_server_that_is_not_there_is_tried_again(postbox: Postbox, settings: Any) -> None:
    message = make.message(make.workspace())
    settings.EMAIL_PORT = 1

    with pytest.raises(Unavailable):
        post_office.send(message.pk)

    message.refresh_from_db()
    assert (message.status, message.claimed_at) == ("waiting", None)


def test_letter_that_another_worker_is_sending_is_left_to_it(postbox: Postbox) -> None:
    message = make.message(make.workspace())
    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now())

    assert post_office.send(message.pk) == "waiting"
    assert postbox.letters == []


def test_claim_of_a_dead_worker_is_taken_over_with_the_same_identity(postbox: Postbox) -> None:
    message = make.message(make.workspace())
    long_ago = timezone.now() - timedelta(minutes=6)
    Message.objects.filter(pk=message.pk).update(claimed_at=long_ago)

    assert post_office.send(message.pk) == "sent"
    assert postbox.letters[0]["Message-ID"] == message.mail_id


def test_subject_cannot_write_headers_of_its_own(postbox: Postbox) -> None:
    workspace = make.workspace()
    letter = make.letter("Hello\r\nBcc: everybody@example.test")
    message = outbox.post(
        workspace, letter, kind="test", to=outbox.To(address="carol@example.test")
    )
    assert message is not None

    post_office.send(message.pk)

    assert postbox.letters[0]["Bcc"] is None
    assert postbox.letters[0]["Subject"] == "Hello Bcc: everybody@example.test"


def test_script_in_a_letter_stays_text() -> None:
    letter = make.letter("<script>alert(1)</script>")

    assert "<script>" not in letter.html


def test_erased_person_gets_no_letter_and_leaves_no_words(postbox: Postbox) -> None:
    workspace = make.workspace()
    person = make.person(workspace, "Carol", email="carol@example.test")
    message = outbox.post(workspace, make.letter(), kind="test", to=outbox.to_person(person))
    assert message is not None

    people.erase(person, by=make.owner_of(workspace))

    message.refresh_from_db()
    assert (message.text, message.html, message.to_address) == ("", "", "")
    assert post_office.send(message.pk) == "refused"
    assert postbox.letters == []


def test_same_source_key_posts_once() -> None:
    workspace = make.workspace()

    first = make.message(workspace, source_key="survey:1")
    second = make.message(workspace, source_key="survey:1")

    assert first == second


def test_nothing_is_posted_to_nowhere_or_in_the_past() -> None:
    workspace = make.workspace()
    nowhere = outbox.post(workspace, make.letter(), kind="test", to=outbox.To(address=""))
    with dating.lived(timezone.now() - timedelta(days=3)):
        past = outbox.post(
            workspace, make.letter(), kind="test", to=outbox.To(address="carol@example.test")
        )

    assert (nowhere, past) == (None, None)
    assert not Message.objects.exists()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_survey_is_mailed_with_its_link(postbox: Postbox, language: str) -> None:
    workspace = make.workspace(language=language)
    person = make.person(workspace, "Carol", email="carol@example.test")
    order = make.delivered_order(workspace)
    asked = make.surveys.ask(order.item, scale="csat", by=None, person=person)

    post_office.send(Message.objects.get().pk)

    (arrived,) = postbox.letters
    body = arrived.get_body(("plain",))
    assert body is not None
    assert f"/open/{workspace.slug}/surveys/{asked.token}" in body.get_content()
    assert "Wheels" in arrived["Subject"]
    assert ("доволь" in arrived["Subject"]) == (language == "ru")


def test_refused_transaction_posts_nothing() -> None:
    workspace = make.workspace()

    with transaction.atomic():
        make.message(workspace)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
