"""Data to nodes: finds the special forms and the variables, and reports every misuse with its place."""

from scheme import nodes
from scheme.errors import SchemeError
from scheme.values import (
    EMPTY,
    FALSE,
    TRUE,
    UNASSIGNED,
    UNSPECIFIED,
    Pair,
    PlacedPair,
    Symbol,
    items_of,
    list_from,
    symbol,
    written,
)


class Scope:
    """The names of one frame at analysis time, in slot order; *parameters* of them always have a value."""

    def __init__(self, names, parent):
        self.names = names
        self.parameters = len(names)
        self.parent = parent

    def index_of(self, name):
        index = len(self.names) - 1
        while index >= 0:
            if self.names[index] == name:
                return index
            index -= 1
        return -1


class Globals:
    """The global variables by name."""

    def __init__(self):
        self.cells = {}

    def cell(self, name):
        cell = self.cells.get(name, None)
        if cell is None:
            cell = nodes.GlobalCell(name)
            self.cells[name] = cell
        return cell


def place_of(datum, default):
    if isinstance(datum, PlacedPair):
        return datum.place
    return default


class Form:
    """A special form being analysed: its operands as a list, its place, and what it is called."""

    def __init__(self, keyword, operands, place):
        self.keyword = keyword
        self.operands = operands
        self.place = place

    def error(self, message):
        return SchemeError("%s: %s" % (self.keyword, message), self.place)

    def need(self, least, most):
        """Check the number of operands; *most* of -1 is no bound."""
        count = len(self.operands)
        if count < least or (most >= 0 and count > most):
            if most < 0:
                wanted = "at least %d" % least
            elif least == most:
                wanted = "%d" % least
            else:
                wanted = "%d to %d" % (least, most)
            raise self.error("takes %s operands, got %d" % (wanted, count))

    def name(self, datum):
        if not isinstance(datum, Symbol):
            raise self.error("expected a name, got " + written(datum))
        return datum.name


class Analyzer:
    """Analyses data against one set of global variables."""

    def __init__(self, variables):
        self.variables = variables

    def toplevel(self, datum, place):
        """The node of *datum*, which begins at *place*, outside any procedure, ready for `nodes.run`."""
        return nodes.ToplevelBody(self.analyze(datum, None, place))

    def analyze(self, datum, scope, place):
        if isinstance(datum, Symbol):
            return self._variable(datum.name, scope, place)
        if datum is EMPTY:
            raise SchemeError("the empty list is no expression; write '() for the value", place)
        if not isinstance(datum, Pair):
            return nodes.Literal(datum)
        place = place_of(datum, place)
        head = datum.first
        if isinstance(head, Symbol) and self._lookup(head.name, scope) is None:
            analyze_form = SPECIAL_FORMS.get(head.name, None)
            if analyze_form is not None and not self._is_global(head.name):
                form = Form(head.name, items_of(datum.rest, head.name + ": expected a proper list"), place)
                return analyze_form(self, form, scope)
        try:
            operands = items_of(datum.rest, "a call is written as a proper list")
        except SchemeError as error:
            error.place = place
            raise
        arguments = [self.analyze(operand, scope, place) for operand in operands]
        return nodes.Call(self.analyze(head, scope, place), arguments[:], place)

    def _is_global(self, name):
        return name in self.variables.cells and self.variables.cells[name].value is not UNASSIGNED

    def _lookup(self, name, scope):
        depth = 0
        while scope is not None:
            index = scope.index_of(name)
            if index >= 0:
                return (depth, index, scope)
            scope = scope.parent
            depth += 1
        return None

    def _variable(self, name, scope, place):
        found = self._lookup(name, scope)
        if found is None:
            return nodes.GlobalVariable(self.variables.cell(name), place)
        depth, index, owner = found
        if depth == 0 and index < owner.parameters:
            return nodes.Argument(index)
        return nodes.Variable(name, depth, index, place)

    def body(self, form, data, scope):
        """The node of a body: internal definitions become slots of *scope*."""
        if len(data) == 0:
            raise form.error("the body is empty")
        parts = [self.analyze(datum, scope, form.place) for datum in data]
        return sequence(parts)

    def procedure(self, form, name, parameters, body, scope):
        names = []
        has_rest = False
        while isinstance(parameters, Pair):
            parameter = form.name(parameters.first)
            if parameter in names:
                raise form.error("the parameter '%s' appears twice" % parameter)
            names.append(parameter)
            parameters = parameters.rest
        required = len(names)
        if parameters is not EMPTY:
            has_rest = True
            names.append(form.name(parameters))
        code = nodes.Lambda(name, required, has_rest, form.place)
        inner = Scope(names, scope)
        node = self.body(form, body, inner)
        code.size = len(inner.names)
        code.body = nodes.ProcedureBody(code, node)
        return code

    def bindings(self, form, datum):
        """Names and value data of ``((name value) ...)``."""
        names = []
        data = []
        for binding in items_of(datum, form.keyword + ": expected a list of bindings"):
            pair = items_of(binding, form.keyword + ": expected (name value)")
            if len(pair) != 2:
                raise form.error("expected (name value), got " + written(binding))
            name = form.name(pair[0])
            if name in names:
                raise form.error("the name '%s' is bound twice" % name)
            names.append(name)
            data.append(pair[1])
        return names, data

    def assign(self, name, value, scope, place, is_definition):
        found = self._lookup(name, scope)
        if found is None:
            return nodes.SetGlobal(self.variables.cell(name), value, is_definition, place)
        depth, index, _ = found
        return nodes.SetVariable(depth, index, value)


