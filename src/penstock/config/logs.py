"""The log: one JSON object per line for machines, or short lines for people."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from penstock.config.requests import request_id


class Named(logging.Filter):
    """Adds the name of the request to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        record.request_id = request_id.get()
        return True


class JsonLines(logging.Formatter):
    """One JSON object per line: time, level, logger, message, request, and further fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """Django's ``LOGGING``.

    Args:
        form: ``json`` or ``console``.
        level: Least level that is written.
    """
    console = {"format": "%(asctime)s %(levelname)-7s %(request_id)s %(name)s: %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"named": {"()": Named}},
        "formatters": {"json": {"()": JsonLines}, "console": console},
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "formatter": "json" if form == "json" else "console",
                "filters": ["named"],
            }
        },
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # One line for each task that it finds at every start.
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            # Our own access line says the same with the time it took.
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }
