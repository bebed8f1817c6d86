"""Who matters to the sample company, who paid in advance, and which order goes before all others."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Sum

from penstock.backlog import deposits, expediting
from penstock.backlog.dates import Why
from penstock.backlog.deposits import Told
from penstock.backlog.expediting import Bill
from penstock.backlog.models import Order, Place
from penstock.contacts import tiers
from penstock.flow import dating
from penstock.intake.sample import work_words
from penstock.intake.sample.company import DAYS, Cast
from penstock.users.models import Role

SEED = 71
#: Of the customers, the first ones are known best.
N_KEY, N_REGULAR = 5, 14
DEPOSIT_SHARE = 0.35
LATELY = timedelta(days=1)


def tell(cast: Cast) -> None:
    """Give tiers, take deposits of a third of the open orders, and put one of the last before all others."""
    rng = random.Random(SEED)
    _tiers(cast)
    open_ones = Order.objects.filter(item__outcome="", item__withdrawn_at=None)
    for order in open_ones.select_related("item").order_by("pk"):
        if rng.random() < DEPOSIT_SHARE:
            _pay(cast, order, rng)
    waiting = open_ones.filter(promised_on__isnull=False, item__is_blocked=False)
    last = waiting.exclude(lines__remaining_hours=None).order_by(F("promised_on").desc()).first()
    if last is not None:
        _hurry(cast, last)


def _tiers(cast: Cast) -> None:
    began = cast.now - timedelta(days=DAYS)
    by = cast.member(Role.MANAGER)
    for number, company in enumerate(cast.companies[: N_KEY + N_REGULAR]):
        tiers.assign(company, "a" if number < N_KEY else "b", by=by, at=began)
    # One customer has grown.
    tiers.assign(cast.companies[N_KEY], "a", by=by, at=cast.now - timedelta(days=90))


def _pay(cast: Cast, order: Order, rng: random.Random) -> None:
    worth = sum(line.remaining_value for line in order.lines.all())
    amount = (Decimal(worth) * Decimal(rng.choice(["0.2", "0.3", "0.5"]))).quantize(Decimal(1))
    at = order.item.opened_at + timedelta(days=rng.randint(1, 9))
    if amount > 0 and at < cast.now:
        told = Told(by=cast.member(Role.OPERATIONS), at=at)
        deposits.receive(order, amount=amount, told=told)
        deposits.allow_free_cancelling(order, is_free=rng.random() < 0.4)


def _hurry(cast: Cast, order: Order) -> None:
    by = cast.member(Role.OPERATIONS)
    words = work_words.BY_LANGUAGE[cast.workspace.language]
    with dating.lived(cast.now - LATELY):
        why = Why("standstill", words.hurry)
        expediting.expedite(order, why, bill=_bill(order), by=by)


def _bill(order: Order) -> Bill:
    """The bill at an even pace: what all places work in five of seven days."""
    own = order.lines.aggregate(n=Sum("remaining_hours"))["n"] or Decimal(0)
    places = Place.objects.filter(workspace_id=order.workspace_id, withdrawn_at=None)
    a_day = (places.aggregate(n=Sum("hours_per_day"))["n"] or Decimal(8)) * 5 / 7
    passed = Order.objects.filter(
        workspace_id=order.workspace_id,
        item__outcome="",
        item__withdrawn_at=None,
        item__is_blocked=False,
        promised_on__lt=order.promised_on,
    )
    days = round(own / a_day, 2)
    return Bill(hours=own, days=dict.fromkeys(passed.values_list("pk", flat=True), days))
