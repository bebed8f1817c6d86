"""A gate that was passed without its answers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from penstock.flow.models.dated import Dated
from penstock.flow.models.history import Transition
from penstock.users.walls import Walled, WorkspaceKey, WorkspaceOneToOne


class Override(Dated):
    """Somebody moved an item past a gate although answers were missing, and said why.

    Written with its transition, and never changed; it counts as long as the transition does. The
    reason stands in :class:`OverrideWording`, which can be erased.
    """

    transition = WorkspaceKey(Transition, related_name="overrides")
    needs = ArrayField(models.CharField(max_length=40))

    class Meta(Dated.Meta):
        """A transition passes its gates once, and for want of something."""

        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "transition"],
                name="flow_override_of_transition_once",
                condition=models.Q(is_void=False),
            ),
            models.CheckConstraint(
                condition=~models.Q(needs=[]), name="flow_override_lacks_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} without {', '.join(self.needs)}"


class OverrideWording(Walled):
    """Why a gate was passed without its answers, in words: apart, so that it can be erased."""

    override = WorkspaceOneToOne(Override, related_name="wording")
    text = models.CharField(_("reason"), max_length=500)

    def __str__(self) -> str:
        return f"{self.override_id}"
