"""The same hostile text in every column of a workspace that people or strangers can write."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from penstock.users import walls
from penstock.users.models import Workspace
from tests import makers

WALLED = [model for model in apps.get_models() if issubclass(model, walls.Walled)]
#: Shorter columns hold codes.
SHORTEST = 60
#: What the product itself writes, by the name of the column: codes, digests, keys for sorting and matching.
OURS = {
    *("sort_key", "match_key", "source_key", "digest", "token", "token_digest", "token_hash"),
    *("mail_id", "sha256", "headers", "key", "leads_to", "status", "target_kind", "media_type"),
}
#: What the product itself writes, by model and column; and what is no HTML but a program or an address of ours.
OURS_OF = {
    ("AuditEntry", "action"),
    ("Submission", "reason"),
    ("FieldChange", "value"),
    ("Attachment", "name"),
    ("Message", "html"),
    ("SavedView", "query"),
    ("ProposalTemplate", "source"),
    ("CompanyToken", "text"),
    ("PersonToken", "text"),
}
JSON = {
    **dict.fromkeys(("Company", "Person", "Deal", "Order", "Line", "Product"), "extra"),
    "Submission": "answers",
    "ChangeRow": "raw",
}


def free(model: type[models.Model]) -> list[Any]:
    """The columns of a model that hold what somebody wrote."""
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and (field.max_length or SHORTEST) >= SHORTEST
        and field.name not in OURS
        and (model.__name__, field.name) not in OURS_OF
    ]


def everywhere(workspace: Workspace, text: str) -> None:
    """Make a row of every model that has none yet, and write the text into all of them."""
    for model in WALLED:
        rows: Any = model._default_manager.filter(workspace_id=workspace.pk)
        if free(model) and not rows.exists():
            makers.maker_of(model)(workspace)
        if getattr(model, "append_only", False):
            continue
        for row in rows:
            _write(model, row.pk, text)
        if model.__name__ in JSON:
            rows.update(**{JSON[model.__name__]: {text[:60]: text}})


def without(workspace: Workspace, text: str) -> set[str]:
    """The columns that do not hold it in any row."""
    return {
        f"{model.__name__}.{field.name}"
        for model in WALLED
        for field in free(model)
        if not model._default_manager.filter(
            workspace_id=workspace.pk, **{f"{field.name}__contains": text}
        ).exists()
    }


def _write(model: type[models.Model], pk: int, text: str) -> None:
    """Column by column: one that is to be unlike in every row gets its number at the end."""
    for field in free(model):
        row = model._default_manager.filter(pk=pk)
        for value in (text, f"{text}{pk}"):
            try:
                with transaction.atomic():
                    row.update(**{field.name: value[: field.max_length]})
                break
            except DatabaseError:
                continue
