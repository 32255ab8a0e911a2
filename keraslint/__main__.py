"""``python -m keraslint``: the same as the ``keraslint`` command."""

import os
import sys

# Python looks for modules in the current folder first, where a `json.py` of the user's would be run. Python has
# looked there for what it needs to come this far; `python -I -m keraslint` and the `keraslint` command do not.
if sys.path[0] == os.getcwd() and not os.path.isdir(os.path.join(sys.path[0], "keraslint")):
    del sys.path[0]

from keraslint.cli import main

if __name__ == "__main__":
    sys.exit(main())
