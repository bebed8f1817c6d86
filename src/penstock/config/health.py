"""Two questions of a machine: is the process alive, and can it serve?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """``/healthz``: 200 as long as the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """``/readyz``: 200 when the database answers and is up to date, else 503 and why."""
    try:
        missing = missing_migrations()
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    if missing:
        return JsonResponse({"database": "ok", "migrations": missing}, status=503)
    return JsonResponse({"database": "ok", "migrations": []})


def missing_migrations() -> list[str]:
    """Migrations that this version has and the database has not, in the order to run them."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
