"""The state of one function being flowed, and the primitive steps on it.

A `FlowContext` executes the syntax tree symbolically: `locals` maps names to Variables and Constants, `block`
is the open block that operations go to (None where control cannot come). Control that has left the open block
is held in `Edge`s, and `enter` joins edges into a new open block with a phi for every name whose values
differ.

Statements, expressions, loops and exception handling live in their own modules; each registers its
functions in `STATEMENTS` and `EXPRESSIONS`, the two tables by node class.
"""

from __future__ import annotations

import builtins
import types
from typing import Any, Callable, NoReturn, Union

from ouro.flowspace._closing import UNDEFINED
from ouro.flowspace._errors import FlowSpaceError, did_you_mean
from ouro.flowspace._model import (
    LAST_EXCEPTION,
    Block,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Position,
    Value,
    Variable,
)
from ouro.flowspace._scopes import AssignedNames
from ouro.flowspace._source import FunctionSource, mangle
from ouro.flowspace.operations import OPERATIONS, OperationSpec

Locals = dict[str, Value]

STATEMENTS: dict[type, Callable[[Any, Any], None]] = {}
"""Statement node class -> function(context, node)."""

EXPRESSIONS: dict[type, Callable[[Any, Any], Value]] = {}
"""Expression node class -> function(context, node) -> value."""


