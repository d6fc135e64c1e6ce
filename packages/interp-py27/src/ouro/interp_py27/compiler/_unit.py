"""A code object under construction."""

from ouro.interp_py27.parser import FUTURE_MASK

from . import _scopes as scopes
from ._assembler import Assembler
from ._code_unit import (
    CO_GENERATOR,
    CO_NESTED,
    CO_NEWLOCALS,
    CO_NOFREE,
    CO_OPTIMIZED,
    CO_VARARGS,
    CO_VARKEYWORDS,
    CodeUnit,
)
from ._tables import ConstantTable, NameTable

# Kinds of blocks that `break` and `continue` look for.
LOOP = 0
EXCEPT = 1
FINALLY_BODY = 2
FINALLY_END = 3

MAX_NESTED_BLOCKS = 20


class UnitBuilder:
    """Tables, instructions and open blocks of one code object.

    Attributes:
        private: the name of the class whose private names are mangled here, or None.
        blocks, block_labels: kinds and start labels of the blocks around the current statement.
    """

    def __init__(self, scope, name, private, first_lineno):
        self.scope = scope
        self.name = name
        self.private = private
        self.first_lineno = first_lineno
        self.argument_count = 0
        self.constants = ConstantTable()
        self.names = NameTable([])
        self.varnames = NameTable(scope.parameters)
        self.cellvars = NameTable(scope.cell_names())
        self.freevars = NameTable(scope.free_names())
        self.assembler = Assembler()
        self.blocks = []
        self.block_labels = []

    def deref_index(self, name, place):
        """The argument of LOAD_DEREF and its like."""
        if place == scopes.CELL:
            return self.cellvars.find(name)
        return len(self.cellvars.names) + self.freevars.find(name)

    def _flags(self, future_flags):
        scope = self.scope
        flags = future_flags & FUTURE_MASK
        if scope.kind != scopes.MODULE_BLOCK:
            flags |= CO_NEWLOCALS
        if scope.kind == scopes.FUNCTION_BLOCK:
            if scope.unoptimized == 0:
                flags |= CO_OPTIMIZED
            if scope.is_nested:
                flags |= CO_NESTED
            if scope.is_generator:
                flags |= CO_GENERATOR
            if scope.has_star_parameter:
                flags |= CO_VARARGS
            if scope.has_keywords_parameter:
                flags |= CO_VARKEYWORDS
        if len(self.freevars.names) == 0 and len(self.cellvars.names) == 0:
            flags |= CO_NOFREE
        return flags

    def finish(self, filename, future_flags):
        """The finished `CodeUnit`."""
        first_lineno = self.first_lineno
        if first_lineno == 0:
            first_lineno = self.assembler.first_line()
        assembled = self.assembler.finish(self.constants, self.names.names, first_lineno)
        return CodeUnit(self.argument_count, len(self.varnames.names), assembled.stack_size, self._flags(future_flags),
                        assembled.code, self.constants.items, self.names.names, self.varnames.names,
                        self.freevars.names, self.cellvars.names, filename, self.name, first_lineno,
                        assembled.line_table)
