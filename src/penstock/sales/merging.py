"""Letting one deal answer for another, and taking that back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from penstock.analytics import duplicates
from penstock.analytics.duplicates import Match, Reason
from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts import matching, repointing
from penstock.contacts import merging as contacts
from penstock.contacts.comparing import MOST
from penstock.contacts.matching import Pair
from penstock.contacts.models import Merge
from penstock.contacts.models.merge import Noun
from penstock.flow import bulk as flow_bulk
from penstock.flow import items, outcomes
from penstock.flow.dating import when
from penstock.flow.models import FieldChange, Item, Outcome, Parking
from penstock.sales import bulk, deals
from penstock.sales.following import restore_parts, void_changes
from penstock.sales.models import Deal, DealPerson
from penstock.sales.models.deal import DealQuerySet
from penstock.users import audit
from penstock.users.models import Member

FIELDS = ("title", "company", "product", "amount", "close_on", "channel", "owner")
#: Both at once: an amount without its currency is another amount.
TOGETHER = {"amount": ("amount", "currency")}
OURS = frozenset({"sales.DealPerson.deal"})
#: From this likeness of their titles on, two open deals of one company are shown as possibly one.
ALIKE = 0.6
#: So many open deals are looked at for pairs.
NEWEST = 20_000


def merge(kept: Deal, *, gone: Deal, by: Member | None, take: Collection[str] = ()) -> Merge:
    """Let one deal answer for another.

    In this order: the survivor takes the fields named, people and all else that may be changed
    follow, the deal that goes ends as ``merged``. It is in no sum from now on; on a day before, both
    are there as they were. Its history stays its own.

    Args:
        kept: The deal that stays, open or won.
        gone: The deal that goes, open or lost. A won one has placed an order, and stays.
        by: Who merges them.
        take: Fields in which the value of the deal that goes survives.

    Raises:
        RuleBroken: ``contacts.merge_self``; ``sales.merge_won`` when the one that goes is won;
            ``sales.merge_lost`` when the one that stays is lost.
        Conflict: ``contacts.merged_already``.
    """
    unknown = set(take) - set(FIELDS)
    if unknown:
        raise ValueError(f"a deal has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        contacts.locked(Item, gone.pk, kept.pk)
        gone, kept = _read(gone), _read(kept)
        _check(gone, kept)
        before = {"title": kept.item.title} if "title" in take else {}
        moved: dict[str, Any] = {"changes": _take(kept, gone, take, by=by)}
        moved["dropped"] = _settle_people(gone, kept)
        for name, model, pair in (("deal", Deal, (gone, kept)), ("item", Item, (gone.item, kept.item))):  # fmt: skip
            moved[name] = repointing.repoint(model, gone=pair[0], kept=pair[1], besides=())
        moved |= _end(gone, by=by)
        return contacts.remember(Noun.DEAL, gone.pk, kept, by=by, moved=moved, before=before)


def undo(row: Merge, *, by: Member | None) -> Merge:
    """Part two deals again: it never was so, though it is known that it was thought to be.

    The deal comes back as it stood; values that the survivor took are taken away again. What came
    to the survivor after the merge stays with it.

    Raises:
        Conflict: ``contacts.merge_undone``; ``contacts.merge_chained`` while the survivor was
            merged into a third one.
    """
    with transaction.atomic():
        contacts.locked(Item, row.gone_id, row.kept_id)
        gone, kept = (Deal.objects.select_related("item").get(pk=pk) for pk in (row.gone_id, row.kept_id))  # fmt: skip
        row = contacts.closing(row, by=by)
        if kept.item.outcome == Outcome.Verdict.MERGED:
            raise Conflict(
                "contacts.merge_chained",
                _("It was merged into another one since. Undo that merge first."),
            )
        repointing.put_back(row.moved["deal"], gone=gone, kept=kept)
        repointing.put_back(row.moved["item"], gone=gone.item, kept=kept.item)
        restore_parts(
            {"deal_id": gone.pk, "person_id": person, "part": part}
            for person, part in row.moved["dropped"]
        )
        _bring_back(gone, row, by=by)
        _give_back(kept, gone, row, by=by)
        audit.record(workspace_id=row.workspace_id, by=by, action="merge.undone", target=row)
        return row


def answered_by(deal: Deal) -> list[int]:
    """The ids of the deals that one answers for, its own first: whose activities and touches are its own too."""
    return contacts.answered_by(Noun.DEAL, deal.pk)


def survivor_of(deal: Deal) -> Deal:
    """The deal that answers for this one by now; itself if it was not merged."""
    pk = contacts.survivor_of(Noun.DEAL, deal.pk)
    return deal if pk == deal.pk else _read(Deal(pk=pk))


def like(
    visible: Any, *, title: str, company_id: int | None, besides: int | None = None
) -> list[tuple[Deal, float]]:
    """Open deals of a company whose title is like this one, the most alike first."""
    if company_id is None:
        return []
    rows = visible.open().filter(company_id=company_id).exclude(pk=besides).select_related("item")
    scored = [(deal, duplicates.titles(title, deal.item.title)) for deal in rows[:200]]
    found = [pair for pair in scored if pair[1] >= ALIKE]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].pk))[:5]


def pairs(visible: DealQuerySet, *, limit: int) -> list[Pair]:
    """Open deals of one company with like titles, the most alike first; those kept apart are left out.

    Only the newest deals are looked at: what stood open for years beside another one is known to.
    """
    rows = visible.open().filter(company__isnull=False).order_by("-item__opened_at", "-pk")
    by_company: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for company_id, pk, title in rows.values_list("company_id", "pk", "item__title")[:NEWEST]:
        by_company[company_id].append((pk, title))
    apart = matching.apart(Noun.DEAL)
    found = [
        Pair(Noun.DEAL, min(one[0], other[0]), max(one[0], other[0]), _alike(one[1], other[1]))
        for deals_of in by_company.values()
        if len(deals_of) <= MOST
        for one, other in combinations(deals_of, 2)
    ]
    possible = [
        pair
        for pair in found
        if pair.match.score >= ALIKE and (pair.low_id, pair.high_id) not in apart
    ]
    return sorted(possible, key=lambda pair: (-pair.match.score, pair.low_id, pair.high_id))[:limit]


def _alike(title: str, other: str) -> Match:
    score = duplicates.titles(title, other)
    return Match(score, (Reason("like_title", round(score, 2)),))


def _read(deal: Deal) -> Deal:
    return Deal.objects.select_related(
        "item__stage", "item__pipeline", "item__owner", "company", "product", "workspace"
    ).get(pk=deal.pk)


def _check(gone: Deal, kept: Deal) -> None:
    merged = Outcome.Verdict.MERGED
    if merged in (gone.item.outcome, kept.item.outcome):
        raise Conflict(
            "contacts.merged_already",
            _("One of the two was merged already. Reload the page to see into which."),
        )
    if gone.item.outcome == Outcome.Verdict.WON:
        raise RuleBroken(
            "sales.merge_won",
            _("A won deal has placed its order. Let it stay, and merge the other one into it."),
        )
    if kept.item.outcome == Outcome.Verdict.LOST:
        raise RuleBroken(
            "sales.merge_lost", _("The deal that stays is lost. Reopen it first, or let it go.")
        )


def _take(kept: Deal, gone: Deal, take: Collection[str], *, by: Member | None) -> list[int]:
    """Let the survivor have values of the other; returns the field changes that say so."""
    last = FieldChange.objects.filter(item=kept.item).order_by("-pk").first()
    names = {one for name in take if name != "owner" for one in TOGETHER.get(name, (name,))}
    values = {
        name: gone.item.title if name == "title" else getattr(gone, name) for name in sorted(names)
    }
    if values:
        deals.change(kept, by=by, **values)
    if "owner" in take:
        deals.assign(kept, owner=gone.item.owner, by=by)
    fresh = FieldChange.objects.filter(item=kept.item, pk__gt=last.pk if last else 0)
    return list(fresh.values_list("pk", flat=True))


def _settle_people(gone: Deal, kept: Deal) -> list[tuple[int, str]]:
    """Take away the parts of people who stand on both deals; the survivor's stay."""
    there = list(kept.people.values_list("person_id", flat=True))
    twice = DealPerson.objects.filter(deal=gone, person_id__in=there)
    dropped = list(twice.values_list("person_id", "part"))
    twice.delete()
    return dropped


