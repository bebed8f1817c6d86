"""What makes companies comparable with companies, and people with people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from penstock.analytics import duplicates
from penstock.analytics.duplicates import CompanyFacts, Match, PersonFacts
from penstock.contacts.models import Company, CompanyToken, Person, PersonToken
from penstock.contacts.models.merge import Noun

#: A key that more records share tells nothing: a switchboard's number, the domain of a holding.
MOST = 25
N_READ = 10_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """How records of a noun are compared: their pieces' table, the facts, the two steps of comparing."""

    noun: Noun
    token: type[CompanyToken | PersonToken]
    key: str
    record: type[Company | Person]
    fields: tuple[str, ...]
    cut: Callable[..., Any]
    compare: Callable[[Any, Any], Match]

    @property
    def table(self) -> str:
        """The table of pieces."""
        return self.token._meta.db_table

    def facts_of(self, ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
        """Id and facts of those of some records that are there; a query takes only so many parameters."""
        listed = sorted(ids)
        for first in range(0, len(listed), N_READ):
            rows = self.record.objects.filter(pk__in=listed[first : first + N_READ])
            live = rows.filter(withdrawn_at=None, merged_into=None)
            yield from live.values_list("pk", *self.fields)

    def pieces_of(self, ids: Collection[int]) -> dict[int, Any]:
        """Records, cut to be compared."""
        return {pk: self.cut(*facts) for pk, *facts in self.facts_of(ids)}


def cut_company(name: str, domain: str = "", city: str = "") -> duplicates.CompanyPieces:
    """A company that is here or about to be, cut to be compared."""
    return duplicates.company_pieces(CompanyFacts(name, domain, city))


def cut_person(
    name: str, email: str = "", phone: str = "", company_id: int | None = None
) -> duplicates.PersonPieces:
    """A person who is here or about to be, cut to be compared."""
    return duplicates.person_pieces(PersonFacts(name, email, phone, company_id))


COMPANIES = Comparison(
    noun=Noun.COMPANY,
    token=CompanyToken,
    key="company_id",
    record=Company,
    fields=("name", "domain", "city"),
    cut=cut_company,
    compare=duplicates.company_match,
)
PEOPLE = Comparison(
    noun=Noun.PERSON,
    token=PersonToken,
    key="person_id",
    record=Person,
    fields=("name", "email", "phone", "company_id"),
    cut=cut_person,
    compare=duplicates.person_match,
)
BOTH = (COMPANIES, PEOPLE)
