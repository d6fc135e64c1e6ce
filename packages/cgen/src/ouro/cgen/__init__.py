"""Typed graphs to C and to an executable.

`generate(program)` writes the C sources of a program after the collector transform, `build(sources,
executable)` compiles and links them.
"""

from ouro.cgen._build import CompilerError, Platform, build, default_cache_folder
from ouro.cgen._function import UnsupportedOperation
from ouro.cgen._program import Sources, generate

__all__ = [
    "CompilerError",
    "Platform",
    "Sources",
    "UnsupportedOperation",
    "build",
    "default_cache_folder",
    "generate",
]
