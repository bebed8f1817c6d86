"""The pages of the documentation, and what stands in them as code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


def all_pages() -> list[Path]:
    """Every page, the ones beside the code included."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def spans(page: Path) -> list[str]:
    """What stands in backticks inside a sentence."""
    return _SPAN.findall(_BLOCK.sub("", page.read_text()))


def code(page: Path) -> str:
    """All that is written as code, in sentences and in blocks."""
    text = page.read_text()
    return "\n".join([*_BLOCK.findall(text), *spans(page)])


def table(page: Path) -> list[list[str]]:
    """The rows of all tables of a page, without their heads."""
    rows = [
        line.strip().strip("|").split("|")
        for line in page.read_text().splitlines()
        if line.startswith("|")
    ]
    cells = [[cell.strip() for cell in row] for row in rows]
    heads = {number - 1 for number, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for number, row in enumerate(cells) if not heads & {number, number - 1}]
