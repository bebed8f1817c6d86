"""What addresses say of where a visitor came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.base import tracking
from penstock.base.tracking import Trace

PAGE = "https://mill.test/wheels"


@pytest.mark.parametrize(
    ("query", "referrer", "channel"),
    [
        ("", "", ""),
        ("utm_medium=cpc&utm_source=google", "https://www.google.com/", "paid"),
        ("utm_medium=paid-social", "", "paid"),
        ("gclid=1", "https://www.google.com/", "paid"),
        ("yclid=1", "", "paid"),
        ("utm_medium=E-Mail", "", "email"),
        ("utm_source=newsletter", "", "email"),
        ("utm_medium=social", "", "social"),
        ("utm_source=linkedin", "", "social"),
        ("utm_source=acme", "", "referral"),
        ("utm_medium=webinar", "", "event"),
        ("utm_medium=sms", "", "phone"),
        ("utm_medium=blog", "", "content"),
        ("", "https://www.google.co.uk/search?q=wheel", "search"),
        ("", "https://yandex.ru/search/?text=x", "search"),
        ("", "https://ya.ru/", "search"),
        ("", "https://go.mail.ru/search", "search"),
        ("", "https://t.co/abc", "social"),
        ("", "https://t.me/mill", "social"),
        ("", "https://lnkd.in/x", "social"),
        ("", "https://m.vk.com/", "social"),
        ("", "https://mail.google.com/mail/u/0/", "email"),
        ("", "https://partner.example/list", "referral"),
        ("", "https://x.example/list", "referral"),
        ("", "https://www.mill.test/about", ""),
    ],
)
def test_channel_of_what_the_addresses_say(query: str, referrer: str, channel: str) -> None:
    trace = tracking.read(f"{PAGE}?{query}", referrer=referrer)

    assert tracking.channel_of(trace) == channel


def test_rules_of_the_workspace_count_first() -> None:
    trace = tracking.read(f"{PAGE}?utm_source=Acme%20Portal&utm_medium=cpc")

    own = {("utm_source", "acme portal"): "referral"}

    assert (tracking.channel_of(trace), tracking.channel_of(trace, own=own)) == ("paid", "referral")


def test_queries_and_paths_of_other_sites_are_not_kept() -> None:
    trace = tracking.read(
        f"{PAGE}?email=carol@acme.test&utm_term=wheel", referrer="https://acme.test/u/carol?x=1"
    )

    assert trace == Trace(utm={"utm_term": "wheel"}, landing=PAGE, referrer="acme.test")


@pytest.mark.parametrize(
    "address",
    ["", "x", "javascript:alert(1)", "https://[", "https://a:b@mill.test/", "https://a:99999999/"],
)
def test_nonsense_reads_as_nothing(address: str) -> None:
    assert tracking.read(address, referrer=address).is_empty


@given(st.text(), st.text())
def test_any_text_is_read_and_kept_short(address: str, referrer: str) -> None:
    trace = tracking.read(f"https://mill.test/{address}", referrer=referrer)

    kept = [*trace.utm.values(), trace.landing, trace.referrer]
    assert all(len(text) <= tracking.LONGEST and "\n" not in text for text in kept)
    assert tracking.channel_of(trace) in {"", "referral", "search", "social", "email", "paid"} | {
        *tracking.MEDIUMS
    }
