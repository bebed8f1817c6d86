"""Tests that commit leave nothing behind, although the run-time login may not truncate."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_turn_starts_empty(turn: int) -> None:
    assert Session.objects.count() == 0

    Session.objects.create(session_key=str(turn), expire_date=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_what_migrations_filled_stays() -> None:
    assert ContentType.objects.exists()