def sequence(parts):
    if len(parts) == 1:
        return parts[0]
    last = parts.pop()
    return nodes.Sequence(parts[:], last)


def analyze_quote(analyzer, form, scope):
    form.need(1, 1)
    return nodes.Literal(form.operands[0])


def analyze_if(analyzer, form, scope):
    form.need(2, 3)
    condition = analyzer.analyze(form.operands[0], scope, form.place)
    consequent = analyzer.analyze(form.operands[1], scope, form.place)
    if len(form.operands) == 3:
        return nodes.If(condition, consequent, analyzer.analyze(form.operands[2], scope, form.place))
    return nodes.If(condition, consequent, nodes.Literal(UNSPECIFIED))


def analyze_define(analyzer, form, scope):
    form.need(1, -1)
    head = form.operands[0]
    name = form.name(head.first) if isinstance(head, Pair) else form.name(head)
    if scope is not None and scope.index_of(name) < 0:
        scope.names.append(name)
    if isinstance(head, Pair):
        value = analyzer.procedure(form, name, head.rest, form.operands[1:], scope)
    else:
        form.need(2, 2)
        value = analyzer.analyze(form.operands[1], scope, form.place)
        if isinstance(value, nodes.Lambda) and value.name == "lambda":
            value.name = name
    return analyzer.assign(name, value, scope, form.place, True)


def analyze_set(analyzer, form, scope):
    form.need(2, 2)
    value = analyzer.analyze(form.operands[1], scope, form.place)
    return analyzer.assign(form.name(form.operands[0]), value, scope, form.place, False)


def analyze_lambda(analyzer, form, scope):
    form.need(2, -1)
    return analyzer.procedure(form, "lambda", form.operands[0], form.operands[1:], scope)


def analyze_begin(analyzer, form, scope):
    return analyzer.body(form, form.operands, scope)


def analyze_let(analyzer, form, scope):
    form.need(2, -1)
    if isinstance(form.operands[0], Symbol):
        return analyze_named_let(analyzer, form, scope)
    names, data = analyzer.bindings(form, form.operands[0])
    initial = [analyzer.analyze(datum, scope, form.place) for datum in data]
    inner = Scope(names, scope)
    body = analyzer.body(form, form.operands[1:], inner)
    return nodes.Let(initial[:], len(inner.names), body)


