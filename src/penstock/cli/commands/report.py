"""``penstock report``: the figures of pipeline and backlog, on any day, as they were known."""

from __future__ import annotations

from collections.abc import Callable
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

In = Annotated[
    str, typer.Option("--in", help="Sums in this currency, such as EUR; native ones if left out.")
]

Where = Annotated[
    str,
    typer.Option(
        "--where",
        help="Only a slice, such as channel=event,owner=7: pipeline, team, owner, channel, product, segment.",
    ),
]

By = Annotated[
    str,
    typer.Option(
        "--by",
        help="throughput: owner, team, product, channel, segment; coverage: month or quarter; "
        "channels: channel or campaign, and first, last or linear touch.",
    ),
]


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
    into: In = "",
    first: First = "",
    last: Last = "",
    by: Annotated[
        str, typer.Option("--by", help="week, month, quarter, channel, owner or team.")
    ] = "",
) -> None:
    """Open deals by stage; with --from or --by, deals opened, won and lost."""
    asked = {"on": on, "known": known, "first": first, "last": last, "by": by}
    _answer("pipeline", asked, workspace=workspace, email=email, form=form, into=into)


@app.command()
def backlog(  # noqa: PLR0913, PLR0917 -- an option each
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    into: In = "",
    first: First = "",
    last: Last = "",
    by: Annotated[str, typer.Option("--by", help="day: the end of each day of the window.")] = "",
) -> None:
    """What is owed; with --from, the statement of that window, or its days."""
    asked = {"on": on, "known": known, "first": first, "last": last, "by": by}
    _answer("backlog", asked, workspace=workspace, email=email, form=form, into=into)


@app.command()
def outlook(
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    into: In = "",
) -> None:
    """Pipeline against backlog, side by side."""
    _answer(
        "outlook",
        {"on": on, "known": known},
        workspace=workspace,
        email=email,
        form=form,
        into=into,
    )


@app.command()
def capacity(  # noqa: PLR0913, PLR0917 -- an option each
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    first: First = "",
    last: Last = "",
) -> None:
    """Hours that each team can work, week by week; without --from this week and the seven after it."""
    asked = {"on": on, "known": known, "first": first, "last": last}
    _answer("capacity", asked, workspace=workspace, email=email, form=form, into="")


@app.command()
def flow(  # noqa: PLR0913, PLR0917 -- an option each
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    first: First = "",
    last: Last = "",
    where: Annotated[
        str, typer.Option("--where", help="Only a slice, such as team=3: pipeline, team, product.")
    ] = "",
    by: Annotated[str, typer.Option("--by", help="Work by team or by product.")] = "",
) -> None:
    """How orders flow: stages day by day, weeks, lead and cycle times, weeks of capacity; of the last 90 days."""
    asked = {"on": on, "known": known, "first": first, "last": last, "by": by}
    _answer("flow", asked, workspace=workspace, email=email, form=form, where=where, into="")


#: The figures of Insights, which are all asked alike.
INSIGHTS = {
    "funnel": "What became of the deals that entered each stage in a window.",
    "times": "How long deals stay in each stage, and from opening to their end.",
    "losses": "Lost deals of a window, by reason and by stage.",
    "customers": "What new customers brought in a window, month by month, and what existing ones.",
    "throughput": "What was won against as many days before, and why it changed.",
    "coverage": "What is due in the running quarter or month, and what that brings.",
    "slips": "How expected closes moved, owner by owner.",
    "channels": "What channels or campaigns brought in a window, what they cost, and what part is won.",
    "answers": "How soon the leads of a window were answered, by owner and channel.",
    "goals": "Goals of a day, what is reached, what usually is by now, and what may still come.",
}


def _insight(name: str) -> Callable[..., None]:
    def ask(  # noqa: PLR0913, PLR0917 -- an option each
        workspace: Slug = "",
        on: On = "",
        known: Known = "",
        form: Form = "table",
        email: Email = "",
        into: In = "",
        first: First = "",
        last: Last = "",
        where: Where = "",
        by: By = "",
    ) -> None:
        asked = {"on": on, "known": known, "first": first, "last": last, "by": by}
        _answer(name, asked, workspace=workspace, email=email, form=form, where=where, into=into)

    return ask


@app.command()
def bridge(  # noqa: PLR0913, PLR0917 -- an option each
    workspace: Slug = "",
    on: On = "",
    known: Known = "",
    form: Form = "table",
    email: Email = "",
    into: In = "",
    first: First = "",
    last: Last = "",
    where: Where = "",
    due: Annotated[bool, typer.Option("--due", help="Only deals due in the window.")] = False,
    then: Annotated[bool, typer.Option("--then", help="The opening as it was known then.")] = False,
) -> None:
    """Why the open pipeline changed in a window; opening and lines come to the closing."""
    ways = ",".join(name for name, is_asked in (("due", due), ("then", then)) if is_asked)
    asked = {"on": on, "known": known, "first": first, "last": last, "by": ways}
    _answer("bridge", asked, workspace=workspace, email=email, form=form, where=where, into=into)


for _name, _help in INSIGHTS.items():
    app.command(_name, help=_help)(_insight(_name))


def _answer(  # noqa: PLR0913 -- an option each
    name: str,
    asked: dict[str, str],
    *,
    workspace: str,
    email: str,
    form: str,
    into: str,
    where: str = "",
) -> None:
    session.ready()
    from penstock.cli import (  # noqa: PLC0415 -- Django is set up only now
        converting,
        figures,
        flows,
        insights,
        leads,
        order_flow,
        rendering,
        workspaces,
    )

    rendering.check(form)
    with workspaces.entered(slug=workspace, email=email) as member:
        question = figures.question(member, **asked)
        asked_of = {**insights.FIGURES, **flows.FIGURES, **leads.FIGURES, **order_flow.FIGURES}
        if name in asked_of:
            figure, sheets = asked_of[name](member, question, where)
        else:
            figure, sheets = figures.FIGURES[name](member, question)
        sheets = converting.told(sheets, member, question, into=into)
        rendering.show(figure, sheets, form=form)
