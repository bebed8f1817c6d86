"""Signatures: which fit, for how long, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from penstock.base.errors import Conflict, NotAllowed, RuleBroken
from penstock.flow import dating
from penstock.sales import capture_keys
from penstock.sales.models import CaptureKey, SeenSignature
from penstock.users import walls
from penstock.users.models import Workspace
from tests import make

pytestmark = pytest.mark.django_db

BODY = b'{"id": "1"}'


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.workspace()


@pytest.fixture
def key(workspace: Workspace) -> CaptureKey:
    return make.capture_key(workspace)


def check(key: CaptureKey, *, seconds: int = 0, body: bytes = BODY, **change: str) -> CaptureKey:
    timestamp = int(timezone.now().timestamp()) + seconds
    signature = capture_keys.sign(capture_keys.secret_of(key), timestamp=timestamp, body=BODY)
    said = {
        "public_id": key.public_id,
        "timestamp": str(timestamp),
        "signature": signature,
        **change,
    }
    return capture_keys.check(key.workspace, body=body, **said)


def test_signature_fits_once(key: CaptureKey) -> None:
    assert check(key) == key
    key.refresh_from_db()
    assert key.last_used_at is not None
    with pytest.raises(Conflict) as refusal:
        check(key)
    assert (refusal.value.code, check(key, seconds=1)) == ("sales.signature_used", key)


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"id": "2"}'},
        {"public_id": "0" * 16},
        {"public_id": ""},
        {"signature": ""},
        {"signature": "v1=" + "0" * 64},
        {"signature": "v1=ä"},
        {"timestamp": "soon"},
        {"timestamp": ""},
        {"timestamp": "9" * 40},
        {"timestamp": "1"},
        {"timestamp": "²"},
    ],
)
def test_wrong_signature_is_refused_and_uses_nothing_up(
    key: CaptureKey, change: dict[str, str]
) -> None:
    with pytest.raises(NotAllowed) as refusal:
        check(key, **change)

    assert (refusal.value.code, SeenSignature.objects.count()) == ("sales.signature", 0)


@pytest.mark.parametrize("seconds", [-301, 302])
def test_old_and_future_time_stamps_are_refused(key: CaptureKey, seconds: int) -> None:
    with pytest.raises(NotAllowed) as refusal:
        check(key, seconds=seconds)

    assert refusal.value.code == "sales.signature_old"


def test_keys_rotate(key: CaptureKey) -> None:
    fresh = capture_keys.make(key.form, name="Shop again", by=None)
    assert {check(key), check(fresh)} == {key, fresh}

    capture_keys.revoke(key, by=None)
    capture_keys.revoke(key, by=None)

    with pytest.raises(NotAllowed):
        check(key, seconds=1)
    assert check(fresh, seconds=1) == fresh


def test_secret_is_derived_and_differs(key: CaptureKey) -> None:
    first = capture_keys.secret_of(key)

    with override_settings(SECRET_KEY="another"):
        assert capture_keys.secret_of(key) != first
    assert capture_keys.secret_of(make.capture_key(key.workspace)) != first


def test_key_of_another_workspace_is_unknown(key: CaptureKey) -> None:
    other = make.workspace("Other")

    with walls.inside(other.pk), pytest.raises(NotAllowed):
        capture_keys.check(
            other, public_id=key.public_id, timestamp="1", signature="v1=", body=BODY
        )


def test_used_signatures_are_kept_as_long_as_they_could_be_sent_again(key: CaptureKey) -> None:
    check(key)

    assert capture_keys.clear_seen(key.workspace) == 0
    with dating.lived(timezone.now() + timedelta(minutes=11)):
        assert capture_keys.clear_seen(key.workspace) == 1


def test_key_says_who_uses_it(key: CaptureKey) -> None:
    with pytest.raises(RuleBroken, match="who will use"):
        capture_keys.make(key.form, name=" ", by=None)
