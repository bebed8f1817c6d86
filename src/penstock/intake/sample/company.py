"""The sample company itself: its people, customers and products, and the order in which its story is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from penstock.catalog import products
from penstock.catalog.models import Product
from penstock.contacts import companies, people
from penstock.contacts.models import Company, Person
from penstock.flow import dating, founding
from penstock.intake.sample.words import BY_LANGUAGE, Words
from penstock.users import members, teams, walls
from penstock.users.models import Account, Member, Role, Workspace

DAYS = 425
# What ended before is written set-wise; what is younger is lived through verb by verb.
RECENT_DAYS = 45
N_COMPANIES = 40
N_PEOPLE = 90


@dataclass
class Cast:
    """Who and what the story is about, and what is still to happen, each at its moment."""

    workspace: Workspace
    words: Words
    rng: random.Random
    now: datetime
    members: list[Member] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    people: dict[int, list[Person]] = field(default_factory=dict)
    products: list[tuple[Product, Decimal]] = field(default_factory=list)
    events: list[tuple[datetime, int, Callable[[], Any]]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    n_planned: int = 0

    @property
    def recently(self) -> datetime:
        """Since when things are told verb by verb."""
        return self.now - timedelta(days=RECENT_DAYS)

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What is read once and then remembered."""
        if name not in self.memory:
            self.memory[name] = make()
        return self.memory[name]

    def plan(self, at: datetime, act: Callable[[], Any]) -> bool:
        """Let something happen at a moment; what lies in the future does not happen yet."""
        if at < self.now:
            self.n_planned += 1
            self.events.append((at, self.n_planned, act))
        return at < self.now

    def tell(self) -> None:
        """Let all that is planned happen in the order of time; what happens may plan more."""
        while self.events:
            self.events.sort(key=lambda event: event[:2])
            at, _number, act = self.events.pop(0)
            with dating.lived(at):
                act()

    def work_time(self, day: float) -> datetime:
        """A moment in office hours, this many days after the story began."""
        at = self.now - timedelta(days=DAYS) + timedelta(days=day)
        at += timedelta(days=max(0, at.weekday() - 4))
        return at.replace(hour=self.rng.randint(7, 15), minute=self.rng.randint(0, 59))

    def member(self, role: Role) -> Member:
        """Somebody of a role."""
        return self.rng.choice([one for one in self.members if one.role == role])


def make(*, language: str, seed: int, email: str, password: str) -> str:
    """Make the company and live through its fourteen months; all of it or nothing.

    Returns:
        The address (slug) of its workspace.
    """
    from penstock.intake.sample import (  # noqa: PLC0415 -- they build on the cast
        activities,
        arrivals,
        care,
        currencies,
        deals,
        doubles,
        evidence,
        goals,
        marketing,
        orders,
        past,
        proposals,
        views,
    )

    words = BY_LANGUAGE[language]
    with transaction.atomic():
        workspace = _workspace(words, language=language, email=email, password=password)
        cast = Cast(
            workspace=workspace,
            words=words,
            rng=random.Random(seed),
            now=timezone.now(),
        )
        cast.members = _members(workspace, words, email=email, password=password)
        _customers(cast)
        _products(cast)
        currencies.state(cast)
        care.make_rules(cast)
        lives, repeats = deals.lives(cast), orders.repeats(cast)
        past.write_deals(cast, [one for one in lives if _is_past(cast, one)])
        past.write_repeats(cast, [one for one in repeats if one.at < cast.recently])
        for life in lives:
            if not _is_past(cast, life):
                life.tell()
        for repeat in repeats:
            if repeat.at >= cast.recently:
                repeat.tell()
        cast.tell()
        care.ask(cast)
        deals.leave_parked(cast)
        proposals.offer(cast)
        marketing.tell(cast)
        activities.keep(cast)
        arrivals.come(cast)
        for tell in (
            doubles.enter,
            evidence.gather,
            goals.set_all,
            _deliver,
            views.keep,
        ):
            tell(cast)
    walls.leave()
    return workspace.slug


