"""``python -m keraslint``: the same as the ``keraslint`` command."""

import sys

from keraslint.cli import main

if __name__ == "__main__":
    sys.exit(main())
