"""Typed makers: every noun a test needs, made through the real verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from penstock.backlog import (
    baselines,
    capacities,
    dates,
    deliveries,
    dependencies,
    deposits,
    expediting,
    forecasts,
    orders,
    priorities,
)
from penstock.backlog.models import (
    Absence,
    Baseline,
    Delivery,
    DeliveryPart,
    Dependency,
    Deposit,
    Disruption,
    Entry,
    Expedite,
    ExpediteWording,
    Forecast,
    Line,
    Order,
    Overtaken,
    Place,
    PromiseReason,
    PromiseWording,
    QueueRule,
    RankChange,
    WorkItem,
)
from penstock.base import tracking
from penstock.catalog import calendars, products, rates
from penstock.catalog.models import Calendar, CalendarDay, CalendarWeek, Price, Product, Rate
from penstock.contacts import companies, merging, people, tiers
from penstock.contacts.models import (
    Alike,
    Apart,
    Company,
    CompanyToken,
    Merge,
    Person,
    PersonToken,
    TierChange,
)
from penstock.flow import blockers, dating, founding, moves, outcomes, pipelines
from penstock.flow.models import (
    Blocker,
    FieldChange,
    Finding,
    Item,
    KeyCounter,
    Kind,
    Link,
    LossReason,
    Outcome,
    Override,
    OverrideWording,
    Parking,
    Pipeline,
    Stage,
    Transition,
)
from penstock.intake.models import ChangeRow, ChangeSet, Chunk, Identity, Mapping
from penstock.notices import bell, outbox
from penstock.notices import wishes as wishing
from penstock.notices.letters import Letter
from penstock.notices.models import Attachment, Message, Notice, Wishes
from penstock.sales import (
    activities,
    answers,
    campaigns,
    capture_forms,
    capture_keys,
    captures,
    channels,
    claims,
    deals,
    followup_rules,
    followups,
    goals,
    mail_templates,
    playbooks,
    proposal_answers,
    proposal_documents,
    proposal_settings,
    proposals,
    snoozes,
    surveys,
    together,
    touches,
)
from penstock.sales.models import (
    Activity,
    ActivityChange,
    AnswerClock,
    AnswerRule,
    Campaign,
    CampaignCost,
    CaptureForm,
    CaptureKey,
    ChannelRule,
    Claim,
    ClaimWording,
    Consent,
    ConsentText,
    Deal,
    DealEdit,
    DealEditRow,
    DealPerson,
    Escalation,
    Followup,
    FollowupRule,
    Goal,
    HalfLife,
    MailTemplate,
    PlaybookTask,
    PlayedTask,
    Proposal,
    ProposalDocument,
    ProposalEvent,
    ProposalLine,
    ProposalLink,
    ProposalNote,
    ProposalSettings,
    ProposalTemplate,
    ProposalVersion,
    SeenSignature,
    Snooze,
    Submission,
    Survey,
    SurveyAnswer,
    SurveyComment,
    Touch,
    TouchTrace,
)
from penstock.sales.proposal_lines import Wanted
from penstock.users import members, saved_views, sendings, teams
from penstock.users.models import (
    Account,
    AuditEntry,
    FirstView,
    Member,
    Role,
    SavedView,
    Sending,
    Team,
    Workspace,
)

_numbers = count(1)


def account(name: str = "Alice") -> Account:
    """Somebody who can sign in, with a confirmed address."""
    number = next(_numbers)
    account = Account.objects.create_user(
        f"{name.lower()}{number}@example.test", "secret", name=name
    )
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def workspace(name: str = "Mill", *, by: Account | None = None, **settings: str) -> Workspace:
    """A furnished workspace; the database session stays inside it."""
    settings.setdefault("slug", f"mill-{next(_numbers)}")
    return founding.found(name=name, by=by or account(), **settings)


def member(workspace: Workspace, *, role: Role = Role.REP, name: str = "Bob") -> Member:
    """A member with an account."""
    return members.add(workspace, name=name, role=role, by=None, account=account(name))


def owner_of(workspace: Workspace) -> Member:
    """Who founded the workspace."""
    return Member.objects.select_related("workspace", "account").get(
        workspace=workspace, role=Role.OWNER
    )


def team(workspace: Workspace, name: str = "North") -> Team:
    """A team."""
    return teams.create(workspace, name=name, by=None)


def pipeline(workspace: Workspace, kind: Kind = Kind.DEAL) -> Pipeline:
    """The workspace's pipeline of a kind."""
    return pipelines.default_for(workspace.pk, kind=kind)


