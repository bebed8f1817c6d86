"""``penstock report``: the figures of pipeline and backlog, on any day, as they were known."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli import session

app = typer.Typer(no_args_is_help=True, help="Figures on any day, now or past.")

Slug = Annotated[
    str, typer.Option("--workspace", help="Address of the workspace; not needed if there is one.")
]
On = Annotated[str, typer.Option("--on", help="Day, such as 2026-03-31; today if left out.")]
Known = Annotated[str, typer.Option("--known", help="Only what was known at the end of this day.")]
Form = Annotated[str, typer.Option("--format", help="table, json or csv.")]
Email = Annotated[
    str, typer.Option("--as", help="Member whose rights hold; the owner if left out.")
]
First = Annotated[
    str, typer.Option("--from", help="First day of a window: shows what happened in it.")
]
Last = Annotated[str, typer.Option("--to", help="Last day of the window; today if left out.")]


def register(main: typer.Typer) -> None:
    """Add the commands."""
    main.add_typer(app, name="report")


@app.command()
def pipeline(  # noqa: PLR0913, PLR0917 -- an option each
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    first: First = "",
    last: Last = "",
    by: Annotated[
        str, typer.Option("--by", help="week, month, quarter, channel, owner or team.")
    ] = "",
) -> None:
    """Open deals by stage; with --from or --by, deals opened, won and lost."""
    asked = {"on": on, "known": known, "first": first, "last": last, "by": by}
    _answer("pipeline", asked, workspace=workspace, email=email, form=form)


@app.command()
def backlog(  # noqa: PLR0913, PLR0917 -- an option each
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    first: First = "",
    last: Last = "",
    by: Annotated[str, typer.Option("--by", help="day: the end of each day of the window.")] = "",
) -> None:
    """What is owed; with --from, the statement of that window, or its days."""
    asked = {"on": on, "known": known, "first": first, "last": last, "by": by}
    _answer("backlog", asked, workspace=workspace, email=email, form=form)


@app.command()
def outlook(
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
) -> None:
    """Pipeline against backlog, side by side."""
    _answer("outlook", {"on": on, "known": known}, workspace=workspace, email=email, form=form)


def _answer(name: str, asked: dict[str, str], *, workspace: str, email: str, form: str) -> None:
    session.ready()
    from penstock.cli import figures, rendering, workspaces  # noqa: PLC0415 -- Django is set up only now

    rendering.check(form)
    with workspaces.entered(slug=workspace, email=email) as member:
        figure, sheets = figures.FIGURES[name](member, figures.question(member, **asked))
        rendering.show(figure, sheets, form=form)
