"""A letter that is written once and sent to many, with places for what differs."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled


class MailTemplate(Walled):
    """Subject and text of an e-mail about a deal; placeholders such as ``{person}`` are filled for each.

    Changing it changes no letter that was sent. It is retired, never deleted.
    """

    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"), max_length=8000)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A name once per language, as long as it is in use."""

        constraints = [
            models.UniqueConstraint(
                "workspace",
                "language",
                Lower("name"),
                name="sales_mailtemplate_name_once",
                condition=models.Q(retired_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name
