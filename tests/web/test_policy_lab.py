"""The page of the policy lab."""

from __future__ import annotations

from datetime import timedelta

import pytest

from penstock.backlog import orders
from penstock.flow import dating
from penstock.users.models import Workspace
from tests import make
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


def test_lab_opens_empty_and_tells_every_policy(
    owner: Browser, viewer: Browser, stranger: Browser, workspace: Workspace
) -> None:
    empty = owner.get("backlog/lab").content.decode()
    for number in range(12):
        at = dating.now() - timedelta(days=60 - number)
        order = make.order(workspace, at=at, promised_on=(at + timedelta(days=2)).date())
        orders.fulfil_all(order, by=None, at=at + timedelta(days=9))

    said = viewer.get("backlog/lab", bound="10").content.decode()

    assert "Too few orders to tell one policy from another: 0 of at least 10." in empty
    assert "No other policy would have made lateness cheaper" in said
    assert "Starved: over 10 days" in said
    assert "As it was" in said
    assert "12 of 12" in said
    assert stranger.get("backlog/lab").status_code == 404


@pytest.mark.parametrize("bound", ["0", "much", "-3", "99999"])
def test_impossible_bound_is_refused(owner: Browser, bound: str) -> None:
    assert owner.get("backlog/lab", bound=bound).status_code == 422
