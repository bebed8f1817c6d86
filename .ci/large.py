"""Refuses files that are too large for a repository."""

import sys
from pathlib import Path

MOST_BYTES = 500_000

large = [name for name in sys.argv[1:] if Path(name).stat().st_size > MOST_BYTES]
for name in large:
    print(f"{name} is larger than {MOST_BYTES // 1000} kB: keep it out of the repository.")
sys.exit(1 if large else 0)
