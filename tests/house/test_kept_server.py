"""A run of the tests takes the server that an earlier one left, if nothing it is made from changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import kept_server


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_server, "FOLDER", tmp_path / "kept")
    monkeypatch.delenv(kept_server.KEY, raising=False)


def server(root: Path, word: str = "rows") -> Path:
    (root / "data").mkdir(parents=True)
    (root / "data" / "base").write_text(word)
    (root / "passwords").write_text("secret")
    return root


def test_server_is_kept_once_and_taken_by_the_next_run(tmp_path: Path) -> None:
    kept_server.keep(server(tmp_path / "first"))
    kept_server.keep(server(tmp_path / "second", "others"))
    kept_server.take(tmp_path / "third")
    kept_server.take(tmp_path / "third")

    assert (tmp_path / "third" / "data" / "base").read_text() == "rows"
    assert (tmp_path / "third" / "passwords").read_text() == "secret"
    assert [path.name for path in kept_server.FOLDER.iterdir()] == [kept_server.key()]


def test_server_made_from_something_else_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_server.keep(server(tmp_path / "first"))
    monkeypatch.setattr(kept_server, "LIBRARIES", ("Django",))
    monkeypatch.delenv(kept_server.KEY)
    kept_server.take(tmp_path / "second")

    assert not (tmp_path / "second").exists()


def test_server_that_still_runs_is_not_kept(tmp_path: Path) -> None:
    root = server(tmp_path / "first")
    (root / "data" / "postmaster.pid").write_text("7")

    kept_server.keep(root)

    assert not kept_server.FOLDER.exists()


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(kept_server.N_KEPT + 2):
        monkeypatch.setattr(kept_server, "key", lambda number=number: f"{number}")
        kept_server.keep(server(tmp_path / f"run-{number}"))

    assert len(list(kept_server.FOLDER.iterdir())) == kept_server.N_KEPT
