"""The examples are programs, not packages: their tests import them from their own folders."""

import sys
from pathlib import Path

for folder in ("bf", "lisp"):
    sys.path.insert(0, str(Path(__file__).parent / folder))