def _deliver(cast: Cast) -> None:
    """What happens on the way from an order to its delivery: waiting, hours, work."""
    from penstock.intake.sample import (  # noqa: PLC0415 -- they build on the cast
        foreseen,
        hours,
        order_activities,
        repromises,
        shipments,
        tasks,
        urgency,
        waiting,
        worth,
    )

    waiting.hold_some(cast)
    order_activities.keep(cast)
    repromises.move_some(cast)
    shipments.plan_some(cast)
    hours.fill(cast)
    worth.say(cast)
    urgency.tell(cast)
    tasks.give_out(cast)
    foreseen.tell(cast)


def _is_past(cast: Cast, life: Any) -> bool:
    return bool(life.is_over and life.story[-1].at < cast.recently)


def _workspace(words: Words, *, language: str, email: str, password: str) -> Workspace:
    account = _account(email, password, name=words.members[0][0], language=language)
    return founding.found(
        name=words.company,
        by=account,
        slug=words.slug,
        currency=words.currency,
        time_zone=words.time_zone,
        language=language,
    )


def _account(email: str, password: str, **details: str) -> Account:
    account = Account.objects.create_user(email, password, **details)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def _members(workspace: Workspace, words: Words, *, email: str, password: str) -> list[Member]:
    owner = Member.objects.get(workspace=workspace)
    named = {name: teams.create(workspace, name=name, by=owner) for name in words.teams}
    made, with_account = [owner], set()
    for name, role, team in words.members[1:]:
        account = None
        if role not in with_account:
            # One of each role can sign in, to see what that role sees.
            with_account.add(role)
            account = _account(f"{role}.{email}", password, name=name)
        made.append(
            members.add(
                workspace, name=name, role=role, team=named.get(team), by=owner, account=account
            )
        )
    for one in made[1:]:
        # Whoever steers, or comes first in the workshop, leads the team.
        if one.team and one.team.lead_id is None:
            teams.set_lead(one.team, lead=one, by=owner)
    return made


def _customers(cast: Cast) -> None:
    words, rng, owner = cast.words, cast.rng, cast.members[0]
    names = [f"{place} {trade}" for trade in words.trades for place in words.places]
    rng.shuffle(names)
    for name in names[:N_COMPANIES]:
        number = next(place for place, trade in enumerate(words.trades) if name.endswith(trade))
        company = companies.add(
            cast.workspace,
            name=name,
            by=owner,
            industry=words.industries[number],
            **_size(words, employees=rng.choice([12, 35, 80, 150, 400, 900])),
        )
        cast.companies.append(company)
    for number in range(N_PEOPLE):
        company = cast.companies[number % N_COMPANIES]
        name = f"{rng.choice(words.first_names)} {rng.choice(words.last_names)}"
        person = people.add(
            cast.workspace,
            name=name,
            by=owner,
            company=company,
            email=f"contact{number + 1}@customer.example",
            phone=f"+49 30 5550{number:03d}"
            if words.currency == "EUR"
            else f"+7 495 555-{number:04d}",
            job_title=rng.choice(words.titles),
        )
        cast.people.setdefault(company.pk, []).append(person)


def _size(words: Words, *, employees: int) -> dict[str, Any]:
    """How many work there, and the segment that the company files such customers under."""
    small, middle, large = words.segments
    segment = small if employees < 50 else middle if employees < 300 else large
    return {"employees": employees, "segment": segment}


def _products(cast: Cast) -> None:
    for name, category, price, hours in cast.words.products:
        product = products.add(
            cast.workspace,
            name=name,
            by=cast.members[0],
            category=category,
            work_hours=Decimal(hours),
        )
        amount = Decimal(price)
        products.price(
            product, amount=amount, currency=cast.words.currency, valid_from=_first_day(cast)
        )
        cast.products.append((product, amount))


def _first_day(cast: Cast) -> date:
    return (cast.now - timedelta(days=DAYS)).date()
