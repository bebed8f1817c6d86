"""The only way by which a door gets a product, a rate or a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import NotAllowed, NotFound
from penstock.catalog.models import Calendar, CalendarDay, Product, Rate
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


def check_shape(member: Member) -> None:
    """Refuse a change to working time by somebody who does not steer.

    Raises:
        NotAllowed: ``catalog.not_steering``.
    """
    if not roles.may_steer(member):
        raise NotAllowed(
            "catalog.not_steering", _("Only an owner or a manager may change working time.")
        )


def calendars_for(member: Member) -> QuerySet[Calendar]:
    """The calendars of the workspace that are in use, the default one first."""
    found = Calendar.objects.filter(workspace_id=member.workspace_id, retired_at=None)
    return found.order_by("-is_default", "name", "id")


def calendar_for(member: Member, calendar_id: int) -> Calendar:
    """A calendar.

    Raises:
        NotFound: ``catalog.no_calendar``.
    """
    found = calendars_for(member).filter(pk=calendar_id).first()
    if found is None:
        raise NotFound("catalog.no_calendar", _("There is no such calendar here."))
    return found


def calendar_day_for(member: Member, day_id: int) -> CalendarDay:
    """A day of a calendar, also one that was taken off it.

    Raises:
        NotFound: ``catalog.no_calendar_day``.
    """
    rows = CalendarDay.objects.select_related("calendar")
    found = rows.filter(workspace_id=member.workspace_id, pk=day_id).first()
    if found is None:
        raise NotFound("catalog.no_calendar_day", _("There is no such day on the calendar."))
    return found