def stage(workspace: Workspace, code: str = "proposal", kind: Kind = Kind.DEAL) -> Stage:
    """A stage of the default pipeline of a kind, by code."""
    return Stage.objects.get(pipeline=pipeline(workspace, kind), code=code)


def loss_reason(workspace: Workspace, code: str = "price") -> LossReason:
    """One of the usual loss reasons."""
    return LossReason.objects.get(workspace=workspace, code=code)


def company(workspace: Workspace, name: str = "Acme", **details: object) -> Company:
    """A customer."""
    return companies.add(workspace, name=name, by=None, **details)


def tier_change(workspace: Workspace) -> TierChange:
    """A company became a key customer."""
    return tiers.assign(company(workspace), "a", by=owner_of(workspace)).tier_changes.get()


def person(workspace: Workspace, name: str = "Carol", **details: object) -> Person:
    """A contact."""
    return people.add(workspace, name=name, by=None, **details)


def company_token(workspace: Workspace) -> CompanyToken:
    """The name of a company, as it is compared."""
    return CompanyToken.objects.get(company=company(workspace), kind="n")


def person_token(workspace: Workspace) -> PersonToken:
    """The name of a person, as it is compared."""
    return PersonToken.objects.get(person=person(workspace), kind="n")


def alike(workspace: Workspace) -> Alike:
    """Two companies that are possibly one."""
    low, high = company(workspace, "Wheelworks"), company(workspace, "Wheel Works Ltd")
    return Alike.objects.get(noun="company", low_id=low.pk, high_id=high.pk)


def merge(workspace: Workspace) -> Merge:
    """A company that answers for another one."""
    return merging.merge_companies(
        company(workspace), gone=company(workspace, "ACME Ltd"), by=owner_of(workspace)
    )


def apart(workspace: Workspace) -> Apart:
    """Two companies that are not the same."""
    one, other = company(workspace, "Acme North"), company(workspace, "Acme South")
    return merging.keep_apart("company", one.pk, other.pk, by=owner_of(workspace))


def product(workspace: Workspace, name: str = "Wheel", **details: object) -> Product:
    """A product."""
    return products.add(workspace, name=name, by=None, **details)


def deal(
    workspace: Workspace,
    *,
    title: str = "A wheel for Acme",
    amount: str | None = "1000",
    stage: Stage | None = None,
    owner: Member | None = None,
    company: Company | None = None,
    at: datetime | None = None,
    close_on: date | None = None,
) -> Deal:
    """An open deal."""
    return deals.open_deal(
        pipeline(workspace),
        title=title,
        by=owner,
        stage=stage,
        owner=owner,
        company=company,
        amount=None if amount is None else Decimal(amount),
        at=at,
        close_on=close_on,
    )


def tomorrow(workspace: Workspace) -> date:
    """The day after today, where the workspace is."""
    return dating.today(workspace) + timedelta(days=1)


def _a_deal(workspace: Workspace) -> Deal:
    return deal(workspace)


def line(
    quantity: str = "10",
    *,
    price: str = "5",
    hours: str | None = "20",
    title: str = "Wheel",
    sort: str = Line.Sort.GOODS,
) -> orders.NewLine:
    """A line of an order that is about to be placed."""
    return orders.NewLine(
        title=title,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        hours=None if hours is None else Decimal(hours),
        sort=sort,
    )


def order(
    workspace: Workspace,
    *,
    lines: Sequence[orders.NewLine] = (),
    at: datetime | None = None,
    title: str = "Wheels",
    **settings: object,
) -> Order:
    """An accepted order, by default of one line: 10 wheels at 5, 20 hours."""
    return orders.place(workspace, title=title, lines=lines or [line()], by=None, at=at, **settings)


