"""How doors reach imports: access, jobs, the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction

from penstock.base.errors import NotAllowed, NotFound, RuleBroken
from penstock.cli.commands import importing
from penstock.intake import access, changesets, jobs
from penstock.intake.models import ChangeRow, ChangeSet, Mapping
from penstock.sales.models import Deal
from penstock.users import walls
from penstock.users.models import Member, Role, Workspace
from tests import make
from tests.intake import build

TEXT = "ID,Name,Created\n1,Wheel,2026-01-10\n2,Pump,2026-01-11\n"


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return make.workspace(slug="mill")


@pytest.fixture
def owner(workspace: Workspace) -> Member:
    return make.owner_of(workspace)


def n_jobs(task: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [task])
        return int(cursor.fetchone()[0])


def test_change_set_is_seen_by_managers_only(owner: Member, workspace: Workspace) -> None:
    change_set = build.started(owner, "deals", TEXT)

    assert access.changeset_for(owner, change_set.pk) == change_set
    with pytest.raises(NotAllowed):
        access.changeset_for(make.member(workspace, role=Role.REP), change_set.pk)
    with pytest.raises(NotFound):
        access.changeset_for(owner, change_set.pk + 1)


def test_job_is_there_when_a_check_was_asked_for(owner: Member) -> None:
    change_set = changesets.check(build.started(owner, "deals", TEXT))

    assert (change_set.state, n_jobs("intake.check")) == ("checking", 1)


def test_no_job_is_left_when_the_request_fails(owner: Member) -> None:
    change_set = build.started(owner, "deals", TEXT)

    with transaction.atomic():
        changesets.apply(change_set)
        transaction.set_rollback(True)

    assert n_jobs("intake.apply") == 0


def test_jobs_check_apply_and_revert_in_their_workspace(owner: Member) -> None:
    change_set = build.started(owner, "deals", TEXT)
    walls.leave()

    states = []
    for job in (jobs.check, jobs.apply, jobs.apply, jobs.revert):
        job(workspace_id=owner.workspace_id, change_set_id=change_set.pk)
        assert walls.current_workspace_id() is None
        with walls.inside(owner.workspace_id):
            states.append(ChangeSet.objects.get().state)

    assert states == ["checked", "applied", "applied", "reverted"]


def test_nothing_is_left_when_applying_breaks_off(
    owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_set = build.started(owner, "deals", TEXT)

    def tell(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        changesets.apply_now(change_set, tell=tell)

    assert (Deal.objects.count(), ChangeRow.objects.count()) == (0, 0)
    change_set.refresh_from_db()
    assert changesets.apply_now(change_set).counts == {"create": 2}


def test_progress_is_seen_while_the_transaction_runs(owner: Member) -> None:
    change_set = build.started(owner, "deals", TEXT)
    seen: list[int | None] = []
    other = connection.copy()

    def tell(_done: int, _total: int) -> None:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('penstock.workspace', %s, false)", [str(owner.workspace_id)]
            )
            cursor.execute("SELECT n_rows FROM intake_changeset WHERE id = %s", [change_set.pk])
            seen.append(cursor.fetchone()[0])

    changesets.apply_now(change_set, tell=tell)
    other.close()

    assert seen == [2, 2]


def test_another_workspace_sees_no_import(owner: Member) -> None:
    build.checked(owner, "deals", TEXT)
    changesets.save_mapping(build.started(owner, "deals", TEXT), name="Ours")

    make.workspace()

    assert [model.objects.count() for model in (ChangeSet, ChangeRow, Mapping)] == [0, 0, 0]


def test_command_checks_and_applies(owner: Member, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(TEXT)
    walls.leave()

    checked = importing.run(file, "deals", workspace="mill", dry_run=True)
    applied = importing.run(file, "deals", workspace="mill")

    assert (checked.counts, applied.counts) == ({"create": 2}, {"create": 2})
    assert Deal.objects.count() == 2


def test_command_names_the_columns_there_are(owner: Member, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(TEXT)

    with pytest.raises(RuleBroken) as refusal:
        importing.run(file, "deals", workspace="mill", mapping={"amount": "Value"})

    assert refusal.value.message == "deals.csv has no column “Value”. It has: ID, Name, Created."
