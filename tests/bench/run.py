"""Measure a running Penstock with many deals and orders: ``make bench``.

Pages are asked over HTTP of the product as it is served, the monthly report of the function behind
the command line; row-level security is in force for both.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from tests.bench.clients import Ask, Call, Caller, Client, Times, measure
from tests.bench.memory import proportional_megabytes

SLUG = "bench"
EMAIL = "bench@example.test"


def main() -> None:
    """Fill, serve, ask, print."""
    options = _options()
    home = Path(options.home) if options.home else Path(tempfile.mkdtemp(prefix="psb"))
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    os.environ |= {
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_URL": f"http://localhost:{options.port}",
        "PENSTOCK_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "penstock.config.settings",
    }
    try:
        _run(options)
    finally:
        if not options.home:
            shutil.rmtree(home, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100_000, help="deals, and orders")
    parser.add_argument("--rounds", type=int, default=20, help="requests of each client")
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--only", default="", help="scenarios whose name begins so, after commas")
    parser.add_argument("--home", help="keep the data here and find it again")
    parser.add_argument("--no-import", action="store_true", help="leave out the import")
    return parser.parse_args()


def _run(options: argparse.Namespace) -> None:
    from penstock.config import postgres

    postgres.ensure_running()
    subprocess.run([sys.executable, "-m", "penstock", "migrate", "--quiet"], check=True)
    cookies = prepare(options.n)
    serve = [sys.executable, "-m", "penstock", "serve", "--port", str(options.port)]
    server = subprocess.Popen(serve)
    try:
        _wait(options.port)
        print(f"{options.n:,} deals with history, {options.n:,} orders; milliseconds\n", flush=True)
        print(f"{'':34}{'clients':>8}{'n':>6}{'p50':>10}{'p95':>10}", flush=True)
        for n_clients in (1, 8):
            clients = [Client(options.port, **cookies) for _number in range(n_clients)]
            for name, asks in _chosen(options).items():
                _print(measure(name, asks, clients=clients, rounds=options.rounds))
            if options.only:
                continue
            callers = [Caller(SLUG, email=EMAIL) for _number in range(n_clients)]
            _print(measure("monthly report", _months, clients=callers, rounds=options.rounds))
        print(
            f"\nproportional memory of pages and jobs: {proportional_megabytes(server.pid):.0f} MB"
        )
        if not options.no_import:
            _measure_import(options.n)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
        postgres.release()


def prepare(n: int) -> dict[str, str]:
    """Found and fill the workspace, unless it is there; returns the cookies of a session."""
    import django
    import psycopg

    django.setup()
    from penstock.config import database, env
    from penstock.flow import founding
    from penstock.users import walls
    from penstock.users.models import Account
    from tests.bench.fill import fill

    account = Account.objects.filter(email=EMAIL).first()
    if account is None:
        account = Account.objects.create_user(EMAIL, "bench-secret", name="Bench")
        workspace = founding.found(name="Bench", by=account, slug=SLUG)
        started = time.perf_counter()
        with psycopg.connect(**database.conninfo(env.read(), as_owner=True)) as owner:
            fill(owner, workspace_id=workspace.pk, n=n)
        with psycopg.connect(
            **database.conninfo(env.read(), as_owner=True), autocommit=True
        ) as owner:
            owner.execute("VACUUM ANALYZE")
        print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
        walls.leave()
    return _session(account)


def _session(account: Any) -> dict[str, str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connections

    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    connections.close_all()
    token = "a" * 32
    session, csrf = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
    return {"cookie": f"{session}={store.session_key}; {csrf}={token}", "token": token}


def _chosen(options: argparse.Namespace) -> dict[str, Callable[[int], Iterator[Ask]]]:
    """The scenarios that were asked for; all without a choice."""
    names = tuple(filter(None, options.only.split(",")))
    found = _scenarios(options.n)
    return {name: asks for name, asks in found.items() if not names or name.startswith(names)}


def _scenarios(n: int) -> dict[str, Callable[[int], Iterator[Ask]]]:
    """What is asked, in the order in which it is measured; writers come last."""
    base = f"/w/{SLUG}"
    past = (datetime.now(UTC).date() - timedelta(days=200)).isoformat()
    return {
        "board": lambda _number: _same("GET", f"{base}/pipeline"),
        "board, as of a past day": lambda _number: _same("GET", f"{base}/pipeline?on={past}"),
        "list, filtered and sorted": lambda _number: _same(
            "GET", f"{base}/pipeline?view=list&channel=social&sort=-amount"
        ),
        "open a deal with its timeline": lambda number: _deals(base, n, number),
        "backlog": lambda _number: _same("GET", f"{base}/backlog"),
        "backlog, as of a past day": lambda _number: _same("GET", f"{base}/backlog?on={past}"),
        "statement of a month": lambda _number: _same("GET", f"{base}/backlog/statement"),
        "outlook": lambda _number: _same("GET", f"{base}/outlook"),
        "search": lambda number: _searches(base, n, number),
        "funnel of a year": lambda _number: _same("GET", f"{base}/insights/funnel"),
        "funnel of a year, as known on a day": lambda _number: _same(
            "GET", f"{base}/insights/funnel?on={past}&known={past}"
        ),
        "times of a year": lambda _number: _same("GET", f"{base}/insights/times"),
        "bridge of 90 days": lambda _number: _same("GET", f"{base}/insights/bridge?window=90"),
        "bridge, as known on a day": lambda _number: _same(
            "GET", f"{base}/insights/bridge?window=90&on={past}&known={past}&opening=then"
        ),
        "customers of a year": lambda _number: _same("GET", f"{base}/insights/customers"),
        "throughput of 90 days": lambda _number: _same("GET", f"{base}/insights/throughput"),
        "coverage of the quarter": lambda _number: _same("GET", f"{base}/insights/coverage"),
        "close dates of a year": lambda _number: _same("GET", f"{base}/insights/slips"),
        "create a deal": lambda number: _creations(base, number),
        "move a deal": lambda number: _moves(base, n, number),
    }


def _months(_number: int) -> Iterator[Call]:
    """Deals opened, won and lost per month of a year: the command line's report, without its start."""
    from penstock.base.calendar import trailing
    from penstock.reports import movements
    from penstock.users.models import Member

    def months(member: Member) -> None:
        zone = member.workspace.zone
        until = datetime.now(zone).date()
        movements.by_period(member, trailing(until=until, days=365, zone=zone), per="month")

    while True:
        yield (months,)