def order_line(workspace: Workspace) -> Line:
    """The line of an accepted order."""
    return order(workspace).lines.get()


def entry(workspace: Workspace) -> Entry:
    """What the acceptance of an order wrote into the ledger."""
    return order_line(workspace).entries.get()


def expedite(workspace: Workspace, text: str = "") -> Expedite:
    """An order that goes before another one."""
    passed, one = order(workspace), order(workspace)
    bill = expediting.Bill(hours=Decimal(20), days={passed.pk: Decimal("2.5")})
    why = dates.Why("standstill", text)
    return expediting.expedite(one, why, bill=bill, by=owner_of(workspace))


def expedite_wording(workspace: Workspace) -> ExpediteWording:
    """What was said when an order was put before others."""
    return ExpediteWording.objects.get(expedite=expedite(workspace, "Their mill stands still."))


def overtaken(workspace: Workspace) -> Overtaken:
    """An order that waits longer."""
    return expedite(workspace).overtaken.get()


def deposit(workspace: Workspace) -> Deposit:
    """A payment in advance."""
    told = deposits.Told(by=owner_of(workspace))
    return deposits.receive(order(workspace), amount=Decimal(25), told=told)


def delivery(workspace: Workspace, *, on: date | None = None) -> Delivery:
    """Four of ten wheels that are planned to leave on a day."""
    one = order(workspace)
    return deliveries.plan(
        one,
        on=on or date(2031, 1, 10),
        quantities=[(one.lines.get(), Decimal(4))],
        by=owner_of(workspace),
    )


def delivery_part(workspace: Workspace) -> DeliveryPart:
    """What a delivery takes of a line."""
    return delivery(workspace).parts.get()


def promise_reason(workspace: Workspace, text: str = "") -> PromiseReason:
    """Why an order was promised for another day."""
    one = order(workspace, promised_on=date(2031, 1, 10))
    why = dates.Why("supplier", text)
    told = dates.Told(by=owner_of(workspace), why=why)
    dates.change(one, {dates.PROMISE: date(2031, 2, 10)}, told=told)
    return PromiseReason.objects.get(change__item_id=one.pk)


def promise_wording(workspace: Workspace) -> PromiseWording:
    """What was said about a new promise."""
    return PromiseWording.objects.get(reason=promise_reason(workspace, "The foundry is late."))


def work_item(workspace: Workspace) -> WorkItem:
    """The work behind an order line."""
    return order_line(workspace).work_items.get()


def dependency(workspace: Workspace) -> Dependency:
    """One work item waits for another."""
    return dependencies.add(work_item(workspace), after=work_item(workspace), by=None)


def _crew(workspace: Workspace) -> Team:
    return team(workspace, f"Crew {next(_numbers)}")


def place(workspace: Workspace, *, at: Team | None = None, **details: Any) -> Place:
    """Eight hours a day of a team, from the beginning of 2026 on."""
    details = {"hours_per_day": Decimal(8), "from_on": date(2026, 1, 1), **details}
    return capacities.add_place(
        at or _crew(workspace), capacities.NewPlace(**details), by=owner_of(workspace)
    )


def absence(workspace: Workspace) -> Absence:
    """A week off."""
    return capacities.add_absence(
        place(workspace), date(2026, 3, 2), date(2026, 3, 6), by=owner_of(workspace)
    )


def disruption(workspace: Workspace, *, at: Team | None = None, **details: Any) -> Disruption:
    """Half of a team's hours lost on the second of March 2026."""
    start = datetime(2026, 3, 2, tzinfo=workspace.zone)
    details = {
        "started_at": start,
        "ended_at": start + timedelta(days=1),
        "lost_share": Decimal("0.5"),
        "cause": "production",
        **details,
    }
    return capacities.disrupt(
        at or _crew(workspace), capacities.Loss(**details), by=owner_of(workspace)
    )


def baseline(workspace: Workspace, name: str = "Plan", **details: Any) -> Baseline:
    """A plan: ten orders a week come in, and ten can be delivered."""
    details = {"measure": "orders", "demand": Decimal(10), "capacity": Decimal(10), **details}
    return baselines.plan(name, by=owner_of(workspace), **details)


