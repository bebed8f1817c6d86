"""Hard limits on work in progress."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from penstock.base.errors import RuleBroken
from penstock.flow.dating import today
from penstock.flow.models import Item, Stage


def check(stage: Stage) -> None:
    """Refuse one more item in a stage that is full; parked items take no place.

    The stage row is locked first, so that two movers cannot both take the last place.

    Raises:
        RuleBroken: ``flow.wip_limit``.
    """
    if stage.wip_limit is None:
        return
    stage = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    n_active = Item.objects.active(today(stage.workspace)).filter(stage=stage).count()
    if stage.wip_limit is not None and n_active >= stage.wip_limit:
        raise RuleBroken(
            "flow.wip_limit",
            _("“%(stage)s” is full: %(n)d of %(limit)d. Finish or move something out of it first.")
            % {"stage": stage.label, "n": n_active, "limit": stage.wip_limit},
        )
