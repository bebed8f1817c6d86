"""Tying the rows that point at a record to another one, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.related import ForeignKey

Moved = dict[str, list[int]]


def repoint(model: type[models.Model], *, gone: Any, kept: Any, besides: Collection[str]) -> Moved:
    """Let every row that may be changed and points at one record point at the other.

    Append-only rows stay as they were written. So does a row of which there may be only one with
    the survivor, and is one already.

    Args:
        model: What both are.
        gone: The record that goes.
        kept: The record that stays.
        besides: Keys (as ``sales.Deal.company``) that somebody else takes care of.

    Returns:
        The ids of the rows, by key, for :func:`put_back`.
    """
    moved: Moved = {}
    for name, field in keys_to(model):
        if name in besides:
            continue
        rows = _movable(field, gone=gone, kept=kept)
        ids = list(rows.values_list("pk", flat=True))
        if ids:
            field.model._default_manager.filter(pk__in=ids).update(**{field.name: kept})
            moved[name] = ids
    return moved


def put_back(moved: Mapping[str, Any], *, gone: Any, kept: Any) -> None:
    """Let the rows point back, those that still point at the survivor."""
    known = dict(keys_to(type(kept)))
    for name, ids in moved.items():
        if field := known.get(name):
            rows = field.model._default_manager.filter(pk__in=ids, **{field.name: kept})
            rows.update(**{field.name: gone})


def keys_to(model: type[models.Model]) -> Iterator[tuple[str, ForeignKey[Any, Any]]]:
    """Every key of a row that may be changed to a model, with its name; one-to-one rows are the thing itself."""
    for other in apps.get_models():
        if getattr(other, "append_only", False):
            continue
        for field in other._meta.local_fields:
            if (
                isinstance(field, ForeignKey)
                and not field.unique
                and field.name != "merged_into"
                and field.remote_field.model is model
            ):
                yield f"{other._meta.label}.{field.name}", field


def _movable(field: ForeignKey[Any, Any], *, gone: Any, kept: Any) -> QuerySet[Any]:
    rows = field.model._default_manager.filter(**{field.name: gone})
    if field.remote_field.model is field.model:
        # A record that pointed at itself through the other would be its own parent.
        rows = rows.exclude(pk=kept.pk)
    for constraint in field.model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
            others = {name: OuterRef(name) for name in constraint.fields if name != field.name}
            twins = field.model._default_manager.filter(**{field.name: kept}, **others)
            rows = rows.exclude(Exists(twins))
    return rows
