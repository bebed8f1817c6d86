from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from penstock.config.logs import JsonLines, Named
from penstock.config.requests import HEADER, request_id


def test_name_from_outside_is_kept(client: Client) -> None:
    response = client.get("/healthz", headers={HEADER: "trace-0123.abc"})

    assert response.headers[HEADER] == "trace-0123.abc"


@pytest.mark.parametrize("name", ["short", "a" * 65, "with space here", "line\nbreak-line", ""])
def test_badly_formed_name_is_replaced(client: Client, name: str) -> None:
    response = client.get("/healthz", headers={HEADER: name})

    assert len(response.headers[HEADER]) == 32
    assert response.headers[HEADER] != name


def test_name_is_forgotten_after_the_request(client: Client) -> None:
    client.get("/healthz")

    assert request_id.get() == "-"


def test_one_line_per_request_without_the_query(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "penstock.access"):
        client.get("/no-such-page?email=a@b.c")

    fields = [record.fields for record in caplog.records if record.name == "penstock.access"]  # type: ignore[attr-defined]  # -- given as extra
    assert len(fields) == 1
    assert fields[0].pop("ms") >= 0
    assert fields[0] == {
        "method": "GET", "path": "/no-such-page", "status": 404, "account": None, "workspace": None,
    }  # fmt: skip


def test_machines_asking_for_health_stay_out_of_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "penstock.access"):
        client.get("/healthz")

    assert not caplog.records


def test_json_line_carries_the_name_and_the_fields() -> None:
    record = logging.LogRecord("penstock", logging.INFO, "", 0, "сделка %s", ("DEAL-1",), None)
    record.fields = {"ms": 1.5}
    token = request_id.set("trace-0123")
    Named().filter(record)
    request_id.reset(token)

    line = json.loads(JsonLines().format(record))

    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "penstock",
        "message": "сделка DEAL-1",
        "request_id": "trace-0123",
        "ms": 1.5,
    }
