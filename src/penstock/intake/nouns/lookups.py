"""Finding companies, products, members, stages and loss reasons by what files call them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from django.db.models import F

from penstock.base import keys
from penstock.catalog import bulk as catalog_bulk
from penstock.catalog.models import Product
from penstock.contacts import bulk as contacts_bulk
from penstock.contacts import merging
from penstock.contacts.models import Company
from penstock.contacts.models.merge import Noun
from penstock.flow.models import LossReason
from penstock.intake.models import Identity
from penstock.users import members
from penstock.users.models import Member, Role, Workspace


@lru_cache(maxsize=16384)
def match_key(name: str) -> str:
    """As :func:`penstock.base.keys.match_key`; files name the same things over and over."""
    return keys.match_key(name)


class Lookups:
    """Names and keys known in a workspace, loaded once per run; new names are added at the end of each chunk."""

    def __init__(
        self, workspace: Workspace, *, source: str, batch: int, made: Counter[str]
    ) -> None:
        self._workspace = workspace
        self._source = source
        self._batch = batch
        self._made = made

    def company(self, name: str) -> int | None:
        """A company by the source's key or by its name in any spelling."""
        return self._company_keys.get(name) or self._companies.get(match_key(name))

    def product(self, name: str) -> int | None:
        """A product by key, article number or name."""
        return self._product_keys.get(name) or self._products.get(match_key(name))

    def member(self, name: str) -> int | None:
        """A member by key, name or e-mail address."""
        return self._member_keys.get(name) or self._members.get(match_key(name))

    def reason(self, name: str | None) -> int | None:
        """A loss reason by code or name; “not stated” when the file says none or an unknown one."""
        found = self._reasons.get(match_key(name)) if name else None
        return found or self._reasons.get("unknown")

    def add_companies(self, names: Iterable[str]) -> None:
        """Add the companies among these names that are not known yet."""
        fresh = {match_key(name): name for name in names if self.company(name) is None}
        rows = contacts_bulk.add_companies(
            self._workspace.pk, [{"name": name} for name in fresh.values()], batch=self._batch
        )
        self.learn_companies(rows)
        self._made["companies"] += len(rows)

    def add_products(self, names: Iterable[str]) -> None:
        """Add the products among these names that are not known yet."""
        fresh = {match_key(name): name for name in names if self.product(name) is None}
        rows = catalog_bulk.add(
            self._workspace.pk, [{"name": name} for name in fresh.values()], batch=self._batch
        )
        self.learn_products(rows)
        self._made["products"] += len(rows)

    def add_members(self, names: Iterable[str]) -> None:
        """Add the members among these names that are not known yet, without an account."""
        fresh = {match_key(name): name for name in names if self.member(name) is None}
        for key, name in fresh.items():
            member = members.add(
                self._workspace, name=name, role=Role.REP, by=None, batch=self._batch
            )
            self._members[key] = member.pk
        self._made["members"] += len(fresh)

    def learn_companies(self, rows: Iterable[Company]) -> None:
        """Know companies that were just added."""
        self._companies.update((row.match_key, row.pk) for row in rows)

    def learn_products(self, rows: Iterable[Product]) -> None:
        """Know products that were just added."""
        self._products.update((row.match_key, row.pk) for row in rows)

    def learn_members(self, rows: Iterable[Member]) -> None:
        """Know members that were just added."""
        self._members.update((match_key(row.name), row.pk) for row in rows)

    def prices(self, currency: str) -> dict[int, list[tuple[date, Decimal | None]]]:
        """All prices in a currency by product, the newest first."""
        if currency == self._workspace.currency:
            return self._prices
        return catalog_bulk.latest_prices(self._workspace.pk, currency=currency)

    def price(self, product_id: int, *, on: date) -> Decimal | None:
        """The list price of a product on a day, or the oldest known one before that."""
        rows = self._prices.get(product_id, [])
        in_force = next((amount for day, amount in rows if day <= on), None)
        return in_force if in_force is not None or not rows else rows[-1][1]

    def work_hours(self, product_id: int) -> Decimal | None:
        """Work hours per unit of a product."""
        return self._hours.get(product_id)

    @cached_property
    def _companies(self) -> dict[str, int]:
        rows = Company.objects.filter(workspace=self._workspace, withdrawn_at=None)
        # A company under its own name comes before one that was merged into another.
        ordered = rows.order_by(F("merged_into").desc(nulls_last=True), "-id")
        named = list(ordered.values_list("match_key", "id", "merged_into_id"))
        gone = {pk for _name, pk, into in named if into}
        now = merging.survivors(Noun.COMPANY, gone) if gone else {}
        return {name: now.get(pk, pk) for name, pk, _into in named}

    @cached_property
    def _products(self) -> dict[str, int]:
        rows = Product.objects.filter(workspace=self._workspace, withdrawn_at=None).order_by("-id")
        found: dict[str, int] = {}
        for pk, name, code in rows.values_list("id", "match_key", "code"):
            found[name] = pk
            if code:
                found.setdefault(match_key(code), pk)
        return found

    @cached_property
    def _hours(self) -> dict[int, Decimal]:
        rows = Product.objects.filter(workspace=self._workspace, work_hours__isnull=False)
        return {
            pk: hours for pk, hours in rows.values_list("id", "work_hours") if hours is not None
        }

    @cached_property
    def _members(self) -> dict[str, int]:
        rows = Member.objects.filter(workspace=self._workspace).order_by("is_active", "-id")
        found: dict[str, int] = {}
        for pk, name, email in rows.values_list("id", "name", "account__email"):
            found[match_key(name)] = pk
            if email:
                found[match_key(email)] = pk
        return found

    @cached_property
    def _reasons(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in LossReason.objects.filter(workspace=self._workspace, retired_at=None):
            found.setdefault(match_key(row.label), row.pk)
            found[row.code] = row.pk
            found[match_key(row.code)] = row.pk
        return found

    @cached_property
    def _prices(self) -> dict[int, list[tuple[date, Decimal | None]]]:
        return catalog_bulk.latest_prices(self._workspace.pk, currency=self._workspace.currency)

    @cached_property
    def _company_keys(self) -> dict[str, int]:
        return self._keys("companies")

    @cached_property
    def _product_keys(self) -> dict[str, int]:
        return self._keys("products")

    @cached_property
    def _member_keys(self) -> dict[str, int]:
        return self._keys("members")

    def _keys(self, noun: str) -> dict[str, int]:
        rows = Identity.objects.filter(workspace=self._workspace, source=self._source, noun=noun)
        named = dict(rows.values_list("key", "target_id"))
        if noun != "companies":
            return named
        now = merging.survivors(Noun.COMPANY, set(named.values()))
        return {key: now[pk] for key, pk in named.items()}
