"""Says in one sentence that Python is too old; written so that any Python, even 2, can read it."""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "Penstock needs Python 3.11 or newer, %s is %d.%d: "
        "install a newer one, or name it: make PYTHON=python3.12\n"
        % (sys.argv[1], sys.version_info[0], sys.version_info[1])
    )
    sys.exit(1)
