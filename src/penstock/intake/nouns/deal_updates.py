"""What a file says anew about deals that are here already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from penstock.base.errors import PenstockError
from penstock.catalog.models import Product
from penstock.contacts.models import Company
from penstock.flow import bus, gates
from penstock.flow.models import Item, Stage
from penstock.intake.models import Verdict
from penstock.intake.nouns.cells import Moment, Parsed
from penstock.intake.nouns.live_moves import OPTION, remember
from penstock.intake.nouns.played import Entry, play
from penstock.intake.nouns.ruling import Group, Ruling, reject, same
from penstock.intake.nouns.run import Run, present
from penstock.intake.nouns.stages import Stages, Standing
from penstock.sales import bulk, deals, facts
from penstock.sales.bulk import Closing
from penstock.sales.models import Deal
from penstock.users.models import Member

PLAIN = ("amount", "currency", "close_on", "channel")


def update(run: Run, stages: Stages, pairs: Sequence[tuple[int, Group]]) -> dict[int, Ruling]:
    """Write what differs, by the rules of the single verbs; endings are written as history."""
    found = present(Deal, [pk for pk, _group in pairs])
    rulings: dict[int, Ruling] = {}
    closings: list[Closing] = []
    passed: dict[str, list[str]] = {}
    for pk, group in pairs:
        row = group.first
        deal = found.get(pk)
        if deal is None:
            rulings[row.number] = reject(row, "gone")
            continue
        if group.key in run.merged:
            rulings[row.number] = same(row, pk, "merged")
            continue
        rulings[row.number] = _one(run, stages, deal, group, closings, passed)
    entered = [
        Entry(one.deal_id, found[one.deal_id].item.stage_id, one.follow_up_id, one.at)
        for one in closings
        if one.follow_up_id is not None
    ]
    bulk.close(closings, batch=run.batch)
    remember(run, passed)
    play(run, entered)
    if run.option("place_orders"):
        place_orders(run, [one.deal_id for one in closings if one.verdict == "won"])
    return rulings


def standing_of(row: Parsed, stages: Stages) -> Standing:
    """Where a row says the deal stands; an own column for the status wins over the stage's."""
    by_stage = stages.standing(row.get("stage")) or Standing()
    if not row.has("status"):
        return by_stage
    by_status = stages.standing(row.get("status"), field="status") or Standing()
    return replace(by_stage, verdict=by_status.verdict)


def closing_instant(closed: Moment, *, opened: Moment, run: Run) -> datetime:
    """When it was closed: a plain day that is the day of opening ends no earlier than it began."""
    zone = run.workspace.zone
    is_same_day = closed.at.astimezone(zone).date() == opened.at.astimezone(zone).date()
    return max(closed.at, opened.at) if closed.is_day and is_same_day else closed.at


def place_orders(run: Run, deal_ids: Sequence[int]) -> None:
    """Let won deals with an amount place their orders, as they do when they are won by hand."""
    rows = Deal.objects.select_related("item__owner", "company", "product", "workspace")
    for deal in rows.filter(pk__in=deal_ids, amount__isnull=False):
        bus.tell(deals.DealWon(deal=deal, by=run.by, at=deal.item.decided_at or run.now))
        run.made["orders"] += 1


def _one(
    run: Run,
    stages: Stages,
    deal: Deal,
    group: Group,
    closings: list[Closing],
    passed: dict[str, list[str]],
) -> Ruling:
    row = group.first
    values = _differing(run, deal, row)
    closing, notes = _closing(run, stages, deal, group)
    target = _target(stages, deal, row) if closing is None else None
    if not values and closing is None and target is None:
        ruling = same(row, deal.pk)
        ruling.target_kind = "deal"
        return ruling
    try:
        with transaction.atomic():
            _write(run, deal, values, target)
            lacking = _lacking(run, deal, closing)
    except PenstockError as error:
        return _refused(row, error)
    if closing:
        closings.append(closing)
        if lacking:
            passed[run.batch.key(closing.key, "follow_up", run.batch.number) or ""] = lacking
        if "closed_before_opened" in notes:
            run.found(deal.pk, "closed_before_opened", group.key, key=group.key)
    what = [*values, *(["stage"] if target else []), *(["status"] if closing else [])]
    return Ruling(
        row,
        Verdict.UPDATE,
        params={"fields": what},
        notes=notes,
        target_kind="deal",
        target_id=deal.pk,
    )