def queue_rule(workspace: Workspace, policy: str = "wspt", **numbers: Any) -> QueueRule:
    """Another order of work than by promise."""
    return priorities.choose(
        workspace, priorities.Rule(policy=policy, **numbers), by=owner_of(workspace)
    )


def forecast(workspace: Workspace) -> Forecast:
    """When an order is ready, as it was foreseen: a day that has passed."""
    day = dating.today(workspace) - timedelta(days=1)
    row = Forecast(order=order(workspace), p50=day, p85=day, p95=day, within=1.0, horizon_on=day)
    row.policy, row.model = "edd", "capacity-1"
    row.level50, row.level85, row.level95 = 0.5, 0.85, 0.95
    row.n_paths, row.n_history, row.is_assumed = 1000, 30, False
    forecasts.keep(workspace, [row])
    return Forecast.objects.get(pk=row.pk)


def rank_change(workspace: Workspace) -> RankChange:
    """An order that goes first because its customer asked."""
    return priorities.put_first(
        order(workspace), place=1, reason="customer", by=owner_of(workspace)
    )


def item(workspace: Workspace) -> Item:
    """The envelope of a deal."""
    return deal(workspace).item


def transition(workspace: Workspace) -> Transition:
    """A deal's move to the second stage."""
    return moves.move(item(workspace), to=stage(workspace, "qualification"), by=None)


def field_change(workspace: Workspace) -> FieldChange:
    """What the opening of a deal said about its amount."""
    return FieldChange.objects.get(item=item(workspace), field="amount")


def outcome(workspace: Workspace) -> Outcome:
    """A deal lost over its price."""
    return deals.lose(deal(workspace), reason=loss_reason(workspace), by=None)


def parking(workspace: Workspace) -> Parking:
    """A deal that waits for a month."""
    return outcomes.park(item(workspace), until=timezone.now().date() + timedelta(days=30), by=None)


def blocker(workspace: Workspace) -> Blocker:
    """A deal for which the customer has to answer."""
    return blockers.block(item(workspace), cause="no_answer", side="customer", by=None)


def link(workspace: Workspace) -> Link:
    """What joins a won deal and its order."""
    return Link.objects.get(source_id=deals.win(deal(workspace), by=None).pk)


def key_counter(workspace: Workspace) -> KeyCounter:
    """The counter from which a deal took its key."""
    return KeyCounter.objects.get(workspace=deal(workspace).workspace, prefix="DEAL")


def finding(workspace: Workspace) -> Finding:
    """Something that is wrong with the data of a deal."""
    return Finding.objects.create(
        workspace=workspace, item=item(workspace), code="closed_before_opened"
    )


def price(
    workspace: Workspace,
    of: Product | None = None,
    *,
    amount: str = "5",
    currency: str = "EUR",
) -> Price:
    """What a product costs from the beginning of 2026."""
    return products.price(
        of or product(workspace),
        amount=Decimal(amount),
        currency=currency,
        valid_from=date(2026, 1, 1),
    )


def deal_person(workspace: Workspace) -> DealPerson:
    """A contact on a deal."""
    return deals.add_person(deal(workspace), person=person(workspace), part="decides", by=None)


def wanted(
    title: str = "Wheel", quantity: str = "3", price: str = "9.99", **details: object
) -> Wanted:
    """A line of a proposal that is about to be drafted."""
    return Wanted(title=title, quantity=Decimal(quantity), unit_price=Decimal(price), **details)


def proposal_version(
    workspace: Workspace,
    *,
    deal: Deal | None = None,
    lines: Sequence[Wanted] = (),
    **details: object,
) -> ProposalVersion:
    """A draft, by default of one line: 3 wheels at 9.99."""
    about = deal or _a_deal(workspace)
    return proposals.draft(about, by=None, lines=lines or [wanted()], **details)


def sent_version(
    workspace: Workspace,
    *,
    deal: Deal | None = None,
    lines: Sequence[Wanted] = (),
    **details: object,
) -> ProposalVersion:
    """A version that was sent."""
    version = proposal_version(workspace, deal=deal, lines=lines, **details)
    proposals.send(version, by=None)
    return ProposalVersion.objects.select_related("proposal__deal__item").get(pk=version.pk)


