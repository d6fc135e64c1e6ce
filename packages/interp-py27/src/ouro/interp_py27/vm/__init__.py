"""Frames, the dispatch loop, calls, generators, exceptions and execution contexts.

Importing any module of the interpreter first loads the object space, which loads everything else in
one fixed order; see ``objects/space.py``.
"""

from ouro.interp_py27.objects import space as space
