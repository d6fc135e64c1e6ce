"""The graph data shared by flow graphs and typed graphs.

Everything here is plain data: `__slots__`, identity equality and no behaviour beyond walking. A translation
of a large interpreter creates millions of these objects, which is why they are hand-written slot classes
and not `attrs` ones: construction is the hot path of three stages.

The form is SSA with block parameters, *closed*: a `Variable` is defined once, as an input argument of a
block, as the result of an operation, or as the exception pair of a link, and used only inside that block
(the pair: only in the arguments of its own link). Values cross blocks as `Link.args`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Union


class Position(NamedTuple):
    """Where in the source an operation comes from.

    `column` and `end_column` count bytes of the UTF-8 source line from 0, as `ast` does; `end_column` is -1
    for a construct that ends on another line. The rest is set only where the operation was inlined: the file and
    the name of the function it comes from, and the position of the call that it replaces.
    """

    line: int
    column: int
    end_column: int
    filename: str | None = None
    function: str | None = None
    caller: Position | None = None


class Variable:
    """A value that is known only at run time.

    `name` is a hint for printing, not unique: the printer numbers it. `annotation` belongs to the annotator,
    `concretetype` to the typed graphs.
    """

    __slots__ = ("name", "annotation", "concretetype")

    def __init__(self, name: str = "v", concretetype: Any = None) -> None:
        self.name = name
        self.annotation: Any = None
        self.concretetype: Any = concretetype

    def copy(self) -> Variable:
        """A new variable with the same name, annotation and type."""
        new = Variable(self.name, self.concretetype)
        new.annotation = self.annotation
        return new

    def __repr__(self) -> str:
        return f"<{self.name} at {id(self) & 0xFFFFFF:x}>"


class Unbound:
    """The value of a name on a path where it has none and that is never taken: see `execute_with`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name} has no value>"


class Constant:
    """A value known when the graph is made. Compares by identity; compare `.value` yourself."""

    __slots__ = ("value", "annotation", "concretetype")

    def __init__(self, value: Any, concretetype: Any = None) -> None:
        self.value = value
        self.annotation: Any = None
        self.concretetype: Any = concretetype

    def __repr__(self) -> str:
        return f"({self.value!r})"


Value = Union[Variable, Constant]


class Operation:
    """`result = opname(*args)`. `args` is a list of `Variable` and `Constant`."""

    __slots__ = ("opname", "args", "result", "position")

    def __init__(
        self, opname: str, args: list[Value], result: Variable, position: Position | None = None
    ) -> None:
        self.opname = opname
        self.args = args
        self.result = result
        self.position = position

    def __repr__(self) -> str:
        return f"{self.result!r} = {self.opname}({', '.join(map(repr, self.args))})"


class _LastException:
    """The type of `LAST_EXCEPTION`: its own class, so that it prints and pickles as one thing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "LAST_EXCEPTION"

    def __reduce__(self) -> str:
        return "LAST_EXCEPTION"


LAST_EXCEPTION = _LastException()
"""The exit switch of a block whose last operation may raise an exception that somebody here catches."""

ExitSwitch = Union[Variable, Constant, _LastException, None]


class Block:
    """A straight line of operations with parameters and exits.

    `exits` is empty for the return and the except block only. `position` is that of the construct that
    opened the block, for block heads without operations.
    """

    __slots__ = ("inputargs", "operations", "exitswitch", "exits", "position")

    def __init__(self, inputargs: list[Variable], position: Position | None = None) -> None:
        self.inputargs = inputargs
        self.operations: list[Operation] = []
        self.exitswitch: ExitSwitch = None
        self.exits: list[Link] = []
        self.position = position

    @property
    def can_raise(self) -> bool:
        """Whether exceptions of the last operation are caught by this block's exits."""
        return self.exitswitch is LAST_EXCEPTION

    @property
    def raising_operation(self) -> Operation | None:
        """The operation whose exceptions the exits catch, or None."""
        return self.operations[-1] if self.exitswitch is LAST_EXCEPTION else None

    def __repr__(self) -> str:
        counts = f"{len(self.operations)} operations, {len(self.exits)} exits"
        return f"<Block at {id(self) & 0xFFFFFF:x}: {counts}>"


