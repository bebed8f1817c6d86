"""The only way by which a door gets a product."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.catalog.models import Product, Rate
from penstock.users import roles
from penstock.users.models import Member


def products_for(member: Member) -> QuerySet[Product]:
    """All products of the workspace, retired ones too."""
    return Product.objects.filter(workspace_id=member.workspace_id, withdrawn_at=None)


def product_for(member: Member, product_id: int, *, to: str = "see") -> Product:
    """A product, to see or to ``edit``.

    Raises:
        NotFound: ``catalog.no_product``. NotAllowed: ``catalog.read_only``.
    """
    product = products_for(member).filter(pk=product_id).first()
    if product is None:
        raise NotFound("catalog.no_product", _("There is no such product here."))
    check_edit(member, to=to)
    return product


def check_edit(member: Member, *, to: str) -> None:
    """Refuse a change by a role that only looks.

    Raises:
        NotAllowed: ``catalog.read_only``.
    """
    if to != "see" and not roles.may_edit_contacts(member):
        raise NotAllowed("catalog.read_only", _("You may look, but not change anything here."))


def check_rates(member: Member) -> None:
    """Refuse whoever does not steer the workspace to state exchange rates.

    Raises:
        NotAllowed: ``catalog.rates_read_only``.
    """
    if not roles.may_steer(member):
        raise NotAllowed(
            "catalog.rates_read_only",
            _("Only an owner or a manager may change exchange rates."),
        )


def rate_for(member: Member, rate_id: int) -> Rate:
    """A stated rate, for somebody who may change rates.

    Raises:
        NotFound: ``catalog.no_such_rate``. NotAllowed: ``catalog.rates_read_only``.
    """
    found = Rate.objects.filter(pk=rate_id, workspace_id=member.workspace_id)
    rate = found.select_related("workspace").first()
    if rate is None:
        raise NotFound("catalog.no_such_rate", _("There is no such rate here."))
    check_rates(member)
    return rate
