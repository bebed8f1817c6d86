"""Attacks on every address at once: by strangers, by those who only look, by scripts in every text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from penstock.backlog import amendments
from penstock.base import tracking
from penstock.contacts import merging
from penstock.flow import pipelines, reasons
from penstock.flow.models import Finding, LossReason
from penstock.intake import changesets
from penstock.sales import deals
from penstock.users import walls
from penstock.users.models import Member, Role, Workspace
from penstock.users.models.workspace import Sees
from penstock.web import urls
from penstock.web.forms.line_acts import ACTS
from tests import make
from tests.web.conftest import Browser, sign_in

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=x onerror=alert(1)>" + SCRIPT
WALLED = [model for model in apps.get_models() if issubclass(model, walls.Walled)]
#: What an address answers to a form that a browser may not send: said no, found nothing, not asked.
REFUSALS = {403, 404, 405}


def patterns(found: list[Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every address below a workspace: its name, and what stands in it."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield str(one.name), list(one.pattern.converters)


#: What everybody may change, for it is theirs alone: what they have read, how they are reminded, which views they keep.
PERSONAL = ("/notices/read", "/wishes", "/views/deals/new")
#: What stands in an address and names no row.
WORDS = {
    "noun": "company",
    "act": "survey",
    "kind": "call",
    "matter": "no_step",
    "language": "en",
    "topic": "need",
    "column": "title",
    "place": "deals",
    "told": "places",
}
ADDRESSES = list(patterns(urls.workspace))


@pytest.fixture
def names(workspace: Workspace) -> dict[str, object]:
    """A row for everything that an address can name, each with a script in all its texts."""
    return furnish(workspace, text=BREAKOUT)


def furnish(workspace: Workspace, *, text: str) -> dict[str, object]:
    company = make.company(workspace, text)
    for field in ("industry", "country", "city"):
        setattr(company, field, text)
    company.domain = "javascript:alert(1)//" + text
    company.save()
    person = make.person(workspace, text, company=company, job_title=text, phone=text)
    deal = make.deal(workspace, title=text, company=company)
    make.deals.add_person(deal, person=person, part="decides", by=None)
    make.blockers.block(deal.item, cause="no_answer", side="customer", by=None)
    transition = make.moves.move(
        deal.item, to=make.stage(workspace, "qualification"), by=make.owner_of(workspace)
    )
    order = make.order(workspace, lines=[make.line(title=text)], company=company, reference=text)
    line = order.lines.get()
    finding = Finding.objects.create(
        workspace=workspace,
        item=order.item,
        code=amendments.PROPOSAL,
        detail={"deal": "7", "order": "5", "currency": "EUR"},
    )
    reason = LossReason.objects.filter(workspace=workspace).first()
    assert reason is not None
    reasons.rename(reason, name=text, by=None)
    stage = make.stage(workspace, "negotiation")
    pipelines.rename_stage(stage, name=text)
    quoted = '"' + text.replace('"', '""') + '"'
    imported = changesets.start(
        make.owner_of(workspace), "deals", text, f"id,name,{quoted}\n1,{quoted},2\n".encode()
    )
    activity = make.activity(
        workspace, about=deal.item, subject=text, notes=text, person=person, owner=None
    )
    make.activity(workspace, about=order.item, subject=text, notes=text, person=person)
    make.activities.log(order.item, kind="call", by=None, subject=text, notes=text, person=person)
    product = make.product(workspace, text, code=text[:30], category=text, unit=text[:10])
    holiday = make.calendar_day(workspace)
    holiday.name = text
    holiday.save()
    return {
        "activity_id": activity.pk,
        "task_id": make.playbook_task(workspace, title=text).pk,
        "template_id": make.mail_template(workspace, text[:100]).pk,
        "activity_change_id": activity.changes.get().pk,
        "day_id": holiday.pk,
        "deal": deal.item.key,
        "order": order.item.key,
        "work": line.work_items.get().item.key,
        "stage_id": stage.pk,
        "order_stage_id": order.item.stage_id,
        "transition_id": transition.pk,
        "person_id": person.pk,
        "company_id": company.pk,
        "line_id": line.pk,
        "finding_id": finding.pk,
        "change_set_id": imported.pk,
        "member_id": make.member(workspace, name="Dave").pk,
        "pipeline_id": make.pipeline(workspace).pk,
        "reason_id": reason.pk,
        "product_id": product.pk,
        "team_id": make.team(workspace, text[:100]).pk,
        "goal_id": make.goal(workspace, channel=text[:60]).pk,
        "rate_id": make.rate(workspace).pk,
        "claim_id": make.claim(workspace).pk,
        **_came(workspace, text, deal),
        **_doubled(workspace, text),
        "rule_id": make.followup_rule(workspace, act="renewal", name=text).pk,
        "followup_id": make.followup(workspace).pk,
        "view_id": make.saved_view(workspace, text[:80]).pk,
        "edit_id": make.deal_edit(workspace).pk,
        "proposal": _proposal(workspace, text),
        "number": 1,
        "delivery_id": make.delivery(workspace).pk,
        "deposit_id": make.deposit(workspace).pk,
        **_hours(workspace, text),
    }


def _hours(workspace: Workspace, text: str) -> dict[str, object]:
    place = make.place(workspace, name=text[:120], at=make.team(workspace, "Hours"))
    row = make.disruption(workspace, at=place.team, evidence=text, ended_at=None)
    make.capacities.add_absence(place, place.from_on, place.from_on, by=None)
    dependency = make.dependency(workspace)
    return {
        "baseline_id": make.baseline(workspace, text[:80]).pk,
        "dependency_id": dependency.pk,
        "place_id": place.pk,
        "disruption_id": row.pk,
        "told_id": place.pk,
    }


def _doubled(workspace: Workspace, text: str) -> dict[str, object]:
    low, high = make.company(workspace, f"{text} Ltd"), make.company(workspace, f"{text} GmbH")
    gone = make.company(workspace, f"{text} Inc")
    row = merging.merge_companies(low, gone=gone, by=make.owner_of(workspace))
    return {"low": low.pk, "high": high.pk, "merge_id": row.pk}


def _came(workspace: Workspace, text: str, deal: Any) -> dict[str, object]:
    trace = tracking.Trace(utm={"utm_source": text}, landing=text, referrer=text)
    campaign = make.campaign(workspace, text, code=text)
    deals.change(deal, channel=text[:60], by=None)
    return {
        "campaign_id": campaign.pk,
        "cost_id": make.campaign_cost(workspace, of=campaign).pk,
        "channel_rule_id": make.channel_rule(workspace, text).pk,
        "touch_id": make.touch(workspace, deal, campaign=campaign, trace=trace).pk,
        **_captured(workspace, text),
    }


def _captured(workspace: Workspace, text: str) -> dict[str, object]:
    form = make.capture_form(workspace, text[:100], heading=text, intro=text, thanks=text)
    make.submission(workspace, to=form, answers={"name": text, "company": text, "message": text})
    held = make.submission(workspace, to=form, doubt="trap", answers={"message": text})
    return {
        "form_id": form.pk,
        "capture_key_id": make.capture_key(workspace, form).pk,
        "submission_id": held.pk,
    }


def _proposal(workspace: Workspace, text: str) -> str:
    lines = [make.wanted(text[:200], description=text)]
    version = make.sent_version(workspace, lines=lines, title=text, terms=text)
    return str(version.proposal.key)


def addresses(workspace: Workspace, names: dict[str, object]) -> list[str]:
    """Every address of a workspace, filled in with rows."""
    found = []
    for name, parts in ADDRESSES:
        acts = list(ACTS) if "name" in parts else [""]
        for act in acts:
            values = {part: value(name, part, names, act) for part in parts}
            found.append(reverse(name, kwargs={"slug": workspace.slug, **values}))
    return found


def value(name: str, part: str, names: dict[str, object], act: str) -> object:
    """What stands at one place of an address."""
    if part in {"name", *WORDS}:
        return WORDS.get(part, act)
    if part == "key":
        kind = (
            "order" if name.startswith("order") else "work" if name.startswith("work") else "deal"
        )
        return names[kind]
    if name == "backlog-column":
        return names["order_stage_id"]
    return names[part]


def body(answer: Any) -> str:
    """What was answered, at once or bit by bit."""
    told: bytes = b"".join(answer) if answer.streaming else answer.content
    return told.decode(errors="replace")


def is_page(answer: HttpResponse) -> bool:
    """Whether a browser draws it."""
    return answer.get("Content-Type", "text/html").startswith("text/html")


def everything(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """All rows of a workspace."""
    walls.enter(workspace_id=workspace.pk)
    rows = {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in WALLED
    }
    rows["Workspace"] = list(Workspace.objects.filter(pk=workspace.pk).values())
    return rows


def wrong(answers: dict[str, HttpResponse], allowed: set[int]) -> dict[str, int]:
    """The addresses that answered with anything else."""
    return {
        path: answer.status_code
        for path, answer in answers.items()
        if answer.status_code not in allowed
    }


def test_strangers_find_nothing_anywhere(
    workspace: Workspace, stranger: Browser, names: dict[str, object]
) -> None:
    paths = addresses(workspace, names)
    before = everything(workspace)

    read = {path: stranger.get(path) for path in paths}
    written = {path: stranger.post(path) for path in paths}

    assert wrong(read, {404}) == {}
    assert wrong(written, {404}) == {}
    assert everything(workspace) == before


def test_signed_out_people_are_sent_to_sign_in_from_anywhere(
    workspace: Workspace, names: dict[str, object]
) -> None:
    client = Client()
    paths = addresses(workspace, names)
    before = everything(workspace)

    answers = {f"GET {path}": client.get(path) for path in paths}
    answers |= {f"POST {path}": client.post(path) for path in paths}

    led = {path: answer["Location"] for path, answer in answers.items() if "Location" in answer}
    assert wrong(answers, {302}) == {}
    assert [
        where for where in led.values() if not where.startswith("/accounts/login/?next=/w/")
    ] == []
    assert everything(workspace) == before


def test_those_who_only_look_change_nothing_anywhere(
    workspace: Workspace, viewer: Browser, names: dict[str, object]
) -> None:
    paths = [path for path in addresses(workspace, names) if not path.endswith(PERSONAL)]
    before = everything(workspace)

    plain = {path: viewer.post(path) for path in paths}
    by_script = {path: viewer.post(path, htmx=True) for path in paths}

    assert wrong(plain, REFUSALS) == {}
    assert wrong(by_script, REFUSALS) == {}
    assert everything(workspace) == before


def test_owners_reach_nothing_of_another_workspace(
    workspace: Workspace, names: dict[str, object]
) -> None:
    before = everything(workspace)
    walls.leave()
    other = make.workspace("Theirs")
    intruder = sign_in(make.owner_of(other))
    paths = {
        path
        for path in addresses(other, names)
        if any(str(part) in path.split("/") for part in names.values())
    }

    read = {path: intruder.get(path) for path in paths}
    written = {path: intruder.post(path) for path in paths}

    assert len(paths) > 40
    assert wrong(read, {404, 405}) == {}
    assert wrong(written, {404, 405}) == {}
    assert everything(workspace) == before


def test_forms_of_other_sites_change_nothing_anywhere(
    workspace: Workspace, names: dict[str, object]
) -> None:
    client = Client(enforce_csrf_checks=True)
    owner = make.owner_of(workspace).account
    assert owner is not None
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    paths = [
        *addresses(workspace, names),
        "/workspaces/new",
        f"/workspaces/{workspace.slug}/switch",
        "/i18n/setlang/",
        "/accounts/logout/",
        "/accounts/password/change/",
    ]
    before = everything(workspace)

    plain = {path: client.post(path) for path in paths}
    by_script = {path: client.post(path, headers={"HX-Request": "true"}) for path in paths}

    assert wrong(plain, {403}) == {}
    assert wrong(by_script, {403}) == {}
    assert everything(workspace) == before


def test_scripts_in_any_text_are_shown_as_text_everywhere(
    workspace: Workspace, owner: Browser, names: dict[str, object]
) -> None:
    today = timezone.now().date().isoformat()
    paths = [
        *addresses(workspace, names),
        *(
            f"{owner.url(page)}&q={SCRIPT}&sort={SCRIPT}&view={SCRIPT}"
            for page in ("companies?a=1", "search?a=1", "backlog?a=1", "settings/products?a=1")
        ),
        *(owner.url(f"{page}?on={today}") for page in ("pipeline", "backlog", "outlook")),
        owner.url("pipeline?view=list"),
        owner.url("backlog/board?of=work"),
        f"{owner.url('deals')}/{names['deal']}?on={today}",
    ]

    pages = {path: owner.get(path) for path in paths}
    # What is no page is saved and not drawn; its dangers are formulas, which have tests of their own.
    bodies = {path: body(answer) for path, answer in pages.items() if is_page(answer)}

    shown = [path for path, body in bodies.items() if "&lt;script&gt;alert(1)" in body]
    assert [path for path, answer in pages.items() if answer.status_code >= 500] == []
    assert [path for path, body in bodies.items() if SCRIPT in body or "<img src=x" in body] == []
    assert [path for path, body in bodies.items() if 'href="javascript:' in body.lower()] == []
    assert len(shown) > 20


@pytest.mark.parametrize("aside", ["//evil.test/", "https://evil.test/", "/\\evil.test/"])
def test_no_redirect_leads_to_another_site(owner: Browser, aside: str) -> None:
    account = make.account("Erin")
    client = Client()
    secrets = {"login": account.email, "password": "secret", "next": aside}

    signed_in = client.post("/accounts/login/", secrets)
    spoken = owner.post("/i18n/setlang/", language="ru", next=aside)
    left = owner.post("/accounts/logout/", next=aside)

    assert [one.status_code for one in (signed_in, spoken, left)] == [302, 302, 302]
    assert "evil" not in signed_in["Location"] + spoken["Location"] + left["Location"]


def test_restricted_reps_see_no_deal_of_others_anywhere(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    names = furnish(workspace, text="Plain")
    company = make.company(workspace, "Whale")
    hidden = make.deal(
        workspace,
        title="Hidden gem",
        amount="7654321",
        owner=make.owner_of(workspace),
        company=company,
    )
    rep = sign_in(make.member(workspace, role=Role.REP))
    today = timezone.now().date().isoformat()
    names |= {"deal": hidden.item.key, "company_id": company.pk}
    paths = [
        *addresses(workspace, names),
        *(
            rep.url(page)
            for page in (
                "pipeline?view=list",
                f"pipeline?on={today}",
                f"pipeline?view=list&on={today}",
                f"outlook?on={today}",
                "search?q=Hidden",
                f"search?q={hidden.item.key}",
            )
        ),
    ]

    bodies = {path: body(rep.get(path)) for path in paths}

    leaks = ("Hidden gem", "7654321", "7,654,321", "7 654 321", "7.65", "7.7M")
    assert [path for path, body in bodies.items() if any(leak in body for leak in leaks)] == []


def test_restricted_reps_change_no_deal_of_others(workspace: Workspace) -> None:
    workspace.reps_see = Sees.OWN
    workspace.save()
    hidden = make.deal(workspace, owner=make.owner_of(workspace))
    names = furnish(workspace, text="Plain") | {"deal": hidden.item.key}
    rep = sign_in(make.member(workspace, role=Role.REP))
    before = everything(workspace)

    written = {
        path: rep.post(path) for path in addresses(workspace, names) if hidden.item.key in path
    }

    assert len(written) > 5
    assert wrong(written, {404, 405}) == {}
    assert everything(workspace) == before


@pytest.mark.parametrize(
    "path",
    [
        "pipeline?pipeline=²",
        "pipeline?pipeline=99999999999999999999999",
        "companies?page=²&sort=%00",
        "search?q=%00%00",
        "pipeline?on=0001-01-01",
        "pipeline?on=9999-12-31",
        "backlog?company=²",
        "companies/99999999999999999999999",
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(owner: Browser, path: str) -> None:
    answer = owner.get(path)

    assert answer.status_code < 500


def test_nonsense_in_moves_is_refused(owner: Browser, workspace: Workspace) -> None:
    deal = make.deal(workspace)
    path = f"items/{deal.item.key}/moves"

    answers = [
        owner.post(path, stage="²"),
        owner.post(path, stage="9" * 30),
        owner.post(path, zone="elsewhere"),
    ]

    assert [answer.status_code in {404, 422} for answer in answers] == [True, True, True]


def test_members_who_were_let_go_find_nothing(workspace: Workspace) -> None:
    gone: Member = make.member(workspace, role=Role.MANAGER)
    browser = sign_in(gone)
    gone.is_active = False
    gone.save()

    answer = browser.get("pipeline")

    assert answer.status_code == 404