def _differing(run: Run, deal: Deal, row: Parsed) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: row.get(name)
        for name in PLAIN
        if row.has(name) and getattr(deal, name) != row.get(name)
    }
    lookups = run.lookups
    for name, find, now in (
        ("company", lookups.company, deal.company_id),
        ("product", lookups.product, deal.product_id),
        ("owner", lookups.member, deal.item.owner_id),
    ):
        if row.has(name):
            pk = find(run.value_of(name, row.get(name)))
            if pk != now:
                values[name] = pk
    if row.has("title") and row.get("title") != deal.item.title:
        values["title"] = row.get("title")
    return values


def _closing(
    run: Run, stages: Stages, deal: Deal, group: Group
) -> tuple[Closing | None, list[str]]:
    row, item = group.first, deal.item
    verdict = standing_of(row, stages).verdict
    if not verdict:
        return None, []
    closed = row.get("closed_at")
    amount = row.get("closed_amount")
    at = run.now
    if closed:
        at = closing_instant(closed, opened=Moment(item.opened_at, is_day=False), run=run)
    is_told = item.outcome == verdict and (closed is None or at == item.decided_at)
    if is_told and (amount is None or amount == deal.amount):
        return None, []
    notes = [] if closed else ["status_without_time"]
    if at < item.opened_at:
        notes.append("closed_before_opened")
    follow_up = stages.follow_up if verdict == "won" else None
    return Closing(
        deal_id=deal.pk,
        key=group.key,
        verdict=verdict,
        at=at,
        reason_id=run.lookups.reason(row.get("loss_reason")) if verdict == "lost" else None,
        amount=amount,
        follow_up_id=follow_up.pk if follow_up and follow_up.pk != item.stage_id else None,
        entered_at=item.entered_at,
        is_lead=deal.qualified_at is None,
    ), notes


def _target(stages: Stages, deal: Deal, row: Parsed) -> Any:
    standing = stages.standing(row.get("stage"))
    if standing is None or standing.stage is None or not deal.item.is_open:
        return None
    return standing.stage if standing.stage.pk != deal.item.stage_id else None


def _write(run: Run, deal: Deal, values: dict[str, Any], target: Any) -> None:
    models: dict[str, Any] = {"company": Company, "product": Product}
    plain = {
        name: models[name].objects.get(pk=value) if name in models else value
        for name, value in values.items()
        if name != "owner"
    }
    if plain:
        deals.change(deal, by=run.by, **plain)
    if "owner" in values:
        deals.assign(deal, owner=Member.objects.get(pk=values["owner"]), by=run.by)
    if target is not None:
        fresh = Deal.objects.select_related("item").get(pk=deal.pk)
        deals.move(fresh, to=target, by=run.by, despite=str(run.option(OPTION, "")))


def _lacking(run: Run, deal: Deal, closing: Closing | None) -> list[str]:
    """A file that wins an open deal asks the gates on its way, as winning by hand does."""
    item = Item.objects.select_related("stage", "pipeline").get(pk=deal.pk)
    follow_up = closing.follow_up_id if closing is not None and closing.verdict == "won" else None
    if follow_up is None or not item.is_open or closing is None or closing.at < item.entered_at:
        return []
    to = Stage.objects.get(pk=follow_up)
    return gates.check(item, to=to, despite=str(run.option(OPTION, "")))


def _refused(row: Parsed, error: PenstockError) -> Ruling:
    if error.code != "flow.gate":
        return reject(row, error.code, message=error.message)
    needs = ", ".join(str(facts.LABELS.get(need, need)) for need in error.needs)
    return reject(row, error.code, needs=needs)