def proposal(workspace: Workspace) -> Proposal:
    """A proposal of which nothing was sent yet."""
    return proposal_version(workspace).proposal


def proposal_line(workspace: Workspace) -> ProposalLine:
    """The line of a draft."""
    return proposal_version(workspace).lines.get()


def proposal_note(workspace: Workspace) -> ProposalNote:
    """What a customer said about a version."""
    who = proposal_answers.Who(name="Carol")
    return proposal_answers.comment(sent_version(workspace), by=None, who=who, text="Why?").note


def proposal_event(workspace: Workspace) -> ProposalEvent:
    """The sending of a version."""
    return ProposalEvent.objects.get(version=sent_version(workspace))


def proposal_link(workspace: Workspace) -> ProposalLink:
    """The address that the sending of a version made."""
    return ProposalLink.objects.get(proposal=sent_version(workspace).proposal)


def proposal_document(workspace: Workspace) -> ProposalDocument:
    """The PDF of a version that was sent."""
    return proposal_documents.keep(sent_version(workspace))


def proposal_settings_row(workspace: Workspace) -> ProposalSettings:
    """How a workspace writes its proposals."""
    return proposal_settings.change(workspace, by=owner_of(workspace), valid_days=14)


def proposal_template(workspace: Workspace) -> ProposalTemplate:
    """A template of the workspace's own."""
    return proposal_settings.set_template(
        workspace, language="en", source="Hello", by=owner_of(workspace)
    )


def activity(
    workspace: Workspace,
    *,
    about: Item | None = None,
    kind: str = "call",
    days: int = 1,
    owner: Member | None = None,
    **details: object,
) -> Activity:
    """Something planned about a deal, due in some days."""
    return activities.plan(
        about or item(workspace),
        kind=kind,
        due=dating.today(workspace) + timedelta(days=days),
        by=owner,
        owner=owner,
        **details,
    )


def mail_template(workspace: Workspace, name: str = "Thanks", **details: str) -> MailTemplate:
    """A letter that thanks a person, in English."""
    said = {"language": "en", "subject": "Thank you, {person}", "text": "Good day, {person}."}
    return mail_templates.add(workspace, by=owner_of(workspace), name=name, **said | details)


def activity_change(workspace: Workspace) -> ActivityChange:
    """What the planning of a call wrote down."""
    return activity(workspace).changes.get()


def playbook_task(
    workspace: Workspace, *, stage: Stage | None = None, title: str = "Call", **details: object
) -> PlaybookTask:
    """A call that a stage puts on the deals that enter it, on the next working day."""
    usual = {"kind": "call", "days": 1, **details}
    to = stage or _stage_for_tasks(workspace)
    return playbooks.add(to, title=title, by=owner_of(workspace), **usual)


def _stage_for_tasks(workspace: Workspace) -> Stage:
    return stage(workspace, "needs_assessment")


def played_task(workspace: Workspace) -> PlayedTask:
    """What a playbook put on a deal."""
    task = playbook_task(workspace)
    moved = deal(workspace)
    moves.move(moved.item, to=task.stage, by=owner_of(workspace))
    return PlayedTask.objects.get(task=task, item=moved.item)


def snooze(workspace: Workspace) -> Snooze:
    """A deal without a next step that its owner does not want to see for a week."""
    mine = deal(workspace, owner=owner_of(workspace))
    until = dating.today(workspace) + timedelta(days=7)
    return snoozes.snooze(mine.item, kind="no_step", until=until, by=owner_of(workspace))


def claim(workspace: Workspace, on: Deal | None = None, **said: object) -> Claim:
    """What somebody said of a deal: that 40,000 are approved, by default."""
    details = {"topic": "budget", "amount": Decimal(40_000), "is_approved": True, **said}
    return claims.state(on or deal(workspace), said=claims.Said(**details), by=owner_of(workspace))


