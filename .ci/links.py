"""Checks that links inside the documentation lead to a file, and anchors to a heading."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)|!\[[^\]]*\]\(([^)\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def main() -> int:
    """Look at every Markdown file that the repository holds."""
    listing = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    pages = [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).exists()]
    faults = [fault for page in pages for fault in broken(page)]
    for fault in faults:
        print(fault)
    print(f"{len(pages)} pages, {len(faults)} broken links.")
    return 1 if faults else 0


def broken(page: Path) -> Iterator[str]:
    """Links of one page that lead nowhere."""
    text = CODE.sub("", page.read_text())
    for match in LINK.finditer(text):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            yield f"{page.relative_to(ROOT)}: {link}"


def anchors(page: Path) -> set[str]:
    """The names that headings can be reached by."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


if __name__ == "__main__":
    sys.exit(main())
