"""The panel of a won or lost deal, and of a delivered order: what follows, and how satisfied the customer is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from penstock.flow.models import Item, Kind, Link, Outcome
from penstock.sales import followups, surveys
from penstock.sales.models import Act, Followup, Survey
from penstock.sales.models.survey import HAPPY, RANGES, UNHAPPY
from penstock.users.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act, planned, done or called off."""

    id: int
    name: str
    rule: str
    due_on: date
    state: str
    tone: str
    is_planned: bool
    opened_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One survey with the answer that counts."""

    id: int
    scale: str
    whom: str
    asked_at: datetime
    answer: str
    tone: str
    comment: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followups:
    """All that follows one delivery or loss."""

    key: str
    steps: Sequence[Step]
    asked: Sequence[Asked]
    follows: Item | None
    follows_url: str
    acts: list[str]
    may_ask: bool
    may_edit: bool
    is_lost: bool

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say or to do."""
        return bool(self.steps or self.asked or self.follows or (self.may_edit and self.acts))


def build(
    item: Item,
    *,
    member: Member,
    may_edit: bool,
    there: Collection[type[Model]] | None = None,
) -> Followups:
    """What follows a deal (and its order), or an order; ``there`` as ``timeline.held`` said of it."""
    is_alone = there is not None and Link not in there
    order, follows = (
        (item if item.kind == Kind.ORDER else None, None) if is_alone else _around(item)
    )
    is_lost = item.kind == Kind.DEAL and item.outcome == Outcome.Verdict.LOST
    is_delivered = order is not None and order.outcome == Outcome.Verdict.FULFILLED
    return Followups(
        key=item.key if is_lost or order is None else order.key,
        steps=[_step(row) for row in _rows(item, order)],
        asked=[_asked(row) for row in _surveys(order)],
        follows=follows,
        follows_url=_url(member, follows) if follows else "",
        acts=_acts(is_lost=is_lost, is_delivered=is_delivered),
        may_ask=is_delivered,
        may_edit=may_edit,
        is_lost=is_lost,
    )


def _around(item: Item) -> tuple[Item | None, Item | None]:
    """The order of an item, and the delivery or loss because of which it was opened."""
    links = list(
        Link.objects.filter(
            Q(source=item, kind="placed") | Q(target=item, kind__in=followups.LINKS.values())
        ).select_related("source", "target")
    )
    placed = next((link.target for link in links if link.kind == "placed"), None)
    follows = next((link.source for link in links if link.kind != "placed"), None)
    return (item if item.kind == Kind.ORDER else placed), follows


def _rows(item: Item, order: Item | None) -> Iterable[Followup]:
    """Nothing follows what is neither delivered nor lost, so an open deal asks nothing."""
    if order is None and item.is_open:
        return ()
    sources = [one.pk for one in (item, order) if one is not None]
    rows = Followup.objects.filter(source_id__in=sources).select_related("rule", "opened")
    return rows.order_by("due_on", "pk")


def _acts(*, is_lost: bool, is_delivered: bool) -> list[str]:
    if is_lost:
        return [Act.WIN_BACK.value]
    return [Act.RENEWAL.value, Act.SURVEY.value] if is_delivered else []


def _surveys(order: Item | None) -> Iterable[Survey]:
    if order is None:
        return ()
    rows = Survey.objects.filter(order=order, withdrawn_at=None).select_related("person")
    return rows.order_by("-asked_at", "-pk")


def _step(row: Followup) -> Step:
    state, tone = _state(row)
    return Step(
        id=row.pk,
        name=str(row.get_act_display()),
        rule=row.rule.name if row.rule else "",
        due_on=row.due_on,
        state=state,
        tone=tone,
        is_planned=row.is_planned,
        opened_key=row.opened.key if row.opened else "",
    )


def _state(row: Followup) -> tuple[str, str]:
    if row.cancelled_at is not None:
        return _("Called off"), ""
    return (_("Done"), "ok") if row.done_at is not None else (_("Planned"), "info")


def _asked(row: Survey) -> Asked:
    answer = surveys.last_answer(row)
    whom = row.person.name or _("Erased person") if row.person else ""
    if answer is None:
        text, tone = _("No answer yet"), ""
    else:
        _low, high = RANGES[row.scale]
        text = _("%(score)s of %(high)s") % {"score": answer.score, "high": high}
        tone = _tone(answer.score, scale=row.scale)
    return Asked(
        id=row.pk,
        scale=row.scale.upper(),
        whom=whom,
        asked_at=row.asked_at,
        answer=text,
        tone=tone,
        comment=surveys.words_of(answer) if answer else "",
        answered_at=answer.occurred_at if answer else None,
    )


def _tone(score: int, *, scale: str) -> str:
    if score <= UNHAPPY[scale]:
        return "late"
    return "ok" if score >= HAPPY[scale] else "warn"


def _url(member: Member, item: Item) -> str:
    name = "deal" if item.kind == Kind.DEAL else "order"
    return reverse(name, args=[member.workspace.slug, item.key])
