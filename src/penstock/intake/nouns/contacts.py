"""Companies and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.base.keys import match_key
from penstock.contacts import bulk, companies, hints, people
from penstock.contacts.comparing import COMPANIES, PEOPLE, Comparison
from penstock.contacts.models import Company, Person
from penstock.intake.nouns.cells import Parsed
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.plain import Plain
from penstock.intake.nouns.ruling import Group, Ruling
from penstock.intake.nouns.run import Run

COMPANY_FIELDS = (
    Field(
        "key",
        _("Key"),
        Sort.TEXT,
        ("customer id", "company id", "account id", "id", "record id", "код"),
    ),
    Field(
        "name",
        _("Name"),
        Sort.TEXT,
        (
            "account",
            "account name",
            "company",
            "company name",
            "organization",
            "customer",
            "название",
            "компания",
        ),
        is_required=True,
    ),
    Field("domain", _("Web domain"), Sort.TEXT, ("website", "company domain name", "url", "сайт")),
    Field("industry", _("Industry"), Sort.TEXT, ("sector", "branch", "отрасль")),
    Field(
        "segment", _("Segment"), Sort.TEXT, ("market segment", "tier", "customer group", "сегмент")
    ),
    Field("country", _("Country"), Sort.TEXT, ("office location", "страна")),
    Field("city", _("City"), Sort.TEXT, ("город", "town")),
    Field(
        "employees",
        _("Employees"),
        Sort.WHOLE,
        ("number of employees", "headcount", "сотрудники", "сотрудников"),
    ),
    Field(
        "parent",
        _("Parent company"),
        Sort.TEXT,
        ("subsidiary of", "parent account", "parent company", "холдинг"),
    ),
)
PERSON_FIELDS = (
    Field("key", _("Key"), Sort.TEXT, ("contact id", "person id", "id", "record id", "код")),
    Field(
        "name",
        pgettext_lazy("of a person", "Name"),
        Sort.TEXT,
        ("full name", "contact name", "person", "contact", "имя", "фио"),
        is_required=True,
    ),
    Field("email", _("E-mail"), Sort.TEXT, ("e-mail", "email address", "mail", "почта")),
    Field("phone", _("Phone"), Sort.TEXT, ("phone number", "mobile", "телефон")),
    Field(
        "job_title",
        _("Job title"),
        Sort.TEXT,
        ("contact title", "title", "position", "role", "должность"),
    ),
    Field(
        "company",
        _("Company"),
        Sort.TEXT,
        ("company name", "account", "account name", "organization", "customer id", "компания"),
    ),
)


class Companies(Plain):
    """Adds and changes companies."""

    kind = "company"
    fields = ("name", "domain", "industry", "segment", "country", "city", "employees")

    def check(self, row: Parsed) -> Ruling | None:
        """Ask what adding one by hand asks."""
        companies.check(row.get("name") or "", {})
        return None

    def find(self, groups: Sequence[Group]) -> dict[str, Any]:
        """By key, else by name in any spelling."""
        known = self.run.known(group.key for group in groups)
        for group in groups:
            found = self.run.lookups.company(group.first.get("name"))
            if found:
                known.setdefault(group.key, found)
        known |= self.chosen(groups)
        rows = Company.objects.filter(withdrawn_at=None).in_bulk(list(known.values()))
        return {key: rows[pk] for key, pk in known.items() if pk in rows}

    def alike(self, things: Sequence[Any]) -> dict[int, int]:
        """By name in both alphabets and by web domain."""
        return _twins(COMPANIES, things)

    def add(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Add companies."""
        made = bulk.add_companies(self.run.workspace.pk, rows, batch=self.run.change_set.pk)
        self.run.lookups.learn_companies(made)
        return made

    def change(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Change companies."""
        bulk.change_companies(pairs)

    def after(self, pairs: Sequence[tuple[Any, Parsed]]) -> set[int]:
        """Tie subsidiaries to their parents; a parent further down the file is added now."""
        named = [(company, row) for company, row in pairs if row.has("parent")]
        self.run.lookups.add_companies(row.get("parent") for _company, row in named)
        ties, changed = [], set()
        for company, row in named:
            parent_id = self.run.lookups.company(row.get("parent"))
            if parent_id and parent_id not in (company.parent_id, company.pk):
                ties.append((company, {"parent": Company(pk=parent_id)}))
                changed.add(row.number)
        bulk.change_companies(ties)
        return changed


class People(Plain):
    """Adds and changes people."""

    kind = "person"
    fields = ("name", "email", "phone", "job_title")

    def check(self, row: Parsed) -> Ruling | None:
        """Ask what adding one by hand asks."""
        people.check(row.get("name") or "", {})
        return None

    def find(self, groups: Sequence[Group]) -> dict[str, Any]:
        """By key, else by e-mail address."""
        known = self.run.known(group.key for group in groups)
        emails = {
            group.first.get("email"): group.key for group in groups if group.first.has("email")
        }
        rows = Person.objects.select_related("company").filter(
            withdrawn_at=None, erased_at=None, merged_into=None
        )
        for pk, email in rows.filter(email__in=list(emails)).values_list("pk", "email"):
            known.setdefault(emails[email], pk)
        known |= self.chosen(groups)
        found = rows.in_bulk(list(known.values()))
        return {key: found[pk] for key, pk in known.items() if pk in found}

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Add the companies that people belong to first."""
        texts = [group.first.get("company") for group in groups if group.first.has("company")]
        self.run.lookups.add_companies(texts)
        return super().handle(groups)

    def details(self, row: Parsed) -> dict[str, Any]:
        """With the company, found by name or key."""
        details = super().details(row)
        if row.has("company"):
            details["company"] = Company(pk=self.run.lookups.company(row.get("company")))
        return details

    def alike(self, things: Sequence[Any]) -> dict[int, int]:
        """By name in both alphabets, e-mail address and phone."""
        return _twins(PEOPLE, things)

    def add(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Add people."""
        return bulk.add_people(self.run.workspace.pk, rows, batch=self.run.change_set.pk)

    def change(self, pairs: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
        """Change people."""
        bulk.change_people(pairs)


def _twins(noun: Comparison, things: Sequence[Any]) -> dict[int, int]:
    if not things:
        return {}
    found = hints.twins(things[0].workspace_id, noun, [thing.pk for thing in things])
    return {pk: other for pk, (other, _name) in found.items()}


def key_of_person(run: Run, raw: dict[str, str]) -> str:
    """The source's key, else the address, else name and company."""
    cells = run.cells
    found = cells.key_of("key", raw) or cells.key_of("email", raw).casefold()
    return found or match_key(cells.key_of("name", raw)) + "|" + match_key(
        cells.key_of("company", raw)
    )
