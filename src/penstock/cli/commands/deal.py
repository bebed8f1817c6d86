"""``penstock deal``: what a rep does with deals, by the same verbs as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from penstock.cli import session

app = typer.Typer(
    no_args_is_help=True, help="Deals: list, show, open, move, win, lose, park, assign."
)

Slug = Annotated[
    str, typer.Option("--workspace", help="Address of the workspace; not needed if there is one.")
]
Email = Annotated[
    str, typer.Option("--as", help="Member whose rights hold; the owner if left out.")
]
Form = Annotated[str, typer.Option("--format", help="table, json or csv.")]
Key = Annotated[str, typer.Argument(help="Such as DEAL-7.")]
Seen = Annotated[str, typer.Option("--seen", help="Only if it still stands in this stage.")]
Despite = Annotated[
    str,
    typer.Option("--despite", help="Pass its gates without the answers, for this reason."),
]


def register(main: typer.Typer) -> None:
    """Add the commands."""
    main.add_typer(app, name="deal")


@app.command("list")
def list_deals(  # noqa: PLR0913, PLR0917 -- an option each
    stage: Annotated[str, typer.Option(help="Only those in this stage.")] = "",
    owner: Annotated[str, typer.Option(help="Only those of this member: name or e-mail.")] = "",
    state: Annotated[str, typer.Option(help="open, parked, won, lost or all.")] = "open",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=10_000)] = 50,
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Deals, those longest in their stage first."""
    _answer(
        "listed",
        form=form,
        workspace=workspace,
        email=email,
        stage=stage,
        owner=owner,
        state=state,
        limit=limit,
    )


@app.command()
def show(key: Key, workspace: Slug = "", email: Email = "", form: Form = "table") -> None:
    """One deal: where it stands, what is known, and what its gate still misses."""
    _answer("shown", key, form=form, workspace=workspace, email=email)


@app.command("open")
def open_deal(  # noqa: PLR0913, PLR0917 -- an option each
    title: Annotated[str, typer.Argument(help="What it is about.")],
    stage: Annotated[str, typer.Option(help="The first stage if left out.")] = "",
    pipeline: Annotated[str, typer.Option(help="The first pipeline if left out.")] = "",
    company: Annotated[str, typer.Option(help="By name; added if it is not known.")] = "",
    amount: Annotated[str, typer.Option(help="Such as 1200.50.")] = "",
    currency: Annotated[str, typer.Option(help="The workspace's if left out.")] = "",
    close_on: Annotated[str, typer.Option("--close", help="Such as 2026-03-31.")] = "",
    owner: Annotated[str, typer.Option(help="Name or e-mail; whoever opens it if left out.")] = "",
    channel: Annotated[str, typer.Option(help="How it came.")] = "",
    despite: Despite = "",
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Open a deal; in a later stage the gates before it are asked."""
    _answer(
        "opened",
        title,
        form=form,
        workspace=workspace,
        email=email,
        stage=stage,
        pipeline=pipeline,
        company=company,
        amount=amount,
        currency=currency,
        close_on=close_on,
        owner=owner,
        channel=channel,
        despite=despite,
    )


@app.command()
def move(  # noqa: PLR0913, PLR0917 -- an option each
    key: Key,
    stage: Annotated[str, typer.Argument(help="Name, code or number of the stage.")],
    seen: Seen = "",
    despite: Despite = "",
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Put a deal into another stage; its gates and limits are asked."""
    told = {"seen": seen, "despite": despite}
    _answer("moved", key, stage, form=form, workspace=workspace, email=email, **told)


@app.command()
def win(  # noqa: PLR0913, PLR0917 -- an option each
    key: Key,
    amount: Annotated[str, typer.Option(help="What was agreed, if it is not known yet.")] = "",
    seen: Seen = "",
    despite: Despite = "",
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Close a deal as won: its order is placed."""
    told = {"amount": amount, "seen": seen, "despite": despite}
    _answer("won", key, form=form, workspace=workspace, email=email, **told)


@app.command()
def lose(
    key: Key,
    reason: Annotated[str, typer.Option(help="Name or code of the loss reason.")],
    seen: Seen = "",
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Close a deal as lost, for a reason."""
    told = {"reason": reason, "seen": seen}
    _answer("lost", key, form=form, workspace=workspace, email=email, **told)


@app.command()
def park(
    key: Key,
    until: Annotated[str, typer.Option(help="The day on which it comes back.")],
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Let a deal wait until a day."""
    _answer("parked", key, form=form, workspace=workspace, email=email, until=until)


@app.command()
def reopen(key: Key, workspace: Slug = "", email: Email = "", form: Form = "table") -> None:
    """Open a won, lost or parked deal again."""
    _answer("reopened", key, form=form, workspace=workspace, email=email)


@app.command()
def assign(
    key: Key,
    owner: Annotated[str, typer.Argument(help="Name or e-mail of a member; “nobody” for none.")],
    workspace: Slug = "",
    email: Email = "",
    form: Form = "table",
) -> None:
    """Give a deal to a member, or to nobody."""
    _answer("assigned", key, owner, form=form, workspace=workspace, email=email)


def _answer(act: str, *named: str, form: str, workspace: str, email: str, **told: Any) -> None:
    session.ready()
    from penstock.cli import deals, rendering, workspaces  # noqa: PLC0415 -- Django is set up only now

    rendering.check(form)
    run: Callable[..., Any] = getattr(deals, act)
    with workspaces.entered(slug=workspace, email=email) as member:
        figure, sheet = run(member, *named, **told)
        rendering.show(figure, [sheet], form=form)
