"""What was merged into a record, told on its page, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.contacts.models import Company, Merge, Person
from penstock.contacts.models.merge import Noun
from penstock.flow import timeline
from penstock.sales.access import deals_for
from penstock.users import roles
from penstock.users.models import Member
from penstock.web.pages import history
from penstock.web.pages.history import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A record that another one answers for."""

    id: int
    name: str
    at: datetime
    by: str
    past_url: str = ""
    entries: Sequence[Entry] = ()
    may_undo: bool = False


def of_company(merges: Sequence[Merge], *, member: Member) -> list[Merged]:
    """The companies that were merged into one."""
    names = Company.objects.in_bulk([merge.gone_id for merge in merges]) if merges else {}
    return [_merged(merge, _name(names.get(merge.gone_id)), member=member) for merge in merges]


def of_person(merges: Sequence[Merge], *, member: Member) -> list[Merged]:
    """The people who were merged into one."""
    names = Person.objects.in_bulk([merge.gone_id for merge in merges]) if merges else {}
    return [_merged(merge, _name(names.get(merge.gone_id)), member=member) for merge in merges]


def of_deal(merges: Sequence[Merge], *, member: Member, may_edit: bool) -> list[Merged]:
    """The deals that were merged into one, with what happened to them before; only those to be seen."""
    if not merges:
        return []
    rows = deals_for(member).select_related("item").in_bulk([merge.gone_id for merge in merges])
    return [
        Merged(
            id=merge.pk,
            name=f"{deal.item.title} {deal.item.key}",
            at=merge.merged_at,
            by=merge.by.name if merge.by else "",
            past_url=_past(deal.item.key, merge, member=member),
            entries=history.entries(timeline.of(deal.item), currency=deal.currency),
            may_undo=may_edit,
        )
        for merge in merges
        if (deal := rows.get(merge.gone_id)) is not None
    ]


def _merged(merge: Merge, name: str, *, member: Member) -> Merged:
    return Merged(
        id=merge.pk,
        name=name,
        at=merge.merged_at,
        by=merge.by.name if merge.by else "",
        may_undo=roles.may_merge(member),
    )


def _name(row: Company | Person | None) -> str:
    return row.name if row is not None and row.name else _("Erased person")


def _past(key: str, merge: Merge, *, member: Member) -> str:
    """The deal as it was on the day before."""
    day = merge.merged_at.astimezone(member.workspace.zone).date() - timedelta(days=1)
    return f"{reverse('deal', args=[member.workspace.slug, key])}?on={day.isoformat()}"


__all__ = ["Merged", "Noun", "of_company", "of_deal", "of_person"]
