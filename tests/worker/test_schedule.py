"""Duties: one job per workspace, each behind its own walls, one that fails stops no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from penstock.flow import dating
from penstock.sales.models import Deal
from penstock.users import walls
from penstock.worker import duties, schedule
from tests import make

pytestmark = pytest.mark.django_db


def jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'name' || ' ' || (args->>'workspace_id') FROM procrastinate_jobs "
            "WHERE task_name = 'worker.duty' AND status = 'todo' ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def test_each_workspace_gets_its_job_and_only_one_waits() -> None:
    mine, theirs = make.workspace("Mine"), make.workspace("Theirs")

    schedule.hand_out(duties.HOUR)
    schedule.hand_out(duties.HOUR)

    handed = [job for job in jobs() if job.startswith("followups.carry_out ")]
    assert handed == [f"followups.carry_out {mine.pk}", f"followups.carry_out {theirs.pk}"]


def test_duty_works_inside_its_workspace_and_leaves_it() -> None:
    workspace = make.workspace()
    make.followup_rule(workspace, act="renewal", after_days=1)
    make.delivered_order(workspace)
    walls.leave()

    with dating.lived(timezone.now() + timedelta(days=1)):
        schedule.duty(workspace_id=workspace.pk, name="followups.carry_out")

    assert walls.current_workspace_id() is None
    walls.enter(workspace_id=workspace.pk)
    assert Deal.objects.count() == 1


def test_duty_that_is_no_more_is_said() -> None:
    with pytest.raises(LookupError, match="no duty"):
        schedule.duty(workspace_id=make.workspace().pk, name="gone")


def test_every_duty_has_a_rhythm_and_a_name_of_its_own() -> None:
    names = [duty.name for duty in duties.DUTIES]

    assert len(names) == len(set(names))
    assert {duty.every for duty in duties.DUTIES} <= {duties.MINUTE, duties.HOUR, duties.DAY}
