"""The sample company after the win: rules, surveys and what customers answered, a few deals won back."""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.backlog.models import Order
from penstock.flow import dating
from penstock.flow.models import LossReason
from penstock.intake.sample.company import Cast
from penstock.sales import followup_rules, followups, surveys
from penstock.sales.models import Act, Followup, Scale, Survey

#: How long ago the company began to ask its customers.
ASKED_SINCE_DAYS = 240
AFTER_DAYS = 7
SCORES = (5, 5, 5, 4, 4, 4, 4, 3, 3, 2, 1)


def make_rules(cast: Cast) -> None:
    """The rules that the company shaped for itself."""
    owner, names = cast.members[0], cast.words.followups
    followup_rules.add(
        cast.workspace, act=Act.SURVEY, name=names[0], by=owner, after_days=AFTER_DAYS
    )
    followup_rules.add(
        cast.workspace, act=Act.RENEWAL, name=names[1], by=owner, after_days=330, close_days=45
    )
    followup_rules.add(
        cast.workspace,
        act=Act.UPSELL,
        name=names[2],
        by=owner,
        after_days=60,
        product=cast.products[0][0],
        offer=cast.products[-1][0],
    )
    reason = LossReason.objects.filter(workspace=cast.workspace, code="no_decision").first()
    followup_rules.add(
        cast.workspace, act=Act.WIN_BACK, name=names[3], by=owner, after_days=120, reason=reason
    )


def ask(cast: Cast) -> None:
    """Ask who was delivered before the rules planned it, carry out what they planned, and hear answers."""
    since = cast.now - timedelta(days=ASKED_SINCE_DAYS)
    planned = set(Followup.objects.filter(act=Act.SURVEY).values_list("source_id", flat=True))
    delivered = Order.objects.filter(fulfilled_at__gte=since).exclude(pk__in=planned)
    for order in delivered.select_related("item__workspace", "company").order_by("pk"):
        assert order.fulfilled_at is not None, "filtered by it"
        _ask_about(cast, order, at=order.fulfilled_at + timedelta(days=AFTER_DAYS))
    for followup in followups.due(cast.workspace, on=dating.today(cast.workspace)):
        at = _morning(cast, followup)
        with dating.lived(at):
            followups.carry_out(followup, on=followup.due_on)
    for survey in Survey.objects.filter(followup__isnull=False).order_by("pk"):
        _answer(cast, survey)


def _morning(cast: Cast, followup: Followup) -> datetime:
    day = datetime.combine(followup.due_on, datetime.min.time(), tzinfo=cast.workspace.zone)
    return min(day + timedelta(hours=9), cast.now)


def _ask_about(cast: Cast, order: Order, *, at: datetime) -> None:
    if at >= cast.now:
        return
    deal = followups.deal_behind(order.item)
    with dating.lived(at):
        asked = surveys.ask(order.item, scale=Scale.CSAT, by=None, deal=deal, company=order.company)
    _answer(cast, asked.survey)


def _answer(cast: Cast, survey: Survey) -> None:
    """Three of five answer, within a few days; some say why."""
    rng = cast.rng
    at = survey.asked_at + timedelta(hours=rng.randint(2, 90))
    if at >= cast.now or rng.random() > 0.6:
        return
    score = rng.choice(SCORES)
    said = cast.words.unhappy if score <= 2 else cast.words.happy if score == 5 else ()
    comment = rng.choice(said) if said and rng.random() < 0.7 else ""
    with dating.lived(at):
        surveys.answer(survey, score=score, comment=comment)
