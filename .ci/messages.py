"""Checks that every text is translated: none missing, none doubtful, no wrong placeholder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "penstock"
LANGUAGE = "ru"
CATALOG = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"


def main() -> int:
    """Collect the texts anew into a copy, and look for those without a translation."""
    if shutil.which("xgettext") is None:
        print("xgettext is missing (package gettext): the translations were not checked.")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "penstock"
        ignored = shutil.ignore_patterns("dist", "__pycache__", "node_modules")
        shutil.copytree(PACKAGE, copy, ignore=ignored)
        (copy / "locale").mkdir(exist_ok=True)
        collect(copy)
        faults = list(find_faults(copy / CATALOG))
    for fault in faults:
        print(fault)
    print(f"Russian: {len(faults)} faults.")
    return 1 if faults else 0


def collect(package: Path) -> None:
    """Run makemessages in a copy of the package."""
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale",
        LANGUAGE,
        "--verbosity",
        "0",
    ]
    options = [
        "--no-wrap",
        "--extension",
        "html,txt,py,svg",
        "--settings",
        "penstock.config.settings",
    ]
    subprocess.run([*command, *options], cwd=package, check=True)


def find_faults(path: Path):
    """One line for each text that a reader of Russian would miss."""
    if not path.exists():
        yield "There is no Russian catalogue: run “make messages”."
        return
    with path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGE)
    for message in catalog:
        if not message.id:
            continue
        if message.fuzzy:
            yield f"doubtful (fuzzy): {message.id!r}"
        elif not is_translated(message):
            yield f"not translated: {message.id!r}"
        yield from (f"{message.id!r}: {error}" for error in message.check(catalog))


def is_translated(message: Message) -> bool:
    """Whether every form has a text."""
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(forms)


if __name__ == "__main__":
    sys.exit(main())
