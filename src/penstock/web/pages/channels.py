"""Which channel a word stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from penstock.base.tracking import fold
from penstock.sales import access, channels
from penstock.sales.models import ChannelRule
from penstock.users.models import Member
from penstock.web import figures

#: The most frequent ones are shown; a source of two deals among thousands decides nothing.
N_SOURCES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What deals state as their source, and the channel for which it is taken."""

    text: str
    n: int
    channel: str
    rule_id: int | None


def sources(member: Member) -> list[Source]:
    """The stated sources of the workspace's deals, those without a channel first."""
    stated = access.deals_for(member).exclude(channel="").values_list("channel")
    counts = stated.annotate(n=Count("pk")).order_by("-n", "channel")[:N_SOURCES]
    own = {
        row.text: row
        for row in ChannelRule.objects.filter(workspace_id=member.workspace_id, sort="stated")
    }
    rules = {("stated", text): row.channel for text, row in own.items()}
    listed = list(counts)
    known = channels.of_stated((text for text, _n in listed), own=rules)
    found = [
        Source(text=text, n=n, channel=known[text], rule_id=_rule_id(own, text))
        for text, n in listed
    ]
    return sorted(found, key=lambda one: (bool(one.channel), -one.n, one.text))


def rules(member: Member) -> list[ChannelRule]:
    """The rules for values in addresses."""
    rows = ChannelRule.objects.filter(workspace_id=member.workspace_id).exclude(sort="stated")
    return list(rows.order_by("sort", "text"))


def answer(found: Sequence[Source]) -> str:
    """What is to be done, in a sentence."""
    lost = [one for one in found if not one.channel]
    n = sum(one.n for one in lost)
    if not lost:
        return _("Every stated source has a channel.") if found else ""
    text = ngettext(
        "%(n)s deal states a source that no channel stands for yet.",
        "%(n)s deals state a source that no channel stands for yet.",
        n,
    )
    return text % {"n": figures.number(n)}


def _rule_id(own: dict[str, ChannelRule], text: str) -> int | None:
    rule = own.get(fold(text))
    return rule.pk if rule else None
