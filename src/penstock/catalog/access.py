"""The only way by which a door gets a product."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.catalog.models import Product
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
