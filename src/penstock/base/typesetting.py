"""Typst to PDF, in a process of its own that can open no file and reach no network."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

LONGEST_SECONDS = 20
MOST_BYTES = 20 * 1024 * 1024
MOST_MEMORY = 2 * 1024**3
#: What a template says it needs: the data, and the pictures that stand beside it.
DATA = "data.json"


class TypesettingFailed(Exception):  # noqa: N818 -- says what is the matter, without a suffix
    """The template cannot be set; the text says where and why, as typst puts it."""


def compile_pdf(
    source: str, *, data: Mapping[str, Any], files: Mapping[str, bytes], at: int
) -> bytes:
    """Set a typst text with data that it reads by ``json("data.json")``.

    Nothing of the data is ever part of the text, so no title can be read as an instruction. The same
    input gives the same bytes.

    Args:
        source: The template.
        data: What it shows; anything that JSON can hold.
        files: Pictures by name, besides the data.
        at: The moment that the document states as its making, in seconds since 1970.

    Raises:
        TypesettingFailed: It is wrong, asks for a file or a package, or takes too long.
    """
    everything = {**files, DATA: json.dumps(data).encode(), "main.typ": source.encode()}
    order = {
        "files": {name: base64.b64encode(body).decode() for name, body in everything.items()},
        "at": at,
    }
    try:
        with tempfile.TemporaryDirectory() as empty:
            run = _run(order, folder=empty)
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed("it takes too long") from error
    if run.returncode != 0:
        words = run.stderr.decode(errors="replace").strip()
        is_said = run.returncode == 1 and words.startswith(_SAID)
        said = words.removeprefix(_SAID)[:400] if is_said else ""
        raise TypesettingFailed(said or "it takes too much memory or time")
    if not run.stdout.startswith(b"%PDF") or len(run.stdout) > MOST_BYTES:
        raise TypesettingFailed("it is too large")
    return run.stdout


def _run(order: Mapping[str, Any], *, folder: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-I", "-c", _CHILD],
        cwd=folder,
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=LONGEST_SECONDS,
        check=False,
        # No proxy, no home: nothing of this machine is known there.
        env={"SSL_CERT_FILE": "/nonexistent", "HOME": "/nonexistent"},
    )


_SAID = "typst: "
#: Reads its order, gives up the right to open anything, and only then sets the text.
_CHILD = f"""
import base64, json, os, resource, sys
import typst
order = json.load(sys.stdin.buffer)
files = {{name: base64.b64decode(body) for name, body in order["files"].items()}}
# What typst loads at its first use is loaded while that is still possible.
typst.compile({{"main.typ": b"x"}}, format="pdf", ignore_system_fonts=True)
try:
    typst.compile({{"main.typ": b"#x"}})
except Exception:
    pass
resource.setrlimit(resource.RLIMIT_CPU, ({LONGEST_SECONDS}, {LONGEST_SECONDS}))
resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    pdf = typst.compile(files, format="pdf", ignore_system_fonts=True, timestamp=order["at"])
except Exception as error:
    sys.exit("{_SAID}" + (" ".join(str(error).split()) or "it cannot be set"))
sys.stdout.buffer.write(pdf)
"""