def saved_view(
    workspace: Workspace, name: str = "Mine", *, owner: Member | None = None, **details: object
) -> SavedView:
    """A view of the list of deals: those without an owner, by amount."""
    usual = {"place": "deals", "query": "owner=nobody&sort=-amount&view=list", **details}
    place = str(usual.pop("place"))
    return saved_views.save(place, name=name, by=owner or owner_of(workspace), **usual)


def first_view(workspace: Workspace) -> FirstView:
    """A view with which the founder's list of deals opens."""
    view = saved_view(workspace, f"View {next(_numbers)}")
    return saved_views.open_first(view, by=owner_of(workspace))


def sending(workspace: Workspace, digest: str = "a" * 64) -> Sending:
    """A form that the founder sent."""
    return sendings.begin(owner_of(workspace), digest=digest)[0]


def deal_edit(workspace: Workspace) -> DealEdit:
    """A deal that got another day of expected close, as one of several."""
    return together.edit(
        [deal(workspace)],
        act="close_on",
        value=date(2030, 1, 2),
        by=owner_of(workspace),
        allowed=lambda _item: None,
    ).edit


def deal_edit_row(workspace: Workspace) -> DealEditRow:
    """What that act found and left."""
    return deal_edit(workspace).rows.get()


def override(workspace: Workspace, reason: str = "") -> Override:
    """A deal that was moved past a gate without its amount; without a reason given, that was erased since."""
    one = deal(workspace, amount=None)
    Stage.objects.filter(pk=one.item.stage_id).update(needs=["amount"])
    to, by = stage(workspace), owner_of(workspace)
    row = moves.move(one.item, to=to, by=by, despite=reason or "In a hurry.")
    Stage.objects.filter(pk=one.item.stage_id).update(needs=[])
    if not reason:
        OverrideWording.objects.filter(override__transition=row).delete()
    return Override.objects.get(transition=row)


def override_wording(workspace: Workspace) -> OverrideWording:
    """Why a gate was passed."""
    return OverrideWording.objects.get(override=override(workspace, "He shook hands on it."))


def claim_wording(workspace: Workspace) -> ClaimWording:
    """The words of what was said."""
    return ClaimWording.objects.get(claim=claim(workspace, text="Forty, not a cent more."))


def half_life(workspace: Workspace) -> HalfLife:
    """How long a budget stays credible."""
    return claims.set_half_life(workspace, topic="budget", days=30, by=None)


def audit_entry(workspace: Workspace) -> AuditEntry:
    """What the founding of the workspace wrote down."""
    return AuditEntry.objects.get(workspace=workspace, action="workspace.founded")


def change_set(workspace: Workspace) -> ChangeSet:
    """A file of companies that was brought in."""
    return ChangeSet.objects.create(
        workspace=workspace,
        noun="companies",
        filename="companies.csv",
        source="csv",
        by=owner_of(workspace),
    )


def chunk(workspace: Workspace) -> Chunk:
    """The first piece of a file."""
    return Chunk.objects.create(
        workspace=workspace, change_set=change_set(workspace), position=0, data=b"name"
    )


def change_row(workspace: Workspace) -> ChangeRow:
    """What the first row of a file does."""
    return ChangeRow.objects.create(
        workspace=workspace, change_set=change_set(workspace), number=1, verdict="create"
    )


def identity(workspace: Workspace) -> Identity:
    """What a file calls a company."""
    return Identity.objects.create(
        workspace=workspace,
        source="csv",
        noun="companies",
        key="acme",
        target_id=company(workspace).pk,
        change_set=change_set(workspace),
    )


def mapping(workspace: Workspace) -> Mapping:
    """A saved mapping of companies."""
    return Mapping.objects.create(
        workspace=workspace, noun="companies", name="Ours", headers="1", columns={}, options={}
    )


def rate(workspace: Workspace) -> Rate:
    """What a dollar was worth on the first day of 2026."""
    return rates.enter(
        workspace, currency="USD", day=date(2026, 1, 1), rate=Decimal("0.9"), by=None
    )


