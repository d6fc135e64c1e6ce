"""The expression half of the parser: recursive descent, with binary operators by precedence.

AST nodes are built while parsing.  Where CPython first parses the whole text and finds mistakes such as `f()
= 1` only when it turns the parse tree into an AST, we keep the first such mistake (`note_problem`), go on,
and raise it when the whole text has been parsed: a syntax error further down wins, as it does there.

Positions of nodes are those of CPython 2.7, oddities included: a parenthesised expression starts inside its
parentheses, and of `a + b + c` the outer operation starts at the second plus.
"""

from . import _nodes as nodes
from . import _tokens as T
from ._literals import LiteralProblem, concatenate, parse_number, parse_string
from ._problems import SyntaxProblem

# Levels of binary operators, lowest first; comparisons and the boolean operators bind less tightly than all of them.
_LEVELS = (
    ((T.VBAR, nodes.BitOr),),
    ((T.CIRCUMFLEX, nodes.BitXor),),
    ((T.AMPER, nodes.BitAnd),),
    ((T.LEFTSHIFT, nodes.LShift), (T.RIGHTSHIFT, nodes.RShift)),
    ((T.PLUS, nodes.Add), (T.MINUS, nodes.Sub)),
    ((T.STAR, nodes.Mult), (T.SLASH, nodes.Div), (T.PERCENT, nodes.Mod), (T.DOUBLESLASH, nodes.FloorDiv)),
)

# By token kind: level from 1 (0: no binary operator), and operator.
BINARY_LEVEL = [0] * T.KIND_COUNT
BINARY_OPERATOR = [0] * T.KIND_COUNT
for _index, _row in enumerate(_LEVELS):
    for _kind, _operator in _row:
        BINARY_LEVEL[_kind] = _index + 1
        BINARY_OPERATOR[_kind] = _operator

# By token kind: comparison operator, 0 if none; `not in` and `is not` take a second token.
COMPARISON_OPERATOR = [0] * T.KIND_COUNT
for _kind, _operator in ((T.LESS, nodes.Lt), (T.GREATER, nodes.Gt), (T.EQEQUAL, nodes.Eq), (T.NOTEQUAL, nodes.NotEq),
                         (T.LESSEQUAL, nodes.LtE), (T.GREATEREQUAL, nodes.GtE), (T.KW_IN, nodes.In),
                         (T.KW_NOT, nodes.NotIn), (T.KW_IS, nodes.Is)):
    COMPARISON_OPERATOR[_kind] = _operator

UNARY_OPERATOR = [0] * T.KIND_COUNT
for _kind, _operator in ((T.PLUS, nodes.UAdd), (T.MINUS, nodes.USub), (T.TILDE, nodes.Invert)):
    UNARY_OPERATOR[_kind] = _operator

# By token kind: whether an expression can begin with it.
STARTS_EXPRESSION = [False] * T.KIND_COUNT
for _kind in (T.NAME, T.NUMBER, T.STRING, T.LPAR, T.LSQB, T.LBRACE, T.BACKQUOTE, T.PLUS, T.MINUS, T.TILDE,
              T.KW_NOT, T.KW_LAMBDA):
    STARTS_EXPRESSION[_kind] = True

# By token kind: whether an operand of a binary operator can begin with it.
STARTS_OPERAND = list(STARTS_EXPRESSION)
STARTS_OPERAND[T.KW_NOT] = STARTS_OPERAND[T.KW_LAMBDA] = False

# CPython's parser has a stack of 1500 entries; these are what constructs take of it.
STACK_LIMIT = 1500
STACK_BASE = 20
STACK_PER_BRACKET = 15
STACK_PER_SUITE = 4

MAX_ARGUMENTS = 255


