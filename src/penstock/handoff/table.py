"""All consequences across pipelines on one page: what happened, who acts in its transaction."""

from __future__ import annotations

from penstock.backlog.standing import OrderFulfilled, OrderUnfulfilled
from penstock.flow.bus import Handler
from penstock.flow.moves import Moved
from penstock.handoff import delivered_order, entered_stage, lost_deal, won_deal
from penstock.sales.deals import DealLost, DealOpened, DealReopened, DealWon

TABLE: dict[type, tuple[Handler, ...]] = {
    DealOpened: (entered_stage.begin,),
    Moved: (entered_stage.play,),
    DealWon: (won_deal.place_order,),
    DealReopened: (won_deal.withdraw_order, lost_deal.call_off),
    DealLost: (lost_deal.plan_win_back,),
    OrderFulfilled: (delivered_order.follow_up,),
    OrderUnfulfilled: (delivered_order.call_off,),
}
