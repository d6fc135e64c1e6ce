"""``python -m ouro.interp_py27 program.py``: run a program untranslated."""

import sys

from ouro.interp_py27.main import entry_point

sys.setrecursionlimit(100000)
sys.exit(entry_point(["python"] + sys.argv[1:]))
