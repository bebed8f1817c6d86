"""Another e-mail address: it waits until its letter is opened, and the page says so."""

from __future__ import annotations

from django.core import mail

from tests.web.conftest import Browser


def test_new_address_waits_to_be_confirmed_without_any_inline_style(owner: Browser) -> None:
    before = owner.client.get("/accounts/email/").text
    owner.client.post("/accounts/email/", {"action_add": "", "email": "new@mill.test"})
    page = owner.client.get("/accounts/email/").text

    assert "waits to be confirmed" not in before
    assert "<strong>new@mill.test</strong> waits to be confirmed" in page
    assert " style=" not in page
    assert mail.outbox[-1].to == ["new@mill.test"]

    owner.client.post("/accounts/email/", {"action_remove": "", "email": "new@mill.test"})
    assert "waits to be confirmed" not in owner.client.get("/accounts/email/").text
