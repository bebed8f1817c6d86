"""What can happen to a change set: start it, map it, check it, apply it, revert it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, PenstockError, RuleBroken
from penstock.intake import jobs, reverting, running, storage
from penstock.intake.files import proposing, table
from penstock.intake.models import ChangeSet, Mapping, State
from penstock.intake.nouns import registry
from penstock.intake.progress import Progress
from penstock.users import audit
from penstock.users.models import Member

EDITABLE = (State.DRAFT, State.CHECKED, State.FAILED)
# One more than any workspace has: keeps two runs of one change set apart.
LOCK_SPACE = 0x70656E73


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


def sample(change_set: ChangeSet, *, n: int = 5) -> list[table.Row]:
    """The file's first records; see :func:`headers`."""
    _check_kept(change_set)
    return table.sample(
        storage.chunks(change_set), form=_form(change_set), filename=change_set.filename, n=n
    )


def rows(change_set: ChangeSet) -> Iterator[table.Row]:
    """All records of the file; see :func:`headers`."""
    _check_kept(change_set)
    return table.rows(
        storage.chunks(change_set), form=_form(change_set), filename=change_set.filename
    )


def drop(change_set: ChangeSet) -> None:
    """Drop an import that was not applied, with its file; call inside the verb's transaction.

    Raises:
        Conflict: ``intake.running`` while it is being applied.
    """
    _claim(change_set)
    change_set.rows.all().delete()
    storage.drop(change_set)
    change_set.delete()


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
    _check_editable(change_set)
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


def check(change_set: ChangeSet) -> ChangeSet:
    """Check it in the background; see :func:`check_now`."""
    return _defer(change_set, state=State.CHECKING, job=jobs.check)


def apply(change_set: ChangeSet) -> ChangeSet:
    """Apply it in the background; see :func:`apply_now`."""
    return _defer(change_set, state=State.APPLYING, job=jobs.apply)


def revert(change_set: ChangeSet, *, by: Member) -> ChangeSet:
    """Take an applied import back in the background; see :func:`revert_now`."""
    _check_applied(change_set)
    return _defer(change_set, state=State.REVERTING, job=jobs.revert)


def check_now(
    change_set: ChangeSet, *, tell: Callable[[int, int], None] | None = None
) -> ChangeSet:
    """Say per row what applying would do, without doing it.

    Raises:
        RuleBroken: ``intake.ask`` when something about the file must be chosen first, and those of reading it.
    """
    return _now(change_set, state=State.CHECKING, then=State.CHECKED, tell=tell)


def apply_now(
    change_set: ChangeSet, *, tell: Callable[[int, int], None] | None = None
) -> ChangeSet:
    """Do it, in one transaction: after a kill nothing of it is there, and it can be done again.

    The file is dropped in the same transaction: its rows say all that is needed from then on.
    """
    return _now(change_set, state=State.APPLYING, then=State.APPLIED, tell=tell)


def revert_now(change_set: ChangeSet, *, by: Member | None) -> ChangeSet:
    """Take an applied import back: what it opened is withdrawn, what it added to others is voided.

    Raises:
        Conflict: ``intake.not_applied``.
    """
    with transaction.atomic():
        _check_applied(change_set)
        _claim(change_set)
        reverting.revert(change_set, by=by)
        change_set.state, change_set.reverted_at = State.REVERTED, timezone.now()
        change_set.save(update_fields=["state", "reverted_at"])
        audit.record(
            workspace_id=change_set.workspace_id, by=by, action="import.reverted", target=change_set
        )
    return change_set


