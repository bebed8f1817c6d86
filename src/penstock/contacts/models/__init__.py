"""Companies and people."""

from penstock.contacts.models.alike import Alike
from penstock.contacts.models.company import Company
from penstock.contacts.models.merge import Apart, Merge
from penstock.contacts.models.person import Person
from penstock.contacts.models.tier import Tier, TierChange
from penstock.contacts.models.token import CompanyToken, PersonToken

__all__ = [
    "Alike",
    "Apart",
    "Company",
    "CompanyToken",
    "Merge",
    "Person",
    "PersonToken",
    "Tier",
    "TierChange",
]
