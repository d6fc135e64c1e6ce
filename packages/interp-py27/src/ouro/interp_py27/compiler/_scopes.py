"""Symbol tables: which scope every name of a program belongs to.

Two passes, as in CPython: `ScopeBuilder` walks the AST and notes for each block (module, class body,
function) how it uses each name; `_resolve` then decides, from the outermost block inwards, whether a name is
local, global, a cell or free.
"""

from ouro.interp_py27.parser import SyntaxProblem, nodes

# How a block uses a name.
DEF_GLOBAL = 1
DEF_LOCAL = 2
DEF_PARAMETER = 4
USE = 8
DEF_FREE_CLASS = 0x40
DEF_IMPORT = 0x80
DEF_BOUND = DEF_LOCAL | DEF_PARAMETER | DEF_IMPORT

# Where the name lives.
UNKNOWN_SCOPE = 0
LOCAL = 1
GLOBAL_EXPLICIT = 2
GLOBAL_IMPLICIT = 3
FREE = 4
CELL = 5

# Kinds of blocks.
FUNCTION_BLOCK = 0
CLASS_BLOCK = 1
MODULE_BLOCK = 2

# Why the locals of a block cannot be numbered.
HAS_IMPORT_STAR = 1
HAS_QUALIFIED_EXEC = 2
HAS_BARE_EXEC = 4
IS_TOP_LEVEL = 8


class Scope:
    """One block of the program.

    `uses` maps each name, mangled, to its `DEF_*` bits; `places`, after resolution, to where it lives.
    """

    def __init__(self, name, kind, lineno, parent):
        self.name = name
        self.kind = kind
        self.lineno = lineno
        self.children = []
        self.uses = {}
        self.places = {}
        self.parameters = []
        self.is_nested = parent is not None and (parent.is_nested or parent.kind == FUNCTION_BLOCK)
        self.has_free = False
        self.child_has_free = False
        self.is_generator = False
        self.returns_value = False
        self.has_star_parameter = False
        self.has_keywords_parameter = False
        self.unoptimized = 0
        self.unoptimized_line = 0

    def place(self, name):
        return self.places.get(name, UNKNOWN_SCOPE)

    def cell_names(self):
        """Names of variables that nested functions use, sorted."""
        return _sorted_names([name for name in self.places if self.places[name] == CELL])

    def free_names(self):
        """Names of variables of enclosing functions that this block or a nested one uses, sorted."""
        result = []
        for name in self.places:
            if self.places[name] == FREE or self.uses.get(name, 0) & DEF_FREE_CLASS:
                result.append(name)
        return _sorted_names(result)


def _sorted_names(names):
    """Insertion sort: the lists have a handful of entries."""
    for i in range(1, len(names)):
        name = names[i]
        j = i
        while j > 0 and names[j - 1] > name:
            names[j] = names[j - 1]
            j -= 1
        names[j] = name
    return names


def mangle(private, name):
    """The name under which `name` is known inside class `private` (None outside classes)."""
    if private is None or not name.startswith("__"):
        return name
    if name.endswith("__") or name.find(".") >= 0:
        return name
    start = 0
    while start < len(private) and private[start] == "_":
        start += 1
    if start == len(private):
        return name
    return "_" + private[start:] + name


