"""Code for statements and modules."""

from ouro.interp_py27.parser import (
    CO_FUTURE_ABSOLUTE_IMPORT,
    NONE,
    ConstBytes,
    ConstInt,
    ConstTuple,
    SyntaxProblem,
    nodes,
)

from . import _opcodes as op
from . import _scopes as scopes
from ._expressions import ExpressionGenerator
from ._future import is_future_import
from ._unit import EXCEPT, FINALLY_BODY, FINALLY_END, LOOP, MAX_NESTED_BLOCKS

# What is known of a condition while compiling.
_ALWAYS_FALSE = 0
_ALWAYS_TRUE = 1
_UNKNOWN = -1


def docstring_of(body):
    """The Str node that is the docstring of a body, or None."""
    if len(body) > 0:
        first = body[0]
        if isinstance(first, nodes.Expr) and isinstance(first.value, nodes.Str):
            return first.value
    return None


class CodeGenerator(ExpressionGenerator):
    """Emits the code of a whole program.

    `last_future_line` is the line of the last future statement, -1 if there is none.
    """

    last_future_line = -1
    is_interactive = False

    def generate(self, tree):
        """The `CodeUnit` of a module, expression or interactive statement."""
        self.enter_unit(tree, "<module>", 0)
        tree.accept(self)
        return self.leave_unit(not isinstance(tree, nodes.Expression))

    def visit_Module(self, node):
        self._body_with_docstring(node.body)

    def visit_Interactive(self, node):
        self.is_interactive = True
        self.statements(node.body)

    def visit_Expression(self, node):
        self.expression(node.body)

    def statements(self, body):
        for statement in body:
            self.code.begin_line(statement.lineno)
            statement.accept(self)

    def _body_with_docstring(self, body):
        """The body of a module or class, whose docstring is a variable."""
        start = 0
        docstring = docstring_of(body)
        if docstring is not None and self.options.optimize < 2:
            start = 1
            self.expression(docstring)
            self.name_operation("__doc__", nodes.Store)
        for i in range(start, len(body)):
            statement = body[i]
            self.code.begin_line(statement.lineno)
            statement.accept(self)

    # Blocks

    def _push_block(self, kind, label):
        unit = self.unit
        if len(unit.blocks) >= MAX_NESTED_BLOCKS:
            raise SyntaxProblem("SyntaxError", "too many statically nested blocks", self.filename, 0, -1, None,
                                SyntaxProblem.MESSAGE_ONLY)
        unit.blocks.append(kind)
        unit.block_labels.append(label)

    def _pop_block(self):
        self.unit.blocks.pop()
        self.unit.block_labels.pop()

    # Definitions

    def visit_FunctionDef(self, node):
        arguments = node.args
        self.expressions(node.decorator_list)
        self.expressions(arguments.defaults)
        self.enter_unit(node, node.name, node.lineno)
        docstring = docstring_of(node.body)
        if docstring is not None and self.options.optimize < 2:
            self.unit.constants.add(docstring.s)
        else:
            self.unit.constants.add(NONE)
        self.unpack_parameters(arguments.args)
        self.unit.argument_count = len(arguments.args)
        for i in range(1 if docstring is not None else 0, len(node.body)):
            statement = node.body[i]
            self.code.begin_line(statement.lineno)
            statement.accept(self)
        self.make_closure(self.leave_unit(True), len(arguments.defaults))
        self._decorate_and_store(node.name, len(node.decorator_list))

    def _decorate_and_store(self, name, decorator_count):
        for _ in range(decorator_count):
            self.emit(op.CALL_FUNCTION, 1)
        self.name_operation(name, nodes.Store)

    def visit_ClassDef(self, node):
        self.expressions(node.decorator_list)
        self.constant(ConstBytes(node.name))
        self.expressions(node.bases)
        self.emit(op.BUILD_TUPLE, len(node.bases))
        self.enter_unit(node, node.name, node.lineno)
        self.unit.private = node.name
        self.name_operation("__name__", nodes.Load)
        self.name_operation("__module__", nodes.Store)
        self._body_with_docstring(node.body)
        self.emit(op.LOAD_LOCALS)
        self.emit(op.RETURN_VALUE)
        self.make_closure(self.leave_unit(True), 0)
        self.emit(op.CALL_FUNCTION, 0)
        self.emit(op.BUILD_CLASS)
        self._decorate_and_store(node.name, len(node.decorator_list))

    # Simple statements

    def visit_Return(self, node):
        if self.unit.scope.kind != scopes.FUNCTION_BLOCK:
            raise self.problem("'return' outside function")
        if node.value is None:
            self.constant(NONE)
        else:
            self.expression(node.value)
        self.emit(op.RETURN_VALUE)

    def visit_Delete(self, node):
        self.expressions(node.targets)

    def visit_Assign(self, node):
        self.expression(node.value)
        last = len(node.targets) - 1
        for i in range(last + 1):
            if i < last:
                self.emit(op.DUP_TOP)
            self.expression(node.targets[i])

    def visit_AugAssign(self, node):
        target = node.target
        operator = self.inplace_opcode(node.op)
        if isinstance(target, nodes.Name):
            self.name_operation(target.id, nodes.Load)
            self.expression(node.value)
            self.emit(operator)
            self.name_operation(target.id, nodes.Store)
        elif isinstance(target, nodes.Attribute):
            self.code.begin_later_line(target.lineno)
            self.expression(target.value)
            self.emit(op.DUP_TOP)
            self.emit_name(op.LOAD_ATTR, target.attr)
            self.expression(node.value)
            self.emit(operator)
            self.emit(op.ROT_TWO)
            self.emit_name(op.STORE_ATTR, target.attr)
        elif isinstance(target, nodes.Subscript):
            self.code.begin_later_line(target.lineno)
            self._augmented_subscript(target, node.value, operator)
        else:
            raise SyntaxProblem("SystemError", "invalid node type for augmented assignment", self.filename, 0, -1, None,
                                SyntaxProblem.MESSAGE_ONLY)

    def _augmented_subscript(self, target, value, operator):
        self.expression(target.value)
        slice_kind = self.push_subscript(target.slice)
        if slice_kind < 0:
            self.emit(op.DUP_TOPX, 2)
            self.emit(op.BINARY_SUBSCR)
            self.expression(value)
            self.emit(operator)
            self.emit(op.ROT_THREE)
            self.emit(op.STORE_SUBSCR)
            return
        if slice_kind == 0:
            self.emit(op.DUP_TOP)
            rotation = op.ROT_TWO
        elif slice_kind == 3:
            self.emit(op.DUP_TOPX, 3)
            rotation = op.ROT_FOUR
        else:
            self.emit(op.DUP_TOPX, 2)
            rotation = op.ROT_THREE
        self.emit(op.SLICE_0 + slice_kind)
        self.expression(value)
        self.emit(operator)
        self.emit(rotation)
        self.emit(op.STORE_SLICE_0 + slice_kind)

    def visit_Print(self, node):
        if node.dest is None:
            for value in node.values:
                self.expression(value)
                self.emit(op.PRINT_ITEM)
            if node.nl:
                self.emit(op.PRINT_NEWLINE)
            return
        self.expression(node.dest)
        for value in node.values:
            self.emit(op.DUP_TOP)
            self.expression(value)
            self.emit(op.ROT_TWO)
            self.emit(op.PRINT_ITEM_TO)
        if node.nl:
            self.emit(op.PRINT_NEWLINE_TO)
        else:
            self.emit(op.POP_TOP)

    def visit_Raise(self, node):
        count = 0
        if node.type is not None:
            self.expression(node.type)
            count = 1
            if node.inst is not None:
                self.expression(node.inst)
                count = 2
                if node.tback is not None:
                    self.expression(node.tback)
                    count = 3
        self.emit(op.RAISE_VARARGS, count)

    def visit_Assert(self, node):
        if self.options.optimize > 0:
            return
        test = node.test
        if isinstance(test, nodes.Tuple) and len(test.elts) > 0:
            self.callbacks.warn("SyntaxWarning", "assertion is always true, perhaps remove parentheses?", self.filename,
                                self.code.current_line)
        self.expression(test)
        end = self.code.new_label()
        self.emit(op.POP_JUMP_IF_TRUE, end)
        self.emit(op.LOAD_GLOBAL, self.unit.names.add("AssertionError"))
        if node.msg is not None:
            self.expression(node.msg)
            self.emit(op.CALL_FUNCTION, 1)
        self.emit(op.RAISE_VARARGS, 1)
        self.code.place(end)

    def visit_Exec(self, node):
        self.expression(node.body)
        if node.globals is None:
            self.constant(NONE)
            self.emit(op.DUP_TOP)
        else:
            self.expression(node.globals)
            if node.locals is None:
                self.emit(op.DUP_TOP)
            else:
                self.expression(node.locals)
        self.emit(op.EXEC_STMT)

    def visit_Expr(self, node):
        value = node.value
        if self.is_interactive and len(self.stack) <= 1:
            self.expression(value)
            self.emit(op.PRINT_EXPR)
        elif not isinstance(value, nodes.Str) and not isinstance(value, nodes.Num):
            self.expression(value)
            self.emit(op.POP_TOP)

    def visit_Global(self, node):
        pass

    def visit_Pass(self, node):
        pass

    # Imports

    def visit_Import(self, node):
        level = 0 if self.flags & CO_FUTURE_ABSOLUTE_IMPORT else -1
        for alias in node.names:
            name = alias.name
            self.constant(ConstInt(level))
            self.constant(NONE)
            self.emit_name(op.IMPORT_NAME, name)
            as_name = alias.asname
            dot = name.find(".")
            if as_name is not None:
                if dot >= 0:
                    for attribute in name[dot + 1:].split("."):
                        self.emit(op.LOAD_ATTR, self.unit.names.add(attribute))
                self.name_operation(as_name, nodes.Store)
            elif dot >= 0:
                self.name_operation(name[:dot], nodes.Store)
            else:
                self.name_operation(name, nodes.Store)

    def visit_ImportFrom(self, node):
        level = node.level
        if level == 0 and not self.flags & CO_FUTURE_ABSOLUTE_IMPORT:
            level = -1
        if is_future_import(node) and node.lineno > self.last_future_line:
            raise self.problem("from __future__ imports must occur at the beginning of the file")
        names = []
        for alias in node.names:
            names.append(ConstBytes(alias.name))
        self.constant(ConstInt(level))
        self.constant(ConstTuple(names[:]))
        module = node.module
        if module is None:
            module = ""
        self.emit_name(op.IMPORT_NAME, module)
        if node.names[0].name == "*":
            self.emit(op.IMPORT_STAR)
            return
        for alias in node.names:
            self.emit_name(op.IMPORT_FROM, alias.name)
            stored_name = alias.asname
            if stored_name is None:
                stored_name = alias.name
            self.name_operation(stored_name, nodes.Store)
        self.emit(op.POP_TOP)

    # Control flow

    def _known_condition(self, node):
        if isinstance(node, nodes.Num):
            return _ALWAYS_TRUE if node.n.is_true() else _ALWAYS_FALSE
        if isinstance(node, nodes.Str):
            return _ALWAYS_TRUE if node.s.is_true() else _ALWAYS_FALSE
        if isinstance(node, nodes.Name) and node.id == "__debug__":
            return _ALWAYS_FALSE if self.options.optimize > 0 else _ALWAYS_TRUE
        return _UNKNOWN

    def visit_If(self, node):
        end = self.code.new_label()
        known = self._known_condition(node.test)
        if known == _ALWAYS_FALSE:
            self.statements(node.orelse)
        elif known == _ALWAYS_TRUE:
            self.statements(node.body)
        else:
            otherwise = end
            if len(node.orelse) > 0:
                otherwise = self.code.new_label()
            self.expression(node.test)
            self.emit(op.POP_JUMP_IF_FALSE, otherwise)
            self.statements(node.body)
            self.emit(op.JUMP_FORWARD, end)
            if len(node.orelse) > 0:
                self.code.place(otherwise)
                self.statements(node.orelse)
        self.code.place(end)

    def visit_While(self, node):
        known = self._known_condition(node.test)
        if known == _ALWAYS_FALSE:
            self.statements(node.orelse)
            return
        start = self.code.new_label()
        end = self.code.new_label()
        anchor = self.code.new_label()
        self.emit(op.SETUP_LOOP, end)
        self.code.place(start)
        self._push_block(LOOP, start)
        if known == _UNKNOWN:
            self.expression(node.test)
            self.emit(op.POP_JUMP_IF_FALSE, anchor)
        self.statements(node.body)
        self.emit(op.JUMP_ABSOLUTE, start)
        if known == _UNKNOWN:
            self.code.place(anchor)
        self.emit(op.POP_BLOCK)
        self._pop_block()
        self.statements(node.orelse)
        self.code.place(end)

    def visit_For(self, node):
        start = self.code.new_label()
        cleanup = self.code.new_label()
        end = self.code.new_label()
        self.emit(op.SETUP_LOOP, end)
        self._push_block(LOOP, start)
        self.expression(node.iter)
        self.emit(op.GET_ITER)
        self.code.place(start)
        self.emit(op.FOR_ITER, cleanup)
        self.expression(node.target)
        self.statements(node.body)
        self.emit(op.JUMP_ABSOLUTE, start)
        self.code.place(cleanup)
        self.emit(op.POP_BLOCK)
        self._pop_block()
        self.statements(node.orelse)
        self.code.place(end)

    def visit_Break(self, node):
        if LOOP not in self.unit.blocks:
            raise self.problem("'break' outside loop")
        self.emit(op.BREAK_LOOP)

    def visit_Continue(self, node):
        blocks = self.unit.blocks
        i = len(blocks) - 1
        if i < 0:
            raise self.problem("'continue' not properly in loop")
        if blocks[i] == LOOP:
            self.emit(op.JUMP_ABSOLUTE, self.unit.block_labels[i])
            return
        while i >= 0 and blocks[i] != LOOP:
            if blocks[i] == FINALLY_END:
                raise self.problem("'continue' not supported inside 'finally' clause")
            i -= 1
        if i < 0:
            raise self.problem("'continue' not properly in loop")
        self.emit(op.CONTINUE_LOOP, self.unit.block_labels[i])

    def visit_TryFinally(self, node):
        body = self.code.new_label()
        end = self.code.new_label()
        self.emit(op.SETUP_FINALLY, end)
        self.code.place(body)
        self._push_block(FINALLY_BODY, body)
        self.statements(node.body)
        self.emit(op.POP_BLOCK)
        self._pop_block()
        self.constant(NONE)
        self.code.place(end)
        self._push_block(FINALLY_END, end)
        self.statements(node.finalbody)
        self.emit(op.END_FINALLY)
        self._pop_block()

    def visit_TryExcept(self, node):
        body = self.code.new_label()
        handler_label = self.code.new_label()
        otherwise = self.code.new_label()
        end = self.code.new_label()
        self.emit(op.SETUP_EXCEPT, handler_label)
        self.code.place(body)
        self._push_block(EXCEPT, body)
        self.statements(node.body)
        self.emit(op.POP_BLOCK)
        self._pop_block()
        self.emit(op.JUMP_FORWARD, otherwise)
        last = len(node.handlers) - 1
        for i in range(last + 1):
            handler = node.handlers[i]
            if handler.type is None and i < last:
                raise self.problem("default 'except:' must be last")
            self.code.place(handler_label)
            handler_label = self.code.new_label()
            self._handler(handler, handler_label)
            self.emit(op.JUMP_FORWARD, end)
        self.code.place(handler_label)
        self.emit(op.END_FINALLY)
        self.code.place(otherwise)
        self.statements(node.orelse)
        self.code.place(end)

    def _handler(self, handler, next_handler):
        self.code.begin_line(handler.lineno)
        if handler.type is not None:
            self.emit(op.DUP_TOP)
            self.expression(handler.type)
            self.emit(op.COMPARE_OP, op.COMPARE_EXCEPTION_MATCH)
            self.emit(op.POP_JUMP_IF_FALSE, next_handler)
        self.emit(op.POP_TOP)
        if handler.name is not None:
            self.expression(handler.name)
        else:
            self.emit(op.POP_TOP)
        self.emit(op.POP_TOP)
        self.statements(handler.body)

    def visit_With(self, node):
        body = self.code.new_label()
        end = self.code.new_label()
        self.expression(node.context_expr)
        self.emit(op.SETUP_WITH, end)
        self.code.place(body)
        self._push_block(FINALLY_BODY, body)
        if node.optional_vars is not None:
            self.expression(node.optional_vars)
        else:
            self.emit(op.POP_TOP)
        self.statements(node.body)
        self.emit(op.POP_BLOCK)
        self._pop_block()
        self.constant(NONE)
        self.code.place(end)
        self._push_block(FINALLY_END, end)
        self.emit(op.WITH_CLEANUP)
        self.emit(op.END_FINALLY)
        self._pop_block()
