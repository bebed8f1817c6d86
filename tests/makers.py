"""Which maker of ``make.py`` makes which model."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from django.db import models

from tests import make


def maker_of(model: type[models.Model]) -> Callable[..., Any]:
    """The maker that answers with a row of this model.

    Raises:
        LookupError: There is none: write one, so that the row is held back by tested walls.
    """
    for _name, maker in inspect.getmembers(make, inspect.isfunction):
        if maker.__module__ == make.__name__ and get_type_hints(maker).get("return") is model:
            return maker
    raise LookupError(f"tests/make.py has no maker for {model._meta.label}")
