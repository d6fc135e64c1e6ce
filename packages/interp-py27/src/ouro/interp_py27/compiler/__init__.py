"""Python 2.7 AST to code units.

`CodeUnit` is what compilation produces; see `_code_unit`.
"""

from ._code_unit import CodeUnit, ConstCode

__all__ = ["CodeUnit", "ConstCode"]