def analyze_named_let(analyzer, form, scope):
    form.need(3, -1)
    name = form.name(form.operands[0])
    names, data = analyzer.bindings(form, form.operands[1])
    loop_scope = Scope([name], scope)
    loop_scope.parameters = 0
    parameters = list_from([symbol(parameter) for parameter in names])
    code = analyzer.procedure(form, name, parameters, form.operands[2:], loop_scope)
    arguments = [analyzer.analyze(datum, loop_scope, form.place) for datum in data]
    call = nodes.Call(nodes.Variable(name, 0, 0, form.place), arguments[:], form.place)
    empty = []
    return nodes.Let(empty[:], 1, sequence([nodes.SetVariable(0, 0, code), call]))


def analyze_let_star(analyzer, form, scope):
    form.need(2, -1)
    bindings = items_of(form.operands[0], form.keyword + ": expected a list of bindings")
    body = list_from(form.operands[1:])
    result = Pair(symbol("let"), Pair(EMPTY, body))
    index = len(bindings) - 1
    while index >= 0:
        inner = Pair(result, EMPTY) if index < len(bindings) - 1 else body
        result = Pair(symbol("let"), Pair(list_from([bindings[index]]), inner))
        index -= 1
    return analyzer.analyze(result, scope, form.place)


def analyze_letrec(analyzer, form, scope):
    form.need(2, -1)
    names, data = analyzer.bindings(form, form.operands[0])
    inner = Scope(names[:], scope)
    inner.parameters = 0
    parts = []
    for index in range(len(names)):
        value = analyzer.analyze(data[index], inner, form.place)
        if isinstance(value, nodes.Lambda) and value.name == "lambda":
            value.name = names[index]
        parts.append(analyzer.assign(names[index], value, inner, form.place, True))
    parts.append(analyzer.body(form, form.operands[1:], inner))
    empty = []
    return nodes.Let(empty[:], len(inner.names), sequence(parts))


def analyze_cond(analyzer, form, scope):
    result = nodes.Literal(UNSPECIFIED)
    index = len(form.operands) - 1
    while index >= 0:
        clause = items_of(form.operands[index], "cond: expected (condition expression ...)")
        if len(clause) == 0:
            raise form.error("a clause is empty")
        head = clause[0]
        if isinstance(head, Symbol) and head.name == "else":
            if index != len(form.operands) - 1:
                raise form.error("'else' must be the last clause")
            result = analyzer.body(form, clause[1:], scope)
        else:
            condition = analyzer.analyze(head, scope, form.place)
            if len(clause) == 1:
                result = nodes.Or(condition, result)
            else:
                result = nodes.If(condition, analyzer.body(form, clause[1:], scope), result)
        index -= 1
    return result


def analyze_case(analyzer, form, scope):
    """``case`` over ``memv``: the key is kept in a frame of its own."""
    form.need(2, -1)
    key = analyzer.analyze(form.operands[0], scope, form.place)
    inner = Scope([" key"], scope)
    result = nodes.Literal(UNSPECIFIED)
    index = len(form.operands) - 1
    while index >= 1:
        clause = items_of(form.operands[index], "case: expected ((datum ...) expression ...)")
        if len(clause) < 2:
            raise form.error("a clause needs data and an expression")
        head = clause[0]
        body = analyzer.body(form, clause[1:], inner)
        if isinstance(head, Symbol) and head.name == "else":
            if index != len(form.operands) - 1:
                raise form.error("'else' must be the last clause")
            result = body
        else:
            items_of(head, "case: expected a list of data")
            member = nodes.GlobalVariable(analyzer.variables.cell("memv"), form.place)
            arguments = [nodes.Argument(0), nodes.Literal(head)]
            result = nodes.If(nodes.Call(member, arguments[:], form.place), body, result)
        index -= 1
    initial = [key]
    return nodes.Let(initial[:], len(inner.names), result)


def analyze_and(analyzer, form, scope):
    if len(form.operands) == 0:
        return nodes.Literal(TRUE)
    index = len(form.operands) - 1
    result = analyzer.analyze(form.operands[index], scope, form.place)
    while index > 0:
        index -= 1
        result = nodes.And(analyzer.analyze(form.operands[index], scope, form.place), result)
    return result