class Link:
    """An edge: passes `args` to the input arguments of `target`.

    `exitcase`: None for a plain or normal exit, a constant for a switch (`"default"` for the last one), an
    exception class (in typed graphs a `Constant` vtable pointer) for an exception exit, whose pair
    `last_exception`, `last_exc_value` may be among `args`. `position`: where the exception of a link to the except
    block is raised, for tracebacks; the operations before it may come from its constructor.
    """

    __slots__ = ("args", "target", "exitcase", "last_exception", "last_exc_value", "position")

    def __init__(
        self, args: list[Value], target: Block, exitcase: Any = None, position: Position | None = None
    ) -> None:
        self.args = args
        self.target = target
        self.exitcase = exitcase
        self.position = position
        self.last_exception: Value | None = None
        self.last_exc_value: Value | None = None

    def __repr__(self) -> str:
        return f"<Link {self.exitcase!r}: {self.args!r} -> {self.target!r}>"


class CallShape(NamedTuple):
    """How the arguments of `call_args` are passed.

    The operation's arguments after the shape are `positional` values, then one value for each name in
    `keywords`, then, if `star` is set, a tuple whose length the annotator knows: the `*args` of the call.
    """

    positional: int
    keywords: tuple[str, ...] = ()
    star: bool = False


class Signature(NamedTuple):
    """The parameters of a function, in the order of the graph's input arguments.

    `arguments` are the positional parameters, then come `keyword_only` ones, then, if not None, `vararg`,
    which receives a tuple. `defaults` maps a parameter name to its default value (the object itself).
    """

    arguments: tuple[str, ...]
    keyword_only: tuple[str, ...] = ()
    vararg: str | None = None
    defaults: dict[str, Any] = {}
    positional_only: int = 0

    @property
    def all_names(self) -> tuple[str, ...]:
        """One name for every input argument."""
        rest = () if self.vararg is None else (self.vararg,)
        return self.arguments + self.keyword_only + rest


class FunctionGraph:
    """The graph of one function.

    `returnblock` has one input argument, `exceptblock` two: the class and the instance. `func` is the Python
    function the graph was built from (None for made-up graphs), `source` its text.
    """

    __slots__ = (
        "name",
        "startblock",
        "returnblock",
        "exceptblock",
        "func",
        "signature",
        "filename",
        "firstlineno",
        "module",
        "source",
        "tags",
    )

    def __init__(self, name: str, startblock: Block) -> None:
        self.name = name
        self.startblock = startblock
        self.returnblock = Block([Variable("result")])
        self.exceptblock = Block([Variable("etype"), Variable("evalue")])
        self.func: Any = None
        self.signature: Signature | None = None
        self.filename: str | None = None
        self.firstlineno = 0
        self.module: str | None = None
        self.source: str | None = None
        self.tags: dict[str, Any] = {}
        """Facts that later stages attach to the whole graph, by name (`"inline"`, `"elidable"`, ...)."""

    def getargs(self) -> list[Variable]:
        """The variables of the parameters."""
        return self.startblock.inputargs

    def getreturnvar(self) -> Variable:
        """The variable of the result."""
        return self.returnblock.inputargs[0]

    def iterblocks(self) -> Iterator[Block]:
        """Every reachable block once, depth first from the start block, first exits first."""
        seen = {self.startblock}
        stack = [self.startblock]
        while stack:
            block = stack.pop()
            yield block
            for link in reversed(block.exits):
                target = link.target
                if target not in seen:
                    seen.add(target)
                    stack.append(target)

    def iterlinks(self) -> Iterator[Link]:
        """Every reachable link once."""
        for block in self.iterblocks():
            yield from block.exits

    def iterblockops(self) -> Iterator[tuple[Block, Operation]]:
        """Every reachable operation with its block."""
        for block in self.iterblocks():
            for operation in block.operations:
                yield block, operation

    def entrymap(self) -> dict[Block, list[tuple[Block, Link]]]:
        """For every reachable block the links that enter it, each with the block it leaves."""
        result: dict[Block, list[tuple[Block, Link]]] = {block: [] for block in self.iterblocks()}
        for block in list(result):
            for link in block.exits:
                result[link.target].append((block, link))
        return result

    def __repr__(self) -> str:
        where = f" ({self.filename}:{self.firstlineno})" if self.filename else ""
        return f"<FunctionGraph {self.name}{where}>"