def statement(*kinds: type) -> Callable[[Callable[[Any, Any], None]], Callable[[Any, Any], None]]:
    """Register the decorated function for statement nodes of these classes."""

    def register(function: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        for kind in kinds:
            STATEMENTS[kind] = function
        return function

    return register


def expression(*kinds: type) -> Callable[[Callable[[Any, Any], Value]], Callable[[Any, Any], Value]]:
    """Register the decorated function for expression nodes of these classes."""

    def register(function: Callable[[Any, Any], Value]) -> Callable[[Any, Any], Value]:
        for kind in kinds:
            EXPRESSIONS[kind] = function
        return function

    return register


class Edge:
    """Control on its way to a block that is not known yet, with the locals it carries.

    Either the end of a block still open (`block`), or a link without target (`link`). `value` is an extra
    value on the way: that of an expression, or of a `return` held up by a `finally`.
    """

    __slots__ = ("block", "link", "locals", "value")

    def __init__(
        self, block: Block | None, link: Link | None, names: Locals, value: Value | None = None
    ) -> None:
        self.block = block
        self.link = link
        self.locals = names
        self.value = value


class HandlerTarget:
    """Where exceptions of a `try` go: the edges gathered so far, whose links begin with class and value."""

    __slots__ = ("edges",)

    def __init__(self) -> None:
        self.edges: list[Edge] = []


Clause = tuple[type, HandlerTarget]


class TryScope:
    """A `try` body being flowed. `clauses`: exception class and target in the order they are tried."""

    __slots__ = ("clauses",)

    def __init__(self, clauses: list[Clause]) -> None:
        self.clauses = clauses


class LoopScope:
    """A loop body being flowed: the edges of its `break` and `continue` statements."""

    __slots__ = ("breaks", "continues")

    def __init__(self) -> None:
        self.breaks: list[Edge] = []
        self.continues: list[Edge] = []


class LoopHeader:
    """The head of an open loop: its block, and the arguments of the link that enters it."""

    __slots__ = ("block", "entry_args")

    def __init__(self, block: Block, entry_args: list[Value]) -> None:
        self.block = block
        self.entry_args = entry_args


class FinallyScope:
    """A body with clean-up code being flowed: the jumps out of it, which have to run the clean-up first."""

    __slots__ = ("target", "returns", "jumps")

    def __init__(self) -> None:
        self.target = HandlerTarget()
        self.returns: list[Edge] = []
        self.jumps: dict[tuple[LoopScope, str], list[Edge]] = {}


Scope = Union[TryScope, LoopScope, FinallyScope]

_FOLDABLE_TYPES = frozenset({int, bool, float, str, bytes, type(None), type, complex, types.FunctionType})
_LARGEST_FOLDED_STRING = 1 << 16


def is_foldable(value: Any) -> bool:
    """Whether operations on the constant give the same result at run time as now: it never changes."""
    kind = type(value)
    if kind in _FOLDABLE_TYPES:
        return True
    if kind is tuple:
        return all(map(is_foldable, value))
    return isinstance(value, (int, type))


def same_value(first: Value, second: Value) -> bool:
    """Whether no phi is needed for the two."""
    if first is second:
        return True
    if type(first) is Constant and type(second) is Constant:
        one, other = first.value, second.value
        if one is other:
            return True
        return type(one) is type(other) and type(one) in (int, bool, str) and bool(one == other)
    return False


class FlowContext:
    """One function being flowed."""

    def __init__(
        self,
        graph: FunctionGraph,
        source: FunctionSource,
        namespace: dict[str, Any],
        closure: dict[str, Any],
        assigned: AssignedNames,
        code: types.CodeType,
    ) -> None:
        self.graph = graph
        self.source = source
        self.namespace = namespace
        self.builtins: Any = namespace.get("__builtins__", builtins)
        if isinstance(self.builtins, types.ModuleType):
            self.builtins = vars(self.builtins)
        self.closure = closure
        self.assigned = assigned
        self.code = code
        self.block: Block | None = graph.startblock
        self.locals: Locals = {}
        self.locals_shared = False
        self.scopes: list[Scope] = []
        self.clauses: list[Clause] = []
        self.handled: list[tuple[Value, Value]] = []
        self.replaced: dict[Variable, Value] = {}
        self.tuple_items: dict[Variable, list[Value]] = {}
        self.booleans: set[Variable] = set()
        self.exact_classes: dict[Variable, type] = {}
        self.first_name: str | None = None
        self.generator_self: Variable | None = None

    # ---- errors and positions

    def position(self, node: Any) -> Position:
        """The position of a node."""
        end = node.end_col_offset if node.end_lineno == node.lineno else -1
        return Position(node.lineno, node.col_offset, end)

    def error(self, message: str, node: Any, suggestion: str | None = None) -> FlowSpaceError:
        """An error about `node`, to raise."""
        return FlowSpaceError(
            message,
            self.source.file.filename,
            self.position(node) if node is not None else None,
            suggestion,
            self.graph.name,
        )

    # ---- names

    def mangle(self, name: str) -> str:
        """The name as the compiler knows it."""
        if name[:2] == "__":
            return mangle(name, self.source.class_name)
        return name

    def assign_name(self, name: str, value: Value, node: Any = None) -> None:
        """Bind a local name."""
        if name[:2] == "__":
            name = self.mangle(name)
        if name in self.assigned.global_names:
            raise self.error(
                f"assignment to the module global {name!r}",
                node,
                "keep run-time state in an attribute of a prebuilt instance",
            )
        if name in self.assigned.nonlocal_names:
            raise self.error(
                f"assignment to {name!r} of an enclosing function",
                node,
                "keep the state in an attribute of an instance",
            )
        if self.locals_shared:
            self.locals = dict(self.locals)
            self.locals_shared = False
        self.locals[name] = value
        if type(value) is Variable and value.name in ("v", ".value"):
            value.name = name

    def unbind_name(self, name: str) -> None:
        """Remove a local name; nothing happens if it has no value."""
        if name in self.locals:
            if self.locals_shared:
                self.locals = dict(self.locals)
                self.locals_shared = False
            del self.locals[name]

    def snapshot(self) -> Locals:
        """The locals as they are now; later assignments do not change the result."""
        self.locals_shared = True
        return self.locals

    def load_name(self, name: str, node: Any) -> Value:
        """The value of a name: local, of an enclosing function, global or built-in."""
        if name[:2] == "__":
            name = self.mangle(name)
        value = self.locals.get(name)
        if value is not None:
            return value
        if name in self.assigned.names and name not in self.assigned.global_names:
            if name not in self.assigned.nonlocal_names:
                raise self.error(
                    f"{name!r} has no value on some path to this place",
                    node,
                    f"give {name!r} a value before the branch, loop or try that assigns it",
                )
        if name in self.closure:
            return Constant(self.closure[name])
        if name in self.namespace:
            return Constant(self.namespace[name])
        if name in self.builtins:
            return Constant(self.builtins[name])
        known = {*self.locals, *self.closure, *self.namespace, *self.builtins}
        suggestion = did_you_mean(name, known) or "assign or import it before, or pass it as an argument"
        raise self.error(f"the name {name!r} is not defined", node, suggestion)

    # ---- operations

    def op(self, opname: str, args: list[Value], node: Any) -> Value:
        """Do an operation: fold it, or append it to the open block (and end that where it may raise)."""
        row = OPERATIONS[opname]
        if row.fold is not None:
            for arg in args:
                if type(arg) is not Constant or not is_foldable(arg.value):
                    break
            else:
                try:
                    folded = row.fold(*[arg.value for arg in args])  # type: ignore[union-attr]
                    if not isinstance(folded, (str, bytes)) or len(folded) <= _LARGEST_FOLDED_STRING:
                        return Constant(folded)
                except Exception:  # noqa: B110 - it will raise at run time then
                    pass
        return self.append(row, args, node)

    def append(self, row: OperationSpec, args: list[Value], node: Any) -> Variable:
        """Append an operation to the open block without folding."""
        result = Variable("v")
        if row.is_bool:
            self.booleans.add(result)
        block = self.block
        if block is None:
            block = self.open_detached()
        position = Position(
            node.lineno, node.col_offset, node.end_col_offset if node.end_lineno == node.lineno else -1
        )
        if not block.operations and block.position is None:
            block.position = position
        block.operations.append(Operation(row.name, args, result, position))
        if self.clauses and (row.raises or row.allocates):
            if row.name != "simple_call" or not _makes_plain_exception(args[0]):
                self.end_with_exceptions(row)
        return result

    def open_detached(self) -> Block:
        """An open block that nothing leads to, so that unreachable code can be walked and dropped."""
        self.block = Block([])
        return self.block

    def end_with_exceptions(self, row: OperationSpec, first: list[Clause] | None = None) -> None:
        """End the open block in LAST_EXCEPTION if a clause around it catches an exception of `row`."""
        caught: list[Clause] = list(first or ())
        for clause in self.clauses:
            cls = clause[0]
            if any(issubclass(cls, seen) for seen, _ in caught):
                continue
            if _may_catch(row, cls):
                caught.append(clause)
            if cls is BaseException:
                break
        if not caught:
            return
        block = self.block
        assert block is not None
        onward = Block([])
        block.exitswitch = LAST_EXCEPTION
        block.exits = [Link([], onward)]
        names = self.snapshot()
        for cls, target in caught:
            exception, value = Variable("etype"), Variable("evalue")
            link = Link([exception, value], onward, cls)
            link.last_exception = exception
            link.last_exc_value = value
            block.exits.append(link)
            target.edges.append(Edge(None, link, names))
        self.block = onward

    # ---- control

    def leave(self, value: Value | None = None) -> Edge:
        """Close the open end: nothing is reachable afterwards until edges are entered."""
        edge = Edge(self.block or self.open_detached(), None, self.snapshot(), value)
        self.block = None
        return edge

    def goto(self, edge: Edge, target: Block, args: list[Value]) -> Link:
        """Lead an edge to a known block; returns its link."""
        if edge.link is not None:
            edge.link.target = target
            edge.link.args = args
            return edge.link
        assert edge.block is not None
        link = Link(args, target)
        edge.block.exits = [link]
        return link

    def enter(self, edges: list[Edge]) -> Value | None:
        """Join edges into the open block. Returns their joined `value`. No edges: unreachable."""
        if not edges:
            self.block = None
            return None
        if len(edges) == 1:
            edge = edges[0]
            self.locals = edge.locals
            self.locals_shared = True
            if edge.block is not None:
                self.block = edge.block
            else:
                assert edge.link is not None
                self.block = edge.link.target = Block([])
                edge.link.args = []
            return edge.value
        target = Block([])
        names, value, rows = self._join(edges, target)
        for edge, args in zip(edges, rows):
            self.goto(edge, target, args)
        self.block = target
        self.locals = names
        self.locals_shared = False
        return value

    def enter_handler(self, target: HandlerTarget) -> tuple[Value, Value]:
        """Join the exceptions gathered in a target; returns the class and the value."""
        edges = target.edges
        exception, value = Variable("etype"), Variable("evalue")
        block = Block([exception, value])
        if len(edges) == 1:
            self.locals = edges[0].locals
            self.locals_shared = True
            rows: list[list[Value]] = [[]]
        else:
            self.locals, _, rows = self._join(edges, block)
            self.locals_shared = False
        for edge, args in zip(edges, rows):
            assert edge.link is not None
            edge.link.target = block
            edge.link.args = edge.link.args[:2] + args
        self.block = block
        return exception, value

    def _join(self, edges: list[Edge], target: Block) -> tuple[Locals, Value | None, list[list[Value]]]:
        """The common locals of edges; phis are added to `target`. Returns the link arguments too."""
        names: Locals = {}
        rows: list[list[Value]] = [[] for _ in edges]
        distinct = {id(edge.locals): edge.locals for edge in edges}
        first, *others = distinct.values()
        for name, value in first.items():
            differs = False
            for other in others:
                found = other.get(name)
                if found is not value:
                    if found is None:
                        break
                    if not same_value(found, value):
                        differs = True
            else:
                if differs:
                    phi = Variable(name)
                    target.inputargs.append(phi)
                    names[name] = phi
                    for edge, row in zip(edges, rows):
                        row.append(edge.locals[name])
                else:
                    names[name] = value
        result = edges[0].value
        if result is not None:
            values = [edge.value or UNDEFINED for edge in edges]
            if not all(same_value(result, found) for found in values):
                joined = result = Variable(".value")  # a name that no author can have given
                target.inputargs.append(joined)
                for row, passed in zip(rows, values):
                    row.append(passed)
        return names, result, rows

    # ---- loops

    def begin_loop(self, assigned: set[str]) -> LoopHeader:
        """Open the header of a loop that assigns these names."""
        entry = self.leave()
        block = Block([])
        args: list[Value] = []
        names = dict(entry.locals)
        for name in sorted(assigned):
            value = names.get(name)
            if value is not None:
                phi = Variable(name)
                block.inputargs.append(phi)
                args.append(value)
                names[name] = phi
        self.goto(entry, block, args)
        self.block = block
        self.locals = names
        self.locals_shared = False
        return LoopHeader(block, args)

    def close_loop(self, header: LoopHeader, edges: list[Edge]) -> None:
        """Lead the edges that go around back to the header. A phi that never changes is replaced."""
        phis = header.block.inputargs
        rows = [[edge.locals.get(phi.name, UNDEFINED) for phi in phis] for edge in edges]
        for edge, row in zip(edges, rows):
            self.goto(edge, header.block, row)
        for index in range(len(phis) - 1, -1, -1):
            phi, initial = phis[index], header.entry_args[index]
            if all(row[index] is phi or row[index] is initial for row in rows):
                self.replaced[phi] = initial
                del phis[index]
                for args in (header.entry_args, *rows):
                    del args[index]

    # ---- scopes

    def push(self, scope: Scope) -> None:
        """Enter a scope."""
        self.scopes.append(scope)
        self._gather_clauses()

    def pop(self) -> None:
        """Leave the innermost scope."""
        self.scopes.pop()
        self._gather_clauses()

    def _gather_clauses(self) -> None:
        clauses: list[Clause] = []
        for scope in reversed(self.scopes):
            if isinstance(scope, TryScope):
                clauses.extend(scope.clauses)
            elif isinstance(scope, FinallyScope):
                clauses.append((BaseException, scope.target))
                break
        self.clauses = clauses

    def return_value(self, value: Value) -> None:
        """Leave the function, through the clean-up code around."""
        for scope in reversed(self.scopes):
            if isinstance(scope, FinallyScope):
                scope.returns.append(self.leave(value))
                return
        if self.generator_self is not None:
            stop = self.append(OPERATIONS["simple_call"], [Constant(StopIteration)], self.source.node)
            self.goto(self.leave(), self.graph.exceptblock, [Constant(StopIteration), stop])
        else:
            self.goto(self.leave(), self.graph.returnblock, [value])

    def jump(self, loop: LoopScope, kind: str) -> None:
        """`break` or `continue` (the kind) of that loop, through the clean-up code around."""
        for scope in reversed(self.scopes):
            if scope is loop:
                edges = loop.breaks if kind == "break" else loop.continues
                edges.append(self.leave())
                return
            if isinstance(scope, FinallyScope):
                scope.jumps.setdefault((loop, kind), []).append(self.leave())
                return
        raise AssertionError("the loop is not around")

    # ---- dispatch

    def execute(self, body: list[Any]) -> None:
        """Execute statements until control cannot go on."""
        for node in body:
            if self.block is None:
                return
            handler = STATEMENTS.get(type(node))
            if handler is None:
                self.unsupported(node)
            handler(self, node)

    def evaluate(self, node: Any) -> Value:
        """The value of an expression."""
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            self.unsupported(node)
        return handler(self, node)

    def unsupported(self, node: Any) -> NoReturn:
        """Raise the error for a construct that is not in RPython."""
        what, instead = _NOT_RPYTHON.get(type(node).__name__, (type(node).__name__, None))
        raise self.error(f"{what} is not RPython", node, instead)


def _makes_plain_exception(callee: Value) -> bool:
    """Whether a call of it is the making of an exception whose constructor does not run the author's code."""
    cls = callee.value if isinstance(callee, Constant) else None
    if not isinstance(cls, type) or not issubclass(cls, BaseException):
        return False
    return not isinstance(cls.__init__, types.FunctionType) and not isinstance(
        cls.__new__, types.FunctionType
    )


def _may_catch(row: OperationSpec, cls: type) -> bool:
    for raised in row.raises:
        if raised is Exception:
            return True  # what the author's code raises may be a SystemExit too
        if issubclass(raised, cls) and cls is not BaseException:
            return True
        if issubclass(cls, raised):
            return True
    return row.allocates and cls is MemoryError


_NOT_RPYTHON: dict[str, tuple[str, str | None]] = {
    "AsyncFunctionDef": ("a coroutine", "write an ordinary function or a generator"),
    "AsyncFor": ("asynchronous iteration", None),
    "AsyncWith": ("an asynchronous context", None),
    "Await": ("await", None),
    "ClassDef": ("a class statement in a function", "define the class at module level or in host-only code"),
    "TryStar": ("except*", "use except"),
    "Starred": ("a starred expression here", "spell the items out"),
}

__all__ = [
    "EXPRESSIONS",
    "STATEMENTS",
    "Clause",
    "Edge",
    "FinallyScope",
    "FlowContext",
    "HandlerTarget",
    "LoopHeader",
    "LoopScope",
    "TryScope",
    "expression",
    "is_foldable",
    "same_value",
    "statement",
]
