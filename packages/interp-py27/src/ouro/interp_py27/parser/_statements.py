"""The statement half of the parser."""

from . import _nodes as nodes
from . import _tokens as T
from ._expressions import STACK_PER_SUITE, STARTS_EXPRESSION, ExpressionParser
from ._future import CO_FUTURE_PRINT_FUNCTION, CO_FUTURE_UNICODE_LITERALS, FEATURE_FLAGS

# By token kind: operator of an augmented assignment, 0 if none.
AUGMENTED_OPERATOR = [0] * T.KIND_COUNT
for _kind, _operator in (
        (T.PLUSEQUAL, nodes.Add), (T.MINEQUAL, nodes.Sub), (T.STAREQUAL, nodes.Mult), (T.SLASHEQUAL, nodes.Div),
        (T.PERCENTEQUAL, nodes.Mod), (T.AMPEREQUAL, nodes.BitAnd), (T.VBAREQUAL, nodes.BitOr),
        (T.CIRCUMFLEXEQUAL, nodes.BitXor), (T.LEFTSHIFTEQUAL, nodes.LShift), (T.RIGHTSHIFTEQUAL, nodes.RShift),
        (T.DOUBLESTAREQUAL, nodes.Pow), (T.DOUBLESLASHEQUAL, nodes.FloorDiv)):
    AUGMENTED_OPERATOR[_kind] = _operator

# Token kinds that begin a compound statement.
STARTS_COMPOUND = [False] * T.KIND_COUNT
for _kind in (T.KW_IF, T.KW_WHILE, T.KW_FOR, T.KW_TRY, T.KW_WITH, T.KW_DEF, T.KW_CLASS, T.AT):
    STARTS_COMPOUND[_kind] = True


class UnicodeLiteralsFound(Exception):
    """`from __future__ import unicode_literals` came after string literals; the text must be parsed anew."""


