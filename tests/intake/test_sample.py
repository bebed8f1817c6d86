"""The sample company."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta

import pytest

from penstock.backlog.models import Entry, Order
from penstock.base.calendar import Window
from penstock.contacts.models import Alike, Company, Merge, Person
from penstock.flow import dating
from penstock.flow.models import Item, Override, Transition
from penstock.intake import sample
from penstock.reports import backlog, pipeline, promises, promises_kept
from penstock.sales import evidence
from penstock.sales.evidence import Evidence
from penstock.sales.models import (
    Campaign,
    CampaignCost,
    Claim,
    Deal,
    Followup,
    Submission,
    SurveyAnswer,
    Touch,
)
from penstock.users import access
from penstock.users.models import Account, Member


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_has_something_to_tell_when_the_sample_is_filled(
    db: None, language: str
) -> None:
    sign_in = sample.fill(language=language)

    member = access.enter(Account.objects.get(email=sign_in.email), slug=sign_in.slug)

    held, owed = pipeline.on_day(member), backlog.on_day(member)
    endings = Counter(Item.objects.values_list("kind", "outcome"))
    assert {row.role for row in Member.objects.all()} == {
        "owner",
        "manager",
        "rep",
        "operations",
        "viewer",
    }
    assert (Company.objects.count(), Person.objects.count(), Deal.objects.count()) == (48, 105, 271)
    alike = Counter(Alike.objects.values_list("noun", flat=True))
    assert (alike["company"] >= 3, alike["person"] >= 2) == (True, True)
    assert Merge.objects.count() == 1
    assert Claim.objects.count() > 40
    assert {one.state for known in told_of_deals(member) for one in known.standings.values()} >= {
        *("stated", "contradicted", "guessed", "unknown"),
    }
    assert Override.objects.count() == 1
    assert Order.objects.count() > 120
    assert endings[("deal", "won")] > 50
    assert endings[("deal", "lost")] > 50
    assert endings[("order", "cancelled")] > 0
    assert Entry.objects.filter(kind="returned").exists()
    assert held.total.n > 25
    assert held.parked.n == 7
    assert held.total.n_without_amount > 0
    assert owed.owed.n_orders > 10
    assert owed.overdue.n_orders > 0
    assert SurveyAnswer.objects.count() > 20
    assert Campaign.objects.count() == 4
    assert Counter(row.verdict for row in Submission.objects.all()) == {"taken": 11, "held": 1}
    assert CampaignCost.objects.count() > 20
    assert {touch.channel for touch in Touch.objects.all()} > {"paid", "email", "event", "search"}
    assert Followup.objects.filter(done_at=None, cancelled_at=None).count() > 5


def test_history_is_known_when_it_happened_in_the_sample(db: None) -> None:
    sign_in = sample.fill()
    access.enter(Account.objects.get(email=sign_in.email), slug=sign_in.slug)

    rows = Transition.objects.all()

    assert all(row.known_at == row.occurred_at for row in rows)
    assert not any(row.is_assumed for row in rows)


def test_most_of_what_was_foreseen_in_the_sample_held(db: None) -> None:
    sign_in = sample.fill()
    member = access.enter(Account.objects.get(email=sign_in.email), slug=sign_in.slug)
    today = dating.today(member.workspace)

    told = promises_kept.record(member, window=Window(today - timedelta(days=364), today, UTC))

    sure = told.levels[1].kept
    assert sure.n > 60
    assert 0.7 < (sure.share or 0) < 0.95
    assert promises.forecasts(member, now=dating.now())


def told_of_deals(member: Member) -> list[Evidence]:
    ids = list(Deal.objects.visible_to(member).open().values_list("pk", flat=True))
    return list(evidence.of_many(ids, workspace_id=member.workspace_id).values())