def analyze_or(analyzer, form, scope):
    if len(form.operands) == 0:
        return nodes.Literal(FALSE)
    index = len(form.operands) - 1
    result = analyzer.analyze(form.operands[index], scope, form.place)
    while index > 0:
        index -= 1
        result = nodes.Or(analyzer.analyze(form.operands[index], scope, form.place), result)
    return result


def analyze_when(analyzer, form, scope):
    form.need(2, -1)
    condition = analyzer.analyze(form.operands[0], scope, form.place)
    return nodes.If(condition, analyzer.body(form, form.operands[1:], scope), nodes.Literal(UNSPECIFIED))


def analyze_unless(analyzer, form, scope):
    form.need(2, -1)
    condition = analyzer.analyze(form.operands[0], scope, form.place)
    return nodes.If(condition, nodes.Literal(UNSPECIFIED), analyzer.body(form, form.operands[1:], scope))


def analyze_do(analyzer, form, scope):
    """``(do ((name start step) ...) (test result ...) body ...)`` as a named let."""
    form.need(2, -1)
    bindings = []
    steps = []
    for item in items_of(form.operands[0], "do: expected a list of bindings"):
        binding = items_of(item, "do: expected (name start step)")
        if len(binding) < 2 or len(binding) > 3:
            raise form.error("expected (name start step), got " + written(item))
        bindings.append(list_from(binding[:2]))
        steps.append(binding[2] if len(binding) == 3 else binding[0])
    ending = items_of(form.operands[1], "do: expected (test result ...)")
    if len(ending) == 0:
        raise form.error("expected (test result ...)")
    loop = symbol(" do")
    results = list_from(ending[1:]) if len(ending) > 1 else list_from([UNSPECIFIED])
    again = Pair(loop, list_from(steps))
    body = Pair(symbol("begin"), list_from(form.operands[2:], Pair(again, EMPTY)))
    test = list_from([symbol("if"), ending[0], Pair(symbol("begin"), results), body])
    named = list_from([symbol("let"), loop, list_from(bindings), test])
    return analyzer.analyze(named, scope, form.place)


def analyze_quasiquote(analyzer, form, scope):
    form.need(1, 1)
    return analyzer.analyze(quasiquoted(form, form.operands[0], 1), scope, form.place)


def tagged(datum, name):
    """The operand where *datum* is ``(name operand)``, else None."""
    if not isinstance(datum, Pair):
        return None
    head = datum.first
    if isinstance(head, Symbol) and head.name == name:
        rest = datum.rest
        if isinstance(rest, Pair) and rest.rest is EMPTY:
            return rest.first
    return None


def quasiquoted(form, datum, level):
    """An expression that builds *datum*, with what is unquoted at *level* 1 evaluated."""
    if not isinstance(datum, Pair):
        return list_from([symbol("quote"), datum])
    unquoted = tagged(datum, "unquote")
    if unquoted is not None:
        if level == 1:
            return unquoted
        return list_from([symbol("list"), quoted_name("unquote"), quasiquoted(form, unquoted, level - 1)])
    inner = tagged(datum, "quasiquote")
    if inner is not None:
        return list_from([symbol("list"), quoted_name("quasiquote"), quasiquoted(form, inner, level + 1)])
    rest = quasiquoted(form, datum.rest, level)
    spliced = tagged(datum.first, "unquote-splicing")
    if spliced is not None and level == 1:
        return list_from([symbol("append"), spliced, rest])
    return list_from([symbol("cons"), quasiquoted(form, datum.first, level), rest])


def quoted_name(name):
    return list_from([symbol("quote"), symbol(name)])


SPECIAL_FORMS = {
    "quote": analyze_quote,
    "quasiquote": analyze_quasiquote,
    "if": analyze_if,
    "define": analyze_define,
    "set!": analyze_set,
    "lambda": analyze_lambda,
    "begin": analyze_begin,
    "let": analyze_let,
    "let*": analyze_let_star,
    "letrec": analyze_letrec,
    "cond": analyze_cond,
    "case": analyze_case,
    "and": analyze_and,
    "or": analyze_or,
    "when": analyze_when,
    "unless": analyze_unless,
    "do": analyze_do,
}
