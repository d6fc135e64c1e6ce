"""Code for expressions, and what statements and expressions share."""

from ouro.interp_py27.parser import CO_FUTURE_DIVISION, ELLIPSIS, NONE, ConstBytes, SyntaxProblem, nodes

from . import _opcodes as op
from . import _scopes as scopes
from ._code_unit import ConstCode
from ._unit import UnitBuilder


def _by_operator(rows):
    table = [0] * (len(rows) + 1)
    for operator, opcode in rows:
        table[operator] = opcode
    return table


BINARY = _by_operator((
    (nodes.Add, op.BINARY_ADD), (nodes.Sub, op.BINARY_SUBTRACT), (nodes.Mult, op.BINARY_MULTIPLY),
    (nodes.Div, op.BINARY_DIVIDE), (nodes.Mod, op.BINARY_MODULO), (nodes.Pow, op.BINARY_POWER),
    (nodes.LShift, op.BINARY_LSHIFT), (nodes.RShift, op.BINARY_RSHIFT), (nodes.BitOr, op.BINARY_OR),
    (nodes.BitXor, op.BINARY_XOR), (nodes.BitAnd, op.BINARY_AND), (nodes.FloorDiv, op.BINARY_FLOOR_DIVIDE)))

INPLACE = _by_operator((
    (nodes.Add, op.INPLACE_ADD), (nodes.Sub, op.INPLACE_SUBTRACT), (nodes.Mult, op.INPLACE_MULTIPLY),
    (nodes.Div, op.INPLACE_DIVIDE), (nodes.Mod, op.INPLACE_MODULO), (nodes.Pow, op.INPLACE_POWER),
    (nodes.LShift, op.INPLACE_LSHIFT), (nodes.RShift, op.INPLACE_RSHIFT), (nodes.BitOr, op.INPLACE_OR),
    (nodes.BitXor, op.INPLACE_XOR), (nodes.BitAnd, op.INPLACE_AND), (nodes.FloorDiv, op.INPLACE_FLOOR_DIVIDE)))

UNARY = _by_operator((
    (nodes.Invert, op.UNARY_INVERT), (nodes.Not, op.UNARY_NOT), (nodes.UAdd, op.UNARY_POSITIVE),
    (nodes.USub, op.UNARY_NEGATIVE)))

COMPARE = _by_operator(tuple(
    (getattr(nodes, name), op.COMPARISONS.index(text)) for name, text in (
        ("Eq", "=="), ("NotEq", "!="), ("Lt", "<"), ("LtE", "<="), ("Gt", ">"), ("GtE", ">="), ("Is", "is"),
        ("IsNot", "is not"), ("In", "in"), ("NotIn", "not in"))))

# Opcode by kind of variable and by use: load, store, delete.
_FAST = 0
_GLOBAL = 1
_BY_NAME = 2
NAME_OPCODES = (
    (op.LOAD_FAST, op.STORE_FAST, op.DELETE_FAST),
    (op.LOAD_GLOBAL, op.STORE_GLOBAL, op.DELETE_GLOBAL),
    (op.LOAD_NAME, op.STORE_NAME, op.DELETE_NAME),
)
LOAD_OPCODES = [row[0] for row in NAME_OPCODES]
STORE_OPCODES = [row[1] for row in NAME_OPCODES]
DELETE_OPCODES = [row[2] for row in NAME_OPCODES]

# The call opcode by presence of `*args` (1) and `**kwargs` (2).
CALL_OPCODES = [op.CALL_FUNCTION, op.CALL_FUNCTION_VAR, op.CALL_FUNCTION_KW, op.CALL_FUNCTION_VAR_KW]

MAX_MAP_HINT = 0xFFFF

# Kinds of comprehensions that are blocks of their own.
_GENERATOR = 0
_SET = 1
_DICT = 2


class CompileOptions:
    """How to compile.

    Attributes:
        optimize: 0; 1 drops assertions; 2 drops docstrings too.
    """

    def __init__(self, optimize=0):
        self.optimize = optimize


