"""Leads that come in by themselves: taken in once, held back when doubtful, released or dropped."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from penstock.analytics import spelling
from penstock.base.errors import Conflict, RuleBroken
from penstock.base.keys import match_key
from penstock.base.tracking import Trace
from penstock.contacts import companies, people
from penstock.contacts.models import Company, Person
from penstock.flow import bus, dating
from penstock.flow.models import Kind
from penstock.sales import activities, capture_forms, deals, touches
from penstock.sales import answers as answers_
from penstock.sales.models import (
    Activity,
    CaptureForm,
    CaptureKey,
    Channel,
    Consent,
    Deal,
    DealPerson,
    Submission,
)
from penstock.users.models import Member

#: Who sends the same again within this time meant it once.
REPEATED_WITHIN = timedelta(hours=24)
#: More addresses than this in a message are rather advertising than a question.
MOST_LINKS = 3
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
LONGEST = {"message": 4000, "email": 200, "phone": 60, "job_title": 120}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A lead came in by itself."""

    deal: Deal
    submission: Submission
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What somebody sent, and how it came.

    ``source_key`` names this one sending; ``doubt`` says why a guard at the door doubts that a person
    sent it.
    """

    answers: Mapping[str, str]
    source_key: str
    trace: Trace = field(default_factory=Trace)
    page: str = ""
    agrees: bool = False
    doubt: str = ""
    channel: str = ""
    key: CaptureKey | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def take(form: CaptureForm, sent: Sent, *, at: datetime | None = None) -> Submission:
    """Take in what somebody sent: it opens a lead, once, however often it is sent.

    Doubtful ones are held back, so that a person decides. The same words from the same form within a
    day open no second lead, but are another touch of the first.

    Raises:
        RuleBroken: ``sales.form_closed``, ``sales.answers_missing``, ``sales.email``,
            ``sales.consent_missing``.
    """
    with transaction.atomic():
        form = capture_forms.locked(form)
        told = Submission.objects.filter(
            workspace_id=form.workspace_id, source_key=sent.source_key
        ).first()
        if told is not None:
            return told
        answers = _checked(form, sent)
        row = Submission(
            workspace_id=form.workspace_id,
            form=form,
            key=sent.key,
            received_at=dating.when(at).occurred_at,
            answers=answers | ({"extra": dict(sent.extra)} if sent.extra else {}),
            page=sent.page[:400],
            digest=_digest(form, answers),
            source_key=sent.source_key,
        )
        doubt = sent.doubt or _doubt(answers)
        if doubt:
            return _hold(row, sent, doubt)
        before = _said_before(row)
        if before is not None:
            return _repeat(row, before, sent, at=at)
        return _open(form, row, sent, at=at)


def release(submission: Submission, *, by: Member | None) -> Submission:
    """Say that what was held back is a lead after all; it arrives now.

    Raises:
        Conflict: ``sales.submission_decided`` when somebody decided before.
    """
    with transaction.atomic():
        form = capture_forms.locked(submission.form)
        row = _undecided(submission)
        sent = Sent(answers=row.answers, source_key=row.source_key, trace=_trace_of(row))
        row.decided_at, row.decided_by = dating.now(), by
        return _open(form, row, sent, at=None)


def drop(submission: Submission, *, by: Member | None) -> Submission:
    """Say that what was held back is none, and forget its words.

    Raises:
        Conflict: ``sales.submission_decided`` when somebody decided before.
    """
    with transaction.atomic():
        row = _undecided(submission)
        row.verdict, row.answers, row.page = Submission.Verdict.DROPPED, {}, ""
        row.decided_at, row.decided_by = dating.now(), by
        row.save()
        _announce(row)
        return row


def forget(person: Person) -> None:
    """Erase what a person sent; that they agreed, when and to what stays."""
    rows = Submission.objects.filter(workspace_id=person.workspace_id)
    rows.filter(person=person).update(answers={}, page="")
    if person.email:
        rows.filter(answers__email__iexact=person.email).update(answers={}, page="")


def _checked(form: CaptureForm, sent: Sent) -> dict[str, Any]:
    if not form.takes:
        raise RuleBroken(
            "sales.form_closed", _("This form is closed for now. Please write to us instead.")
        )
    answers = {
        one["code"]: _clean(sent.answers.get(one["code"], ""), one["code"]) for one in form.fields
    }
    missing = [one["code"] for one in form.fields if one["required"] and not answers[one["code"]]]
    if not missing and not any(answers.get(code) for code in capture_forms.REACHED_BY):
        missing = sorted(capture_forms.REACHED_BY & set(answers))
    if missing:
        raise RuleBroken(
            "sales.answers_missing",
            _("Something is missing: %(fields)s.") % {"fields": ", ".join(missing)},
            needs=missing,
        )
    if answers.get("email") and not EMAIL.fullmatch(answers["email"]):
        raise RuleBroken(
            "sales.email", _("Check the e-mail address: it is not complete."), needs=["email"]
        )
    if not sent.agrees and capture_forms.consent_of(form).text:
        raise RuleBroken(
            "sales.consent_missing",
            _("We need your consent before we may keep what you send."),
            needs=["agrees"],
        )
    return {code: text for code, text in answers.items() if text}


def _clean(value: object, code: str) -> str:
    text = value if isinstance(value, str) else ""
    lines = code == "message"
    kept = "".join(sign for sign in text if sign.isprintable() or (lines and sign in "\n\t"))
    return kept.strip()[: LONGEST.get(code, 200)]


def _digest(form: CaptureForm, answers: Mapping[str, Any]) -> str:
    words = {code: " ".join(str(text).casefold().split()) for code, text in answers.items()}
    said = json.dumps([form.pk, words], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _doubt(answers: Mapping[str, Any]) -> str:
    n_links = len(LINK.findall(answers.get("message", "")))
    in_name = LINK.search(answers.get("name", ""))
    return "links" if n_links > MOST_LINKS or in_name else ""


def _hold(row: Submission, sent: Sent, doubt: str) -> Submission:
    row.verdict, row.reason = Submission.Verdict.HELD, doubt
    row.answers = row.answers | {"trace": _as_json(sent.trace), "agrees": sent.agrees}
    row.save()
    _announce(row)
    return row


def _announce(row: Submission) -> None:
    """Let open inboxes count anew what is held back; no item changed."""
    bus.announce(row.workspace_id, kind=Kind.DEAL, item_id=0)


def _said_before(row: Submission) -> Submission | None:
    since = row.received_at - REPEATED_WITHIN
    same = Submission.objects.filter(
        workspace_id=row.workspace_id,
        digest=row.digest,
        verdict=Submission.Verdict.TAKEN,
        received_at__gte=since,
        deal__item__outcome="",
    )
    return same.select_related("deal").order_by("-pk").first()


def _repeat(row: Submission, before: Submission, sent: Sent, *, at: datetime | None) -> Submission:
    assert before.deal is not None, "a submission that was taken has opened a deal"
    row.verdict, row.deal, row.person = Submission.Verdict.REPEATED, before.deal, before.person
    row.save()
    _touch(row.form, before.deal, row, sent, at=at)
    return row


def _open(form: CaptureForm, row: Submission, sent: Sent, *, at: datetime | None) -> Submission:
    answers = row.answers
    company, person = _known(form, answers)
    try:
        # A stage that is full must not lose a lead: it waits with those held back.
        with transaction.atomic():
            deal = _open_deal(form, answers, company=company, at=at)
    except RuleBroken as refusal:
        row.person = person
        return _hold(row, sent, refusal.code)
    row.verdict, row.deal, row.person, row.reason = Submission.Verdict.TAKEN, deal, person, ""
    row.answers = {
        name: value for name, value in answers.items() if name not in ("trace", "agrees")
    }
    row.save()
    if person is not None:
        deals.add_person(deal, person=person, part=DealPerson.Part.CONTACT, by=None)
    _touch(form, deal, row, sent, at=at)
    _note(deal, row, person, at=at)
    if sent.agrees or answers.get("agrees"):
        _agree(form, row)
    answers_.start(deal, at=at)
    bus.tell(Arrived(deal=deal, submission=row, at=row.received_at))
    return row


def _open_deal(
    form: CaptureForm, answers: Mapping[str, Any], *, company: Company | None, at: datetime | None
) -> Deal:
    # A person's name stays out of the title: titles are kept when people are erased.
    heading = form.heading or form.name
    return deals.open_deal(
        form.pipeline,
        title=f"{company.name}: {heading}" if company else heading,
        by=None,
        owner=capture_forms.next_owner(form),
        company=company,
        at=at,
    )


def _known(form: CaptureForm, answers: Mapping[str, Any]) -> tuple[Company | None, Person | None]:
    """Company and person, found or made. What is known of somebody is never changed from outside."""
    person = _person(form, answers)
    company = _company(form, answers) or (person.company if person else None)
    if person is None and (answers.get("name") or answers.get("email") or answers.get("phone")):
        person = people.add(
            form.workspace,
            name=answers.get("name") or answers.get("email") or answers["phone"],
            by=None,
            company=company,
            email=answers.get("email", ""),
            phone=answers.get("phone", ""),
            job_title=answers.get("job_title", ""),
        )
    return company, person


def _person(form: CaptureForm, answers: Mapping[str, Any]) -> Person | None:
    email = answers.get("email", "")
    if not email:
        return None
    rows = Person.objects.filter(
        workspace_id=form.workspace_id,
        email__iexact=email,
        withdrawn_at=None,
        merged_into=None,
        erased_at=None,
    )
    return rows.select_related("company").order_by("pk").first()


def _company(form: CaptureForm, answers: Mapping[str, Any]) -> Company | None:
    """By its site or the address of its mail, which are its own, then by its name; made if it has one."""
    rows = Company.objects.filter(
        workspace_id=form.workspace_id, withdrawn_at=None, merged_into=None
    ).order_by("pk")
    site = spelling.domain(answers.get("website", "")) or spelling.domain(answers.get("email", ""))
    found = rows.filter(domain__iexact=site).first() if site else None
    name = answers.get("company", "")
    if found is None and name:
        found = rows.filter(match_key=match_key(name)).first()
    if found is not None or not name:
        return found
    return companies.add(
        form.workspace, name=name, by=None, domain=site, city=answers.get("city", "")[:120]
    )


def _touch(
    form: CaptureForm, deal: Deal, row: Submission, sent: Sent, *, at: datetime | None
) -> None:
    touch = touches.record(
        deal,
        by=None,
        channel=sent.channel or form.channel,
        campaign=form.campaign,
        trace=sent.trace,
        at=at,
        source_key=f"submission:{row.pk}",
    )
    if not deal.channel:
        with override(form.workspace.language):
            deals.change(deal, by=None, channel=str(Channel(touch.channel).label))


def _note(deal: Deal, row: Submission, person: Person | None, *, at: datetime | None) -> None:
    message = row.answers.get("message", "")
    if message:
        activities.log(
            deal.item,
            kind=Activity.ActivityKind.NOTE,
            by=None,
            notes=message,
            person=person,
            source="capture",
            source_key=f"submission:{row.pk}",
            at=at,
        )


def _agree(form: CaptureForm, row: Submission) -> None:
    text = capture_forms.consent_of(form)
    if text.text:
        Consent.objects.create(
            workspace_id=row.workspace_id,
            submission=row,
            text=text,
            person=row.person,
            given_at=row.received_at,
        )


def _undecided(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(no_key=True, of=("self",)).select_related("form")
    row = rows.get(pk=submission.pk)
    if row.verdict != Submission.Verdict.HELD:
        raise Conflict(
            "sales.submission_decided", _("Somebody decided on it already. Reload the page.")
        )
    return row


def _as_json(trace: Trace) -> dict[str, Any]:
    return {
        "utm": dict(trace.utm),
        "landing": trace.landing,
        "referrer": trace.referrer,
        "is_paid_click": trace.is_paid_click,
    }


def _trace_of(row: Submission) -> Trace:
    return Trace(**row.answers.get("trace", {}))
