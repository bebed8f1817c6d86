"""What ``penstock deal`` does: each act finds its deal by the member's rights and calls one verb."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from penstock.base.errors import NotAllowed, NotFound, RuleBroken
from penstock.base.keys import match_key
from penstock.cli.figures import day_of
from penstock.cli.rendering import Sheet
from penstock.flow import access as flow
from penstock.flow import gates, pipelines
from penstock.flow.dating import today
from penstock.flow.models import Kind, LossReason, Pipeline, Stage
from penstock.sales import access, answering, deals, facts
from penstock.sales.answering import Answers
from penstock.sales.models import Deal
from penstock.users import roles
from penstock.users.models import Member

COLUMNS = ("deal", "title", "company", "stage", "state", "owner", "amount", "close", "since")
STATES = ("open", "parked", "won", "lost", "all")
NOBODY = "nobody"
Row = TypeVar("Row", Pipeline, LossReason, Member)


@dataclass(frozen=True, slots=True)
class DealRow:
    """One deal as the command line says it; ``missing`` is what it needs to leave its stage."""

    key: str
    title: str
    company: str
    pipeline: str
    stage: str
    state: str
    owner: str
    amount: Decimal | None
    currency: str
    close_on: date | None
    parked_until: date | None
    entered_at: datetime
    missing: tuple[str, ...] = ()


Said = tuple[Any, Sheet]


def listed(member: Member, *, stage: str, owner: str, state: str, limit: int) -> Said:
    """Deals that the member may see, those longest in their stage first."""
    if state not in STATES:
        raise RuleBroken(
            "cli.state", _("Choose one of these: %(names)s.") % {"names": ", ".join(STATES)}
        )
    rows = access.deals_for(member).select_related("item__owner", "company")
    rows = rows.select_related("item__stage__pipeline", "workspace")
    if stage:
        rows = rows.filter(item__stage__in=_stages(member, stage))
    if owner:
        rows = rows.filter(item__owner=_member(member, owner))
    day = today(member.workspace)
    narrowed = {
        "open": rows.filter(item__outcome="").exclude(item__parked_until__gt=day),
        "parked": rows.filter(item__outcome="", item__parked_until__gt=day),
        "won": rows.filter(item__outcome="won"),
        "lost": rows.filter(item__outcome="lost"),
        "all": rows,
    }[state]
    found = [_row(deal) for deal in narrowed.order_by("item__entered_at", "pk")[:limit]]
    return found, _sheet(_("Deals"), found)


def shown(member: Member, key: str) -> Said:
    """One deal, and what it needs to leave its stage."""
    return _told(member, access.deal_for(member, key))


def opened(member: Member, title: str, *, pipeline: str, company: str, **told: str) -> Said:
    """A new deal."""
    if not roles.may_sell(member):
        raise NotAllowed("sales.read_only", _("You may look at deals, but not open new ones."))
    into = _pipeline(member, pipeline)
    deal = deals.open_deal(
        into,
        title=title,
        by=member,
        stage=_stage(member, told["stage"], into) if told["stage"] else None,
        owner=_owner(member, told["owner"]) if told["owner"] else member,
        company_name=company,
        amount=_number(told["amount"]),
        currency=told["currency"].upper(),
        close_on=day_of(told["close_on"]),
        channel=told["channel"],
        despite=_despite(member, told["despite"]),
    )
    return _told(member, deal)


def moved(member: Member, key: str, stage: str, *, seen: str, despite: str) -> Said:
    """A deal in another stage."""
    deal = access.deal_for(member, key, to="edit")
    to, was = _stage(member, stage, deal.item.pipeline), _seen(member, deal, seen)
    deals.move(deal, to=to, by=member, seen=was, despite=_despite(member, despite))
    return _told(member, deal)


def won(member: Member, key: str, *, amount: str, seen: str, despite: str) -> Said:
    """A deal that is won, for an amount that may be said with it."""
    deal = access.deal_for(member, key, to="edit")
    was, reason = _seen(member, deal, seen), _despite(member, despite)

    def win(one: Deal) -> Deal:
        return deals.win(one, by=member, seen=was, despite=reason)

    said = Answers(values={"amount": _number(amount)} if amount else {})
    return _told(member, answering.first(deal, said, by=member, then=win))


def lost(member: Member, key: str, *, reason: str, seen: str) -> Said:
    """A deal that is lost, for a reason."""
    deal = access.deal_for(member, key, to="edit")
    why, was = _reason(member, reason), _seen(member, deal, seen)
    deals.lose(deal, reason=why, by=member, seen=was)
    return _told(member, deal)


def parked(member: Member, key: str, *, until: str) -> Said:
    """A deal that waits until a day."""
    deal = access.deal_for(member, key, to="edit")
    day = day_of(until)
    if day is None:
        raise RuleBroken("cli.date", _("Say with --until on which day it comes back."))
    deals.park(deal, until=day, by=member)
    return _told(member, deal)


def reopened(member: Member, key: str) -> Said:
    """A deal that is open again, or no longer waits."""
    deal = access.deal_for(member, key, to="edit")
    if deal.item.is_open:
        deals.unpark(deal, by=member)
    else:
        deals.reopen(deal, by=member)
    return _told(member, deal)


def assigned(member: Member, key: str, owner: str) -> Said:
    """A deal with another owner, or with none."""
    deal = access.deal_for(member, key, to="edit")
    deals.assign(deal, owner=_owner(member, owner), by=member)
    return _told(member, deal)


def _told(member: Member, deal: Deal) -> Said:
    # Whoever gives a deal away may see it no longer, and is still told what became of it.
    rows = Deal.objects.select_related("item__owner", "company", "workspace")
    found = _row(rows.select_related("item__stage__pipeline").get(pk=deal.pk), is_full=True)
    missing = ", ".join(str(facts.LABELS[need]) for need in found.missing)
    note = _("To leave its stage it needs: %(needs)s.") % {"needs": missing} if missing else ""
    return found, _sheet(found.title, [found], note=note)


def _row(deal: Deal, *, is_full: bool = False) -> DealRow:
    item = deal.item
    is_parked = item.is_open and item.is_parked(today(deal.workspace))
    return DealRow(
        key=item.key,
        title=item.title,
        company=deal.company.name if deal.company else "",
        pipeline=item.stage.pipeline.label,
        stage=item.stage.label,
        state="parked" if is_parked else item.outcome or "open",
        owner=item.owner.name if item.owner else "",
        amount=deal.amount,
        currency=deal.currency,
        close_on=deal.close_on,
        parked_until=item.parked_until if is_parked else None,
        entered_at=item.entered_at,
        missing=tuple(_missing(deal)) if is_full else (),
    )


def _missing(deal: Deal) -> list[str]:
    item = deal.item
    if not item.is_open:
        return []
    later = item.stage.pipeline.stages.filter(
        position__gt=item.stage.position, retired_at=None
    ).order_by("position", "pk")
    following = later.first()
    return gates.missing(item, to=following) if following else []


def _sheet(title: str, rows: Iterable[DealRow], *, note: str = "") -> Sheet:
    return Sheet(
        title=title,
        columns=COLUMNS,
        rows=[
            [
                row.key,
                row.title,
                row.company,
                row.stage,
                f"{row.state} → {row.parked_until}" if row.parked_until else row.state,
                row.owner,
                None if row.amount is None else {row.currency: row.amount},
                row.close_on.isoformat() if row.close_on else None,
                row.entered_at.date().isoformat(),
            ]
            for row in rows
        ],
        note=note,
    )


def _despite(member: Member, reason: str) -> str:
    if reason.strip():
        flow.check_override(member)
    return reason


def _seen(member: Member, deal: Deal, text: str) -> int | None:
    return _stage(member, text, deal.item.pipeline).pk if text else None


def _pipeline(member: Member, text: str) -> Pipeline:
    if not text:
        return pipelines.default_for(member.workspace_id, kind=Kind.DEAL)
    rows = list(flow.pipelines_for(member).filter(kind=Kind.DEAL))
    found = _only(rows, text)
    if found is None:
        raise NotFound(
            "flow.no_such_pipeline",
            _("There is no pipeline “%(name)s”. There is: %(names)s.") % _offered(rows, text),
        )
    return found


def _stage(member: Member, text: str, pipeline: Pipeline) -> Stage:
    """The stage of this name, rather of the deal's own pipeline: of another one the verb refuses it."""
    found = _stages(member, text)
    return next((stage for stage in found if stage.pipeline_id == pipeline.pk), found[0])