class ExpressionGenerator(nodes.Visitor):
    """Emits code for expressions into the current unit.

    Parameters:
        block_scopes: `Scope` by AST node.
        flags: `CO_FUTURE_*` in force.
    """

    def __init__(self, filename, block_scopes, flags, options, callbacks):
        self.filename = filename
        self.block_scopes = block_scopes
        self.flags = flags
        self.options = options
        self.callbacks = callbacks
        self.unit = None
        self.code = None
        self.stack = []

    # Units

    def enter_unit(self, node, name, lineno):
        """Begin the code object of a block."""
        private = None
        if self.unit is not None:
            private = self.unit.private
        self.stack.append(self.unit)
        self.unit = UnitBuilder(self.block_scopes[node], name, private, lineno)
        self.code = self.unit.assembler

    def leave_unit(self, add_none):
        """Finish it and return to the code around it; `add_none`: falling off the end returns None."""
        if not self.code.returned:
            if add_none:
                self.constant(NONE)
            self.code.emit(op.RETURN_VALUE)
        finished = self.unit.finish(self.filename, self.flags)
        self.unit = self.stack.pop()
        if self.unit is not None:
            self.code = self.unit.assembler
        return finished

    def problem(self, message):
        """A SyntaxProblem at the current line."""
        return SyntaxProblem("SyntaxError", message, self.filename, self.code.current_line)

    # Emission

    def emit(self, opcode, argument=0):
        self.code.emit(opcode, argument)

    def constant(self, constant):
        self.code.emit(op.LOAD_CONST, self.unit.constants.add(constant))

    def emit_name(self, opcode, name):
        """An instruction whose argument is a name, mangled."""
        self.code.emit(opcode, self.unit.names.add(scopes.mangle(self.unit.private, name)))

    def expression(self, node):
        self.code.begin_later_line(node.lineno)
        node.accept(self)

    def expressions(self, sequence):
        for node in sequence:
            self.expression(node)

    def name_operation(self, name, context):
        """Load, store or delete a variable."""
        unit = self.unit
        mangled = scopes.mangle(unit.private, name)
        place = unit.scope.place(mangled)
        is_load = context == nodes.Load
        is_store = context == nodes.Store
        in_function = unit.scope.kind == scopes.FUNCTION_BLOCK
        if place == scopes.FREE or place == scopes.CELL:
            if not (is_load or is_store):
                raise SyntaxProblem("SyntaxError",
                                    "can not delete variable '%s' referenced in nested scope" % name, self.filename,
                                    0, -1, None, SyntaxProblem.MESSAGE_ONLY)
            self.emit(op.LOAD_DEREF if is_load else op.STORE_DEREF, unit.deref_index(mangled, place))
            return
        kind = _BY_NAME
        if place == scopes.LOCAL:
            if in_function:
                kind = _FAST
        elif place == scopes.GLOBAL_EXPLICIT:
            kind = _GLOBAL
        elif place == scopes.GLOBAL_IMPLICIT and in_function and unit.scope.unoptimized == 0:
            kind = _GLOBAL
        if kind == _FAST:
            index = unit.varnames.add(mangled)
        else:
            index = unit.names.add(mangled)
        if is_load:
            self.emit(LOAD_OPCODES[kind], index)
        elif is_store:
            self.emit(STORE_OPCODES[kind], index)
        else:
            self.emit(DELETE_OPCODES[kind], index)

    def make_closure(self, unit, default_count):
        """Make a function of a finished `CodeUnit`, whose defaults are on the stack."""
        if len(unit.freevars) == 0:
            self.constant(ConstCode(unit))
            self.emit(op.MAKE_FUNCTION, default_count)
            return
        for name in unit.freevars:
            self.emit(op.LOAD_CLOSURE, self.unit.deref_index(name, self.unit.scope.place(name)))
        self.emit(op.BUILD_TUPLE, len(unit.freevars))
        self.constant(ConstCode(unit))
        self.emit(op.MAKE_CLOSURE, default_count)

    def unpack_parameters(self, parameters):
        """Store the parts of parameters that are patterns."""
        for i in range(len(parameters)):
            parameter = parameters[i]
            if isinstance(parameter, nodes.Tuple):
                self.name_operation(".%d" % i, nodes.Load)
                self.expression(parameter)

    # Operators

    def visit_BoolOp(self, node):
        jump = op.JUMP_IF_FALSE_OR_POP if node.op == nodes.And else op.JUMP_IF_TRUE_OR_POP
        end = self.code.new_label()
        last = len(node.values) - 1
        for i in range(last):
            self.expression(node.values[i])
            self.emit(jump, end)
        self.expression(node.values[last])
        self.code.place(end)

    def binary_opcode(self, operator):
        if operator == nodes.Div and self.flags & CO_FUTURE_DIVISION:
            return op.BINARY_TRUE_DIVIDE
        return BINARY[operator]

    def inplace_opcode(self, operator):
        if operator == nodes.Div and self.flags & CO_FUTURE_DIVISION:
            return op.INPLACE_TRUE_DIVIDE
        return INPLACE[operator]

    def visit_BinOp(self, node):
        self.expression(node.left)
        self.expression(node.right)
        self.emit(self.binary_opcode(node.op))

    def visit_UnaryOp(self, node):
        self.expression(node.operand)
        self.emit(UNARY[node.op])

    def visit_IfExp(self, node):
        otherwise = self.code.new_label()
        end = self.code.new_label()
        self.expression(node.test)
        self.emit(op.POP_JUMP_IF_FALSE, otherwise)
        self.expression(node.body)
        self.emit(op.JUMP_FORWARD, end)
        self.code.place(otherwise)
        self.expression(node.orelse)
        self.code.place(end)

    def visit_Compare(self, node):
        self.expression(node.left)
        last = len(node.ops) - 1
        if last == 0:
            self.expression(node.comparators[0])
            self.emit(op.COMPARE_OP, COMPARE[node.ops[0]])
            return
        cleanup = self.code.new_label()
        end = self.code.new_label()
        for i in range(last):
            self.expression(node.comparators[i])
            self.emit(op.DUP_TOP)
            self.emit(op.ROT_THREE)
            self.emit(op.COMPARE_OP, COMPARE[node.ops[i]])
            self.emit(op.JUMP_IF_FALSE_OR_POP, cleanup)
        self.expression(node.comparators[last])
        self.emit(op.COMPARE_OP, COMPARE[node.ops[last]])
        self.emit(op.JUMP_FORWARD, end)
        self.code.place(cleanup)
        self.emit(op.ROT_TWO)
        self.emit(op.POP_TOP)
        self.code.place(end)

    # Displays and literals

    def visit_Num(self, node):
        self.constant(node.n)

    def visit_Str(self, node):
        self.constant(node.s)

    def visit_Repr(self, node):
        self.expression(node.value)
        self.emit(op.UNARY_CONVERT)

    def visit_Dict(self, node):
        size = len(node.keys)
        self.emit(op.BUILD_MAP, size if size < MAX_MAP_HINT else MAX_MAP_HINT)
        for i in range(size):
            self.expression(node.values[i])
            self.expression(node.keys[i])
            self.emit(op.STORE_MAP)

    def visit_Set(self, node):
        self.expressions(node.elts)
        self.emit(op.BUILD_SET, len(node.elts))

    def visit_List(self, node):
        self._sequence(node.elts, node.ctx, op.BUILD_LIST)

    def visit_Tuple(self, node):
        self._sequence(node.elts, node.ctx, op.BUILD_TUPLE)

    def _sequence(self, elements, context, build):
        if context == nodes.Store:
            self.emit(op.UNPACK_SEQUENCE, len(elements))
        self.expressions(elements)
        if context == nodes.Load:
            self.emit(build, len(elements))

    # Names, attributes, subscripts

    def visit_Name(self, node):
        self.name_operation(node.id, node.ctx)

    def visit_Attribute(self, node):
        self.expression(node.value)
        if node.ctx == nodes.Load:
            self.emit_name(op.LOAD_ATTR, node.attr)
        elif node.ctx == nodes.Store:
            self.emit_name(op.STORE_ATTR, node.attr)
        else:
            self.emit_name(op.DELETE_ATTR, node.attr)

    def visit_Subscript(self, node):
        self.expression(node.value)
        slice_kind = self.push_subscript(node.slice)
        if node.ctx == nodes.Load:
            self.emit(op.SLICE_0 + slice_kind if slice_kind >= 0 else op.BINARY_SUBSCR)
        elif node.ctx == nodes.Store:
            self.emit(op.STORE_SLICE_0 + slice_kind if slice_kind >= 0 else op.STORE_SUBSCR)
        else:
            self.emit(op.DELETE_SLICE_0 + slice_kind if slice_kind >= 0 else op.DELETE_SUBSCR)

    def push_subscript(self, node):
        """Evaluate a subscript.

        Returns, for a slice without a step, which bounds it has (1: lower, 2: upper); they are what was
        pushed.  Returns -1 for anything else, which is pushed as one object.
        """
        if isinstance(node, nodes.Slice) and node.step is None:
            kind = 0
            if node.lower is not None:
                kind += 1
                self.expression(node.lower)
            if node.upper is not None:
                kind += 2
                self.expression(node.upper)
            return kind
        if isinstance(node, nodes.ExtSlice):
            for dimension in node.dims:
                self._push_dimension(dimension)
            self.emit(op.BUILD_TUPLE, len(node.dims))
        else:
            self._push_dimension(node)
        return -1

    def _push_dimension(self, node):
        if isinstance(node, nodes.Index):
            self.expression(node.value)
        elif isinstance(node, nodes.Ellipsis):
            self.constant(ELLIPSIS)
        elif isinstance(node, nodes.Slice):
            self._push_optional(node.lower)
            self._push_optional(node.upper)
            if node.step is None:
                self.emit(op.BUILD_SLICE, 2)
            else:
                self.expression(node.step)
                self.emit(op.BUILD_SLICE, 3)
        else:
            raise SyntaxProblem("SystemError", "extended slice invalid in nested slice", self.filename, 0, -1, None,
                                SyntaxProblem.MESSAGE_ONLY)

    def _push_optional(self, node):
        if node is None:
            self.constant(NONE)
        else:
            self.expression(node)

    # Calls and functions

    def visit_Call(self, node):
        function = node.func
        self.expression(function)
        self.expressions(node.args)
        for keyword in node.keywords:
            self.constant(ConstBytes(keyword.arg))
            self.expression(keyword.value)
        count = len(node.args) | len(node.keywords) << 8
        kind = 0
        if node.starargs is not None:
            self.expression(node.starargs)
            kind += 1
        if node.kwargs is not None:
            self.expression(node.kwargs)
            kind += 2
        self.emit(CALL_OPCODES[kind], count)

    def visit_Lambda(self, node):
        arguments = node.args
        self.expressions(arguments.defaults)
        self.enter_unit(node, "<lambda>", node.lineno)
        # The first constant is the docstring.
        self.unit.constants.add(NONE)
        self.unpack_parameters(arguments.args)
        self.unit.argument_count = len(arguments.args)
        self.expression(node.body)
        if self.unit.scope.is_generator:
            self.emit(op.POP_TOP)
        else:
            self.emit(op.RETURN_VALUE)
        self.make_closure(self.leave_unit(True), len(arguments.defaults))

    def visit_Yield(self, node):
        if self.unit.scope.kind != scopes.FUNCTION_BLOCK:
            raise self.problem("'yield' outside function")
        self._push_optional(node.value)
        self.emit(op.YIELD_VALUE)

    # Comprehensions

    def visit_ListComp(self, node):
        self.emit(op.BUILD_LIST, 0)
        self._list_loop(node, 0)

    def _list_loop(self, node, index):
        generator = node.generators[index]
        start = self.code.new_label()
        skip = self.code.new_label()
        anchor = self.code.new_label()
        self.expression(generator.iter)
        self.emit(op.GET_ITER)
        self.code.place(start)
        self.emit(op.FOR_ITER, anchor)
        self.expression(generator.target)
        for condition in generator.ifs:
            self.expression(condition)
            self.emit(op.POP_JUMP_IF_FALSE, skip)
        index += 1
        if index < len(node.generators):
            self._list_loop(node, index)
        else:
            self.expression(node.elt)
            self.emit(op.LIST_APPEND, index + 1)
        self.code.place(skip)
        self.emit(op.JUMP_ABSOLUTE, start)
        self.code.place(anchor)

    def visit_GeneratorExp(self, node):
        self._comprehension(node, _GENERATOR, "<genexpr>", node.generators, node.elt, None)

    def visit_SetComp(self, node):
        self._comprehension(node, _SET, "<setcomp>", node.generators, node.elt, None)

    def visit_DictComp(self, node):
        self._comprehension(node, _DICT, "<dictcomp>", node.generators, node.key, node.value)

    def _comprehension(self, node, kind, name, generators, element, value):
        self.enter_unit(node, name, node.lineno)
        if kind == _SET:
            self.emit(op.BUILD_SET, 0)
        elif kind == _DICT:
            self.emit(op.BUILD_MAP, 0)
        self.unit.argument_count = 1
        self._comprehension_loop(kind, generators, 0, element, value)
        if kind != _GENERATOR:
            self.emit(op.RETURN_VALUE)
        self.make_closure(self.leave_unit(True), 0)
        self.expression(generators[0].iter)
        self.emit(op.GET_ITER)
        self.emit(op.CALL_FUNCTION, 1)

    def _comprehension_loop(self, kind, generators, index, element, value):
        generator = generators[index]
        start = self.code.new_label()
        skip = self.code.new_label()
        anchor = self.code.new_label()
        if index == 0:
            self.emit(op.LOAD_FAST, 0)
        else:
            self.expression(generator.iter)
            self.emit(op.GET_ITER)
        self.code.place(start)
        self.emit(op.FOR_ITER, anchor)
        self.expression(generator.target)
        for condition in generator.ifs:
            self.expression(condition)
            self.emit(op.POP_JUMP_IF_FALSE, skip)
        index += 1
        if index < len(generators):
            self._comprehension_loop(kind, generators, index, element, value)
        elif kind == _GENERATOR:
            self.expression(element)
            self.emit(op.YIELD_VALUE)
            self.emit(op.POP_TOP)
        elif kind == _SET:
            self.expression(element)
            self.emit(op.SET_ADD, index + 1)
        else:
            self.expression(value)
            self.expression(element)
            self.emit(op.MAP_ADD, index + 1)
        self.code.place(skip)
        self.emit(op.JUMP_ABSOLUTE, start)
        self.code.place(anchor)