def _now(
    change_set: ChangeSet,
    *,
    state: State,
    then: State,
    tell: Callable[[int, int], None] | None,
) -> ChangeSet:
    _check_asked(change_set)
    change_set.state, change_set.started_at = state, timezone.now()
    change_set.error, change_set.n_done, change_set.n_rows = {}, 0, None
    change_set.save(update_fields=["state", "started_at", "error", "n_done", "n_rows"])
    try:
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(change_set))
            start, advance = _tellers(progress, tell)
            if then == State.CHECKED:
                result = running.check(change_set, start=start, advance=advance)
                _finish(change_set, result, state=then)
            else:
                with transaction.atomic():
                    _claim(change_set)
                    result = running.apply(change_set, start=start, advance=advance)
                    _finish(change_set, result, state=then)
    except PenstockError as error:
        _fail(change_set, error)
        raise
    return change_set


def _tellers(
    progress: Progress, tell: Callable[[int, int], None] | None
) -> tuple[Callable[[int], None], Callable[[int], None]]:
    total = 0

    def start(n_rows: int) -> None:
        nonlocal total
        total = n_rows
        progress.start(n_rows)
        if tell:
            tell(0, total)

    def advance(n: int) -> None:
        progress.advance(n)
        if tell:
            tell(progress.n_done, total)

    return start, advance


def _finish(change_set: ChangeSet, result: running.Result, *, state: State) -> None:
    change_set.state, change_set.finished_at = state, timezone.now()
    change_set.counts = dict(result.counts)
    change_set.made = {
        "reasons": dict(result.reasons),
        **{name: n for name, n in result.made.items() if n},
    }
    change_set.n_rows = change_set.n_done = result.n_rows
    if state == State.APPLIED:
        change_set.applied_at = change_set.finished_at
        storage.drop(change_set)
        audit.record(
            workspace_id=change_set.workspace_id,
            by=change_set.by,
            action="import.applied",
            target=change_set,
        )
    change_set.save()


def _fail(change_set: ChangeSet, error: PenstockError) -> None:
    change_set.state, change_set.finished_at = State.FAILED, timezone.now()
    change_set.error = {"code": error.code, "message": error.message}
    change_set.save(update_fields=["state", "finished_at", "error"])


def _defer(change_set: ChangeSet, *, state: State, job: Any) -> ChangeSet:
    if state != State.REVERTING:
        _check_editable(change_set)
        _check_asked(change_set)
    with transaction.atomic():
        change_set.state, change_set.n_done = state, 0
        change_set.started_at, change_set.error = timezone.now(), {}
        change_set.save(update_fields=["state", "n_done", "started_at", "error"])
        job.defer(workspace_id=change_set.workspace_id, change_set_id=change_set.pk)
    return change_set


def _claim(change_set: ChangeSet) -> None:
    """Keep two runs of one change set apart, and refuse to apply what was applied meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, change_set.pk % 2**31]
        )
        is_mine = cursor.fetchone()[0]
    applied = ChangeSet.objects.values_list("applied_at", "reverted_at").get(pk=change_set.pk)
    if not is_mine or (applied[0] and change_set.state == State.APPLYING) or applied[1]:
        raise Conflict(
            "intake.running", _("This import is being worked on already. Reload the page.")
        )


def _check_editable(change_set: ChangeSet) -> None:
    if change_set.state not in EDITABLE:
        raise _not_editable()


def _check_kept(change_set: ChangeSet) -> None:
    if change_set.applied_at is not None:
        raise _not_editable()


def _not_editable() -> Conflict:
    return Conflict(
        "intake.not_editable",
        _("This import is running or done. Start a new one with the same file."),
    )


def _check_applied(change_set: ChangeSet) -> None:
    if change_set.applied_at is None or change_set.reverted_at is not None:
        raise Conflict(
            "intake.not_applied", _("Only an import that was applied can be taken back, once.")
        )


def _check_asked(change_set: ChangeSet) -> None:
    asks = change_set.options.get("asks", [])
    open_asks = [name for name in asks if not change_set.options.get(name)]
    if open_asks:
        raise RuleBroken(
            "intake.ask",
            _("%(file)s does not tell in which order its dates name day and month. Choose it.")
            % {"file": change_set.filename},
            needs=open_asks,
        )


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