def _stages(member: Member, text: str) -> list[Stage]:
    rows = Stage.objects.filter(
        workspace_id=member.workspace_id, pipeline__kind=Kind.DEAL, retired_at=None
    )
    found = [one for one in rows.order_by("pipeline", "position", "pk") if _is_named(one, text)]
    if not found:
        names = ", ".join(dict.fromkeys(stage.label for stage in rows))
        raise NotFound(
            "flow.no_such_stage",
            _("There is no stage “%(name)s”. There is: %(names)s.")
            % {"name": text, "names": names},
        )
    return found


def _reason(member: Member, text: str) -> LossReason:
    rows = list(flow.reasons_for(member))
    found = _only(rows, text)
    if found is None:
        raise NotFound(
            "flow.no_such_reason",
            _("There is no loss reason “%(name)s”. There is: %(names)s.") % _offered(rows, text),
        )
    return found


def _owner(member: Member, text: str) -> Member | None:
    return None if text.strip().lower() == NOBODY else _member(member, text)


def _member(member: Member, text: str) -> Member:
    active = Member.objects.filter(workspace_id=member.workspace_id, is_active=True)
    rows = list(active.order_by("sort_key", "pk"))
    found = active.filter(account__email__iexact=text.strip()).first() or _only(rows, text)
    if found is None:
        raise NotFound(
            "users.no_member",
            _("No single member is called “%(name)s”. There is: %(names)s.") % _offered(rows, text),
        )
    return found


def _only(rows: Sequence[Row], text: str) -> Row | None:
    found = [row for row in rows if _is_named(row, text)]
    return found[0] if len(found) == 1 else None


def _offered(rows: Iterable[Any], text: str) -> dict[str, str]:
    return {"name": text, "names": ", ".join(_name(row) for row in rows)}


def _is_named(row: Any, text: str) -> bool:
    names = (_name(row), getattr(row, "code", ""), str(row.pk))
    return any(name and match_key(name) == match_key(text) for name in names)


def _name(row: Any) -> str:
    return str(row.name if isinstance(row, Member) else row.label)


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise RuleBroken(
            "cli.number",
            _("“%(text)s” is no amount. Write it like 1200.50.") % {"text": text},
        )
    return found
