"""By what companies and people are found to be alike: pieces of names, addresses and numbers."""

from __future__ import annotations

from django.db import models

from penstock.users.walls import Walled, WorkspaceKey


class Token(Walled):
    """One comparable piece of a record: derived, rewritten whenever the record changes, gone when it is erased.

    Equality alone finds it: a comparison that is not leakproof would be kept from the index by
    row-level security.
    """

    class Kind(models.TextChoices):
        """What the piece is; see :mod:`penstock.analytics.spelling`."""

        GRAM = "g"
        BAND = "b"
        NAME = "n"
        DOMAIN = "d"
        EMAIL = "e"
        PHONE = "p"

    kind = models.CharField(max_length=1, choices=Kind.choices)
    text = models.CharField(max_length=250)
    #: How many trigrams the name has, so that likeness is counted from the index alone.
    n_grams = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


class CompanyToken(Token):
    """A piece of a company."""

    company = WorkspaceKey("contacts.Company", related_name="tokens")

    class Meta:
        """Found by text, and rewritten by company."""

        indexes = [
            models.Index(
                fields=["workspace", "kind", "text"],
                include=["company", "n_grams"],
                name="contacts_company_alike",
            ),
            models.Index(fields=["company"], name="contacts_tokens_of_company"),
        ]


class PersonToken(Token):
    """A piece of a person; it identifies the person, and is erased with them."""

    person = WorkspaceKey("contacts.Person", related_name="tokens")

    class Meta:
        """Found by text, and rewritten by person."""

        indexes = [
            models.Index(
                fields=["workspace", "kind", "text"],
                include=["person", "n_grams"],
                name="contacts_person_alike",
            ),
            models.Index(fields=["person"], name="contacts_tokens_of_person"),
        ]
