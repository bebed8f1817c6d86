"""Taking an import back: withdraw what it opened, void what it added to others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from penstock.backlog import bulk as backlog_bulk
from penstock.backlog import dates
from penstock.backlog.models import Order
from penstock.catalog import bulk as catalog_bulk
from penstock.catalog import rates
from penstock.catalog.models import Product
from penstock.contacts import bulk as contacts_bulk
from penstock.contacts.models import Company, Person
from penstock.flow import bulk as flow_bulk
from penstock.flow.models import Finding, Item, Pipeline, Stage
from penstock.intake.models import ChangeSet, Identity, Verdict
from penstock.sales import activities
from penstock.sales import bulk as sales_bulk
from penstock.sales.models import Deal
from penstock.users.models import Member

UNDONE = {"company": Company, "person": Person, "product": Product}


def revert(change_set: ChangeSet, *, by: Member | None) -> None:
    """Take back everything with this change set's number, in the order of who points at whom.

    Items that it opened are withdrawn with all their rows. Its rows on other items are voided, and
    those items settled; what it planned about them is called off. Contacts and products that others
    have come to use stay. Products cost again what they did before.
    """
    batch = change_set.pk
    touched = flow_bulk.void(batch)
    touched |= backlog_bulk.void(batch, workspace_id=change_set.workspace_id)
    Item.objects.filter(batch=batch, withdrawn_at=None).update(withdrawn_at=timezone.now())
    kept = Item.objects.present().filter(pk__in=touched)
    flow_bulk.settle(list(kept.values_list("pk", flat=True)))
    dates.settle(touched)
    activities.call_off_batch(batch, by=by)
    sales_bulk.settle(list(kept.filter(kind="deal").values_list("pk", flat=True)))
    catalog_bulk.unprice(batch)
    rates.withdraw_batch(change_set.workspace, batch=batch, by=by)
    _withdraw(batch)
    _restore(change_set)
    Identity.objects.filter(change_set=change_set).delete()


def _withdraw(batch: int) -> None:
    deals = Deal.objects.filter(item__withdrawn_at=None)
    orders = Order.objects.filter(item__withdrawn_at=None)
    companies = {*_used(deals, "company_id"), *_used(orders, "company_id")}
    products = {*_used(deals, "product_id"), *_used(orders, "lines__product_id")}
    contacts_bulk.withdraw(batch, keep=companies)
    catalog_bulk.withdraw(batch, keep=products)
    owners = Item.objects.present().filter(owner__isnull=False).values("owner")
    Member.objects.filter(batch=batch, account=None).exclude(pk__in=owners).update(is_active=False)
    Finding.objects.filter(batch=batch, withdrawn_at=None).update(withdrawn_at=timezone.now())
    now = timezone.now()
    used = Item.objects.present()
    Stage.objects.filter(batch=batch).exclude(pk__in=used.values("stage")).update(retired_at=now)
    Pipeline.objects.filter(batch=batch).exclude(pk__in=used.values("pipeline")).update(
        retired_at=now
    )


def _used(rows: Any, name: str) -> Iterable[int]:
    used: Iterable[int] = (
        rows.filter(**{f"{name}__isnull": False}).values_list(name, flat=True).distinct()
    )
    return used


def _restore(change_set: ChangeSet) -> None:
    """Give contacts and products that it changed their former details back."""
    rows = change_set.rows.filter(verdict=Verdict.UPDATE, target_kind__in=UNDONE).exclude(before={})
    for row in rows.iterator():
        model: type[Model] = UNDONE[row.target_kind]
        thing = model.objects.filter(pk=row.target_id).first()  # type: ignore[attr-defined]  # -- a model with a manager
        if thing is not None:
            names = {"company": "company_id", "parent": "parent_id"}
            for name, value in row.before.items():
                setattr(thing, names.get(name, name), value)
            thing.save(update_fields=list(row.before))
