"""Merging companies, people and deals, and taking it back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from penstock.base.errors import Conflict, RuleBroken
from penstock.contacts import access, companies, matching, people
from penstock.contacts import merging as contacts
from penstock.contacts.models import Company, Merge, Person
from penstock.flow.dating import lived
from penstock.flow.models import Item, Outcome
from penstock.reports import movements, pipeline
from penstock.sales import deals, merging
from penstock.sales.models import Deal, DealPerson
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.workspace()


def figures(workspace: Workspace) -> Any:
    """All that a page says of the deals: now, and on some days."""
    owner = make.owner_of(workspace)
    today = timezone.now().date()
    days = [pipeline.on_day(owner, on=today - timedelta(days=back)) for back in (0, 1, 20, 40, 400)]
    window = days[0].moment.trailing(60)
    moved = movements.in_window(owner, window)
    stages = [[(one.stage_id, one.held.n, one.held.sums) for one in day.stages] for day in days]
    return stages, [(day.parked.n, day.parked.sums) for day in days], moved


def state(workspace: Workspace) -> Any:
    """All that is kept of records, but for what only says when it was written."""
    kept = (
        (Item, "title stage_id owner_id outcome decided_at parked_until entered_at"),
        (Deal, "company_id amount currency close_on channel"),
        (Company, "name domain match_key parent_id merged_into_id"),
        (Person, "name email company_id merged_into_id"),
    )
    rows = [
        list(model.objects.order_by("pk").values("pk", *names.split())) for model, names in kept
    ]
    return rows, sorted(DealPerson.objects.values_list("deal_id", "person_id", "part"))


def test_merged_deal_is_in_no_sum_and_a_past_day_shows_both(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    with lived(datetime(2026, 1, 10, 9, tzinfo=UTC)):
        kept, gone = make.deal(workspace, amount="100"), make.deal(workspace, amount="70")

    merging.merge(kept, gone=gone, by=owner)

    assert pipeline.on_day(owner).total.sums == {"EUR": Decimal(100)}
    assert pipeline.on_day(owner, on=date(2026, 1, 31)).total.sums == {"EUR": Decimal(170)}
    assert Item.objects.get(pk=gone.pk).outcome == Outcome.Verdict.MERGED
    assert merging.survivor_of(gone).pk == kept.pk
    assert merging.answered_by(kept) == [kept.pk, gone.pk]


def test_merged_deal_is_neither_opened_nor_lost(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    kept, gone = make.deal(workspace), make.deal(workspace)
    deals.lose(gone, reason=make.loss_reason(workspace), by=owner)
    deals.win(kept, by=owner)
    window = pipeline.on_day(owner).moment.trailing(5)

    merging.merge(kept, gone=gone, by=owner)

    moved = movements.in_window(owner, window)
    assert (moved.n_opened, moved.n_won, moved.n_lost) == (1, 1, 0)
    assert [(one.n_leads, one.n_won) for one in movements.by_channel(owner)] == [(1, 1)]


def test_survivor_takes_the_fields_asked_for_and_gives_them_back(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    kept = make.deal(workspace, title="Wheel", amount="100")
    gone = make.deal(workspace, title="A wheel", amount="250", owner=owner)
    before = state(workspace)

    row = merging.merge(kept, gone=gone, by=owner, take=["amount", "title", "owner"])
    taken = Deal.objects.select_related("item").get(pk=kept.pk)
    assert (taken.amount, taken.item.title, taken.item.owner_id) == (250, "A wheel", owner.pk)

    merging.undo(row, by=owner)

    assert state(workspace) == before


def test_what_changed_after_the_merge_stays_with_the_survivor(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    kept = make.deal(workspace, title="Wheel", amount="100")
    gone = make.deal(workspace, amount="250")
    row = merging.merge(kept, gone=gone, by=owner, take=["amount"])
    deals.change(kept, by=owner, amount=Decimal(300), title="Big wheel")

    merging.undo(row, by=owner)

    found = Deal.objects.select_related("item").get(pk=kept.pk)
    assert (found.amount, found.item.title) == (300, "Big wheel")


def test_people_on_both_deals_stand_once_and_come_back(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    kept, gone = make.deal(workspace), make.deal(workspace)
    ann, bob = make.person(workspace, "Ann"), make.person(workspace, "Bob")
    deals.add_person(kept, person=ann, part="decides", by=owner)
    deals.add_person(gone, person=ann, part="pays", by=owner)
    deals.add_person(gone, person=bob, part="uses", by=owner)
    before = state(workspace)

    row = merging.merge(kept, gone=gone, by=owner)
    assert set(kept.people.values_list("person_id", "part")) == {
        (ann.pk, "decides"), (bob.pk, "uses"),
    }  # fmt: skip

    merging.undo(row, by=owner)

    assert state(workspace) == before


def test_won_deal_stays_and_lost_one_does_not(workspace: Workspace) -> None:
    won, lost = make.deal(workspace), make.deal(workspace)
    deals.win(won, by=None)
    deals.lose(lost, reason=make.loss_reason(workspace), by=None)
    fresh = make.deal(workspace)

    with pytest.raises(RuleBroken) as of_won:
        merging.merge(fresh, gone=won, by=None)
    with pytest.raises(RuleBroken) as of_lost:
        merging.merge(lost, gone=fresh, by=None)
    with pytest.raises(RuleBroken) as of_itself:
        merging.merge(fresh, gone=fresh, by=None)

    assert [one.value.code for one in (of_won, of_lost, of_itself)] == [
        "sales.merge_won", "sales.merge_lost", "contacts.merge_self",
    ]  # fmt: skip


def test_merged_deal_is_not_reopened_won_or_merged_again(workspace: Workspace) -> None:
    kept, gone, third = (make.deal(workspace) for _ in range(3))
    row = merging.merge(kept, gone=gone, by=None)

    for act in (
        lambda: deals.reopen(gone, by=None),
        lambda: deals.win(gone, by=None),
        lambda: merging.merge(third, gone=gone, by=None),
    ):
        with pytest.raises((RuleBroken, Conflict)):
            act()
    merging.undo(row, by=None)
    with pytest.raises(Conflict) as again:
        merging.undo(row, by=None)

    assert again.value.code == "contacts.merge_undone"


def test_chain_is_undone_from_its_end(workspace: Workspace) -> None:
    first, second, third = (make.deal(workspace) for _ in range(3))
    one = merging.merge(second, gone=first, by=None)
    merging.merge(third, gone=second, by=None)
    assert merging.survivor_of(first).pk == third.pk
    assert set(merging.answered_by(third)) == {first.pk, second.pk, third.pk}

    with pytest.raises(Conflict) as refused:
        merging.undo(one, by=None)

    assert refused.value.code == "contacts.merge_chained"


def test_deals_orders_and_people_follow_the_company(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    kept, gone = make.company(workspace, "Acme"), make.company(workspace, "ACME Ltd")
    child = companies.add(workspace, name="Acme Paint", parent=gone, by=None)
    with lived(datetime(2026, 1, 10, 9, tzinfo=UTC)):
        deal = make.deal(workspace, company=gone)
    order = make.order(workspace, company=gone)
    ann = make.person(workspace, "Ann", company=gone)
    before = state(workspace)

    row = contacts.merge_companies(kept, gone=gone, by=owner)

    for thing in (deal, order, ann):
        thing.refresh_from_db()
        assert thing.company_id == kept.pk
    child.refresh_from_db()
    assert child.parent_id == kept.pk
    assert access.company_for(owner, gone.pk).pk == kept.pk
    assert [one.pk for one in access.companies_for(owner)] == [kept.pk, child.pk]

    contacts.undo(row, by=owner)

    assert state(workspace) == before
    order.refresh_from_db()
    assert order.company_id == gone.pk


def test_parent_merged_into_its_child_is_not_its_own_parent(workspace: Workspace) -> None:
    parent = make.company(workspace, "Acme")
    child = companies.add(workspace, name="Acme Ltd", parent=parent, by=None)

    contacts.merge_companies(child, gone=parent, by=None)

    child.refresh_from_db()
    assert child.parent_id != child.pk


def test_merged_company_is_found_under_its_survivor_only(workspace: Workspace) -> None:
    kept, gone = make.company(workspace, "Acme"), make.company(workspace, "Wheelworks")
    row = contacts.merge_companies(kept, gone=gone, by=None, take=["name"])
    kept.refresh_from_db()
    assert kept.name == "Wheelworks"
    assert [one.id for one in matching.companies_like(workspace.pk, name="Wheelworks")] == [kept.pk]

    contacts.undo(row, by=None)

    found = matching.companies_like(workspace.pk, name="Wheelworks")
    assert [one.id for one in found] == [gone.pk]
    assert [one.id for one in matching.companies_like(workspace.pk, name="acme")] == [kept.pk]


def test_person_takes_address_and_gives_it_back_unless_it_changed(workspace: Workspace) -> None:
    kept = make.person(workspace, "Ann", email="ann@a.example", phone="1")
    gone = make.person(workspace, "Anne", email="ann@b.example", phone="2")
    row = contacts.merge_people(kept, gone=gone, by=None, take=["email", "phone"])
    people.change(kept, by=None, phone="3")

    contacts.undo(row, by=None)

    kept.refresh_from_db()
    assert (kept.email, kept.phone) == ("ann@a.example", "3")


def test_erasing_the_survivor_erases_who_was_merged_into_it(workspace: Workspace) -> None:
    owner = make.owner_of(workspace)
    kept = make.person(workspace, "Ann", email="ann@a.example")
    gone = make.person(workspace, "Anne", email="anne@a.example")
    contacts.merge_people(kept, gone=gone, by=owner, take=["email"])

    people.erase(kept, by=owner)

    gone.refresh_from_db()
    assert (gone.name, gone.email, gone.erased_at is None) == ("", "", False)
    assert Merge.objects.get().before == {}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["change", "move", "park", "lose", "win", "reopen", "person", "close_on"]),
        st.integers(0, 2),
        st.integers(1, 900),
    ),
    max_size=8,
)


class MergeAndUndo(TestCase):
    """On random histories, merging and taking it back changes no figure and no row that is kept."""

    @settings(max_examples=25, deadline=None)
    @given(acts=ACTS, take=st.sets(st.sampled_from(merging.FIELDS)))
    def test_leaves_everything_as_it_was(
        self, acts: list[tuple[str, int, int]], take: set[str]
    ) -> None:
        workspace = make.workspace()
        found = self.live(workspace, acts)
        kept, gone = (Deal.objects.select_related("item").get(pk=deal.pk) for deal in found[:2])
        before = state(workspace), figures(workspace)

        try:
            row = merging.merge(kept, gone=gone, by=None, take=take)
        except RuleBroken:
            assert (state(workspace), figures(workspace)) == before
            return
        merging.undo(row, by=None)

        assert (state(workspace), figures(workspace)) == before

    def live(self, workspace: Workspace, acts: list[tuple[str, int, int]]) -> list[Deal]:
        ann = make.person(workspace)
        now = timezone.now() - timedelta(days=50)
        with lived(now):
            company = make.company(workspace)
            found = [make.deal(workspace, company=company, amount="10") for _ in range(3)]
        for number, (act, which, n) in enumerate(acts):
            with lived(now + timedelta(days=5 * number + 1)):
                try:
                    self.do(act, found[which], n, ann, workspace)
                except (RuleBroken, Conflict):
                    continue
        return found

    def do(self, act: str, deal: Deal, n: int, ann: Person, workspace: Workspace) -> None:
        item = Item.objects.select_related("stage", "pipeline").get(pk=deal.pk)
        deal = Deal.objects.select_related("item").get(pk=deal.pk)
        acts: dict[str, Any] = {
            "change": lambda: deals.change(deal, by=None, amount=Decimal(n), currency="USD" if n % 2 else "EUR"),
            "move": lambda: deals.move(deal, to=list(item.pipeline.stages.all())[n % 6], by=None),
            "park": lambda: deals.park(deal, until=timezone.now().date() + timedelta(days=n), by=None),
            "lose": lambda: deals.lose(deal, reason=make.loss_reason(workspace), by=None),
            "win": lambda: deals.win(deal, by=None),
            "reopen": lambda: deals.reopen(deal, by=None),
            "person": lambda: deals.add_person(deal, person=ann, part="pays" if n % 2 else "uses", by=None),
            "close_on": lambda: deals.change(deal, by=None, close_on=date(2026, 1 + n % 12, 1)),
        }  # fmt: skip
        acts[act]()
