"""Leads that come in by forms: once, by whoever sent them, held back when doubtful."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from penstock.base import tracking
from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts import people
from penstock.contacts.models import Company, Person
from penstock.flow import dating
from penstock.flow.models import Item
from penstock.sales import capture_forms, captures, deals
from penstock.sales.models import Activity, CaptureForm, Consent, Deal, Submission, Touch
from penstock.users import members
from penstock.users.models import Role, Workspace
from tests import make

pytestmark = pytest.mark.django_db

PAGE = "https://mill.test/wheels?utm_medium=cpc"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


@pytest.fixture
def form(workspace: Workspace) -> CaptureForm:
    return make.capture_form(workspace, heading="Ask us")


def test_submission_opens_a_lead_with_company_person_touch_and_message(form: CaptureForm) -> None:
    sent = make.sent(
        answers={"company": "Acme", "message": "Two wheels?"}, trace=tracking.read(PAGE)
    )

    row = captures.take(form, sent)

    deal = Deal.objects.select_related("item", "company").get()
    touch, note = Touch.objects.get(), Activity.objects.get()
    assert (row.verdict, row.deal_id) == ("taken", deal.pk)
    assert (deal.item.title, deal.is_lead, deal.channel) == (
        "Acme: Ask us",
        True,
        "Paid advertising",
    )
    assert [one.person.email for one in deal.people.all()] == ["carol@customer.test"]
    assert (touch.channel, touch.trace.utm_medium) == ("paid", "cpc")
    assert (note.kind, note.notes, note.item_id) == ("note", "Two wheels?", deal.pk)


def test_same_sending_is_taken_in_once(form: CaptureForm) -> None:
    sent = make.sent()

    first, second = captures.take(form, sent), captures.take(form, sent)

    assert (first.pk, Deal.objects.count(), Touch.objects.count()) == (second.pk, 1, 1)


def test_same_words_within_a_day_are_another_touch_of_the_lead(form: CaptureForm) -> None:
    with dating.lived(timezone.now() - timedelta(days=3)):
        captures.take(form, make.sent())
    first = captures.take(form, make.sent())
    again = captures.take(form, make.sent())

    assert (again.verdict, again.deal_id) == ("repeated", first.deal_id)
    assert (Deal.objects.count(), Touch.objects.filter(item_id=first.deal_id).count()) == (2, 2)


def test_same_words_after_the_lead_was_closed_open_another(
    workspace: Workspace, form: CaptureForm
) -> None:
    first = captures.take(form, make.sent())
    assert first.deal is not None
    deals.lose(first.deal, reason=make.loss_reason(workspace), by=None)

    assert captures.take(form, make.sent()).deal_id != first.deal_id


def test_known_person_and_company_are_found_and_never_changed(
    workspace: Workspace, form: CaptureForm
) -> None:
    acme = make.company(workspace, "Acme Wheels", domain="acme.test")
    carol = make.person(workspace, "Carol", email="Carol@acme.test", company=acme, phone="1")

    row = captures.take(
        form, make.sent("carol@ACME.test", answers={"name": "Mallory", "company": "Elsewhere"})
    )

    carol.refresh_from_db()
    assert row.deal is not None
    assert (row.person, row.deal.company) == (carol, acme)
    assert (carol.name, carol.phone) == ("Carol", "1")
    assert (Person.objects.count(), Company.objects.count()) == (1, 1)


def test_mailboxes_that_everybody_has_name_no_company(form: CaptureForm) -> None:
    row = captures.take(form, make.sent("carol@gmail.com"))

    assert (row.deal.company, Company.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answers": {"name": " "}}, "sales.answers_missing"),
        ({"answers": {"email": "carol@"}}, "sales.email"),
        ({"answers": {"email": "a b@c.test"}}, "sales.email"),
        ({"answers": {"email": ""}}, "sales.answers_missing"),
    ],
)
def test_incomplete_answers_are_refused(
    form: CaptureForm, change: dict[str, dict[str, str]], code: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        captures.take(form, make.sent(**change))

    assert (refusal.value.code, Submission.objects.count()) == (code, 0)


def test_closed_form_takes_nothing(form: CaptureForm) -> None:
    capture_forms.close(form, by=None)

    with pytest.raises(RuleBroken, match="closed"):
        captures.take(form, make.sent())

    capture_forms.open_up(form, by=None)
    assert captures.take(form, make.sent()).verdict == "taken"


def test_consent_is_kept_with_the_wording_that_counted(workspace: Workspace) -> None:
    form = make.capture_form(workspace, consent="One")
    with pytest.raises(RuleBroken, match="consent"):
        captures.take(form, make.sent())
    captures.take(form, make.sent(agrees=True))
    capture_forms.change(form, by=None, consent="Two")
    capture_forms.change(form, by=None, consent="Two ")

    captures.take(form, make.sent("dave@customer.test", agrees=True))

    kept = Consent.objects.select_related("text", "person").order_by("pk")
    assert [(one.text.text, one.text.number, one.person.email) for one in kept] == [
        ("One", 1, "carol@customer.test"),
        ("Two", 2, "dave@customer.test"),
    ]


def test_team_gets_leads_in_turn(workspace: Workspace) -> None:
    team = make.team(workspace)
    reps = [make.member(workspace, name=name) for name in ("Ann", "Ben")]
    viewer = make.member(workspace, role=Role.VIEWER, name="Vic")
    for one in (*reps, viewer):
        one.team = team
        one.save()
    form = make.capture_form(workspace, owner_rule="team", team=team)

    rows = [captures.take(form, make.sent(f"{n}@customer.test")) for n in range(3)]
    members.deactivate(reps[1], by=make.owner_of(workspace))
    rows += [captures.take(form, make.sent("9@customer.test"))]

    assert [row.deal.item.owner.name for row in rows] == ["Ann", "Ben", "Ann", "Ann"]


def test_member_or_nobody_gets_every_lead(workspace: Workspace) -> None:
    rep = make.member(workspace)
    mine = make.capture_form(workspace, owner_rule="member", member=rep)

    assert captures.take(mine, make.sent()).deal.item.owner == rep
    members.deactivate(rep, by=make.owner_of(workspace))
    assert captures.take(mine, make.sent("x@customer.test")).deal.item.owner is None


@pytest.mark.parametrize(
    "change",
    [
        {"doubt": "trap"},
        {"answers": {"message": "http://a http://b http://c www.d"}},
        {"answers": {"name": "See https://spam.test"}},
    ],
)
def test_doubtful_ones_wait_and_are_released_or_dropped(
    form: CaptureForm, change: dict[str, object]
) -> None:
    trace = tracking.read(PAGE)
    one = captures.take(form, make.sent(trace=trace, **change))
    other = captures.take(form, make.sent("b@customer.test", **change))
    assert ([one.verdict, other.verdict], Deal.objects.count()) == (["held", "held"], 0)

    released, dropped = captures.release(one, by=None), captures.drop(other, by=None)

    assert (released.verdict, Deal.objects.count()) == ("taken", 1)
    assert Touch.objects.get().channel == "paid"
    assert (dropped.verdict, dropped.answers) == ("dropped", {})
    for row in (one, other):
        with pytest.raises(Conflict):
            captures.release(row, by=None)


def test_full_stage_loses_no_lead(workspace: Workspace, form: CaptureForm) -> None:
    stage = make.stage(workspace, "lead_generation")
    stage.wip_limit = 1
    stage.save()
    captures.take(form, make.sent())

    row = captures.take(form, make.sent("b@customer.test"))

    assert (row.verdict, row.reason, Item.objects.count()) == ("held", "flow.wip_limit", 1)
    assert captures.release(row, by=None).verdict == "held"
    stage.wip_limit = None
    stage.save()
    assert captures.release(row, by=None).verdict == "taken"


def test_erasing_a_person_forgets_what_they_sent_and_keeps_that_they_agreed(
    workspace: Workspace,
) -> None:
    form = make.capture_form(workspace, consent="Yes")
    row = captures.take(form, make.sent(agrees=True, page="https://mill.test/carol"))
    held = captures.take(form, make.sent(agrees=True, doubt="trap"))
    assert row.person is not None

    people.erase(row.person, by=make.owner_of(workspace))

    for one in (row, held):
        one.refresh_from_db()
        assert (one.answers, one.page) == ({}, "")
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "sales.form_name"),
        ({"fields": [{"code": "name", "required": True}]}, "sales.form_fields"),
        ({"fields": [{"code": "shoe_size", "required": True}]}, "sales.form_fields"),
        ({"owner_rule": "member"}, "sales.form_owner"),
        ({"owner_rule": "team"}, "sales.form_owner"),
        ({"owner_rule": "moon"}, "sales.form_owner"),
        ({"origins": ["example.com"]}, "sales.form_origin"),
        ({"origins": ["https://example.com/page"]}, "sales.form_origin"),
        ({"origins": ["https://a.test; script-src *"]}, "sales.form_origin"),
        ({"channel": "pigeon"}, "sales.channel"),
    ],
)
def test_wrong_form_is_refused(form: CaptureForm, change: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        capture_forms.change(form, by=None, **change)

    assert refusal.value.code == code
