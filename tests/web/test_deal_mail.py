"""Writing to a customer from the page of a deal, from a planned e-mail, and the templates in the settings."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.contacts.models import Person
from penstock.notices.models import Message
from penstock.sales import deals, playbooks
from penstock.sales.models import Activity, Deal, MailTemplate
from penstock.users.models import Role, Workspace
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db
TEMPLATE = {"name": "Hello", "language": "en", "subject": "Hi {person}", "text": "Dear {person}"}


@pytest.fixture
def carol(workspace: Workspace) -> Person:
    return make.person(workspace, "Carol", email="carol@example.test")


@pytest.fixture
def deal(workspace: Workspace, carol: Person) -> Deal:
    deal = make.deal(workspace, title="Wheels", owner=make.owner_of(workspace))
    deals.add_person(deal, person=carol, part="decides", by=None)
    return deal


def draft(browser: Browser, path: str, **asked: Any) -> dict[str, Any]:
    return dict(browser.get(path, htmx=True, **asked).context["form"].initial)


def test_template_is_chosen_filled_in_and_sent_with_one_click(
    owner: Browser, deal: Deal, carol: Person
) -> None:
    template = make.mail_template(deal.workspace)
    path = f"deals/{deal.item.key}/letters/new"

    blank, filled = draft(owner, path), draft(owner, path, template=template.pk)
    page = f"deals/{deal.item.key}"
    sent = owner.post(
        path, htmx=True, page=page, person=carol.pk, subject=filled["subject"], text=filled["text"]
    )

    assert (blank["person"], blank["template"], "text" in blank) == (carol, None, False)
    assert filled["subject"] == "Thank you, Carol"
    assert sent.status_code == 200
    assert "Sent: E-mail: Thank you, Carol." in sent.content.decode()
    assert Message.objects.get().to_address == "carol@example.test"


def test_planned_mail_of_a_playbook_opens_with_its_template(
    owner: Browser, workspace: Workspace, carol: Person
) -> None:
    stage, template = make.stage(workspace, "qualification"), make.mail_template(workspace)
    playbooks.add(stage, kind="email", title="Thank", template=template, days=0, by=None)
    deal = make.deal(workspace, stage=stage, owner=make.owner_of(workspace))
    deals.add_person(deal, person=carol, part="decides", by=None)
    planned = Activity.objects.get()

    (line,) = owner.get("today").context["page"].lines
    start = draft(owner, line.button.url)
    owner.post(
        line.button.url,
        htmx=True,
        page="today",
        person=carol.pk,
        subject=start["subject"],
        text=start["text"],
    )

    planned.refresh_from_db()
    assert (line.button.label, start["template"]) == ("Write", template)
    assert planned.done_at is not None
    assert Message.objects.count() == 1


def test_bad_letters_are_refused_in_the_form(owner: Browser, deal: Deal, carol: Person) -> None:
    other = make.person(deal.workspace, "Eve", email="eve@example.test")
    path = f"deals/{deal.item.key}/letters/new"
    bad = (
        {},
        {"person": other.pk, "subject": "a", "text": "b"},
        {"person": carol.pk, "subject": "a", "text": "{deal}"},
        {"person": carol.pk, "subject": "a", "text": "{proposal_link}"},
    )

    codes = [owner.post(path, htmx=True, **sent).status_code for sent in bad]

    assert (codes, Message.objects.count()) == ([422] * len(bad), 0)


def test_nobody_to_write_to_is_said(owner: Browser, workspace: Workspace) -> None:
    path = f"deals/{make.deal(workspace).item.key}/letters/new"

    assert "Nobody on this deal" in owner.get(path, htmx=True).content.decode()


def test_viewer_may_not_write_and_stranger_finds_nothing(
    viewer: Browser, stranger: Browser, deal: Deal
) -> None:
    path = f"deals/{deal.item.key}/letters/new"

    assert (viewer.get(path).status_code, stranger.get(path).status_code) == (403, 404)


def test_templates_are_shaped_in_the_settings(owner: Browser, workspace: Workspace) -> None:
    bad = owner.post("settings/mail/new", htmx=True, **TEMPLATE | {"text": "{x}"})
    owner.post("settings/mail/new", htmx=True, **TEMPLATE)
    template = MailTemplate.objects.get()
    owner.post(f"settings/mail/{template.pk}", htmx=True, **TEMPLATE | {"name": "Bye"})
    listed = owner.get("settings/mail").content.decode()
    owner.post(f"settings/mail/{template.pk}/retire")

    assert bad.status_code == 422
    assert "There is no {x}." in bad.content.decode()
    assert "Bye" in listed
    assert list(owner.get("settings/mail").context["lines"]) == []


def test_preview_shows_a_real_deal_and_scripts_as_text(owner: Browser, deal: Deal) -> None:
    script = "<script>alert(1)</script>"
    template = make.mail_template(deal.workspace, text=f"{script} {{deal}} {{company}}")

    answer = owner.get(f"settings/mail/{template.pk}/preview")

    page = answer.context["page"]
    assert (page.deal_key, page.subject, page.missing) == (
        deal.item.key,
        "Thank you, Carol",
        "{company}",
    )
    assert script not in answer.content.decode()
    assert owner.get(f"settings/mail/{template.pk}/preview", deal="NONE-1").status_code == 404


def test_only_who_steers_shapes_templates(workspace: Workspace, stranger: Browser) -> None:
    rep = sign_in(make.member(workspace, role=Role.REP))
    template = make.mail_template(workspace)
    paths = ("settings/mail", "settings/mail/new", f"settings/mail/{template.pk}")

    assert [rep.get(path).status_code for path in paths] == [403] * 3
    assert [stranger.get(path).status_code for path in paths] == [404] * 3
