from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.config import postgres
from penstock.config.postgres import Cluster


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the user whom root's PostgreSQL runs as can reach; pytest's own is closed."""
    folder = Path(tempfile.mkdtemp(prefix="pt-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    """A server that does not exist yet, and is stopped after the test."""
    made = Cluster(home / "postgres", {"fsync": "off", "shared_buffers": "32MB"})
    yield made
    postgres.release(made)
    made.stop()
