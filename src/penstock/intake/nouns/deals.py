"""Deals as they stand: one row per deal, open, won or lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.bulk import NewItem
from penstock.flow.models import Stage
from penstock.intake.models import Verdict
from penstock.intake.nouns import deal_notes, late_openings
from penstock.intake.nouns.cells import Moment, Parsed
from penstock.intake.nouns.deal_updates import closing_instant, place_orders, standing_of, update
from penstock.intake.nouns.field import Field, Sort
from penstock.intake.nouns.played import Entry, play
from penstock.intake.nouns.ruling import Group, Ruling, reject
from penstock.intake.nouns.run import Run
from penstock.intake.nouns.stages import Stages
from penstock.sales import bulk, deals
from penstock.sales.bulk import NewDeal

NAME = "deals"
FIELDS = (
    Field(
        "key",
        _("Key"),
        Sort.TEXT,
        (
            "opportunity id",
            "deal id",
            "id",
            "mql id",
            "record id",
            "lead id",
            "opp id",
            "номер",
            "код",
        ),
    ),
    Field(
        "title",
        _("Title"),
        Sort.TEXT,
        ("name", "deal name", "opportunity name", "deal", "название", "сделка"),
    ),
    Field(
        "company",
        _("Company"),
        Sort.TEXT,
        (
            "account",
            "account name",
            "organization",
            "customer",
            "client",
            "account id",
            "компания",
            "клиент",
        ),
    ),
    Field("product", _("Product"), Sort.TEXT, ("product name", "товар", "продукт")),
    Field(
        "owner",
        _("Owner"),
        Sort.TEXT,
        ("sales agent", "sales rep", "deal owner", "owner id", "sr id", "ответственный"),
    ),
    Field("stage", _("Stage"), Sort.TEXT, ("deal stage", "stage name", "этап", "стадия")),
    Field("status", _("Status"), Sort.TEXT, ("deal status", "outcome", "статус")),
    Field(
        "opened_at",
        _("Opened"),
        Sort.MOMENT,
        (
            "engage date",
            "created date",
            "created",
            "create date",
            "created at",
            "first contact date",
            "open date",
            "дата создания",
            "создана",
        ),
    ),
    Field(
        "closed_at",
        _("Closed"),
        Sort.MOMENT,
        (
            "close date",
            "closed date",
            "won date",
            "won time",
            "closed on",
            "дата закрытия",
            "закрыта",
        ),
    ),
    Field(
        "close_on",
        _("Expected close"),
        Sort.DAY,
        ("expected close date", "expected close", "ожидаемая дата закрытия"),
    ),
    Field(
        "amount",
        _("Amount"),
        Sort.NUMBER,
        ("value", "deal value", "deal amount", "сумма", "бюджет"),
    ),
    Field(
        "closed_amount",
        _("Amount at closing"),
        Sort.NUMBER,
        ("close value", "closed amount", "won amount"),
    ),
    Field("currency", _("Currency"), Sort.TEXT, ("currency code", "deal currency", "валюта")),
    Field(
        "channel",
        _("Channel"),
        Sort.TEXT,
        ("origin", "lead source", "source", "utm source", "канал", "источник"),
    ),
    Field(
        "loss_reason",
        _("Loss reason"),
        Sort.TEXT,
        ("lost reason", "closed lost reason", "причина проигрыша"),
    ),
    *deal_notes.FIELDS,
)
IS_GROUPED = False
# Clocks of several machines differ a little.
SKEW = timedelta(minutes=5)


class Deals:
    """Opens deals with their past, and updates those that the source named before."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stages = Stages(run)
        self._passed: dict[str, Sequence[str]] = {}

    def handle(self, groups: Sequence[Group]) -> list[Ruling]:
        """Judge and write one chunk of rows, one row per deal."""
        rows = [group.first for group in groups]
        known = self._run.known(group.key for group in groups)
        rulings: dict[int, Ruling] = {}
        for row in rows:
            if problem := self._problem(row):
                rulings[row.number] = problem
        fine = [group for group in groups if group.first.number not in rulings]
        self._add_names([group.first for group in fine])
        fresh = [group for group in fine if group.key not in known]
        rulings.update(self._open(fresh))
        there = [(known[group.key], group) for group in fine if group.key in known]
        rulings.update(update(self._run, self._stages, there))
        self._note(groups, known, rulings)
        return [rulings[row.number] for row in rows]

    def _note(
        self, groups: Sequence[Group], known: Mapping[str, int], rulings: Mapping[int, Ruling]
    ) -> None:
        told = [
            (ruling.target_id, group.first, group.key not in known)
            for group in groups
            if (ruling := rulings[group.first.number]).target_id and ruling.reason != "merged"
        ]
        topics = deal_notes.write(self._run, told)
        for ruling in rulings.values():
            # A row that says nothing else of a deal, but something new of a topic, updates it.
            if ruling.target_id in topics and ruling.verdict == Verdict.SAME:
                ruling.verdict = Verdict.UPDATE
                ruling.params = {"fields": topics[ruling.target_id]}

    def _problem(self, row: Parsed) -> Ruling | None:
        for name in ("opened_at", "closed_at"):
            moment = row.get(name)
            if moment and moment.at > self._run.now + SKEW:
                return reject(row, "future", field=name)
        for name in ("stage", "status"):
            if row.has(name) and self._stages.standing(row.get(name), field=name) is None:
                return reject(row, f"unknown_{name}", text=row.get(name))
        try:
            deals.checked({"amount": row.get("amount"), "currency": row.get("currency")})
            deals.checked({"amount": row.get("closed_amount")})
            deals.checked({"amount": row.get("budget")})
        except RuleBroken as error:
            return reject(row, error.code)
        return self._unknown_name(row)

    def _unknown_name(self, row: Parsed) -> Ruling | None:
        if self._run.option("create_missing", default=True):
            return None
        lookups = self._run.lookups
        for name, find in (
            ("company", lookups.company),
            ("product", lookups.product),
            ("owner", lookups.member),
        ):
            if row.has(name) and find(self._run.value_of(name, row.get(name))) is None:
                return reject(row, f"unknown_{name}", text=row.get(name))
        return None

    def _add_names(self, rows: Sequence[Parsed]) -> None:
        lookups = self._run.lookups
        for name, add in (
            ("company", lookups.add_companies),
            ("product", lookups.add_products),
            ("owner", lookups.add_members),
        ):
            texts = dict.fromkeys(row.get(name) for row in rows if row.has(name))
            add(self._run.value_of(name, text) for text in texts)

    def _open(self, groups: Sequence[Group]) -> dict[int, Ruling]:
        if not groups:
            return {}
        pairs, refused = self._through_gates([self._deal(group) for group in groups])
        news = [new for new, _ruling in pairs]
        bulk.open_deals(news, currency=self._run.workspace.currency, batch=self._run.batch)
        late_openings.keep(self._run, self._passed)
        self._passed.clear()
        self._run.remember([(new.item.key, new.item.pk) for new in news])
        self._run.made["deals"] += len(news)
        play(self._run, _entered(pairs))
        for new, ruling in pairs:
            ruling.target_kind, ruling.target_id = "deal", new.item.pk
            if "closed_before_opened" in ruling.notes:
                self._run.found(new.item.pk, "closed_before_opened", new.item.key, key=new.item.key)
        if self._run.option("place_orders"):
            place_orders(self._run, [new.item.pk for new in news if new.item.verdict == "won"])
        return {ruling.row.number: ruling for ruling in [*(two[1] for two in pairs), *refused]}

    def _through_gates(
        self, pairs: Sequence[tuple[NewDeal, Ruling]]
    ) -> tuple[list[tuple[NewDeal, Ruling]], list[Ruling]]:
        """Those that may stand where the file puts them, and the refusals of the others."""
        kept, refused = [], []
        for new, ruling in pairs:
            needs = late_openings.lacking(new, ruling.row, self._stages)
            refusal = late_openings.refused(self._run, ruling.row, needs)
            if refusal is not None:
                refused.append(refusal)
                continue
            kept.append((new, ruling))
            if needs:
                self._passed[new.item.key] = needs
        return kept, refused

    def _deal(self, group: Group) -> tuple[NewDeal, Ruling]:
        row, run = group.first, self._run
        ruling = Ruling(row, Verdict.CREATE)
        standing = standing_of(row, self._stages)
        stage = standing.stage or self._stages.first
        opened = row.get("opened_at") or row.get("closed_at") or Moment(run.now, is_day=False)
        item = NewItem(
            title=row.get("title") or self._title(row, group.key),
            key=group.key,
            opened_at=opened.at,
            stage_id=stage.pk,
            pipeline_id=self._stages.pipeline.pk,
            owner_id=run.lookups.member(run.value_of("owner", row.get("owner")))
            if row.has("owner")
            else None,
        )
        new = self._plain(row, item, stage, opened)
        if standing.verdict:
            self._close(new, ruling, standing.verdict, opened)
        elif new.closed_amount is not None:
            new.amount, new.closed_amount = new.amount or new.closed_amount, None
        return new, ruling

    def _plain(self, row: Parsed, item: NewItem, stage: Stage, opened: Moment) -> NewDeal:
        run = self._run
        product_id = (
            run.lookups.product(run.value_of("product", row.get("product")))
            if row.has("product")
            else None
        )
        new = NewDeal(
            item=item,
            currency=row.get("currency") or run.workspace.currency,
            company_id=run.lookups.company(run.value_of("company", row.get("company")))
            if row.has("company")
            else None,
            product_id=product_id,
            amount=row.get("amount"),
            closed_amount=row.get("closed_amount"),
            close_on=row.get("close_on"),
            channel=(row.get("channel") or "")[:60],
            qualified_at=opened.at if self._stages.is_past_lead(stage) else None,
            extra=run.cells.unmapped(row.raw),
        )
        if new.amount is None and product_id and run.option("amount_from_price"):
            on = opened.at.astimezone(run.workspace.zone).date()
            new.amount = run.lookups.price(product_id, on=on)
            new.extra["amount_from"] = "list_price"
        return new

    def _close(self, new: NewDeal, ruling: Ruling, verdict: str, opened: Moment) -> None:
        row, item = ruling.row, new.item
        closed = row.get("closed_at")
        if closed is None:
            ruling.notes.append("status_without_time")
        at = closing_instant(closed or opened, opened=opened, run=self._run)
        if at < opened.at:
            ruling.notes.append("closed_before_opened")
        item.verdict, item.decided_at = verdict, at
        if verdict == "lost":
            item.reason_id = self._run.lookups.reason(row.get("loss_reason"))
            return
        new.qualified_at = new.qualified_at or max(at, opened.at)
        follow_up = self._stages.follow_up
        if follow_up and follow_up.pk != item.stage_id:
            item.moves.append((follow_up.pk, max(at, opened.at)))

    def _title(self, row: Parsed, key: str) -> str:
        parts = [row.get("product"), row.get("company")]
        return " · ".join(part for part in parts if part) or key


def _entered(pairs: Iterable[tuple[NewDeal, Ruling]]) -> Iterator[Entry]:
    """The open deals of which a file says when they were opened; what is only assumed plans nothing."""
    for new, ruling in pairs:
        if not new.item.verdict and ruling.row.has("opened_at"):
            yield Entry(new.item.pk, None, new.item.stage_id, new.item.opened_at)


def key_of(run: Run, raw: dict[str, str]) -> str:
    """The source's key of a row; without one, title and company."""
    key = run.cells.key_of("key", raw)
    if key:
        return key
    return "|".join(filter(None, (run.cells.key_of(name, raw) for name in ("title", "company"))))
