"""A claim in words: what was said, by whom, how it is known."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from penstock.sales.models import Claim, Topic
from penstock.web import figures


def gist(claim: Claim) -> str:
    """What was said: the detail of its topic, or its words."""
    if claim.amount is not None:
        text = _("%(sum)s, approved") if claim.is_approved else "%(sum)s"
        return text % {"sum": figures.money(claim.amount, claim.currency)}
    if claim.person is not None:
        name = claim.person.name or _("Erased person")
        return f"{name}: {str(claim.get_part_display()).lower()}"
    if claim.due_on is not None:
        return _("by %(day)s") % {"day": date_format(claim.due_on, "DATE_FORMAT")}
    return wording(claim) or (_("yes") if claim.is_for else _("no"))


def wording(claim: Claim) -> str:
    """The words of a claim, as far as they were not erased."""
    row = getattr(claim, "wording", None)
    return row.text if row else ""


def source(claim: Claim) -> str:
    """Who said it, or wrote it down."""
    if claim.said_by is not None:
        return claim.said_by.name or _("Erased person")
    return claim.by.name if claim.by else _("from a file")


def sentence(claim: Claim) -> str:
    """A claim as a line of the history."""
    values = {"topic": Topic(claim.topic).label, "gist": gist(claim)}
    text = _("%(topic)s: %(gist)s") if claim.is_for else _("%(topic)s, against: %(gist)s")
    return text % values
