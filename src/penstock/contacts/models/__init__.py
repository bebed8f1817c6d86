"""Companies and people."""

from penstock.contacts.models.company import Company
from penstock.contacts.models.person import Person

__all__ = ["Company", "Person"]