class ScopeBuilder(nodes.Visitor):
    """Builds the scope of a module and of every block in it.

    After `build(tree)`, `scopes` maps the AST nodes of blocks to their `Scope`.
    """

    def __init__(self, filename, callbacks):
        self.filename = filename
        self.callbacks = callbacks
        self.scopes = {}
        self.top = None
        self.current = None
        self.stack = []
        self.private = None

    def build(self, tree):
        """Make the scopes; raises SyntaxProblem."""
        self._enter("top", MODULE_BLOCK, tree, 0)
        self.top = self.current
        self.top.unoptimized = IS_TOP_LEVEL
        tree.accept(self)
        self._leave()
        _Resolver(self.filename).resolve(self.top, {}, {}, {}, False)

    # Blocks and names

    def _enter(self, name, kind, node, lineno):
        parent = self.current
        scope = Scope(name, kind, lineno, parent)
        if parent is not None:
            parent.children.append(scope)
        self.stack.append(parent)
        self.scopes[node] = scope
        self.current = scope

    def _leave(self):
        self.current = self.stack.pop()

    def _problem(self, message, lineno):
        return SyntaxProblem("SyntaxError", message, self.filename, lineno, -1, None,
                             SyntaxProblem.LOCATION_AS_ATTRIBUTES)

    def _define(self, name, flag):
        scope = self.current
        name = mangle(self.private, name)
        uses = scope.uses.get(name, 0)
        if flag & DEF_PARAMETER:
            if uses & DEF_PARAMETER:
                raise self._problem("duplicate argument '%s' in function definition" % name, scope.lineno)
            scope.parameters.append(name)
        elif flag & DEF_GLOBAL:
            self.top.uses[name] = self.top.uses.get(name, 0) | flag
            uses = scope.uses.get(name, 0)
        scope.uses[name] = uses | flag

    # Visiting

    def _statements(self, body):
        for statement in body:
            statement.accept(self)

    def _expressions(self, expressions):
        for expression in expressions:
            expression.accept(self)

    def _optional(self, expression):
        if expression is not None:
            expression.accept(self)

    def visit_Module(self, node):
        self._statements(node.body)

    def visit_Interactive(self, node):
        self._statements(node.body)

    def visit_Suite(self, node):
        self._statements(node.body)

    def visit_Expression(self, node):
        node.body.accept(self)

    def visit_FunctionDef(self, node):
        self._define(node.name, DEF_LOCAL)
        self._expressions(node.args.defaults)
        self._expressions(node.decorator_list)
        self._enter(node.name, FUNCTION_BLOCK, node, node.lineno)
        self._parameters(node.args)
        self._statements(node.body)
        self._leave()

    def visit_Lambda(self, node):
        self._expressions(node.args.defaults)
        self._enter("lambda", FUNCTION_BLOCK, node, node.lineno)
        self._parameters(node.args)
        node.body.accept(self)
        self._leave()

    def _parameters(self, arguments):
        parameters = arguments.args
        for i in range(len(parameters)):
            parameter = parameters[i]
            if isinstance(parameter, nodes.Name):
                self._define(parameter.id, DEF_PARAMETER)
            else:
                self._define(".%d" % i, DEF_PARAMETER)
        star_name = arguments.vararg
        if star_name is not None:
            self._define(star_name, DEF_PARAMETER)
            self.current.has_star_parameter = True
        keywords_name = arguments.kwarg
        if keywords_name is not None:
            self._define(keywords_name, DEF_PARAMETER)
            self.current.has_keywords_parameter = True
        for parameter in parameters:
            if isinstance(parameter, nodes.Tuple):
                self._nested_parameters(parameter)

    def _nested_parameters(self, pattern):
        for element in pattern.elts:
            if isinstance(element, nodes.Name):
                self._define(element.id, DEF_PARAMETER)
        for element in pattern.elts:
            if isinstance(element, nodes.Tuple):
                self._nested_parameters(element)

    def visit_ClassDef(self, node):
        self._define(node.name, DEF_LOCAL)
        self._expressions(node.bases)
        self._expressions(node.decorator_list)
        self._enter(node.name, CLASS_BLOCK, node, node.lineno)
        private = self.private
        self.private = node.name
        self._statements(node.body)
        self.private = private
        self._leave()

    def visit_Return(self, node):
        if node.value is not None:
            node.value.accept(self)
            self.current.returns_value = True
            if self.current.is_generator:
                raise self._problem("'return' with argument inside generator", node.lineno)

    def visit_Yield(self, node):
        self._optional(node.value)
        self.current.is_generator = True
        if self.current.returns_value:
            raise self._problem("'return' with argument inside generator", node.lineno)

    def visit_Delete(self, node):
        self._expressions(node.targets)

    def visit_Assign(self, node):
        self._expressions(node.targets)
        node.value.accept(self)

    def visit_AugAssign(self, node):
        node.target.accept(self)
        node.value.accept(self)

    def visit_Print(self, node):
        self._optional(node.dest)
        self._expressions(node.values)

    def visit_For(self, node):
        node.target.accept(self)
        node.iter.accept(self)
        self._statements(node.body)
        self._statements(node.orelse)

    def visit_While(self, node):
        node.test.accept(self)
        self._statements(node.body)
        self._statements(node.orelse)

    def visit_If(self, node):
        node.test.accept(self)
        self._statements(node.body)
        self._statements(node.orelse)

    def visit_With(self, node):
        node.context_expr.accept(self)
        self._optional(node.optional_vars)
        self._statements(node.body)

    def visit_Raise(self, node):
        self._optional(node.type)
        self._optional(node.inst)
        self._optional(node.tback)

    def visit_TryExcept(self, node):
        self._statements(node.body)
        self._statements(node.orelse)
        for handler in node.handlers:
            handler.accept(self)

    def visit_ExceptHandler(self, node):
        self._optional(node.type)
        self._optional(node.name)
        self._statements(node.body)

    def visit_TryFinally(self, node):
        self._statements(node.body)
        self._statements(node.finalbody)

    def visit_Assert(self, node):
        node.test.accept(self)
        self._optional(node.msg)

    def visit_Import(self, node):
        self._aliases(node.names, node.lineno)

    def visit_ImportFrom(self, node):
        self._aliases(node.names, node.lineno)

    def _aliases(self, aliases, lineno):
        for alias in aliases:
            as_name = alias.asname
            if as_name is not None:
                self._define(as_name, DEF_IMPORT)
                continue
            name = alias.name
            if name == "*":
                if self.current.kind != MODULE_BLOCK:
                    self.callbacks.warn_about_names("import * only allowed at module level", self.filename,
                                                    self.current.lineno)
                self.current.unoptimized |= HAS_IMPORT_STAR
                continue
            dot = name.find(".")
            if dot >= 0:
                name = name[:dot]
            self._define(name, DEF_IMPORT)
        if self.current.unoptimized and self.current.unoptimized_line == 0:
            self.current.unoptimized_line = lineno

    def visit_Exec(self, node):
        node.body.accept(self)
        if self.current.unoptimized_line == 0:
            self.current.unoptimized_line = node.lineno
        if node.globals is not None:
            self.current.unoptimized |= HAS_QUALIFIED_EXEC
            node.globals.accept(self)
            self._optional(node.locals)
        else:
            self.current.unoptimized |= HAS_BARE_EXEC

    def visit_Global(self, node):
        for name in node.names:
            uses = self.current.uses.get(mangle(self.private, name), 0)
            if uses & DEF_LOCAL:
                self.callbacks.warn_about_names("name '%s' is assigned to before global declaration" % name,
                                                self.filename, node.lineno)
            elif uses & USE:
                self.callbacks.warn_about_names("name '%s' is used prior to global declaration" % name,
                                                self.filename, node.lineno)
            self._define(name, DEF_GLOBAL)

    def visit_Expr(self, node):
        node.value.accept(self)

    def visit_Pass(self, node):
        pass

    def visit_Break(self, node):
        pass

    def visit_Continue(self, node):
        pass

    def visit_BoolOp(self, node):
        self._expressions(node.values)

    def visit_BinOp(self, node):
        node.left.accept(self)
        node.right.accept(self)

    def visit_UnaryOp(self, node):
        node.operand.accept(self)

    def visit_IfExp(self, node):
        node.test.accept(self)
        node.body.accept(self)
        node.orelse.accept(self)

    def visit_Dict(self, node):
        self._expressions(node.keys)
        self._expressions(node.values)

    def visit_Set(self, node):
        self._expressions(node.elts)

    def visit_ListComp(self, node):
        node.elt.accept(self)
        for generator in node.generators:
            generator.accept(self)

    def visit_comprehension(self, node):
        node.target.accept(self)
        node.iter.accept(self)
        self._expressions(node.ifs)

    def visit_GeneratorExp(self, node):
        self._comprehension_block("genexpr", node, node.generators, node.elt, None, node.lineno, True)

    def visit_SetComp(self, node):
        self._comprehension_block("setcomp", node, node.generators, node.elt, None, node.lineno, False)

    def visit_DictComp(self, node):
        self._comprehension_block("dictcomp", node, node.generators, node.key, node.value, node.lineno, False)

    def _comprehension_block(self, name, node, generators, element, value, lineno, is_generator):
        outermost = generators[0]
        outermost.iter.accept(self)
        self._enter(name, FUNCTION_BLOCK, node, lineno)
        self.current.is_generator = is_generator
        self._define(".0", DEF_PARAMETER)
        outermost.target.accept(self)
        self._expressions(outermost.ifs)
        for i in range(1, len(generators)):
            generators[i].accept(self)
        self._optional(value)
        element.accept(self)
        self._leave()

    def visit_Compare(self, node):
        node.left.accept(self)
        self._expressions(node.comparators)

    def visit_Call(self, node):
        node.func.accept(self)
        self._expressions(node.args)
        for keyword in node.keywords:
            keyword.value.accept(self)
        self._optional(node.starargs)
        self._optional(node.kwargs)

    def visit_Repr(self, node):
        node.value.accept(self)

    def visit_Num(self, node):
        pass

    def visit_Str(self, node):
        pass

    def visit_Attribute(self, node):
        node.value.accept(self)

    def visit_Subscript(self, node):
        node.value.accept(self)
        node.slice.accept(self)

    def visit_Ellipsis(self, node):
        pass

    def visit_Slice(self, node):
        self._optional(node.lower)
        self._optional(node.upper)
        self._optional(node.step)

    def visit_ExtSlice(self, node):
        for dimension in node.dims:
            dimension.accept(self)

    def visit_Index(self, node):
        node.value.accept(self)

    def visit_Name(self, node):
        self._define(node.id, USE if node.ctx == nodes.Load else DEF_LOCAL)

    def visit_List(self, node):
        self._expressions(node.elts)

    def visit_Tuple(self, node):
        self._expressions(node.elts)