class Parser(ExpressionParser):
    """Parses whole programs; `future_flags` collects the features that change how the text is read."""

    future_flags = 0

    def parse_file(self):
        """`exec` mode."""
        self.advance()
        body = []
        while self.kind != T.ENDMARKER:
            if self.kind == T.NEWLINE:
                self.advance()
            else:
                self._parse_statement(body)
        return nodes.Module(body)

    def parse_expression_input(self):
        """`eval` mode."""
        self.advance()
        body = self.parse_testlist()
        while self.kind == T.NEWLINE:
            self.advance()
        if self.kind != T.ENDMARKER:
            raise self.unexpected()
        return nodes.Expression(body)

    def parse_single_input(self):
        """`single` mode: one statement; what follows it is not looked at."""
        self.advance()
        lineno = self.tokens.lineno
        if self.kind == T.NEWLINE:
            return nodes.Interactive([nodes.Pass(lineno, self.tokens.column)])
        body = []
        if STARTS_COMPOUND[self.kind]:
            self._parse_compound(body)
        else:
            self._parse_small_statements(body)
        if self.kind != T.NEWLINE:
            raise self.unexpected()
        return nodes.Interactive(body)

    # Suites

    def _parse_statement(self, body):
        if STARTS_COMPOUND[self.kind]:
            self._parse_compound(body)
        else:
            self._parse_simple(body)

    def _parse_simple(self, body):
        self._parse_small_statements(body)
        self.expect(T.NEWLINE)

    def _parse_small_statements(self, body):
        """Statements up to the newline that must follow, which is left."""
        while True:
            body.append(self._parse_small())
            if self.kind != T.SEMI:
                break
            self.advance()
            if self.kind == T.NEWLINE:
                break
        if self.kind != T.NEWLINE:
            raise self.unexpected()

    def _parse_suite(self):
        """`':' suite`."""
        self.expect(T.COLON)
        self.enter(STACK_PER_SUITE)
        body = []
        if self.kind != T.NEWLINE:
            self._parse_simple(body)
        else:
            self.advance()
            if self.kind != T.INDENT:
                raise self.tokens.unexpected_token(True)
            self.advance()
            while self.kind != T.DEDENT:
                self._parse_statement(body)
            self.advance()
        self.leave(STACK_PER_SUITE)
        return body

    def _parse_else(self):
        if self.kind != T.KW_ELSE:
            return []
        self.advance()
        return self._parse_suite()

    # Simple statements

    def _parse_small(self):
        tokens = self.tokens
        lineno = tokens.lineno
        column = tokens.column
        kind = self.kind
        if STARTS_EXPRESSION[kind]:
            return self._parse_expression_statement(lineno, column)
        if kind == T.KW_YIELD:
            return nodes.Expr(self.parse_yield(), lineno, column)
        if kind < T.KW_AND:
            raise self.unexpected()
        if kind == T.KW_PASS:
            self.advance()
            return nodes.Pass(lineno, column)
        if kind == T.KW_BREAK:
            self.advance()
            return nodes.Break(lineno, column)
        if kind == T.KW_CONTINUE:
            self.advance()
            return nodes.Continue(lineno, column)
        if kind == T.KW_RETURN:
            self.advance()
            value = None
            if STARTS_EXPRESSION[self.kind]:
                value = self.parse_testlist()
            return nodes.Return(value, lineno, column)
        if kind == T.KW_PRINT:
            return self._parse_print(lineno, column)
        if kind == T.KW_RAISE:
            return self._parse_raise(lineno, column)
        if kind == T.KW_IMPORT:
            return self._parse_import(lineno, column)
        if kind == T.KW_FROM:
            return self._parse_from_import(lineno, column)
        if kind == T.KW_DEL:
            self.advance()
            targets, is_tuple = self.parse_targets(nodes.Del)
            return nodes.Delete(targets, lineno, column)
        if kind == T.KW_ASSERT:
            self.advance()
            test = self.parse_test()
            message = None
            if self.kind == T.COMMA:
                self.advance()
                message = self.parse_test()
            return nodes.Assert(test, message, lineno, column)
        if kind == T.KW_GLOBAL:
            self.advance()
            names = [self.expect_name()]
            while self.kind == T.COMMA:
                self.advance()
                names.append(self.expect_name())
            return nodes.Global(names, lineno, column)
        if kind == T.KW_EXEC:
            return self._parse_exec(lineno, column)
        raise self.unexpected()

    def _parse_expression_statement(self, lineno, column):
        first = self.parse_testlist()
        if self.kind == T.EQUAL:
            return self._parse_assignment(first, lineno, column)
        operator = AUGMENTED_OPERATOR[self.kind]
        if operator == 0:
            return nodes.Expr(first, lineno, column)
        self.set_context(first, nodes.Store, lineno)
        if not (isinstance(first, nodes.Name) or isinstance(first, nodes.Attribute)
                or isinstance(first, nodes.Subscript)):
            self.note_problem("illegal expression for augmented assignment", lineno)
        self.advance()
        return nodes.AugAssign(first, operator, self._parse_yield_or_testlist(), lineno, column)

    def _parse_yield_or_testlist(self):
        if self.kind == T.KW_YIELD:
            return self.parse_yield()
        return self.parse_testlist()

    def _parse_assignment(self, first, lineno, column):
        targets = []
        value = first
        value_line = lineno
        value_is_yield = False
        while self.kind == T.EQUAL:
            if value_is_yield:
                self.note_problem("assignment to yield expression not possible", value_line)
            else:
                self.set_context(value, nodes.Store, value_line)
            targets.append(value)
            self.advance()
            value_line = self.tokens.lineno
            value_is_yield = self.kind == T.KW_YIELD
            value = self._parse_yield_or_testlist()
        return nodes.Assign(targets, value, lineno, column)

    def _parse_print(self, lineno, column):
        self.advance()
        destination = None
        values = []
        newline = True
        if self.kind == T.RIGHTSHIFT:
            self.advance()
            destination = self.parse_test()
            if self.kind == T.COMMA:
                self.advance()
                values.append(self.parse_test())
        elif STARTS_EXPRESSION[self.kind]:
            values.append(self.parse_test())
        if len(values) > 0:
            while self.kind == T.COMMA:
                self.advance()
                if not STARTS_EXPRESSION[self.kind]:
                    newline = False
                    break
                values.append(self.parse_test())
        return nodes.Print(destination, values, newline, lineno, column)

    def _parse_raise(self, lineno, column):
        self.advance()
        kind = None
        instance = None
        traceback = None
        if STARTS_EXPRESSION[self.kind]:
            kind = self.parse_test()
            if self.kind == T.COMMA:
                self.advance()
                instance = self.parse_test()
                if self.kind == T.COMMA:
                    self.advance()
                    traceback = self.parse_test()
        return nodes.Raise(kind, instance, traceback, lineno, column)

    def _parse_exec(self, lineno, column):
        self.advance()
        body = self.parse_binary(1)
        global_names = None
        local_names = None
        if self.kind == T.KW_IN:
            self.advance()
            global_names = self.parse_test()
            if self.kind == T.COMMA:
                self.advance()
                local_names = self.parse_test()
        elif isinstance(body, nodes.Tuple):
            # `exec (code, globals, locals)`: the statement in the form of a call.
            elements = body.elts
            if len(elements) == 2 or len(elements) == 3:
                body = elements[0]
                global_names = elements[1]
                if len(elements) == 3:
                    local_names = elements[2]
        return nodes.Exec(body, global_names, local_names, lineno, column)

    # Imports

    def _parse_dotted_name(self):
        name = self.expect_name()
        if self.kind != T.DOT:
            return name
        parts = [name]
        while self.kind == T.DOT:
            self.advance()
            parts.append(self.expect_name())
        return ".".join(parts)

    def _parse_import(self, lineno, column):
        self.advance()
        names = []
        while True:
            name_line = self.tokens.lineno
            name = self._parse_dotted_name()
            as_name = self._parse_as_name()
            if as_name is not None:
                self.check_name(as_name, name_line)
            elif name.find(".") < 0:
                self.check_name(name, name_line)
            names.append(nodes.alias(name, as_name))
            if self.kind != T.COMMA:
                break
            self.advance()
        return nodes.Import(names, lineno, column)

    def _parse_as_name(self):
        if self.kind != T.KW_AS:
            return None
        self.advance()
        return self.expect_name()

    def _parse_from_import(self, lineno, column):
        self.advance()
        level = 0
        while self.kind == T.DOT:
            level += 1
            self.advance()
        module = None
        if level == 0 or self.kind == T.NAME:
            module = self._parse_dotted_name()
        self.expect(T.KW_IMPORT)
        if self.kind == T.STAR:
            self.advance()
            names = [nodes.alias("*", None)]
        elif self.kind == T.LPAR:
            self.advance()
            names = self._parse_imported_names(True)
            self.expect(T.RPAR)
        else:
            names = self._parse_imported_names(False)
        if level == 0 and module is not None and module == "__future__":
            self._note_future_features(names)
        return nodes.ImportFrom(module, names, level, lineno, column)

    def _parse_imported_names(self, in_parentheses):
        list_line = self.tokens.lineno
        names = []
        while True:
            name_line = self.tokens.lineno
            name = self.expect_name()
            as_name = self._parse_as_name()
            if as_name is not None:
                self.check_name(as_name, name_line)
            else:
                self.check_name(name, name_line)
            names.append(nodes.alias(name, as_name))
            if self.kind != T.COMMA:
                break
            self.advance()
            if self.kind != T.NAME:
                if in_parentheses:
                    break
                if self.kind != T.NEWLINE and self.kind != T.SEMI:
                    raise self.unexpected()
                self.note_problem("trailing comma not allowed without surrounding parentheses", list_line)
                break
        return names

    def _note_future_features(self, names):
        for alias in names:
            flag = FEATURE_FLAGS.get(alias.name, 0)
            self.future_flags |= flag
            if flag == CO_FUTURE_PRINT_FUNCTION:
                self.tokens.print_is_keyword = False
            elif flag == CO_FUTURE_UNICODE_LITERALS and not self.unicode_literals:
                if self.seen_string:
                    raise UnicodeLiteralsFound()
                self.unicode_literals = True

    # Compound statements

    def _parse_compound(self, body):
        tokens = self.tokens
        lineno = tokens.lineno
        column = tokens.column
        kind = self.kind
        if kind == T.KW_IF:
            statement = self._parse_if(lineno, column)
        elif kind == T.KW_FOR:
            statement = self._parse_for(lineno, column)
        elif kind == T.KW_WHILE:
            self.advance()
            test = self.parse_test()
            loop_body = self._parse_suite()
            statement = nodes.While(test, loop_body, self._parse_else(), lineno, column)
        elif kind == T.KW_TRY:
            statement = self._parse_try(lineno, column)
        elif kind == T.KW_WITH:
            self.advance()
            statement = self._parse_with()
        elif kind == T.KW_DEF:
            statement = self._parse_function([], lineno, column)
        elif kind == T.KW_CLASS:
            statement = self._parse_class([], lineno, column)
        else:
            statement = self._parse_decorated(lineno, column)
        body.append(statement)

    def _parse_if(self, lineno, column):
        self.advance()
        test = self.parse_test()
        branches = [nodes.If(test, self._parse_suite(), [], lineno, column)]
        while self.kind == T.KW_ELIF:
            self.advance()
            lineno = self.tokens.lineno
            column = self.tokens.column
            test = self.parse_test()
            branch = nodes.If(test, self._parse_suite(), [], lineno, column)
            branches[-1].orelse = [branch]
            branches.append(branch)
        if self.kind == T.KW_ELSE:
            branches[-1].orelse = self._parse_else()
        return branches[0]

    def _parse_for(self, lineno, column):
        self.advance()
        target = self.parse_loop_target()
        self.expect(T.KW_IN)
        iterable = self.parse_testlist()
        body = self._parse_suite()
        return nodes.For(target, iterable, body, self._parse_else(), lineno, column)

    def _parse_with(self):
        """One item, and the rest of the statement as its body."""
        lineno = self.tokens.lineno
        column = self.tokens.column
        context = self.parse_test()
        target = None
        if self.kind == T.KW_AS:
            self.advance()
            target_line = self.tokens.lineno
            target = self.parse_binary(1)
            self.set_context(target, nodes.Store, target_line)
        if self.kind == T.COMMA:
            self.advance()
            body = [self._parse_with()]
        else:
            body = self._parse_suite()
        return nodes.With(context, target, body, lineno, column)

    def _parse_try(self, lineno, column):
        self.advance()
        body = self._parse_suite()
        handlers = []
        while self.kind == T.KW_EXCEPT:
            handlers.append(self._parse_handler())
        if len(handlers) > 0:
            body = [nodes.TryExcept(body, handlers, self._parse_else(), lineno, column)]
            if self.kind != T.KW_FINALLY:
                return body[0]
        if self.kind != T.KW_FINALLY:
            raise self.unexpected()
        self.advance()
        return nodes.TryFinally(body, self._parse_suite(), lineno, column)

    def _parse_handler(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        self.advance()
        kind = None
        target = None
        if STARTS_EXPRESSION[self.kind]:
            kind = self.parse_test()
            if self.kind == T.KW_AS or self.kind == T.COMMA:
                self.advance()
                target_line = self.tokens.lineno
                target = self.parse_test()
                self.set_context(target, nodes.Store, target_line)
        return nodes.ExceptHandler(kind, target, self._parse_suite(), lineno, column)

    # Definitions

    def _parse_decorated(self, lineno, column):
        decorators = []
        while self.kind == T.AT:
            self.advance()
            decorators.append(self._parse_decorator())
            self.expect(T.NEWLINE)
        if self.kind == T.KW_DEF:
            return self._parse_function(decorators, lineno, column)
        if self.kind == T.KW_CLASS:
            return self._parse_class(decorators, lineno, column)
        raise self.unexpected()

    def _parse_decorator(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        decorator = nodes.Name(self.expect_name(), nodes.Load, lineno, column)
        while self.kind == T.DOT:
            self.advance()
            decorator = nodes.Attribute(decorator, self.expect_name(), nodes.Load, lineno, column)
        if self.kind == T.LPAR:
            decorator = self.parse_call(decorator)
        return decorator

    def _parse_function(self, decorators, lineno, column):
        self.advance()
        name_line = self.tokens.lineno
        name = self.expect_name()
        self.check_name(name, name_line)
        self.expect(T.LPAR)
        arguments = self.parse_arguments(T.RPAR)
        self.expect(T.RPAR)
        return nodes.FunctionDef(name, arguments, self._parse_suite(), decorators, lineno, column)

    def _parse_class(self, decorators, lineno, column):
        self.advance()
        name_line = self.tokens.lineno
        name = self.expect_name()
        self.check_name(name, name_line)
        bases = []
        if self.kind == T.LPAR:
            self.advance()
            if self.kind != T.RPAR:
                bases.append(self.parse_test())
                self._more_elements(bases)
            self.expect(T.RPAR)
        return nodes.ClassDef(name, bases, self._parse_suite(), decorators, lineno, column)
