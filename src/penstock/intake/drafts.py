"""Change sets before they run: keep a file, propose a mapping, change it, save it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.intake import storage
from penstock.intake.files import proposing, table, wide
from penstock.intake.models import ChangeSet, Mapping, State
from penstock.intake.nouns import rates, registry
from penstock.users.models import Member

EDITABLE = (State.DRAFT, State.CHECKED, State.FAILED)


def start(
    member: Member, noun: str, filename: str, data: bytes | Iterable[bytes], *, source: str = ""
) -> ChangeSet:
    """Keep a file, find out how it is written, and propose a mapping.

    Args:
        member: Who brings it in.
        noun: What its rows are, one of ``registry.NOUNS``.
        filename: As it is shown.
        data: Its bytes, whole or in pieces.
        source: The system it comes from; its keys are looked up among those of the same source.

    Raises:
        RuleBroken: ``intake.noun``, ``intake.too_large``, ``intake.empty``, ``intake.malformed``, ``intake.headers``.
    """
    if noun not in registry.NOUNS:
        raise RuleBroken("intake.noun", _("Choose what the file holds."), needs=["noun"])
    with transaction.atomic():
        change_set = ChangeSet.objects.create(
            workspace_id=member.workspace_id,
            noun=noun,
            filename=filename[-255:],
            source=_source(source, filename),
            by=member,
        )
        change_set.n_bytes = storage.store(change_set, data)
        change_set.generation = _generation(change_set)
        if noun == rates.NAME:
            _unfold(change_set, own=member.workspace.currency)
        _propose(change_set)
        change_set.save()
        return change_set


def headers(change_set: ChangeSet) -> list[str]:
    """The file's headers.

    Raises:
        Conflict: ``intake.not_editable`` once it is applied, for its file is kept no longer.
    """
    _check_kept(change_set)
    return table.headers(
        storage.chunks(change_set), form=_form(change_set), filename=change_set.filename
    )


def rows(change_set: ChangeSet) -> Iterator[table.Row]:
    """All records of the file; see :func:`headers`."""
    _check_kept(change_set)
    return table.rows(
        storage.chunks(change_set), form=_form(change_set), filename=change_set.filename
    )


def sample(change_set: ChangeSet, *, n: int = 5) -> list[table.Row]:
    """The file's first records; see :func:`headers`."""
    _check_kept(change_set)
    return table.sample(
        storage.chunks(change_set), form=_form(change_set), filename=change_set.filename, n=n
    )


def set_mapping(
    change_set: ChangeSet,
    *,
    mapping: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    source: str = "",
) -> ChangeSet:
    """Change the options, and which column is which field.

    ``=text`` stands for the same text in all rows; an empty column leaves the field out.

    Raises:
        RuleBroken: ``intake.unknown_field``, ``intake.unknown_column``, ``intake.option``.
        Conflict: ``intake.not_editable`` once it is running or applied.
    """
    check_editable(change_set)
    if mapping is not None:
        _check_mapping(change_set, mapping)
        merged = {**change_set.mapping, **mapping}
        change_set.mapping = {name: column for name, column in merged.items() if column}
    if options is not None:
        change_set.options = {**change_set.options, **options}
    if source and source != change_set.source:
        change_set.source = _source(source, change_set.filename)
        change_set.generation = _generation(change_set)
    change_set.state = State.DRAFT
    change_set.save()
    return change_set


def save_mapping(change_set: ChangeSet, *, name: str) -> Mapping:
    """Keep the mapping under a name, for the next file with these headers."""
    if not name.strip():
        raise RuleBroken("intake.name_missing", _("Give it a name."), needs=["name"])
    row, _made = Mapping.objects.update_or_create(
        workspace_id=change_set.workspace_id,
        noun=change_set.noun,
        name=name.strip()[:120],
        defaults={
            "headers": proposing.fingerprint(headers(change_set)),
            "columns": change_set.mapping,
            "options": change_set.options,
        },
    )
    return row


