"""A human being at a customer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey


class Person(Walled):
    """A contact. All that identifies the person stands in this row, so that it can be erased.

    ``merged_into`` is the person that answers for this one since they were merged.
    """

    company = WorkspaceKey("contacts.Company", null=True, blank=True, related_name="people")
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    merged_into = WorkspaceKey("self", null=True, blank=True, related_name="absorbed")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by name and by address."""

        indexes = [
            models.Index(fields=["workspace", "sort_key"], name="contacts_person_by_name"),
            models.Index(fields=["workspace", "email"], name="contacts_person_by_email"),
            models.Index(fields=["workspace", "company"], name="contacts_person_of_company"),
            models.Index(
                fields=["workspace", "merged_into"],
                name="contacts_person_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
