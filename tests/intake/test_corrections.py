"""What a later file corrects is known from its import on, and said again when that is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from penstock.flow import replay
from penstock.flow.models import Item, Transition
from penstock.intake import changesets
from penstock.users.models import Member
from tests import make
from tests.intake import build

DEALS = "ID,Name,Created\n1,Wheel,2026-01-10\n"
HEAD = "Deal ID,From,To,Date\n"
MENDED = HEAD + "1,First contact,Proposal,2026-02-01\n"
BEFORE = HEAD + "1,,Proposal,2026-01-01\n"
FEBRUARY = datetime(2026, 2, 28, tzinfo=UTC)
OPENED = [("lead_generation", "2026-01-10")]


@pytest.fixture
def owner(db: None) -> Member:
    owner = make.owner_of(make.workspace())
    build.applied(owner, "deals", DEALS)
    return owner


def story(*, known: datetime | None = None) -> list[tuple[str, str]]:
    rows = Item.objects.get().transitions.select_related("stage")
    return [
        (row.stage.code, row.occurred_at.date().isoformat())
        for row in replay.effective(rows, known=known)
    ]


@pytest.mark.parametrize(
    ("file", "then", "now"),
    [
        (
            MENDED,
            [*OPENED, ("proposal", "2026-02-01")],
            [("first_contact", "2026-01-10"), ("proposal", "2026-02-01")],
        ),
        (BEFORE, [("proposal", "2026-01-01"), *OPENED], [("proposal", "2026-01-01")]),
    ],
)
def test_correction_is_known_from_the_import_on(
    owner: Member, file: str, then: list[tuple[str, str]], now: list[tuple[str, str]]
) -> None:
    begun = timezone.now()

    build.applied(owner, "stage_history", file)

    correction = Transition.objects.get(supersedes__isnull=False)
    assert begun <= correction.known_at <= timezone.now()
    assert correction.occurred_at == correction.supersedes.occurred_at
    assert story(known=FEBRUARY) == then
    assert story() == now


@pytest.mark.parametrize("file", [MENDED, BEFORE])
def test_what_was_corrected_is_said_again_when_the_import_is_taken_back(
    owner: Member, file: str
) -> None:
    change_set = build.applied(owner, "stage_history", file)

    changesets.revert_now(change_set, by=owner)

    item = Item.objects.select_related("stage").get()
    assert story() == OPENED
    assert story(known=FEBRUARY) == OPENED
    assert story(known=timezone.now() + timedelta(days=1)) == OPENED
    assert (item.stage.code, item.entered_at) == ("lead_generation", item.opened_at)
