"""Letting one company or person answer for another, and taking that back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, NotFound, RuleBroken
from penstock.base.keys import match_key, sort_key
from penstock.contacts import repointing, tokens
from penstock.contacts.models import Apart, Company, Merge, Person
from penstock.contacts.models.merge import Noun
from penstock.users import audit
from penstock.users.models import Member

COMPANY_FIELDS = ("name", "domain", "industry", "segment", "country", "city", "employees")
PERSON_FIELDS = ("name", "email", "phone", "job_title", "company")


#: What is derived anew for both.
REWRITTEN = frozenset({"contacts.CompanyToken.company", "contacts.PersonToken.person"})
#: Colleagues are compared otherwise than people of different companies.
WORKS_AT = "contacts.Person.company"


class Follower(Protocol):
    """What a room above does when two records become one: its history, its conflicts."""

    #: The keys that it takes care of, as ``sales.Deal.company``.
    keys: Collection[str]

    def follow(self, *, gone: Any, kept: Any, by: Member | None) -> dict[str, Any]:
        """Tie the rows to the survivor; returns ids, never texts."""

    def unfollow(self, moved: dict[str, Any], *, gone: Any, kept: Any, by: Member | None) -> None:
        """Tie them back."""


_followers: dict[str, list[Follower]] = {noun: [] for noun in Noun.values}


def connect(noun: str, follower: Follower) -> None:
    """Let a room above follow the merges of a noun; each does it once, when it is ready."""
    _followers[noun].append(follower)


def merge_companies(
    kept: Company, *, gone: Company, by: Member | None, take: Collection[str] = ()
) -> Merge:
    """Let one company answer for another: its people, deals, orders and subsidiaries follow.

    Deals get a field change from now on, so a past day still shows the other company. Rows that are
    never changed stay; the merge says who answers for them.

    Args:
        kept: The company that stays.
        gone: The company that goes; its address leads to the other from now on.
        by: Who merges them.
        take: Fields in which the value of the one that goes survives.

    Raises:
        RuleBroken: ``contacts.merge_self``. NotFound: ``contacts.merge_gone``.
        Conflict: ``contacts.merged_already``.
    """
    return _merge(Noun.COMPANY, Company, kept, gone=gone, by=by, take=take, offered=COMPANY_FIELDS)


def merge_people(
    kept: Person, *, gone: Person, by: Member | None, take: Collection[str] = ()
) -> Merge:
    """Let one person answer for another; as for companies.

    Raises:
        RuleBroken: ``contacts.merge_self``; ``contacts.merge_erased`` for an erased person.
            NotFound: ``contacts.merge_gone``. Conflict: ``contacts.merged_already``.
    """
    return _merge(Noun.PERSON, Person, kept, gone=gone, by=by, take=take, offered=PERSON_FIELDS)


def undo(merge: Merge, *, by: Member | None) -> Merge:
    """Part two companies or people again, as they were before.

    What came to the survivor after the merge stays with it. A field that took the other's value
    gets its own back unless it was changed since.

    Raises:
        Conflict: ``contacts.merge_undone``; ``contacts.merge_chained`` while the survivor was
            merged into a third one.
    """
    model: Any = {Noun.COMPANY: Company, Noun.PERSON: Person}[Noun(merge.noun)]
    with transaction.atomic():
        gone, kept = locked(model, merge.gone_id, merge.kept_id)
        merge = closing(merge, by=by)
        if kept.merged_into_id is not None:
            raise Conflict(
                "contacts.merge_chained",
                _("It was merged into another one since. Undo that merge first."),
            )
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        repointing.put_back(merge.moved.get("rows", {}), gone=gone, kept=kept)
        for number, follower in enumerate(_followers[merge.noun]):
            told = merge.moved.get(str(number), {})
            follower.unfollow(told, gone=gone, kept=kept, by=by)
        _restore(kept, gone, merge.before)
        _refresh(model, [gone, kept], merge.moved.get("rows", {}))
        audit.record(workspace_id=merge.workspace_id, by=by, action="merge.undone", target=merge)
        return merge


def closing(merge: Merge, *, by: Member | None) -> Merge:
    """Mark a merge as undone; a second time is refused.

    Raises:
        Conflict: ``contacts.merge_undone``.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise Conflict("contacts.merge_undone", _("This merge was undone already."))
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    return merge


def survivor_of(noun: str, pk: int) -> int:
    """Who answers for a record by now: itself, or the last of the chain into which it was merged."""
    seen = {pk}
    while True:
        row = Merge.objects.filter(noun=noun, gone_id=pk, undone_at=None).first()
        if row is None or row.kept_id in seen:
            return pk
        pk = row.kept_id
        seen.add(pk)


def answered_by(noun: str, pk: int) -> list[int]:
    """The records that one answers for: itself first, then those that were merged into it."""
    return [pk, *(merge.gone_id for merge in merged_into(noun, [pk]))]


def merged_into(noun: str, ids: Iterable[int], *, at: datetime | None = None) -> list[Merge]:
    """The merges by which records answer for others, also for those that these answered for before.

    One query where nothing was merged. ``at`` asks for those of before an instant.
    """
    found: list[Merge] = []
    wanted = set(ids)
    while wanted:
        rows = Merge.objects.filter(noun=noun, kept_id__in=wanted, undone_at=None)
        if at is not None:
            rows = rows.filter(merged_at__lt=at)
        level = list(rows.select_related("by").order_by("merged_at", "pk"))
        found += level
        wanted = {merge.gone_id for merge in level}
    return found


