"""Mail templates: what they refuse, what they fill in, and what becomes of a letter that is sent."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base.errors import RuleBroken
from penstock.contacts.models import Person
from penstock.sales import activities, answers, deal_mail, deals, mail_templates, playbooks
from penstock.sales.mail_templates import PLACEHOLDERS, check_placeholders, left_in
from penstock.sales.models import Activity, AnswerClock, Deal, MailTemplate, ProposalLink
from penstock.users.models import AuditEntry, Member, Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


@pytest.fixture
def bob(workspace: Workspace) -> Member:
    return make.member(workspace, name="Bob")


@pytest.fixture
def carol(workspace: Workspace) -> Person:
    return make.person(workspace, "Carol", email="carol@example.test")


@pytest.fixture
def deal(workspace: Workspace, bob: Member, carol: Person) -> Deal:
    deal = make.deal(workspace, title="Wheels", owner=bob, company=make.company(workspace, "Acme"))
    deals.add_person(deal, person=carol, part="decides", by=None)
    return deal


def refused(act: Any, **details: Any) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(RuleBroken) as refusal:
        act(**details)
    return refusal.value.code, tuple(refusal.value.needs)


def written(deal: Deal, bob: Member, carol: Person, **details: Any) -> Activity:
    said = {"subject": "Hello", "text": "Good day."} | details
    return deal_mail.send(deal, person=carol, by=bob, **said)


def test_everything_known_is_filled_in(deal: Deal, bob: Member, carol: Person) -> None:
    text = "{person} {company} {deal} {me} {workspace} {proposal_link}"
    template = make.mail_template(deal.workspace, text=text)

    draft = mail_templates.fill(template, deal, person=carol, by=bob)

    assert draft.subject == "Thank you, Carol"
    assert draft.text == "Carol Acme Wheels Bob Mill {proposal_link}"
    assert draft.missing == ()


def test_what_nobody_knows_is_named(workspace: Workspace, bob: Member) -> None:
    template = make.mail_template(workspace, text="{company}")

    draft = mail_templates.fill(template, make.deal(workspace), person=None, by=bob)

    assert (draft.text, draft.missing) == ("{company}", ("person", "company"))


def test_what_is_filled_in_is_not_filled_in_again(
    workspace: Workspace, bob: Member, carol: Person
) -> None:
    deal = make.deal(workspace, title="{person}")
    template = make.mail_template(workspace, subject="{deal}")

    assert mail_templates.fill(template, deal, person=carol, by=bob).subject == "{person}"


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        ({"text": "Dear {customer}"}, "sales.mail_placeholder", "text"),
        ({"subject": "{Person}"}, "sales.mail_placeholder", "subject"),
        ({"subject": " "}, "sales.mail_template", "subject"),
        ({"text": "x" * 8001}, "sales.mail_template", "text"),
        ({"name": ""}, "sales.mail_template", "name"),
        ({"language": "de"}, "sales.mail_language", "language"),
        ({"name": "THANKS"}, "sales.mail_name_taken", "name"),
    ],
)
def test_bad_template_is_refused(
    workspace: Workspace, details: dict[str, str], code: str, field: str
) -> None:
    make.mail_template(workspace)

    said = {"name": "Other"} | details
    assert refused(make.mail_template, workspace=workspace, **said) == (code, (field,))
    assert MailTemplate.objects.count() == 1


def test_refusal_lists_what_there_is(workspace: Workspace) -> None:
    with pytest.raises(RuleBroken) as refusal:
        make.mail_template(workspace, text="{x}")

    assert all(f"{{{name}}}" in str(refusal.value.message) for name in PLACEHOLDERS)


def test_same_name_in_another_language_and_after_retiring(workspace: Workspace) -> None:
    first = make.mail_template(workspace)
    make.mail_template(workspace, language="ru")
    mail_templates.retire(first, by=None)
    make.mail_template(workspace)

    assert refused(mail_templates.restore, template=first, by=None)[0] == "sales.mail_name_taken"
    assert mail_templates.of(workspace).count() == 2


def test_audit_says_who_did_what(workspace: Workspace) -> None:
    template = make.mail_template(workspace)
    by = make.owner_of(workspace)
    mail_templates.change(template, by=by, subject="Thanks")
    for _time in range(2):
        mail_templates.retire(template, by=by)
    mail_templates.restore(template, by=by)

    told = AuditEntry.objects.filter(action__startswith="mail.").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        *("mail.added", "mail.changed", "mail.retired", "mail.restored"),
    ]


def test_letter_is_written_down_and_stops_the_answer_clock(
    deal: Deal, bob: Member, carol: Person
) -> None:
    answers.start(deal)

    done = written(deal, bob, carol, subject="Hello\r\nBcc: x@example.test")

    assert (done.kind, done.person, done.subject) == ("email", carol, "Hello Bcc: x@example.test")
    assert AnswerClock.objects.get(deal=deal).activity == done


def test_planned_mail_is_done_by_it_once(deal: Deal, bob: Member, carol: Person) -> None:
    planned = make.activity(deal.workspace, about=deal.item, kind="email", owner=bob)

    done = written(deal, bob, carol, activity=planned)

    assert (done.pk, done.is_planned, done.person) == (planned.pk, False, carol)
    assert done.notes == "Hello\n\nGood day."
    with pytest.raises(RuleBroken) as refusal:
        written(deal, bob, carol, activity=planned)
    assert refusal.value.code == "sales.activity_done"


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        ({"subject": " "}, "sales.mail_empty", "subject"),
        ({"text": "\n"}, "sales.mail_empty", "text"),
        ({"text": "Dear {person}"}, "sales.mail_left", "text"),
        ({"subject": "{proposal_link}"}, "sales.mail_left", "subject"),
        ({"text": "{proposal_link}"}, "sales.mail_no_proposal", "text"),
    ],
)
def test_bad_letter_is_refused_and_leaves_nothing(
    deal: Deal, bob: Member, carol: Person, details: dict[str, str], code: str, field: str
) -> None:
    assert refused(written, deal=deal, bob=bob, carol=carol, **details) == (code, (field,))
    assert not Activity.objects.exists()


def test_person_without_an_address_gets_none(deal: Deal, bob: Member) -> None:
    dave = make.person(deal.workspace, "Dave")

    assert refused(written, deal=deal, bob=bob, carol=dave)[0] == "sales.mail_address"


def test_link_is_of_the_person_and_its_secret_is_kept_nowhere(
    deal: Deal, bob: Member, carol: Person
) -> None:
    make.sent_version(deal.workspace, deal=deal)

    done = written(deal, bob, carol, text="Here: {proposal_link}")

    link = ProposalLink.objects.latest("pk")
    assert (link.address, link.person) == ("carol@example.test", carol)
    assert done.notes == "Here: PROP-1"


def test_people_of_the_deal_come_before_those_of_its_company(deal: Deal, carol: Person) -> None:
    for name, email in (("Anna", "anna@example.test"), ("Silent", "")):
        make.person(deal.workspace, name, email=email, company=deal.company)

    assert [one.name for one in deal_mail.people_of(deal)] == ["Carol", "Anna"]


def test_task_of_a_playbook_names_a_template_for_mail_alone(workspace: Workspace) -> None:
    template, stage = make.mail_template(workspace), make.stage(workspace)
    said = {"title": "Ask", "template": template, "by": None}

    mail = playbooks.add(stage, kind="email", **said)
    call = playbooks.add(stage, kind="call", **said)

    assert (mail.template, call.template) == (template, None)


def test_erased_person_leaves_no_words(deal: Deal, bob: Member, carol: Person) -> None:
    done = written(deal, bob, carol)

    activities.forget(carol)

    done.refresh_from_db()
    assert (done.subject, done.notes) == ("", "")


@given(st.text(alphabet="{}persondeal_ \n", max_size=40))
def test_texts_pass_or_are_refused_and_never_break(text: str) -> None:
    named = set(re.findall(r"\{([^{}\n]*)\}", text))

    with nullcontext() if named <= set(PLACEHOLDERS) else pytest.raises(RuleBroken):
        check_placeholders(text=text)

    assert set(left_in(text)) == named & set(PLACEHOLDERS)
