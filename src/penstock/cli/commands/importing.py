"""``penstock import``: bring in a file, with the same code as the Import page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext_noop as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from penstock.base.errors import NotFound, RuleBroken
from penstock.cli import session

NOUNS = "companies, people, products, members, deals, stage_history, orders, order_lines, order_events, rates"
FLAGS = {"amount-from-price": "amount_from_price", "place-orders": "place_orders"}
FIRST_REASONS = 10

console = Console(soft_wrap=True, highlight=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_file)


def import_file(  # noqa: PLR0913, PLR0917 -- each option is one of the command line
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV file.")],
    content: Annotated[str, typer.Option("--as", help=f"What its rows are: {NOUNS}.")],
    workspace: Annotated[str, typer.Option(help="Address (slug) of the workspace.")],
    map_: Annotated[
        list[str],
        typer.Option(
            "--map", help="field=Column, field==text for all rows, field= to leave it out."
        ),
    ] = [],  # noqa: B006 -- Typer copies it
    value: Annotated[
        list[str], typer.Option(help="field:text=meaning, such as stage:Engaging=negotiation.")
    ] = [],  # noqa: B006 -- Typer copies it
    source: Annotated[
        str, typer.Option(help="The system it comes from; its keys are looked up there.")
    ] = "",
    date_format: Annotated[
        str, typer.Option(help="ymd, dmy or mdy, when the dates do not tell.")
    ] = "",
    decimal: Annotated[str, typer.Option(help="Decimal mark, when the numbers do not tell.")] = "",
    pipeline: Annotated[str, typer.Option(help="Pipeline that deals go to.")] = "",
    new_stages: Annotated[
        str, typer.Option(help="Make unknown stages, in this order (comma between), or “yes”.")
    ] = "",
    amount_from_price: Annotated[
        bool, typer.Option(help="Take the list price where a deal has no amount.")
    ] = False,
    place_orders: Annotated[bool, typer.Option(help="Let won deals place their orders.")] = False,
    despite: Annotated[
        str, typer.Option(help="Why its moves may pass gates without their answers; it is kept.")
    ] = "",
    member: Annotated[
        str,
        typer.Option("--by", help="E-mail address of who imports; the first owner if not given."),
    ] = "",
    dry_run: Annotated[bool, typer.Option(help="Only say what would happen.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Apply at once, without a check to look at first.")
    ] = False,
) -> None:
    """Bring in a CSV file: propose a mapping, check every row, then apply all of it or nothing."""
    session.ready()
    options = {
        **({"date_order": date_format} if date_format else {}),
        **({"decimal": decimal} if decimal else {}),
        **({"pipeline": pipeline} if pipeline else {}),
        **_stages(new_stages),
        **({"values": _values(value)} if value else {}),
        **({"amount_from_price": True} if amount_from_price else {}),
        **({"place_orders": True} if place_orders else {}),
        **({"despite": despite} if despite.strip() else {}),
    }
    done = run(
        file,
        content,
        workspace=workspace,
        mapping=_mapping(map_),
        options=options,
        source=source,
        email=member,
        dry_run=dry_run,
        confirm=None if yes else _confirm,
    )
    raise typer.Exit(0 if done else 1)


def run(  # noqa: PLR0913 -- what the command line can say
    file: Path,
    content: str,
    *,
    workspace: str,
    mapping: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    source: str = "",
    email: str = "",
    dry_run: bool = False,
    confirm: Any = None,
) -> Any:
    """Check a file and apply it in the foreground; returns its change set, or None when it was declined.

    Where nobody asks to see what would happen, it happens at once: the check is the same run, taken back.
    """
    from penstock.intake import access, changesets  # noqa: PLC0415 -- needs Django to be set up

    member = access.importer(_enter(workspace, email))
    with file.open("rb") as stream:
        pieces = iter(lambda: stream.read(1 << 20), b"")
        change_set = changesets.start(member, content, file.name, pieces, source=source)
    changesets.set_mapping(change_set, mapping=mapping or {}, options=options or {})
    _show_mapping(change_set)
    if dry_run or confirm is not None:
        with _bar(_("Checking")) as tell:
            changesets.check_now(change_set, tell=tell)
        _show_verdicts(change_set)
    if dry_run:
        return change_set
    if confirm is not None and not confirm(change_set):
        return None
    with _bar(_("Applying")) as tell:
        changesets.apply_now(change_set, tell=tell)
    if confirm is None:
        _show_verdicts(change_set)
    console.print(f"Applied as change set {change_set.pk}.")
    return change_set


def _enter(slug: str, email: str) -> Any:
    from penstock.users import access, walls  # noqa: PLC0415 -- needs Django to be set up
    from penstock.users.models import Account, Member, Role  # noqa: PLC0415 -- needs Django to be set up

    if email:
        account = Account.objects.filter(email=email.lower()).first()
        if account is None:
            raise NotFound("cli.no_account", _("There is no account with this address."))
        return access.enter(account, slug=slug)
    for workspace_id in _workspace_ids():
        walls.enter(workspace_id=workspace_id)
        owner = (
            Member.objects.select_related("workspace", "account")
            .filter(workspace__slug=slug, role=Role.OWNER, account__isnull=False, is_active=True)
            .order_by("id")
            .first()
        )
        if owner is not None and owner.account is not None:
            return access.enter(owner.account, slug=slug)
    raise NotFound("users.no_workspace", _("There is no such workspace."))


def _workspace_ids() -> list[int]:
    from django.db import connection  # noqa: PLC0415 -- needs Django to be set up

    with connection.cursor() as cursor:
        cursor.execute("SELECT penstock_workspace_ids()")
        return [row[0] for row in cursor.fetchall()]


def _mapping(pairs: list[str]) -> dict[str, str]:
    return dict(_pair(text) for text in pairs)


def _values(texts: list[str]) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for text in texts:
        name, meaning = _pair(text)
        field, colon, word = name.partition(":")
        if not colon:
            raise RuleBroken("cli.value", _("Write --value as field:text=meaning."))
        values.setdefault(field, {})[word] = meaning
    return values


def _pair(text: str) -> tuple[str, str]:
    name, equals, rest = text.partition("=")
    if not equals:
        raise RuleBroken("cli.map", _("Write --map as field=Column."))
    return name.strip(), rest.strip()


def _stages(text: str) -> dict[str, Any]:
    if not text:
        return {}
    names = [name.strip() for name in text.split(",") if name.strip()]
    return {"stages": "create", **({} if text == "yes" else {"stage_names": names})}


class _bar:  # noqa: N801 -- reads as a verb
    """A progress bar while a change set runs."""

    def __init__(self, label: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task(label, total=None)

    def __enter__(self) -> Any:
        self._progress.start()
        return lambda done, total: self._progress.update(self._task, completed=done, total=total)

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()


def _show_mapping(change_set: Any) -> None:
    text = ", ".join(f"{name} ← {column}" for name, column in change_set.mapping.items())
    console.print(f"{change_set.filename}: {text}", markup=False)


def _show_verdicts(change_set: Any) -> None:
    from penstock.intake import wording  # noqa: PLC0415 -- needs Django to be set up
    from penstock.intake.models import Verdict  # noqa: PLC0415 -- needs Django to be set up

    table = Table("verdict", "rows", box=None)
    for verdict in Verdict:
        table.add_row(str(verdict.label), f"{change_set.counts.get(verdict, 0):,}")
    console.print(table)
    for reason, n in sorted(change_set.made.get("reasons", {}).items()):
        console.print(f"{n:,} × {wording.sentence(reason)}", markup=False)
    rows = change_set.rows.filter(verdict__in=[Verdict.REJECT, Verdict.CONFLICT])
    for row in rows.order_by("number")[:FIRST_REASONS]:
        console.print(f"  row {row.number}: {wording.reason(row)}", markup=False)


def _confirm(change_set: Any) -> bool:
    return change_set.n_changes == 0 or typer.confirm("Apply?")
