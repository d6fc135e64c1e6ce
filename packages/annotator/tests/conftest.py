"""Makes the programs that all stages share importable, and sets what they share."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[3] / "tests"))

# a machine that is busy with something else must not fail a test
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")
