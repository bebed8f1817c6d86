"""All consequences across pipelines on one page: what happened, who acts in its transaction."""

from __future__ import annotations

from penstock.flow.bus import Handler
from penstock.handoff import won_deal
from penstock.sales.deals import DealReopened, DealWon

TABLE: dict[type, tuple[Handler, ...]] = {
    DealWon: (won_deal.place_order,),
    DealReopened: (won_deal.withdraw_order,),
}
