"""Which column is which answer, kept for the next file of its kind."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled


class Mapping(Walled):
    """A named mapping of a noun; proposed again for a file with the same headers."""

    noun = models.CharField(max_length=16)
    name = models.CharField(_("name"), max_length=120)
    headers = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One mapping per name and noun."""

        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "noun", "name"], name="intake_mapping_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