def _same(method: str, path: str) -> Iterator[Ask]:
    while True:
        yield method, path, None


def _deals(base: str, n: int, number: int) -> Iterator[Ask]:
    random = Random(number)
    while True:
        yield "GET", f"{base}/deals/DEAL-{random.randint(1, n)}", None


def _searches(base: str, n: int, number: int) -> Iterator[Ask]:
    random = Random(number)
    while True:
        yield "GET", f"{base}/search?q=Company {random.randint(1, n // 20)}".replace(" ", "+"), None


def _creations(base: str, number: int) -> Iterator[Ask]:
    _keys, stages = _open_deals(number)
    facts = {"amount": "1200", "currency": "EUR", "stage": str(stages[0])}
    for turn in count():
        yield "POST", f"{base}/deals/new", {"title": f"Fresh {number}-{turn}", **facts}


def _moves(base: str, n: int, number: int) -> Iterator[Ask]:
    """Open deals of this client, back and forth between two stages."""
    keys, stages = _open_deals(number)
    for turn in count():
        key = keys[turn % len(keys)]
        yield "POST", f"{base}/items/{key}/moves", {"stage": str(stages[turn // len(keys) % 2])}


def _open_deals(number: int) -> tuple[list[str], list[int]]:
    import psycopg

    from penstock.config import database, env

    with psycopg.connect(**database.conninfo(env.read(), as_owner=True)) as owner:
        stages = owner.execute(
            "SELECT s.id FROM flow_stage s JOIN flow_pipeline p ON p.id = s.pipeline_id "
            "WHERE p.kind = 'deal' ORDER BY s.position"
        ).fetchall()
        keys = owner.execute(
            "SELECT key FROM flow_item WHERE kind = 'deal' AND outcome = '' AND stage_id = %s "
            "ORDER BY id OFFSET %s LIMIT 200",
            [stages[1][0], number * 200],
        ).fetchall()
    return [row[0] for row in keys], [stages[2][0], stages[3][0]]


def _measure_import(n: int) -> None:
    """Import as many new deals again, from a file, by the command line."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deals.csv"
        file.write_text(_deals_csv(n))
        started = time.perf_counter()
        command = [
            "import",
            str(file),
            "--as",
            "deals",
            "--workspace",
            SLUG,
            "--source",
            "bench",
            "--yes",
        ]
        subprocess.run(
            [sys.executable, "-m", "penstock", *command], check=True, stdout=subprocess.DEVNULL
        )
        print(f"import of {n:,} deals: {time.perf_counter() - started:.1f} s")


def _deals_csv(n: int) -> str:
    first = date(2024, 1, 1)
    rows = ["deal id,title,company,stage,amount,created,close date,owner"]
    for number in range(n):
        opened = first + timedelta(days=number % 700)
        status = ("Won", "Lost", "Proposal", "Needs assessment")[number % 4]
        closed = opened + timedelta(days=40)
        rows.append(
            f"IMP-{number},Imported {number},Firm {number % 3000},{status},{100 + number % 9000},"
            f"{opened.isoformat()},{closed.isoformat()},Agent {number % 30}"
        )
    return "\n".join(rows)


def _print(times: Times) -> None:
    name, clients, n, p50, p95 = times.row()
    print(f"{name:34}{clients:>8}{n:>6}{p50:>10.1f}{p95:>10.1f}", flush=True)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    message = "The server did not start."
    raise RuntimeError(message)


if __name__ == "__main__":
    main()