class ExpressionParser:
    """Parses expressions from `tokens`; `kind` is the kind of the current token.

    Parameters:
        encoding: that which the source declares, empty if none.
        unicode_literals: string literals without prefix are unicode.
        all_unicode: so are those with the prefix ``b``.
        callbacks: a `Callbacks`.
    """

    def __init__(self, tokens, encoding, unicode_literals, all_unicode, callbacks):
        self.tokens = tokens
        self.source = tokens.source
        self.encoding = encoding
        self.unicode_literals = unicode_literals
        self.all_unicode = all_unicode
        self.warnings = []
        self.callbacks = callbacks
        self.kind = tokens.kind
        self.depth = STACK_BASE
        self.problem = None
        self.seen_string = False

    # Tokens and errors

    def advance(self):
        self.tokens.advance()
        self.kind = self.tokens.kind

    def unexpected(self):
        return self.tokens.unexpected_token(False)

    def expect(self, kind):
        if self.kind != kind:
            raise self.unexpected()
        self.advance()

    def expect_name(self):
        if self.kind != T.NAME:
            raise self.unexpected()
        name = self.tokens.text
        self.advance()
        return name

    def note_problem(self, message, lineno):
        """Keep a mistake to be reported unless a syntax error follows; the first one wins."""
        if self.problem is None:
            self.problem = SyntaxProblem("SyntaxError", message, self.tokens.filename, lineno)

    def warn_py3k(self, message, lineno):
        """Keep a warning until the whole text is parsed. CPython finds what it is about when it makes the AST, and does
        not come there if there is an error, nor beyond a problem.
        """
        if self.problem is None:
            self.warnings.append((message, lineno))

    def give_warnings(self):
        for message, lineno in self.warnings:
            self.callbacks.warn_py3k("SyntaxWarning", message, self.tokens.filename, lineno)

    def enter(self, cost):
        """Account for a nested construct; raises the MemoryError problem that CPython's parser has there."""
        self.depth += cost
        if self.depth > STACK_LIMIT:
            tokens = self.tokens
            if tokens.current_line <= 1 and tokens.end_touched:
                raise self.unexpected()
            raise SyntaxProblem("MemoryError", "", tokens.filename, tokens.current_line, -1, None,
                                SyntaxProblem.MESSAGE_ONLY)

    def leave(self, cost):
        self.depth -= cost

    # Targets

    def check_name(self, name, lineno):
        """Refuse to bind the names that are constants."""
        if name == "None":
            self.note_problem("cannot assign to None", lineno)
        elif name == "__debug__":
            self.note_problem("cannot assign to __debug__", lineno)
        elif name == "True" or name == "False":
            self.warn_py3k("assignment to True or False is forbidden in 3.x", lineno)
        elif name == "nonlocal":
            self.warn_py3k("nonlocal is a keyword in 3.x", lineno)

    def set_context(self, node, context, lineno):
        """Make `node` a target of assignment or deletion, or note that it cannot be one."""
        if isinstance(node, nodes.Name):
            if context == nodes.Store:
                self.check_name(node.id, lineno)
            node.ctx = context
        elif isinstance(node, nodes.Attribute):
            if context == nodes.Store:
                self.check_name(node.attr, lineno)
            node.ctx = context
        elif isinstance(node, nodes.Subscript):
            node.ctx = context
        elif isinstance(node, nodes.List):
            node.ctx = context
            for element in node.elts:
                self.set_context(element, context, lineno)
        elif isinstance(node, nodes.Tuple):
            if len(node.elts) == 0:
                self._note_bad_target("()", context, lineno)
            node.ctx = context
            for element in node.elts:
                self.set_context(element, context, lineno)
        else:
            self._note_bad_target(node.target_description, context, lineno)

    def _note_bad_target(self, description, context, lineno):
        if context == nodes.Store:
            self.note_problem("can't assign to " + description, lineno)
        else:
            self.note_problem("can't delete " + description, lineno)

    # test: or_test ['if' or_test 'else' test] | lambda

    def parse_test(self):
        if self.kind == T.KW_LAMBDA:
            return self._parse_lambda(False)
        lineno = self.tokens.lineno
        column = self.tokens.column
        body = self.parse_or()
        if self.kind != T.KW_IF:
            return body
        self.advance()
        test = self.parse_or()
        self.expect(T.KW_ELSE)
        self.enter(1)
        orelse = self.parse_test()
        self.leave(1)
        return nodes.IfExp(test, body, orelse, lineno, column)

    def parse_test_without_condition(self):
        """The `old_test` of the grammar: no conditional expression."""
        if self.kind == T.KW_LAMBDA:
            return self._parse_lambda(True)
        return self.parse_or()

    def _parse_lambda(self, is_old):
        lineno = self.tokens.lineno
        column = self.tokens.column
        self.advance()
        arguments = self.parse_arguments(T.COLON)
        self.expect(T.COLON)
        self.enter(2)
        if is_old:
            body = self.parse_test_without_condition()
        else:
            body = self.parse_test()
        self.leave(2)
        return nodes.Lambda(arguments, body, lineno, column)

    def parse_or(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self._parse_and()
        if self.kind != T.KW_OR:
            return first
        values = [first]
        while self.kind == T.KW_OR:
            self.advance()
            values.append(self._parse_and())
        return nodes.BoolOp(nodes.Or, values, lineno, column)

    def _parse_and(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self._parse_not()
        if self.kind != T.KW_AND:
            return first
        values = [first]
        while self.kind == T.KW_AND:
            self.advance()
            values.append(self._parse_not())
        return nodes.BoolOp(nodes.And, values, lineno, column)

    def _parse_not(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        if self.kind == T.KW_NOT:
            self.advance()
            self.enter(1)
            operand = self._parse_not()
            self.leave(1)
            return nodes.UnaryOp(nodes.Not, operand, lineno, column)
        left = self.parse_binary(1)
        if COMPARISON_OPERATOR[self.kind] == 0:
            return left
        operators = []
        comparators = []
        while True:
            operator = COMPARISON_OPERATOR[self.kind]
            if operator == 0:
                break
            if operator == nodes.NotEq and self.source[self.tokens.start] == "<":
                self.callbacks.warn_py3k("DeprecationWarning", "<> not supported in 3.x; use !=", self.tokens.filename,
                                         self.tokens.lineno)
            self.advance()
            if operator == nodes.NotIn:
                self.expect(T.KW_IN)
            elif operator == nodes.Is and self.kind == T.KW_NOT:
                operator = nodes.IsNot
                self.advance()
            operators.append(operator)
            comparators.append(self.parse_binary(1))
        return nodes.Compare(left, operators, comparators, lineno, column)

    # Binary and unary operators

    def parse_binary(self, minimum):
        """An expression whose binary operators are all of `minimum` level or a higher one."""
        first_line = self.tokens.lineno
        first_column = self.tokens.column
        left = self._parse_factor()
        previous_level = 0
        while True:
            level = BINARY_LEVEL[self.kind]
            if level < minimum:
                return left
            operator = BINARY_OPERATOR[self.kind]
            lineno = first_line
            column = first_column
            if level == previous_level:
                lineno = self.tokens.lineno
                column = self.tokens.column
            self.advance()
            right = self.parse_binary(level + 1)
            left = nodes.BinOp(left, operator, right, lineno, column)
            previous_level = level

    def _parse_factor(self):
        operator = UNARY_OPERATOR[self.kind]
        if operator == 0:
            lineno = self.tokens.lineno
            column = self.tokens.column
            return self._parse_power(self._parse_atom(), lineno, column)
        lineno = self.tokens.lineno
        column = self.tokens.column
        self.advance()
        self.enter(1)
        if operator == nodes.USub and self.kind == T.NUMBER:
            tokens = self.tokens
            start = tokens.start
            end = tokens.end
            number_line = tokens.lineno
            number_column = tokens.column
            self.advance()
            kind = self.kind
            if kind != T.LPAR and kind != T.LSQB and kind != T.DOT and kind != T.DOUBLESTAR:
                self.leave(1)
                return nodes.Num(parse_number(self.source[start:end], True), lineno, column)
            number = nodes.Num(parse_number(self.source[start:end], False), number_line, number_column)
            operand = self._parse_power(number, number_line, number_column)
        else:
            operand = self._parse_factor()
        self.leave(1)
        return nodes.UnaryOp(operator, operand, lineno, column)

    def _parse_power(self, atom, lineno, column):
        """What may follow an atom: trailers, then `**` and a factor."""
        result = atom
        while True:
            kind = self.kind
            if kind == T.DOT:
                self.advance()
                name = self.expect_name()
                result = nodes.Attribute(result, name, nodes.Load, atom.lineno, atom.col_offset)
            elif kind == T.LPAR:
                result = self.parse_call(result)
            elif kind == T.LSQB:
                self.advance()
                self.enter(STACK_PER_BRACKET + 2)
                subscript = self._parse_subscripts()
                self.leave(STACK_PER_BRACKET + 2)
                self.expect(T.RSQB)
                result = nodes.Subscript(result, subscript, nodes.Load, atom.lineno, atom.col_offset)
            else:
                break
        if self.kind == T.DOUBLESTAR:
            self.advance()
            self.enter(1)
            exponent = self._parse_factor()
            self.leave(1)
            result = nodes.BinOp(result, nodes.Pow, exponent, lineno, column)
        return result

    # Atoms

    def _parse_atom(self):
        tokens = self.tokens
        kind = self.kind
        if kind == T.NAME:
            name = nodes.Name(tokens.text, nodes.Load, tokens.lineno, tokens.column)
            self.advance()
            return name
        if kind == T.NUMBER:
            value = parse_number(self.source[tokens.start:tokens.end], False)
            number = nodes.Num(value, tokens.lineno, tokens.column)
            self.advance()
            return number
        if kind == T.STRING:
            return self._parse_strings()
        lineno = tokens.lineno
        column = tokens.column
        if kind == T.LPAR:
            self.advance()
            return self._parse_parenthesized(lineno, column)
        if kind == T.LSQB:
            self.advance()
            return self._parse_list(lineno, column)
        if kind == T.LBRACE:
            self.advance()
            return self._parse_braces(lineno, column)
        if kind == T.BACKQUOTE:
            self.advance()
            self.enter(STACK_PER_BRACKET)
            value = self._parse_backquoted()
            self.leave(STACK_PER_BRACKET)
            self.expect(T.BACKQUOTE)
            self.warn_py3k("backquote not supported in 3.x; use repr()", lineno)
            return nodes.Repr(value, lineno, column)
        raise self.unexpected()

    def _parse_strings(self):
        tokens = self.tokens
        lineno = tokens.lineno
        column = tokens.column
        self.seen_string = True
        value = None
        while self.kind == T.STRING:
            try:
                piece = parse_string(self.source, tokens.start, tokens.end, self.encoding, self.unicode_literals,
                                     self.all_unicode, self.callbacks)
                if value is None:
                    value = piece
                else:
                    value = concatenate(value, piece)
            except LiteralProblem as problem:
                self._note_literal_problem(problem, lineno)
            self.advance()
        return nodes.Str(value, lineno, column)

    def _note_literal_problem(self, problem, lineno):
        if problem.kind == "UnicodeError":
            self.note_problem("(unicode error) " + problem.message, lineno)
        elif self.problem is None:
            self.problem = SyntaxProblem(problem.kind, problem.message, self.tokens.filename, lineno, -1, None,
                                         SyntaxProblem.MESSAGE_ONLY)

    def _parse_parenthesized(self, lineno, column):
        tokens = self.tokens
        if self.kind == T.RPAR:
            self.advance()
            return nodes.Tuple([], nodes.Load, lineno, column)
        self.enter(STACK_PER_BRACKET)
        lineno = tokens.lineno
        column = tokens.column
        if self.kind == T.KW_YIELD:
            result = self.parse_yield()
        else:
            result = self.parse_test()
            if self.kind == T.KW_FOR:
                result = nodes.GeneratorExp(result, self._parse_comprehensions(False), lineno, column)
            elif self.kind == T.COMMA:
                result = self._finish_tuple(result, lineno, column)
        self.leave(STACK_PER_BRACKET)
        self.expect(T.RPAR)
        return result

    def _parse_list(self, lineno, column):
        if self.kind == T.RSQB:
            self.advance()
            return nodes.List([], nodes.Load, lineno, column)
        self.enter(STACK_PER_BRACKET)
        inner_line = self.tokens.lineno
        inner_column = self.tokens.column
        first = self.parse_test()
        if self.kind == T.KW_FOR:
            result = nodes.ListComp(first, self._parse_comprehensions(True), inner_line, inner_column)
        else:
            elements = [first]
            self._more_elements(elements)
            result = nodes.List(elements, nodes.Load, lineno, column)
        self.leave(STACK_PER_BRACKET)
        self.expect(T.RSQB)
        return result

    def _parse_braces(self, lineno, column):
        if self.kind == T.RBRACE:
            self.advance()
            return nodes.Dict([], [], lineno, column)
        self.enter(STACK_PER_BRACKET)
        inner_line = self.tokens.lineno
        inner_column = self.tokens.column
        first = self.parse_test()
        if self.kind == T.COLON:
            self.advance()
            value = self.parse_test()
            if self.kind == T.KW_FOR:
                generators = self._parse_comprehensions(False)
                result = nodes.DictComp(first, value, generators, inner_line, inner_column)
            else:
                keys = [first]
                values = [value]
                while self.kind == T.COMMA:
                    self.advance()
                    if self.kind == T.RBRACE:
                        break
                    keys.append(self.parse_test())
                    self.expect(T.COLON)
                    values.append(self.parse_test())
                result = nodes.Dict(keys, values, lineno, column)
        elif self.kind == T.KW_FOR:
            result = nodes.SetComp(first, self._parse_comprehensions(False), inner_line, inner_column)
        else:
            elements = [first]
            self._more_elements(elements)
            result = nodes.Set(elements, lineno, column)
        self.leave(STACK_PER_BRACKET)
        self.expect(T.RBRACE)
        return result

    def _parse_backquoted(self):
        """`testlist1`: no trailing comma."""
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self.parse_test()
        if self.kind != T.COMMA:
            return first
        elements = [first]
        while self.kind == T.COMMA:
            self.advance()
            elements.append(self.parse_test())
        return nodes.Tuple(elements, nodes.Load, lineno, column)

    # Lists of expressions

    def _more_elements(self, elements):
        """The rest of `test (',' test)* [',']`."""
        while self.kind == T.COMMA:
            self.advance()
            if not STARTS_EXPRESSION[self.kind]:
                break
            elements.append(self.parse_test())

    def _finish_tuple(self, first, lineno, column):
        elements = [first]
        self._more_elements(elements)
        return nodes.Tuple(elements, nodes.Load, lineno, column)

    def parse_testlist(self):
        """One expression, or a tuple without parentheses."""
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self.parse_test()
        if self.kind != T.COMMA:
            return first
        return self._finish_tuple(first, lineno, column)

    def parse_targets(self, context):
        """`exprlist` as targets: the expressions, and whether a comma makes them a tuple."""
        targets = []
        is_tuple = False
        while True:
            lineno = self.tokens.lineno
            target = self.parse_binary(1)
            self.set_context(target, context, lineno)
            targets.append(target)
            if self.kind != T.COMMA:
                break
            is_tuple = True
            self.advance()
            if not STARTS_OPERAND[self.kind]:
                break
        return targets, is_tuple

    def parse_loop_target(self):
        targets, is_tuple = self.parse_targets(nodes.Store)
        first = targets[0]
        if is_tuple:
            return nodes.Tuple(targets, nodes.Store, first.lineno, first.col_offset)
        return first

    def parse_yield(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        self.advance()
        value = None
        if STARTS_EXPRESSION[self.kind]:
            value = self.parse_testlist()
        return nodes.Yield(value, lineno, column)

    # Comprehensions

    def _parse_comprehensions(self, in_list):
        """All `for` and `if` clauses; in a list the iterable may be a tuple without parentheses."""
        generators = []
        while self.kind == T.KW_FOR:
            self.advance()
            target = self.parse_loop_target()
            self.expect(T.KW_IN)
            if in_list:
                iterable = self._parse_list_iterable()
            else:
                iterable = self.parse_or()
            conditions = []
            while self.kind == T.KW_IF:
                self.advance()
                conditions.append(self.parse_test_without_condition())
            generators.append(nodes.comprehension(target, iterable, conditions))
        return generators

    def _parse_list_iterable(self):
        """`testlist_safe`: a single expression may not be followed by a comma."""
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self.parse_test_without_condition()
        if self.kind != T.COMMA:
            return first
        self.advance()
        elements = [first, self.parse_test_without_condition()]
        while self.kind == T.COMMA:
            self.advance()
            if not STARTS_EXPRESSION[self.kind]:
                break
            elements.append(self.parse_test_without_condition())
        return nodes.Tuple(elements, nodes.Load, lineno, column)

    # Subscripts

    def _parse_subscripts(self):
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self._parse_subscript()
        if self.kind != T.COMMA:
            return first
        dimensions = [first]
        all_simple = isinstance(first, nodes.Index)
        while self.kind == T.COMMA:
            self.advance()
            if not (STARTS_EXPRESSION[self.kind] or self.kind == T.COLON or self.kind == T.DOT):
                break
            dimension = self._parse_subscript()
            all_simple = all_simple and isinstance(dimension, nodes.Index)
            dimensions.append(dimension)
        if not all_simple:
            return nodes.ExtSlice(dimensions)
        elements = []
        for dimension in dimensions:
            assert isinstance(dimension, nodes.Index)
            elements.append(dimension.value)
        return nodes.Index(nodes.Tuple(elements, nodes.Load, lineno, column))

    def _parse_subscript(self):
        if self.kind == T.DOT:
            self.advance()
            self.expect(T.DOT)
            self.expect(T.DOT)
            return nodes.Ellipsis()
        lower = None
        if self.kind != T.COLON:
            lower = self.parse_test()
            if self.kind != T.COLON:
                return nodes.Index(lower)
        self.expect(T.COLON)
        upper = None
        if STARTS_EXPRESSION[self.kind]:
            upper = self.parse_test()
        step = None
        if self.kind == T.COLON:
            lineno = self.tokens.lineno
            column = self.tokens.column
            self.advance()
            if STARTS_EXPRESSION[self.kind]:
                step = self.parse_test()
            else:
                step = nodes.Name("None", nodes.Load, lineno, column)
        return nodes.Slice(lower, upper, step)

    # Calls

    def parse_call(self, function):
        """The argument list of a call of `function`, parentheses included."""
        self.advance()
        self.enter(STACK_PER_BRACKET + 2)
        call = _CallBuilder(self, self.tokens.lineno)
        while self.kind != T.RPAR:
            if self.kind == T.STAR:
                self.advance()
                call.star_argument = self.parse_test()
                while self.kind == T.COMMA:
                    self.advance()
                    if self.kind == T.DOUBLESTAR:
                        break
                    call.parse_argument()
                if self.kind != T.DOUBLESTAR:
                    break
            if self.kind == T.DOUBLESTAR:
                self.advance()
                call.keywords_argument = self.parse_test()
                break
            call.parse_argument()
            if self.kind != T.COMMA:
                break
            self.advance()
        self.leave(STACK_PER_BRACKET + 2)
        self.expect(T.RPAR)
        call.check_counts()
        return nodes.Call(function, call.positional, call.keywords, call.star_argument, call.keywords_argument,
                          function.lineno, function.col_offset)

    # Parameters

    def parse_arguments(self, end):
        """`varargslist`: parameters up to, not including, the token of kind `end`."""
        list_line = self.tokens.lineno
        parameters = []
        defaults = []
        star_name = None
        keywords_name = None
        while self.kind != end:
            if self.kind == T.STAR:
                self.advance()
                star_name = self._parse_extra_parameter(list_line)
                if self.kind != T.COMMA:
                    break
                self.advance()
                if self.kind != T.DOUBLESTAR:
                    raise self.unexpected()
            if self.kind == T.DOUBLESTAR:
                self.advance()
                keywords_name = self._parse_extra_parameter(list_line)
                break
            self._parse_parameter(parameters, defaults, list_line)
            if self.kind != T.COMMA:
                break
            self.advance()
        return nodes.arguments(parameters, star_name, keywords_name, defaults)

    def _parse_extra_parameter(self, list_line):
        name = self.expect_name()
        self.check_name(name, list_line)
        return name

    def _parse_parameter(self, parameters, defaults, list_line):
        is_parenthesized = self.kind == T.LPAR
        parameter = self._parse_parameter_pattern(nodes.Param, list_line)
        parameters.append(parameter)
        if self.kind == T.EQUAL:
            self.advance()
            defaults.append(self.parse_test())
            if is_parenthesized and isinstance(parameter, nodes.Name):
                self.note_problem("parenthesized arg with default", list_line)
        elif len(defaults) > 0:
            self.note_problem("non-default argument follows default argument", list_line)

    def _parse_parameter_pattern(self, context, list_line):
        """`fpdef`: a name, or a parenthesised list of patterns; parentheses around a single one mean
        nothing."""
        lineno = self.tokens.lineno
        column = self.tokens.column
        if self.kind == T.NAME:
            name = self.tokens.text
            self.advance()
            self.check_name(name, list_line)
            return nodes.Name(name, context, lineno, column)
        self.expect(T.LPAR)
        self.enter(2)
        lineno = self.tokens.lineno
        column = self.tokens.column
        first = self._parse_parameter_pattern(context, lineno)
        if self.kind == T.COMMA:
            elements = [first]
            while self.kind == T.COMMA:
                self.advance()
                if self.kind != T.NAME and self.kind != T.LPAR:
                    break
                elements.append(self._parse_parameter_pattern(nodes.Store, lineno))
            self.warn_py3k("tuple parameter unpacking has been removed in 3.x", lineno)
            pattern = nodes.Tuple(elements, nodes.Store, lineno, column)
            if isinstance(first, nodes.Name):
                first.ctx = nodes.Store
            result = pattern
        else:
            self.warn_py3k("parenthesized argument names are invalid in 3.x", lineno)
            result = first
        self.leave(2)
        self.expect(T.RPAR)
        return result


class _CallBuilder:
    """The arguments of one call, and the checks CPython makes of them."""

    def __init__(self, parser, lineno):
        self.parser = parser
        self.lineno = lineno
        self.positional = []
        self.keywords = []
        self.star_argument = None
        self.keywords_argument = None
        self.generators = 0
        self.deferred_problem = None

    def _note(self, message, lineno):
        # Not yet to the parser: the counts, which are checked first, need the whole list.
        if self.deferred_problem is None and self.parser.problem is None:
            self.deferred_problem = SyntaxProblem("SyntaxError", message, self.parser.tokens.filename, lineno)

    def parse_argument(self):
        """`argument: test [comp_for] | test '=' test`."""
        parser = self.parser
        lineno = parser.tokens.lineno
        column = parser.tokens.column
        value = parser.parse_test()
        if parser.kind == T.KW_FOR:
            generators = parser._parse_comprehensions(False)
            self.generators += 1
            self.positional.append(nodes.GeneratorExp(value, generators, lineno, column))
        elif parser.kind == T.EQUAL:
            parser.advance()
            name = self._keyword_name(value, lineno)
            self.keywords.append(nodes.keyword(name, parser.parse_test()))
        else:
            if len(self.keywords) > 0:
                self._note("non-keyword arg after keyword arg", lineno)
            elif self.star_argument is not None:
                self._note("only named arguments may follow *expression", lineno)
            self.positional.append(value)

    def _keyword_name(self, node, lineno):
        if not isinstance(node, nodes.Name):
            if isinstance(node, nodes.Lambda):
                self._note("lambda cannot contain assignment", lineno)
            else:
                self._note("keyword can't be an expression", lineno)
            return ""
        name = node.id
        if name == "None" or name == "__debug__":
            self._note("cannot assign to " + name, lineno)
        for keyword in self.keywords:
            if keyword.arg == name:
                self._note("keyword argument repeated", lineno)
        return name

    def check_counts(self):
        parser = self.parser
        total = len(self.positional) + len(self.keywords)
        if self.generators > 1 or (self.generators == 1 and total > 1):
            parser.note_problem("Generator expression must be parenthesized if not sole argument", self.lineno)
        elif total > MAX_ARGUMENTS:
            parser.note_problem("more than 255 arguments", self.lineno)
        elif parser.problem is None:
            parser.problem = self.deferred_problem
