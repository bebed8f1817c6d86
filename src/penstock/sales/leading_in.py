"""What leads new deals into a pipeline, and so keeps it in use: capture forms and follow-up rules."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from penstock.flow.models import Pipeline
from penstock.sales.models import CaptureForm, FollowupRule


def needs(pipeline: Pipeline) -> Iterator[str]:
    """One sentence per form and rule that would open deals in it."""
    for form in CaptureForm.objects.filter(pipeline=pipeline, retired_at=None).order_by("pk"):
        yield _("The form “%(name)s” opens deals in it; choose another pipeline there first.") % {
            "name": form.name
        }
    for rule in FollowupRule.objects.filter(pipeline=pipeline, retired_at=None).order_by("pk"):
        yield _(
            "The follow-up rule “%(name)s” opens deals in it; choose another pipeline there first."
        ) % {"name": rule.name}
