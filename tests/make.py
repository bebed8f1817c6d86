"""Typed makers: every noun a test needs, made through the real verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from penstock.backlog import orders
from penstock.backlog.models import Order
from penstock.catalog import products
from penstock.catalog.models import Product
from penstock.contacts import companies, people
from penstock.contacts.models import Company, Person
from penstock.flow import pipelines
from penstock.flow.models import Kind, LossReason, Pipeline, Stage
from penstock.handoff import founding
from penstock.sales import deals
from penstock.sales.models import Deal
from penstock.users import members
from penstock.users.models import Account, Member, Role, Team, Workspace

_numbers = count(1)


def account(name: str = "Alice") -> Account:
    """Somebody who can sign in."""
    number = next(_numbers)
    return Account.objects.create_user(f"{name.lower()}{number}@example.test", "secret", name=name)


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
    return Team.objects.create(workspace=workspace, name=name, sort_key=name.lower())


def pipeline(workspace: Workspace, kind: Kind = Kind.DEAL) -> Pipeline:
    """The workspace's pipeline of a kind."""
    return pipelines.default_for(workspace.pk, kind=kind)


def stage(workspace: Workspace, code: str, kind: Kind = Kind.DEAL) -> Stage:
    """A stage of the default pipeline of a kind, by code."""
    return Stage.objects.get(pipeline=pipeline(workspace, kind), code=code)


def loss_reason(workspace: Workspace, code: str = "price") -> LossReason:
    """One of the usual loss reasons."""
    return LossReason.objects.get(workspace=workspace, code=code)


def company(workspace: Workspace, name: str = "Acme") -> Company:
    """A customer."""
    return companies.add(workspace, name=name, by=None)


def person(workspace: Workspace, name: str = "Carol", **details: object) -> Person:
    """A contact."""
    return people.add(workspace, name=name, by=None, **details)


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


def line(
    quantity: str = "10", *, price: str = "5", hours: str | None = "20", title: str = "Wheel"
) -> orders.NewLine:
    """A line of an order that is about to be placed."""
    return orders.NewLine(
        title=title,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        hours=None if hours is None else Decimal(hours),
    )


def order(
    workspace: Workspace,
    *,
    lines: Sequence[orders.NewLine] = (),
    at: datetime | None = None,
    **settings: object,
) -> Order:
    """An accepted order, by default of one line: 10 wheels at 5, 20 hours."""
    return orders.place(
        workspace, title="Wheels", lines=lines or [line()], by=None, at=at, **settings
    )