def goal(workspace: Workspace, *, value: str | None = "1000", **target: Any) -> Goal:
    """What is to be won in January 2026, or another goal; without a value it is taken away."""
    target.setdefault("metric", "won_amount")
    target.setdefault("period", "month")
    target.setdefault("first_on", date(2026, 1, 1))
    valid_from = target.pop("valid_from", date(2026, 1, 1))
    made = goals.set_goal(
        workspace,
        goals.Target(**target),
        value=None if value is None else Decimal(value),
        by=None,
        valid_from=valid_from,
    )
    assert made is not None, "it was not there before"
    return made


def followup_rule(
    workspace: Workspace, *, act: str = "survey", name: str = "Ask after a week", **details: object
) -> FollowupRule:
    """A rule that asks for satisfaction a week after each delivery."""
    return followup_rules.add(workspace, act=act, name=name, by=None, **details)


def delivered_order(workspace: Workspace, *, deal: Deal | None = None) -> Order:
    """An order delivered in full: of a deal if one is named."""
    if deal is None:
        delivered = order(workspace)
    else:
        deals.win(deal, by=None)
        link = Link.objects.get(source_id=deal.pk, kind="placed")
        delivered = Order.objects.select_related("item").get(pk=link.target_id)
    orders.fulfil_all(delivered, by=None)
    return Order.objects.select_related("item__workspace", "company").get(pk=delivered.pk)


def followup(workspace: Workspace) -> Followup:
    """A survey planned by hand after a delivery."""
    on = timezone.now().date() + timedelta(days=7)
    return followups.plan(delivered_order(workspace).item, act="survey", on=on, by=None)


def asked(
    workspace: Workspace, *, scale: str = "csat", order: Order | None = None
) -> surveys.SurveyAsked:
    """A survey with its link."""
    about = order or delivered_order(workspace)
    return surveys.ask(about.item, scale=scale, by=None, company=about.company)


def survey(workspace: Workspace) -> Survey:
    """A survey about a delivered order."""
    return asked(workspace).survey


def survey_answer(workspace: Workspace, *, score: int = 5, comment: str = "") -> SurveyAnswer:
    """What a customer answered."""
    return surveys.answer(survey(workspace), score=score, comment=comment)


def survey_comment(workspace: Workspace) -> SurveyComment:
    """What a customer wrote beside the number."""
    return SurveyComment.objects.get(answer=survey_answer(workspace, comment="All well."))


def letter(subject: str = "A word", *, url: str = "", **details: object) -> Letter:
    """What a letter says."""
    return Letter(subject=subject, paragraphs=["Good day,"], sender="Mill", url=url, **details)


def message(workspace: Workspace, to: str = "carol@example.test", **details: object) -> Message:
    """A letter in the outbox."""
    posted = outbox.post(workspace, letter(), kind="test", to=outbox.To(address=to), **details)
    assert posted is not None
    return posted


def notice(workspace: Workspace) -> Notice:
    """What tells the owner that something was given to them."""
    mine = activity(workspace, owner=member(workspace))
    found = bell.ring(
        owner_of(workspace),
        kind="given",
        item=mine.item,
        activity=mine,
        source_key=f"made:{mine.pk}",
    )
    assert found is not None
    return found


def wishes(workspace: Workspace) -> Wishes:
    """How the owner wishes to be reminded."""
    return wishing.choose(owner_of(workspace), has_digest=True, digest_hour=7, minutes_before=15)


def attachment(workspace: Workspace) -> Attachment:
    """What goes with a letter."""
    file = outbox.File(name="offer.pdf", media_type="application/pdf", data=b"%PDF-")
    return Attachment.objects.get(message=message(workspace, files=[file]))


def calendar(workspace: Workspace) -> Calendar:
    """A calendar; the first one is the default."""
    return calendars.add(workspace, name=f"Workshop {next(_numbers)}", by=None)


def calendar_week(workspace: Workspace) -> CalendarWeek:
    """The hours of a week."""
    return calendar(workspace).weeks.get()


def calendar_day(workspace: Workspace) -> CalendarDay:
    """A holiday."""
    made = calendar(workspace)
    calendars.add_days(made, [(date(2026, 12, 25), "Christmas")], by=None)
    return made.days.get()


