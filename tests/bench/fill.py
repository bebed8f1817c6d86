"""Fill one workspace with many deals and orders, fast, for measuring."""

from __future__ import annotations

from pathlib import Path

import psycopg

FOLDER = Path(__file__).parent


def fill(owner: psycopg.Connection, *, workspace_id: int, n: int, seed: float = 0.5) -> None:
    """Write ``n`` deals with history and ``n`` orders into a furnished workspace, as the owner."""
    script = (FOLDER / "fill.sql").read_text()
    with owner.transaction():
        owner.execute(script.format(workspace=workspace_id, n=n, seed=seed))
