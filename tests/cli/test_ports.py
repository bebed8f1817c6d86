from __future__ import annotations

import socket

import pytest

from penstock.base.errors import Unavailable
from penstock.cli import ports


def test_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(Unavailable) as refused:
            ports.claim("127.0.0.1", port)

    assert f"Port {port} on 127.0.0.1 is taken" in str(refused.value)
    assert f"--port {port + 1}" in str(refused.value)


def test_foreign_address_is_refused() -> None:
    with pytest.raises(Unavailable) as refused:
        ports.claim("192.0.2.1", 8000)

    assert "Cannot listen on 192.0.2.1 port 8000" in str(refused.value)


def test_free_port_stays_free(free_port: int) -> None:
    ports.claim("127.0.0.1", free_port)
    ports.claim("127.0.0.1", free_port)
