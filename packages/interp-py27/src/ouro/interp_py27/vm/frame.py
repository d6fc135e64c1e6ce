"""Frames: locals, cells and value stack in one array, and the stack of blocks.

The array `stack_w` holds the locals, then the cells (cellvars, then freevars), then the value stack up to
`depth`. The frame is virtualizable: under the JIT all of this lives in registers.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_Cell
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError
from ouro.rlib import jit
from ouro.rlib.objectmodel import always_inline


class Block:
    """An entry of the block stack: where to go when the body is left abnormally, and the stack depth there."""

    _attrs_ = ("handler", "depth", "previous")
    _immutable_fields_ = ["handler", "depth", "previous"]

    def __init__(self, handler, depth, previous):
        self.handler = handler
        self.depth = depth
        self.previous = previous


class LoopBlock(Block):
    """The body of a loop."""


class ExceptBlock(Block):
    """The body of a ``try`` with ``except`` clauses."""


class FinallyBlock(Block):
    """The body of a ``try`` with a ``finally`` clause."""


class WithBlock(FinallyBlock):
    """The body of a ``with``."""


class W_Unroller(W_Root):
    """Why a ``finally`` block runs, while it is on the value stack."""

    _attrs_ = ()


class W_ReturnUnroller(W_Unroller):
    _attrs_ = ("w_value",)

    def __init__(self, w_value):
        self.w_value = w_value


class W_ExceptionUnroller(W_Unroller):
    _attrs_ = ("error",)

    def __init__(self, error):
        self.error = error


class W_BreakUnroller(W_Unroller):
    pass


class W_ContinueUnroller(W_Unroller):
    _attrs_ = ("target",)

    def __init__(self, target):
        self.target = target


BREAK = W_BreakUnroller()


class TraceData:
    """What a frame needs only when it is traced or its attributes are set.

    `line` is ``f_lineno`` while there is a `w_trace`: the line of the last event. Instructions at the end of a loop
    belong to a line that was not run. `at_line` is true while the trace function looks at a line about to run.
    """

    _attrs_ = ("w_trace", "line", "line_start", "line_end", "last_position", "at_line")

    def __init__(self, line):
        self.w_trace = None
        self.line = line
        self.at_line = False
        self.restart()

    def restart(self):
        """The frame begins to run, or runs on after a ``yield``: it is on no line yet."""
        self.line_start = 0
        self.line_end = 0
        self.last_position = -1


class FrameBase(W_Root):
    """The data of a frame and access to its stack; the instructions are in `operations` and `dispatch`."""

    _attrs_ = ("code", "stack_w", "depth", "last_instr", "w_globals", "w_locals", "w_builtins", "block", "f_back",
               "handled", "tracing", "generator", "w_result", "kept")
    _immutable_fields_ = ["code", "stack_w", "w_globals"]
    _virtualizable_ = ["code", "stack_w[*]", "depth", "last_instr", "w_globals", "block", "handled"]
    tracing = None
    generator = None
    w_locals = None
    w_builtins = None
    f_back = jit.vref_None
    kept = False

    def __init__(self, code, w_globals, closure):
        self = jit.hint(self, access_directly=True, fresh_virtualizable=True)
        self.code = code
        self.stack_w = [None] * code.frame_size
        self.depth = code.nlocals + code.cell_count
        self.last_instr = -1
        self.w_globals = w_globals
        self.block = None
        self.handled = None
        if code.cell_count > 0:
            self.make_cells(closure)

    @jit.unroll_safe
    def make_cells(self, closure):
        code = self.code
        position = code.nlocals
        for _ in range(len(code.cellvars)):
            self.stack_w[position] = W_Cell()
            position += 1
        if closure is not None:
            for i in range(len(closure)):
                self.stack_w[position + i] = closure[i]

    @jit.unroll_safe
    def init_cells(self):
        """Move arguments that nested functions use into their cells."""
        code = self.code
        cell_arguments = code.cell_arguments
        for i in range(len(cell_arguments)):
            argument = cell_arguments[i]
            if argument >= 0:
                w_cell = self.stack_w[code.nlocals + i]
                assert isinstance(w_cell, W_Cell)
                w_cell.w_value = self.stack_w[argument]

    def trace_data(self):
        data = self.tracing
        if data is None:
            data = self.tracing = TraceData(self.code.firstlineno)
        return data

    # ---- value stack

    @always_inline
    def push(self, w_value):
        depth = self.depth
        assert depth >= 0
        self.stack_w[depth] = w_value
        self.depth = depth + 1

    def push_at(self, depth, w_value):
        """`push` on a stack of known depth."""
        assert depth >= 0
        self.stack_w[depth] = w_value
        self.depth = depth + 1

    @always_inline
    def pop(self):
        depth = self.depth - 1
        assert depth >= 0
        w_value = self.stack_w[depth]
        self.stack_w[depth] = None
        self.depth = depth
        return w_value

    @always_inline
    def peek(self, distance):
        index = self.depth - 1 - distance
        assert index >= 0
        return self.stack_w[index]

    @always_inline
    def settop(self, w_value):
        index = self.depth - 1
        assert index >= 0
        self.stack_w[index] = w_value

    @jit.unroll_safe
    def drop(self, count):
        depth = self.depth
        for _ in range(count):
            depth -= 1
            assert depth >= 0
            self.stack_w[depth] = None
        self.depth = depth

    def drop_to(self, depth):
        self.drop(self.depth - depth)

    @jit.unroll_safe
    def peek_list(self, count):
        """The `count` topmost values, as a new list."""
        result_w = [None] * count
        base = self.depth - count
        assert base >= 0
        for i in range(count):
            result_w[i] = self.stack_w[base + i]
        return result_w

    @jit.unroll_safe
    def pop_fixed(self, count):
        """As `pop_list`; the list is one that is never resized, for a tuple to keep."""
        result_w = [None] * count
        base = self.depth - count
        assert base >= 0
        for i in range(count):
            result_w[i] = self.stack_w[base + i]
        self.drop(count)
        return result_w

    def pop_list(self, count):
        result_w = self.peek_list(count)
        self.drop(count)
        return result_w

    # ---- blocks

    def pop_block(self):
        block = self.block
        self.block = block.previous
        return block

    # ---- what application code sees

    def line(self):
        data = self.tracing
        if data is not None and data.w_trace is not None:
            return data.line
        if self.last_instr < 0:
            return self.code.firstlineno
        return self.code.line_of(self.last_instr)

    def builtins(self):
        """The W_Dict of the builtins this frame uses."""
        w_builtins = self.w_builtins
        if w_builtins is None:
            w_builtins = self.w_builtins = space.builtins_of(self)
        return w_builtins

    def locals_dict(self):
        """``f_locals``: for functions a snapshot in a dictionary that is the same at each call."""
        if self.w_locals is None:
            self.w_locals = space.newdict()
        self.fast_to_locals()
        return self.w_locals

    @jit.dont_look_inside
    def fast_to_locals(self):
        code = self.code
        w_locals = self.w_locals
        stack_w = self.stack_w
        for i in range(code.nlocals):
            _store_local(w_locals, code.varnames[i], stack_w[i])
        position = code.nlocals
        for name in code.cellvars:
            w_cell = stack_w[position]
            assert isinstance(w_cell, W_Cell)
            _store_local(w_locals, name, w_cell.w_value)
            position += 1
        if code.flags & 1:
            for name in code.freevars:
                w_cell = stack_w[position]
                assert isinstance(w_cell, W_Cell)
                _store_local(w_locals, name, w_cell.w_value)
                position += 1

    @jit.dont_look_inside
    def locals_to_fast(self, clear):
        """After `w_locals` was changed: with `clear` (a trace function did) missing names become unbound."""
        w_locals = self.w_locals
        if w_locals is None:
            return
        code = self.code
        stack_w = self.stack_w
        for i in range(code.nlocals):
            w_value = space.finditem_str(w_locals, code.varnames[i])
            if w_value is not None or clear:
                stack_w[i] = w_value
        position = code.nlocals
        for name in code.cellvars:
            w_cell = stack_w[position]
            assert isinstance(w_cell, W_Cell)
            w_value = space.finditem_str(w_locals, name)
            if w_value is not None or clear:
                w_cell.w_value = w_value
            position += 1
        if code.flags & 1:
            for name in code.freevars:
                w_cell = stack_w[position]
                assert isinstance(w_cell, W_Cell)
                w_value = space.finditem_str(w_locals, name)
                if w_value is not None:
                    w_cell.w_value = w_value
                position += 1


def _store_local(w_locals, name, w_value):
    if w_value is not None:
        space.setitem_str(w_locals, name, w_value)
    elif space.is_dict(w_locals):
        w_locals.delitem_str(name)
    else:
        try:
            space.delitem(w_locals, space.newstr(name))
        except OperationError as error:
            if not error.match(space.w_KeyError):
                raise
