"""Makes the shared corpus and this folder's helpers importable, and sets what they share."""

import sys
from pathlib import Path

from hypothesis import settings

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parents[2] / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# a machine that is busy with something else must not fail a test
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")
