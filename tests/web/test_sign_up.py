"""Making an account: open, or closed by the operator."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from penstock.users.models import Account

pytestmark = pytest.mark.django_db

FORM = {"email": "dora@example.test", "password1": "Qx7-wheel-42", "password2": "Qx7-wheel-42"}
CLOSED = {
    "en": "Ask an owner of the workspace to invite you.",
    "ru": "Попросите владельца рабочего пространства пригласить вас.",
}


def test_account_is_made_when_sign_up_is_open() -> None:
    answer = Client().post("/accounts/signup/", FORM)

    assert answer.status_code == 302
    assert Account.objects.get().email == "dora@example.test"


@pytest.mark.parametrize("language", CLOSED)
def test_page_says_whom_to_ask_when_sign_up_is_closed(settings: Any, language: str) -> None:
    settings.IS_SIGNUP_OPEN = False

    answer = Client(headers={"accept-language": language}).post("/accounts/signup/", FORM)

    assert CLOSED[language] in answer.content.decode()
    assert not Account.objects.exists()