class _Resolver:
    """Decides where names live.  Sets of names are dicts to None-free integers: keys alone matter."""

    def __init__(self, filename):
        self.filename = filename

    def resolve(self, scope, bound, free, global_names, is_nested):
        """Resolve the names of a block and of those inside it.

        Parameters:
            bound: names that enclosing functions bind; the block removes what it declares global.
            free: receives the names that are free in this block.
            global_names: names that enclosing blocks declare global; changed by what the block declares.
            is_nested: whether there is an enclosing block at all.
        """
        local = {}
        inner_bound = {}
        inner_global = {}
        inner_free = {}
        if scope.kind == CLASS_BLOCK:
            _update(inner_global, global_names)
            _update(inner_bound, bound)
        for name in scope.uses:
            self._resolve_name(scope, name, scope.uses[name], bound, local, free, global_names, is_nested)
        if scope.kind != CLASS_BLOCK:
            if scope.kind == FUNCTION_BLOCK:
                _update(inner_bound, local)
            _update(inner_bound, bound)
            _update(inner_global, global_names)
        for child in scope.children:
            child_bound = {}
            child_global = {}
            _update(child_bound, inner_bound)
            _update(child_global, inner_global)
            self.resolve(child, child_bound, inner_free, child_global, True)
            if child.has_free or child.child_has_free:
                scope.child_has_free = True
        if scope.kind == FUNCTION_BLOCK:
            for name in scope.uses:
                if scope.places[name] == LOCAL and name in inner_free:
                    scope.places[name] = CELL
                    del inner_free[name]
        self._pass_free_names(scope, bound, inner_free)
        self._check_unoptimized(scope)
        _update(free, inner_free)

    def _resolve_name(self, scope, name, uses, bound, local, free, global_names, is_nested):
        if uses & DEF_GLOBAL:
            if uses & DEF_PARAMETER:
                raise SyntaxProblem("SyntaxError", "name '%s' is local and global" % name, self.filename, scope.lineno,
                                    -1, None, SyntaxProblem.LOCATION_AS_ATTRIBUTES)
            scope.places[name] = GLOBAL_EXPLICIT
            global_names[name] = 1
            if name in bound:
                del bound[name]
        elif uses & DEF_BOUND:
            scope.places[name] = LOCAL
            local[name] = 1
            if name in global_names:
                del global_names[name]
        elif name in bound:
            scope.places[name] = FREE
            scope.has_free = True
            free[name] = 1
        else:
            if name not in global_names and scope.is_nested:
                scope.has_free = True
            scope.places[name] = GLOBAL_IMPLICIT

    def _pass_free_names(self, scope, bound, inner_free):
        """Note names that are free in blocks inside this one and are not bound by it."""
        for name in inner_free:
            uses = scope.uses.get(name, 0)
            if name in scope.places:
                if scope.kind == CLASS_BLOCK and uses & (DEF_BOUND | DEF_GLOBAL):
                    scope.uses[name] = uses | DEF_FREE_CLASS
            elif name in bound:
                scope.places[name] = FREE

    def _check_unoptimized(self, scope):
        """Refuse statements that bind unknown names in a function that shares variables with another."""
        reasons = scope.unoptimized
        if (scope.kind != FUNCTION_BLOCK or reasons == 0 or reasons == HAS_QUALIFIED_EXEC
                or not (scope.has_free or scope.child_has_free)):
            return
        if scope.child_has_free:
            why = "contains a nested function with free variables"
        else:
            why = "is a nested function"
        if reasons == HAS_IMPORT_STAR:
            message = "import * is not allowed in function '%s' because it %s" % (scope.name, why)
        elif reasons == HAS_BARE_EXEC:
            message = "unqualified exec is not allowed in function '%s' because it %s" % (scope.name, why)
        else:
            message = "function '%s' uses import * and bare exec, which are illegal because it %s" % (scope.name, why)
        raise SyntaxProblem("SyntaxError", message, self.filename, scope.unoptimized_line, -1, None,
                            SyntaxProblem.LOCATION_AS_ATTRIBUTES)


def _update(target, source):
    for name in source:
        target[name] = 1
