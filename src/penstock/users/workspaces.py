"""Founding a workspace and changing its settings."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from penstock.base.errors import Conflict, RuleBroken
from penstock.base.keys import sort_key
from penstock.users import audit, walls
from penstock.users.models import Account, Member, Role, Workspace
from penstock.users.models.workspace import Overrides

MOST_EXPEDITED = 99
SETTINGS = (
    "name",
    "time_zone",
    "language",
    "reps_see",
    "overrides",
    "late_share",
    "expedite_limit",
)
LEAST_LATE, MOST_LATE = Decimal("0.5"), Decimal("0.99")


def found(
    *,
    name: str,
    by: Account,
    slug: str = "",
    time_zone: str = "UTC",
    currency: str = "EUR",
    language: str = "en",
) -> Workspace:
    """Make a workspace with this account as its owner, and stay inside it until the caller leaves.

    Raises:
        RuleBroken: ``users.name_missing``, ``users.time_zone``, ``users.currency`` or
            ``users.language``.
        Conflict: ``users.slug_taken`` when another workspace has this address.
    """
    _check(name=name, time_zone=time_zone, currency=currency, language=language)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('users_workspace', 'id'))")
        number = cursor.fetchone()[0]
    walls.enter(workspace_id=number, account_id=by.pk)
    with transaction.atomic():
        workspace = _insert(
            Workspace(
                id=number,
                slug=slug or slugify(name)[:40] or f"w{number}",
                name=name.strip(),
                time_zone=time_zone,
                currency=currency,
                language=language,
            )
        )
        owner = Member.objects.create(
            workspace=workspace,
            account=by,
            name=by.get_full_name(),
            sort_key=sort_key(by.get_full_name()),
            role=Role.OWNER,
        )
        audit.record(workspace_id=number, by=owner, action="workspace.founded", target=workspace)
    return workspace


def change(  # noqa: PLR0913 -- a workspace has that many settings
    workspace: Workspace,
    *,
    by: Member,
    name: str,
    time_zone: str,
    language: str,
    reps_see: str,
    overrides: str = "",
    late_share: Decimal | None = None,
    expedite_limit: int | None = None,
) -> Workspace:
    """Change a workspace's settings; its currency stays, for sums of the past stand in it.

    Raises:
        RuleBroken: ``users.name_missing``, ``users.time_zone``, ``users.language``,
            ``users.reps_see``, ``users.overrides``, ``users.late_share``,
            ``users.expedite_limit``.
    """
    _check(name=name, time_zone=time_zone, currency=workspace.currency, language=language)
    if reps_see not in ("all", "own"):
        raise RuleBroken("users.reps_see", _("Choose which deals reps see."), needs=["reps_see"])
    overrides = overrides or workspace.overrides
    if overrides not in Overrides.values:
        raise RuleBroken(
            "users.overrides",
            _("Choose who may pass a gate without its answers."),
            needs=["overrides"],
        )
    late_share = workspace.late_share if late_share is None else late_share
    if not LEAST_LATE <= late_share <= MOST_LATE:
        raise RuleBroken(
            "users.late_share", _("Choose a share from 50 to 99 percent."), needs=["late_share"]
        )
    limit = workspace.expedite_limit if expedite_limit is None else expedite_limit
    if not 0 <= limit <= MOST_EXPEDITED:
        raise RuleBroken(
            "users.expedite_limit", _("Enter a number from 0 to 99."), needs=["expedite_limit"]
        )
    with transaction.atomic():
        workspace.expedite_limit = limit
        workspace.name, workspace.time_zone = name.strip(), time_zone
        workspace.language, workspace.reps_see = language, reps_see
        workspace.overrides, workspace.late_share = overrides, late_share
        workspace.save(update_fields=SETTINGS)
        audit.record(
            workspace_id=workspace.pk,
            by=by,
            action="workspace.changed",
            target=workspace,
            reps_see=reps_see,
            overrides=overrides,
            late_share=str(late_share),
            expedite_limit=limit,
        )
    return workspace


def _insert(workspace: Workspace) -> Workspace:
    try:
        with transaction.atomic():
            workspace.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "users.slug_taken", _("Another workspace has this address. Choose a different one.")
        ) from error
    return workspace


def _check(*, name: str, time_zone: str, currency: str, language: str) -> None:
    if not name.strip():
        raise RuleBroken("users.name_missing", _("Give it a name."), needs=["name"])
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RuleBroken(
            "users.time_zone", _("Enter a time zone such as Europe/Berlin."), needs=["time_zone"]
        ) from error
    if len(currency) != 3 or not currency.isalpha() or not currency.isupper():
        raise RuleBroken(
            "users.currency",
            _("Enter a currency as three letters, such as EUR."),
            needs=["currency"],
        )
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken(
            "users.language", _("Choose one of the languages offered."), needs=["language"]
        )
