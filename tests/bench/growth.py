"""How the time of insights grows with the number of deals: ``python -m tests.bench.growth``.

Report functions are called in this process as the run-time login. What is printed is processor time, of Python and of
the database's process together, so that it can be compared although others use the machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROUNDS = 3


def main() -> None:
    """Fill each home that is empty, time every report in each, and print them beside each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", required=True, help="folder for the data, kept for the next time")
    parser.add_argument("--n", type=int, nargs="+", default=[100_000, 1_000_000], help="deals")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _measure(Path(options.home) / str(options.one), options.one)
        return
    for n in options.n:
        # A process of its own: what one size left in memory must not help the other.
        subprocess.run(
            [sys.executable, "-m", __spec__.name, "--home", options.home, "--one", str(n)],
            check=True,
        )


def _measure(home: Path, n: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    os.environ |= {
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "penstock.config.settings",
    }
    from penstock.config import postgres
    from tests.bench import run

    postgres.ensure_running()
    try:
        subprocess.run([sys.executable, "-m", "penstock", "migrate", "--quiet"], check=True)
        run.prepare(n)
        print(f"\n{n:,} deals; milliseconds of processor time\n", flush=True)
        print(f"{'':34}{'first':>10}{'best':>10}{'database':>10}", flush=True)
        for name, report in _reports().items():
            times = [_spent(report) for _round in range(1 + ROUNDS)]
            best = min(times[1:], key=sum)
            print(f"{name:34}{sum(times[0]):>10.0f}{sum(best):>10.0f}{best[1]:>10.0f}", flush=True)
    finally:
        postgres.release()


def _spent(report: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of this process, and of the one that answers it in the database."""
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    there, here = _ran(pid), time.process_time()
    report()
    return (time.process_time() - here) * 1000, _ran(pid) - there


def _ran(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def _reports() -> dict[str, Callable[[], Any]]:
    from penstock.base.calendar import trailing
    from penstock.flow.dating import today
    from penstock.reports import bridge, coverage, customers, funnel, losses, slips, throughput
    from penstock.reports.moment import moment
    from penstock.reports.slices import Slice
    from penstock.users import access
    from penstock.users.models import Account, Member
    from tests.bench.run import EMAIL, SLUG

    member = access.enter(Account.objects.get(email=EMAIL), slug=SLUG)
    now, zone = today(member.workspace), member.workspace.zone
    past = now - timedelta(days=200)
    year, quarter = (
        trailing(until=now, days=365, zone=zone),
        trailing(until=now, days=90, zone=zone),
    )
    old_year = trailing(until=past, days=365, zone=zone)
    old_quarter = trailing(until=past, days=90, zone=zone)
    own = Slice(owner=Member.objects.filter(role="rep").order_by("pk").first())
    is_now, was = moment(member.workspace), moment(member.workspace, on=past, known=past)
    return {
        "funnel and times of a year": lambda: funnel.funnel(member, year, moment=is_now),
        "the same, as known on a day": lambda: funnel.funnel(member, old_year, moment=was),
        "bridge of 90 days": lambda: bridge.bridge(member, quarter),
        "bridge as known on a day": lambda: bridge.bridge(
            member, old_quarter, known=past, as_known_then=True
        ),
        "bridge of one owner": lambda: bridge.bridge(member, quarter, only=own),
        "customers of a year": lambda: customers.in_window(member, year),
        "throughput of 90 days": lambda: throughput.in_window(member, quarter),
        "coverage of the quarter": lambda: coverage.on_day(member, moment=is_now),
        "close dates of a year": lambda: slips.in_window(member, year),
        "loss reasons of a year": lambda: losses.in_window(member, year),
    }


if __name__ == "__main__":
    main()