def _end(gone: Deal, *, by: Member | None) -> dict[str, int | None]:
    item = items.lock(gone.pk)
    waiting = Parking.objects.filter(item=item).order_by("-pk").values_list("pk", flat=True).first()
    times = when(None, not_before=max(item.entered_at, item.decided_at or item.entered_at))
    ending = outcomes.decide(item, verdict=Outcome.Verdict.MERGED, by=by, times=times)
    after = Parking.objects.filter(item=item, pk__gt=waiting or 0).first()
    return {"outcome": ending.pk, "parking": after.pk if after else None}


def _bring_back(gone: Deal, row: Merge, *, by: Member | None) -> None:
    item = items.lock(gone.pk)
    outcomes.take_back(Outcome.objects.get(pk=row.moved["outcome"]), by=by)
    if row.moved["parking"]:
        outcomes.take_back(Parking.objects.get(pk=row.moved["parking"]), by=by)
    items.settle(item, "outcomes", "parkings")


def _give_back(kept: Deal, gone: Deal, row: Merge, *, by: Member | None) -> None:
    if void_changes(row.moved["changes"], by=by):
        bulk.settle([kept.pk])
        flow_bulk.settle([kept.pk])
    title = row.before.get("title")
    if title and kept.item.title == gone.item.title:
        items.rename(kept.item, title=title)
