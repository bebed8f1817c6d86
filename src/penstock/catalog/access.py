"""The only way by which a door gets a product."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotFound
from penstock.catalog.models import Product
from penstock.users.models import Member


def products_for(member: Member) -> QuerySet[Product]:
    """All products of the workspace, retired ones too."""
    return Product.objects.filter(workspace_id=member.workspace_id, withdrawn_at=None)


def product_for(member: Member, product_id: int) -> Product:
    """A product to see.

    Raises:
        NotFound: ``catalog.no_product``.
    """
    product = products_for(member).filter(pk=product_id).first()
    if product is None:
        raise NotFound("catalog.no_product", _("There is no such product here."))
    return product
