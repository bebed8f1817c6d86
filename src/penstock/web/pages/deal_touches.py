"""How the customer of a deal came, once and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from penstock.base.tracking import UTM
from penstock.flow.timeline import Event
from penstock.sales import channels
from penstock.sales.models import Channel, Deal, Touch, TouchTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One touch, ready to be shown."""

    id: int
    channel: str
    campaign: str
    campaign_id: int | None
    said: str
    at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchPanel:
    """The touches of a deal, the first one first; ``stated`` stands in where there are none."""

    lines: Sequence[Line]
    stated: str


def build(deal: Deal, *, events: Sequence[Event]) -> TouchPanel:
    """The panel of a deal, out of its history."""
    told = (event.row for event in events if not event.is_corrected)
    rows = sorted(
        (row for row in told if isinstance(row, Touch)), key=lambda row: (row.occurred_at, row.pk)
    )
    return TouchPanel(
        lines=[_line(row, deal=deal) for row in rows], stated="" if rows else _stated(deal)
    )


def said(trace: TouchTrace) -> str:
    """What the addresses said, the most telling first."""
    utm = [getattr(trace, name) for name in UTM if getattr(trace, name)]
    return " · ".join(part for part in (*utm, trace.referrer, trace.landing) if part)


def _line(row: Touch, *, deal: Deal) -> Line:
    trace = getattr(row, "trace", None)
    return Line(
        id=row.pk,
        channel=str(row.get_channel_display()),
        campaign=row.campaign.name if row.campaign else "",
        campaign_id=row.campaign_id,
        said=said(trace) if trace else "",
        at=row.occurred_at,
        is_own=row.item_id == deal.pk,
    )


def _stated(deal: Deal) -> str:
    if not deal.channel:
        return _("Nobody wrote down how they came.")
    rules = channels.rules_of(deal.workspace_id)
    code = channels.of_stated([deal.channel], own=rules)[deal.channel]
    values = {"stated": deal.channel, "channel": str(Channel(code).label) if code else ""}
    if code:
        return _("The stated source “%(stated)s” counts as one touch: %(channel)s.") % values
    return _("The stated source is “%(stated)s”; no channel stands for it yet.") % values
