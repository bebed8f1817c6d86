"""Why a promise was given another day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class PromiseReason(Walled):
    """Why we gave another day than before: the cause of one field change of a promise.

    Written with the change, and never changed; it counts as long as the change does. What was said
    about it stands in :class:`PromiseWording`, which can be erased.
    """

    append_only = True

    change = WorkspaceOneToOne("flow.FieldChange", related_name="promise_reason")
    cause = models.CharField(max_length=40)
    by = WorkspaceKey("users.Member", null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.change_id} {self.cause}"


class PromiseWording(Walled):
    """What was said about a new promise, in words: apart, so that it can be erased."""

    reason = WorkspaceOneToOne(PromiseReason, related_name="wording")
    text = models.CharField(_("note"), max_length=500)

    def __str__(self) -> str:
        return f"{self.reason_id}"
