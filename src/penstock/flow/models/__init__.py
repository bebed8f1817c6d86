"""Pipelines, stages, items, and the rows that say what happened to them."""

from penstock.flow.models.dated import Dated
from penstock.flow.models.finding import Finding
from penstock.flow.models.history import (
    Blocker,
    FieldChange,
    Outcome,
    Parking,
    Transition,
)
from penstock.flow.models.item import Item, KeyCounter, Link
from penstock.flow.models.override import Override, OverrideWording
from penstock.flow.models.pipeline import Kind, LossReason, Pipeline, Stage, StageKind

__all__ = [
    "Blocker",
    "Dated",
    "FieldChange",
    "Finding",
    "Item",
    "KeyCounter",
    "Kind",
    "Link",
    "LossReason",
    "Outcome",
    "Override",
    "OverrideWording",
    "Parking",
    "Pipeline",
    "Stage",
    "StageKind",
    "Transition",
]