def answering(noun: str, ids: Iterable[int], *, at: datetime | None = None) -> dict[int, int]:
    """Of each record that some answer for, and of these themselves: which of them answers."""
    listed = list(ids)
    answers = {pk: pk for pk in listed}
    for merge in merged_into(noun, listed, at=at):
        answers[merge.gone_id] = answers[merge.kept_id]
    return answers


def survivors(noun: str, ids: Collection[int]) -> dict[int, int]:
    """Of each of many records, which one answers for it by now."""
    found = {pk: pk for pk in ids}
    moved = set(found)
    while moved:
        rows = Merge.objects.filter(noun=noun, gone_id__in=moved, undone_at=None)
        onwards = dict(rows.values_list("gone_id", "kept_id"))
        found = {pk: onwards.get(last, last) for pk, last in found.items()}
        moved = set(onwards.values())
    return found


def keep_apart(noun: str, one: int, other: int, *, by: Member | None) -> Apart:
    """Say that two records are not the same; they are not shown as a pair again. Safe to call twice.

    Raises:
        RuleBroken: ``contacts.merge_self``.
    """
    low, high = sorted((one, other))
    if low == high:
        raise _same_record()
    assert by is not None, "somebody says so"
    row, _made = Apart.objects.get_or_create(
        workspace_id=by.workspace_id,
        noun=noun,
        low_id=low,
        high_id=high,
        defaults={"by": by, "said_at": timezone.now()},
    )
    return row


def compare_again(noun: str, one: int, other: int) -> None:
    """Take back that two records are not the same."""
    low, high = sorted((one, other))
    Apart.objects.filter(noun=noun, low_id=low, high_id=high).delete()


def locked(model: Any, gone_id: int, kept_id: int) -> tuple[Any, Any]:
    """Both records, locked in the order of their ids.

    Raises:
        RuleBroken: ``contacts.merge_self``. NotFound: ``contacts.merge_gone``.
    """
    if gone_id == kept_id:
        raise _same_record()
    rows = model.objects.select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[gone_id, kept_id])}
    if len(found) != 2:
        raise NotFound("contacts.merge_gone", _("One of the two is no longer there."))
    return found[gone_id], found[kept_id]


def _merge(  # noqa: PLR0913 -- one body for both nouns
    noun: Noun,
    model: Any,
    kept: Any,
    *,
    gone: Any,
    by: Member | None,
    take: Collection[str],
    offered: Collection[str],
) -> Merge:
    unknown = set(take) - set(offered)
    if unknown:
        raise ValueError(f"a {noun} has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        gone, kept = locked(model, gone.pk, kept.pk)
        _check(gone, kept)
        before = {name: _plain(kept, name) for name in take}
        _write(kept, {name: getattr(gone, name) for name in take})
        moved: dict[str, Any] = {}
        handled = {key for follower in _followers[noun] for key in follower.keys} | REWRITTEN
        for number, follower in enumerate(_followers[noun]):
            moved[str(number)] = follower.follow(gone=gone, kept=kept, by=by)
        moved["rows"] = repointing.repoint(model, gone=gone, kept=kept, besides=handled)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        _refresh(model, [gone, kept], moved["rows"])
        return remember(noun, gone.pk, kept, by=by, moved=moved, before=before)


def remember(
    noun: Noun,
    gone_id: int,
    kept: Any,
    *,
    by: Member | None,
    moved: dict[str, Any],
    before: dict[str, Any],
) -> Merge:
    """Write down that one record answers for another, and in the audit."""
    row = Merge.objects.create(
        workspace_id=kept.workspace_id,
        noun=noun,
        gone_id=gone_id,
        kept_id=kept.pk,
        by=by,
        merged_at=timezone.now(),
        moved=moved,
        before=before,
    )
    audit.record(workspace_id=row.workspace_id, by=by, action="merge.made", target=row, noun=noun)
    return row


def _check(gone: Any, kept: Any) -> None:
    for one in (gone, kept):
        if one.merged_into_id is not None:
            raise Conflict(
                "contacts.merged_already",
                _("One of the two was merged already. Reload the page to see into which."),
            )
        if one.withdrawn_at is not None:
            raise NotFound("contacts.merge_gone", _("One of the two is no longer there."))
        if getattr(one, "erased_at", None) is not None:
            raise RuleBroken(
                "contacts.merge_erased", _("An erased person has nothing left to be merged.")
            )


def _same_record() -> RuleBroken:
    return RuleBroken("contacts.merge_self", _("Choose two different records."))


def _plain(row: Any, name: str) -> Any:
    return getattr(row, f"{name}_id" if name == "company" else name)


def _write(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    keys = {"sort_key"} if "name" in values else set()
    if keys:
        row.sort_key = sort_key(row.name)
        if isinstance(row, Company):
            row.match_key = match_key(row.name)
            keys.add("match_key")
    if values:
        row.save(update_fields=[*values, *keys])


def _restore(kept: Any, gone: Any, before: dict[str, Any]) -> None:
    same = {name: old for name, old in before.items() if _plain(kept, name) == _plain(gone, name)}
    if "company" in same:
        number = same.pop("company")
        kept.company_id = number
        kept.save(update_fields=["company"])
    _write(kept, same)


def _refresh(model: Any, rows: list[Any], moved: Mapping[str, Any]) -> None:
    """Pieces and pairs of both, and of people who work at the other company from now on."""
    refresh: Any = tokens.refresh_companies if model is Company else tokens.refresh_people
    refresh(rows)
    tokens.refresh_people(list(Person.objects.filter(pk__in=moved.get(WORKS_AT, ()))))