def campaign(workspace: Workspace, name: str = "Spring fair", **details: object) -> Campaign:
    """Something that was done so that customers come: a fair, by default."""
    values = {"channel": "event", "starts_on": date(2026, 1, 1), **details}
    return campaigns.start(workspace, name=name, by=None, **values)


def campaign_cost(
    workspace: Workspace,
    *,
    of: Campaign | None = None,
    amount: str = "310",
    first: date = date(2026, 1, 1),
    last: date = date(2026, 1, 31),
    **details: object,
) -> CampaignCost:
    """What a campaign cost: 310 in January, by default."""
    return campaigns.add_cost(
        of or campaign(workspace),
        first=first,
        last=last,
        amount=Decimal(amount),
        by=None,
        **details,
    )


def channel_rule(workspace: Workspace, text: str = "Our stand") -> ChannelRule:
    """What a word stands for."""
    return channels.set_rule(workspace, sort="stated", text=text, channel="event", by=None)


def touch(workspace: Workspace, on: Deal | None = None, **details: object) -> Touch:
    """How a customer came: by search, by default."""
    return touches.record(on or deal(workspace), by=None, **{"channel": "search", **details})


def touch_trace(workspace: Workspace) -> TouchTrace:
    """What the addresses of a touch said."""
    trace = tracking.read("https://mill.test/wheels?utm_source=google&utm_medium=cpc")
    return TouchTrace.objects.get(touch=touch(workspace, trace=trace))


def capture_form(
    workspace: Workspace, name: str = "Ask for a quote", **details: object
) -> CaptureForm:
    """A form that asks for name, e-mail, company and message."""
    values = {"pipeline": pipeline(workspace), **details}
    return capture_forms.make(workspace, by=None, name=name, **values)


def consent_text(workspace: Workspace) -> ConsentText:
    """What visitors of a form agree to."""
    form = capture_form(workspace, consent="You may write to me.")
    return capture_forms.consent_of(form)


def sent(email: str = "carol@customer.test", **details: object) -> captures.Sent:
    """What a visitor sends."""
    settings = {"source_key": f"form:{next(_numbers)}", **details}
    answers = {"name": "Carol", "email": email, **settings.pop("answers", {})}
    return captures.Sent(answers=answers, **settings)


def submission(
    workspace: Workspace, *, to: CaptureForm | None = None, **details: object
) -> Submission:
    """What came in by a form, and opened a lead."""
    return captures.take(to or capture_form(workspace), sent(**details))


def consent(workspace: Workspace) -> Consent:
    """That a visitor agreed."""
    form = capture_form(workspace, consent="You may write to me.")
    return submission(workspace, to=form, agrees=True).consents.get()


def capture_key(workspace: Workspace, form: CaptureForm | None = None) -> CaptureKey:
    """With it a shop signs what it sends."""
    return capture_keys.make(form or capture_form(workspace), name="Shop", by=None)


def seen_signature(workspace: Workspace) -> SeenSignature:
    """A signature that was used."""
    key = capture_key(workspace)
    timestamp = int(timezone.now().timestamp())
    signature = capture_keys.sign(capture_keys.secret_of(key), timestamp=timestamp, body=b"{}")
    capture_keys.check(
        workspace,
        public_id=key.public_id,
        timestamp=str(timestamp),
        signature=signature,
        body=b"{}",
    )
    return SeenSignature.objects.get(key=key)


def answer_rule(workspace: Workspace, target: str = "4") -> AnswerRule:
    """How soon leads are answered: within four working hours, then two more for each step."""
    return answers.set_rule(
        pipeline(workspace),
        target_hours=Decimal(target),
        lead_hours=Decimal(2),
        manager_hours=Decimal(2),
        by=None,
    )


def answer_clock(
    workspace: Workspace, *, of: Deal | None = None, at: datetime | None = None
) -> AnswerClock:
    """The clock of a lead that arrived."""
    return answers.start(of or deal(workspace, at=at), at=at)


def escalation(workspace: Workspace) -> Escalation:
    """That the managers were told of a lead that nobody answered."""
    long_ago = timezone.now() - timedelta(days=60)
    clock = answer_clock(workspace, at=long_ago)
    answers.climb(workspace)
    return Escalation.objects.get(item_id=clock.deal_id)
