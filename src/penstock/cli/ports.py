"""Whether an address is free to listen on."""

from __future__ import annotations

import errno
import socket

from django.utils.translation import gettext_noop as _

from penstock.base.errors import Unavailable
from penstock.config.sentences import Sentence, say


def claim(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on.

    Raises:
        Unavailable: Another program listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1)
        except OSError as error:
            raise Unavailable("serve.no_port", _reason(error, host, port)) from error


def _reason(error: OSError, host: str, port: int) -> Sentence:
    if error.errno == errno.EADDRINUSE:
        text = _(
            "Port %(port)s on %(host)s is taken: stop what runs there, "
            "or choose another with --port %(other)s."
        )
        return say(text, port=port, host=host, other=port + 1)
    text = _(
        "Cannot listen on %(host)s port %(port)s (%(why)s): choose others with --host and --port."
    )
    return say(text, host=host, port=port, why=error.strerror or error)
