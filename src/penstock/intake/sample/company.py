"""Founding the sample company: who works there, what it sells, and to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.base.keys import sort_key
from penstock.catalog import products
from penstock.catalog.models import Product
from penstock.contacts import companies, people
from penstock.contacts.models import Company, Person
from penstock.flow.dating import lived
from penstock.flow.models import Item
from penstock.handoff import founding
from penstock.intake.sample import words as vocabulary
from penstock.intake.sample.history import Cast, live
from penstock.intake.sample.words import Words
from penstock.users import members, walls
from penstock.users.models import Account, Member, Role, Team, Workspace

SIGN_IN = ("demo@penstock.example", "turn-the-wheel")
DAYS = 420
N_COMPANIES = 40


def fill(*, language: str = "en", seed: int = 7) -> Workspace:
    """Make the demo account and its workspace, and let the company live through fourteen months.

    Raises:
        Conflict: ``users.slug_taken`` when it was filled before.
    """
    email, password = SIGN_IN
    words = vocabulary.of(language)
    with transaction.atomic():
        account = Account.objects.create_user(email, password, name=words.members[0][0])
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
        workspace = founding.found(
            name=words.company,
            by=account,
            slug="millrace",
            time_zone=words.time_zone,
            currency=words.currency,
            language=language,
        )
        _live_in(workspace, words=words, seed=seed)
    walls.leave()
    return workspace


def fill_into(workspace: Workspace, *, by: Member, language: str = "en", seed: int = 7) -> None:
    """Let an empty workspace live through the same months, in its own currency.

    Raises:
        RuleBroken: ``intake.not_empty`` when there is something in it already.
    """
    if Item.objects.filter(workspace=workspace).exists():
        raise RuleBroken(
            "intake.not_empty",
            _("This workspace is not empty. Found another one for the sample company."),
        )
    with transaction.atomic():
        _live_in(workspace, words=vocabulary.of(language), seed=seed)


def _live_in(workspace: Workspace, *, words: Words, seed: int) -> None:
    random = Random(seed)
    start = timezone.now() - timedelta(days=DAYS)
    with lived(start):
        staff = _staff(workspace, words)
        cast = Cast(
            workspace=workspace,
            words=words,
            reps=[member for member in staff if member.role == Role.REP],
            operations=[member for member in staff if member.role == Role.OPERATIONS],
            products=[_product(workspace, row, start) for row in words.products],
            companies=[_company(workspace, words, random) for _n in range(N_COMPANIES)],
        )
    live(cast, start=start, random=random)


def _staff(workspace: Workspace, words: Words) -> list[Member]:
    teams = [
        Team.objects.create(workspace=workspace, name=name, sort_key=sort_key(name))
        for name in words.teams
    ]
    return [
        members.add(workspace, name=name, role=role, by=None, team=teams[number % len(teams)])
        for number, (name, role) in enumerate(words.members[1:])
    ]


def _product(
    workspace: Workspace, row: tuple[str, str, int, int], start: datetime
) -> tuple[Product, Decimal]:
    name, category, price, hours = row
    product = products.add(
        workspace, name=name, by=None, category=category, work_hours=Decimal(hours)
    )
    products.price(
        product,
        amount=Decimal(price),
        currency=workspace.currency,
        valid_from=start.astimezone(workspace.zone).date(),
    )
    return product, Decimal(price)


def _company(workspace: Workspace, words: Words, random: Random) -> tuple[Company, list[Person]]:
    city, country = random.choice(words.cities)
    taken = Company.objects.filter(workspace=workspace).values_list("name", flat=True)
    free = [
        name
        for name in (f"{firm} {form}" for firm in words.firms for form in words.forms)
        if name not in set(taken)
    ]
    company = companies.add(
        workspace,
        name=random.choice(free),
        by=None,
        city=city,
        country=country,
        industry=random.choice(words.industries),
        employees=random.choice((12, 35, 80, 150, 420, 900)),
    )
    return company, [
        _person(workspace, company, words, random) for _n in range(random.choice((1, 2, 3)))
    ]


def _person(workspace: Workspace, company: Company, words: Words, random: Random) -> Person:
    first, last = random.choice(words.people), random.choice(words.surnames)
    return people.add(
        workspace,
        name=f"{first} {last}",
        by=None,
        company=company,
        job_title=random.choice(words.jobs),
        email=f"contact{random.randint(100, 9999)}@customer.example",
    )