def use_mapping(change_set: ChangeSet, mapping: Mapping) -> ChangeSet:
    """Take over a saved mapping, as far as the file has its columns."""
    there = set(headers(change_set))
    columns = {
        name: column
        for name, column in mapping.columns.items()
        if column in there or column.startswith("=")
    }
    keep = {name: change_set.options[name] for name in ("encoding", "delimiter")}
    change_set.mapping = {}
    return set_mapping(change_set, mapping=columns, options={**mapping.options, **keep})


def check_editable(change_set: ChangeSet) -> None:
    """Refuse a change set that is running or done."""
    if change_set.state not in EDITABLE:
        raise not_editable()


def _check_mapping(change_set: ChangeSet, mapping: dict[str, str]) -> None:
    names = {one.name for one in registry.NOUNS[change_set.noun].fields}
    there = headers(change_set)
    for name, column in mapping.items():
        if name not in names:
            raise RuleBroken(
                "intake.unknown_field",
                _("There is no field “%(field)s”. There are: %(fields)s.")
                % {"field": name, "fields": ", ".join(sorted(names))},
            )
        if column and not column.startswith("=") and column not in there:
            raise RuleBroken(
                "intake.unknown_column",
                _("%(file)s has no column “%(column)s”. It has: %(columns)s.")
                % {"file": change_set.filename, "column": column, "columns": ", ".join(there)},
            )


def _unfold(change_set: ChangeSet, *, own: str) -> None:
    """Keep a table with a column per currency as rows of one rate each."""
    form, filename = table.form_of(storage.head(change_set)[:65536]), change_set.filename
    day = wide.day_column(table.headers(storage.chunks(change_set), form=form, filename=filename))
    if day is None:
        return
    rows = table.rows(storage.chunks(change_set), form=form, filename=filename)
    lines = [line.encode() for line in wide.unfolded(rows, day=day, own=own)]
    storage.drop(change_set)
    change_set.n_bytes = storage.store(change_set, lines)


def _propose(change_set: ChangeSet) -> None:
    form = table.form_of(storage.head(change_set)[:65536])
    change_set.options = {"encoding": form.encoding, "delimiter": form.delimiter}
    rows = sample(change_set, n=400)
    names = headers(change_set)
    noun = registry.NOUNS[change_set.noun]
    proposal = proposing.propose(noun.fields, headers=names, rows=rows)
    change_set.mapping = proposal.mapping
    change_set.options |= {**proposal.options, "asks": proposal.asks}
    saved = (
        Mapping.objects.filter(
            workspace_id=change_set.workspace_id,
            noun=change_set.noun,
            headers=proposing.fingerprint(names),
        )
        .order_by("-id")
        .first()
    )
    if saved:
        there = set(names)
        change_set.mapping = {
            name: column
            for name, column in saved.columns.items()
            if column in there or column.startswith("=")
        }
        change_set.options |= {
            **saved.options,
            "encoding": form.encoding,
            "delimiter": form.delimiter,
            "saved": saved.name,
        }


def _form(change_set: ChangeSet) -> table.Form:
    return table.Form(
        encoding=change_set.options["encoding"], delimiter=change_set.options["delimiter"]
    )


def _source(source: str, filename: str) -> str:
    return slugify(source or filename.rsplit(".", 1)[0])[:60] or "file"


def _generation(change_set: ChangeSet) -> int:
    last = ChangeSet.objects.filter(
        workspace_id=change_set.workspace_id, source=change_set.source, reverted_at__isnull=False
    ).aggregate(last=Max("generation"))["last"]
    return (last or 0) + 1


def _check_kept(change_set: ChangeSet) -> None:
    if change_set.applied_at is not None:
        raise not_editable()


def not_editable() -> Conflict:
    """What is said of a change set that is running or done."""
    return Conflict(
        "intake.not_editable",
        _("This import is running or done. Start a new one with the same file."),
    )
