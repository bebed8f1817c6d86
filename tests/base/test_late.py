"""Modules that are read when needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from penstock.base.late import load_late

SOURCE = """
import time
time.sleep(0.05)
ANSWER = 42
def ask():
    return ANSWER
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for modules."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_nothing_runs_before_a_name_is_used(folder: Path) -> None:
    (folder / "late_one.py").write_text("raise RuntimeError('run')")

    load_late("late_one")
    import late_one  # type: ignore[import-not-found]  # -- made above

    with pytest.raises(RuntimeError, match="run"):
        _ = late_one.anything


def test_module_is_as_any_other_afterwards(folder: Path) -> None:
    (folder / "late_two.py").write_text(SOURCE)

    load_late("late_two")
    import late_two  # type: ignore[import-not-found]  # -- made above

    assert late_two.ask() == 42
    assert type(late_two) is type(sys)
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = late_two.missing


def test_threads_that_come_at_once_wait_for_each_other(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    (folder / "late_three.py").write_text(SOURCE)
    load_late("late_three")
    import late_three  # type: ignore[import-not-found]  # -- made above

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _n: late_three.ask(), range(8))) == [42] * 8


def test_what_is_loaded_stays() -> None:
    before = sys.modules["json"]

    load_late("json")

    assert sys.modules["json"] is before


def test_missing_module_is_told_at_once() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        load_late("no_such_module")


def test_pages_do_without_what_few_sign_ins_need() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'penstock.config.settings'\n"
        "import django; django.setup()\n"
        "import penstock.config.urls\n"
        "print([m for m in ('fido2.server', 'cryptography', 'requests') if m in sys.modules])\n"
        "from allauth.mfa.webauthn.internal import auth\n"
        "print(auth.EXTENSIONS, 'fido2.server' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["[]", "{'credProps': True} True"]
