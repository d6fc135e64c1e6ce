"""One typed graph becomes one C function.

The graph is in SSA form with block parameters. Parameters that only ever receive one value are that value
(`_Aliases`); the others are C locals, assigned by parallel moves on the links. Blocks follow each other
where they can, and jump by `goto` where they cannot.

Exceptions: the pending exception is a pair of globals. After a call that may raise stands one test of it;
its cold side notes the place for the traceback and goes to the handlers of the block, or to `propagate`,
which gives the frame of the shadow stack back and leaves the function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.cgen._analysis import CALLS, FUNCTION_OPERAND, called_function, class_range, static_handler
from ouro.cgen._ctypes import is_bare
from ouro.cgen._files import SourceFile, c_string
from ouro.cgen._names import field_name, mangle
from ouro.cgen._operations import ALIASES, EXPRESSIONS, FOLDED, NOTHING, OVERFLOW, STATEMENTS
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import (
    Address,
    Array,
    Bool,
    Char,
    Float,
    Ptr,
    SingleFloat,
    Struct,
    Void,
    is_varsize,
    varsize_array,
)

if TYPE_CHECKING:
    from ouro.cgen._program import ProgramWriter


class UnsupportedOperation(Exception):
    """A graph holds an operation that has no form in C at this stage."""


def find_aliases(graph: FunctionGraph, blocks: list[Block]) -> dict[Variable, Any]:
    """Block parameters that receive one value only, and results that are their operand: what each one stands
    for.
    """
    incoming: dict[Block, list[list[Any]]] = {block: [] for block in blocks}
    for block in blocks:
        for link in block.exits:
            incoming[link.target].append(link.args)
    aliases: dict[Variable, Any] = {}

    def resolve(value: Any) -> Any:
        while value in aliases:
            value = aliases[value]
        return value

    for block in blocks:
        for operation in block.operations:
            if (
                operation.opname in ALIASES
                and operation.result.concretetype is operation.args[0].concretetype
            ):
                aliases[operation.result] = operation.args[0]
    parameters = [
        (parameter, [args[index] for args in incoming[block]])
        for block in blocks
        if block is not graph.startblock and block is not graph.returnblock and block is not graph.exceptblock
        for index, parameter in enumerate(block.inputargs)
        if parameter.concretetype is not Void
    ]
    changed = True
    while changed:
        changed = False
        left = []
        for parameter, values in parameters:
            single: Any = None
            for value in values:
                value = resolve(value)
                if value is parameter or value is single:
                    continue
                if single is not None or isinstance(value, Constant):
                    single = None
                    break
                single = value
            if single is None and len(values) == 1 and isinstance(resolve(values[0]), Constant):
                single = resolve(values[0])
            if single is None:
                left.append((parameter, values))
            else:
                aliases[parameter] = single
                changed = True
        parameters = left
    return {variable: resolve(variable) for variable in aliases}


def find_single_uses(blocks: list[Block], aliases: dict[Variable, Any]) -> set[Variable]:
    """Results that are used once, by an operation or the switch of the block that computes them."""
    home: dict[Variable, Block] = {}
    uses: dict[Variable, int] = {}
    for block in blocks:
        for operation in block.operations:
            for argument in operation.args:
                argument = aliases.get(argument, argument)  # type: ignore[arg-type]
                if argument in home:
                    uses[argument] = uses.get(argument, 0) + (1 if home[argument] is block else 2)
                elif isinstance(argument, Variable):
                    uses[argument] = 2
            if operation.result not in uses and operation.opname in FOLDED:
                home[operation.result] = block
        switch = aliases.get(block.exitswitch, block.exitswitch)  # type: ignore[arg-type]
        if switch in home:
            uses[switch] = uses.get(switch, 0) + (1 if home[switch] is block else 2)
        elif isinstance(switch, Variable):
            uses[switch] = 2
        for link in block.exits:
            for argument in link.args:
                argument = aliases.get(argument, argument)  # type: ignore[arg-type]
                if isinstance(argument, Variable):
                    uses[argument] = 2
    return {variable for variable in home if uses.get(variable, 0) == 1}


class FunctionWriter:
    """Writes the C function of a graph into a file."""

    def __init__(self, program: ProgramWriter, graph: FunctionGraph, file: SourceFile) -> None:
        self.program = program
        self.graph = graph
        self.file = file
        self.data = program.data
        self.lines: list[str] = []
        self.blocks = list(graph.iterblocks())
        self.aliases = find_aliases(graph, self.blocks)
        self._single_uses = find_single_uses(self.blocks, self.aliases)
        self._names: dict[Variable, str] = {}
        self._locals: list[tuple[Any, str]] = []
        self._counter = 0
        self._labels: dict[Block, str] = {}
        self._position: Any = None
        self._file_line: tuple[str, int] | None = None
        self._propagates = False
        self._pending: list[Block] = []
        self._has_roots = any(
            operation.opname == "gc_enter_roots" for block in self.blocks for operation in block.operations
        )
        self.traceback_name = program.qualified_name(graph)
        self.filename = graph.filename or f"<{graph.name}>"

    # ---- names and values

    def name(self, variable: Variable) -> str:
        """The C local of a variable."""
        known = self._names.get(variable)
        if known is None:
            self._counter += 1
            known = self._names[variable] = f"{mangle(variable.name)[:30]}_{self._counter}"
            self._locals.append((variable.concretetype, known))
        return known

    def value(self, value: Any) -> str:
        """An operand as a C expression."""
        if isinstance(value, Variable):
            value = self.aliases.get(value, value)
        if isinstance(value, Variable):
            return self._names.get(value) or self.name(value)
        return self.data.constant(value.value, value.concretetype, self.file)

    def label(self, block: Block) -> str:
        known = self._labels.get(block)
        if known is None:
            known = self._labels[block] = f"block{len(self._labels)}"
        return known

    def emit(self, text: str) -> None:
        self.lines.append("    " + text)

    # ---- the whole function

    def write(self) -> None:
        """Append the function to the file's body."""
        graph = self.graph
        for parameter in graph.getargs():
            if parameter.concretetype is not Void:
                self.name(parameter)
        arguments = [self._names[p] for p in graph.getargs() if p.concretetype is not Void]
        parameter_count = len(self._locals)
        TYPE = self.program.function_type(graph)
        for PART in (*TYPE.ARGS, TYPE.RESULT):
            self.file.mention(PART)
        self._write_blocks()
        name = self.program.function_name(graph)
        head = self.program.types.prototype(TYPE, name, arguments)
        file = self.file
        body: list[str] = []
        body.append(f"#line {max(graph.firstlineno, 1)} {c_string(self.filename)}")
        body.append(head)  # the declaration above it says whether it is static
        body.append("{")
        by_type: dict[str, list[str]] = {}
        for LOCAL, local in self._locals[parameter_count:]:
            declaration = file.declare(LOCAL, local)
            kind, star, rest = declaration.rpartition(" ")
            by_type.setdefault(kind + star, []).append(rest)
        for kind, names in by_type.items():
            if kind.endswith("(") or any("(" in name or "[" in name for name in names):
                body.extend(f"    {kind}{local};" for local in names)
            else:
                body.append(f"    {kind}{', '.join(names)};")
        if self._has_roots:
            body.append(f"    void **roots = (void **){self.program.root_top(file)};")
        if graph in self.program.stack_checks:
            number = file.position(self.filename, self.traceback_name, graph.firstlineno)
            overflow = self._raise_call("RecursionError", number)
            body.append(f"    if (OURO_STACK_IS_FULL()) {{ {overflow} {self._return_default()} }}")
        body.extend(self.lines)
        if self._propagates:
            body.append("propagate:")
            if self._has_roots:
                body.append(f"    {self.program.root_top(file)} = (char *)roots;")
            body.append(f"    {self._return_default()}")
        body.append("}")
        body.append("")
        file.body.append("\n".join(body))  # one text: millions of lines would take twice the memory

    def _return_default(self) -> str:
        RESULT = self.graph.getreturnvar().concretetype
        return "return;" if RESULT is Void else "return 0;"

    def _write_blocks(self) -> None:
        entries: dict[Block, int] = {}
        for block in self.blocks:
            for link in block.exits:
                entries[link.target] = entries.get(link.target, 0) + 1
        done: set[Block] = set()
        self._pending = pending = [self.graph.startblock]
        needs_label = [block for block, count in entries.items() if count > 1]
        for block in needs_label:
            self.label(block)
        while pending:
            following: Block | None = pending.pop()
            while following is not None and following not in done:
                done.add(following)
                following = self._write_block(following, done, pending)
        self._drop_unused_labels()

    def _drop_unused_labels(self) -> None:
        used = {line.rsplit("goto ", 1)[1].split(";", 1)[0] for line in self.lines if "goto " in line}
        used |= {
            piece.split(";", 1)[0]
            for line in self.lines
            if line.count("goto ") > 1
            for piece in line.split("goto ")
        }
        self.lines = [
            line for line in self.lines if not (line.endswith(": ;") and line[:-3].strip() not in used)
        ]

    def _write_block(self, block: Block, done: set[Block], pending: list[Block]) -> Block | None:
        self.lines.append(f"{self.label(block)}: ;")
        catching = block.exitswitch is LAST_EXCEPTION
        operations = block.operations
        self._position = block.position or self._position
        for operation in operations[:-1] if catching else operations:
            self._operation(operation, None)
        graph = self.graph
        if block is graph.returnblock:
            self.emit(self._return(block.inputargs[0]))
            return None
        if block is graph.exceptblock:
            self._raise(block.inputargs[0], block.inputargs[1])
            return None
        exits = block.exits
        if catching:
            self._operation(operations[-1], exits[1:])
            return self._follow(exits[0], done, pending)
        if block.exitswitch is None:
            return self._follow(exits[0], done, pending)
        if len(exits) == 1:
            return self._follow(exits[0], done, pending)
        return self._switch(block, done, pending)

    def _switch(self, block: Block, done: set[Block], pending: list[Block]) -> Block | None:
        exits = block.exits
        assert isinstance(block.exitswitch, (Variable, Constant))
        switch = self.value(block.exitswitch)
        if block.exitswitch.concretetype is Bool:
            first, last = exits
            condition = switch if first.exitcase else f"!{switch}"
            self._jump_if(condition, first, pending)
            return self._follow(last, done, pending)
        cases = [link for link in exits if link.exitcase != "default"]
        default = [link for link in exits if link.exitcase == "default"]
        self.emit(f"switch ({switch}) {{")
        for link in cases:
            case = self.data.constant(link.exitcase, block.exitswitch.concretetype, self.file)
            self.emit(f"case {case}:")
            self._transfer(link, pending)
        self.emit("default:")
        if default:
            self.emit("    break;")
            self.emit("}")
            return self._follow(default[0], done, pending)
        self.emit("    __builtin_unreachable();")
        self.emit("}")
        return None

    def _jump_if(self, condition: str, link: Link, pending: list[Block]) -> None:
        moves = self._moves(link)
        self.emit(f"if ({condition}) {{")
        self._transfer(link, pending, moves)
        self.emit("}")

    def _transfer(self, link: Link, pending: list[Block], moves: list[str] | None = None) -> None:
        """Go along a link, from inside braces."""
        if self._leaves(link):
            return
        for move in self._moves(link) if moves is None else moves:
            self.emit("    " + move)
        self.emit(f"    goto {self.label(link.target)};")
        pending.append(link.target)

    def _follow(self, link: Link, done: set[Block], pending: list[Block]) -> Block | None:
        """Go along a link at the end of a block; the target where it can be written right here."""
        if self._leaves(link):
            return None
        for move in self._moves(link):
            self.emit(move)
        if link.target in done:
            self.emit(f"goto {self.label(link.target)};")
            return None
        return link.target

    def _leaves(self, link: Link) -> bool:
        """Write the way out of the function where the link is one."""
        target = link.target
        if target.operations:
            return False
        if target is self.graph.returnblock:
            self.emit("    " + self._return(link.args[0]))
            return True
        if target is self.graph.exceptblock:
            self._position = link.position or self._position
            self._raise(link.args[0], link.args[1])
            return True
        return False

    def _return(self, result: Any) -> str:
        return "return;" if result.concretetype is Void else f"return {self.value(result)};"

    def _raise(self, exception_type: Any, exception: Any) -> None:
        self.emit(f"OURO_RAISE({self.value(exception_type)}, {self.value(exception)}, {self._place()});")
        self.emit(self._leave())

    def _leave(self) -> str:
        """Out of the function with an exception pending."""
        if self._has_roots:
            self._propagates = True
            return "goto propagate;"
        return self._return_default()

    def _moves(self, link: Link) -> list[str]:
        """The assignments of a link's arguments to the parameters of its target, all at once."""
        pairs = []
        for parameter, argument in zip(link.target.inputargs, link.args):
            if parameter.concretetype is Void or parameter in self.aliases:
                continue
            target, source = self.name(parameter), self.value(argument)
            if target != source:
                pairs.append((target, source, parameter.concretetype))
        moves = []
        while pairs:
            sources = {source for _, source, _ in pairs}
            free = [pair for pair in pairs if pair[0] not in sources]
            if free:
                moves += [f"{target} = {source};" for target, source, _ in free]
                pairs = [pair for pair in pairs if pair[0] in sources]
            else:
                target, source, TYPE = pairs[0]
                self._counter += 1
                keep = f"keep_{self._counter}"
                self._locals.append((TYPE, keep))
                moves.append(f"{keep} = {target};")
                pairs = [(t, keep if s == target else s, T) for t, s, T in pairs]
        return moves

    # ---- positions

    def _current_line(self) -> int:
        position = self._position
        return position.line if position is not None else self.graph.firstlineno

    def _place(self) -> int:
        """The number of the current place in the file's table of places."""
        return self._place_of(self._position)

    def _place_of(self, position: Any) -> int:
        if position is None:
            return self.file.position(self.filename, self.traceback_name, self.graph.firstlineno)
        caller = self._place_of(position.caller) if position.function is not None else -1
        return self.file.position(
            position.filename or self.filename, position.function or self.traceback_name, position.line, caller
        )

    def _mark_line(self, operation: Operation) -> None:
        position = operation.position
        if position is None:
            return
        self._position = position
        place = (position.filename or self.filename, position.line)
        if place == self._file_line:
            return
        if self._file_line is None or self._file_line[0] != place[0]:
            self.lines.append(f"#line {max(place[1], 1)} {c_string(place[0])}")
        else:
            self.lines.append(f"#line {max(place[1], 1)}")
        self._file_line = place

    # ---- operations

    def _operation(self, operation: Operation, handlers: list[Link] | None) -> None:
        """Write an operation; `handlers` are the exception exits when it is the last one of a block that
        catches.
        """
        name = operation.opname
        result = operation.result
        if name in NOTHING or result in self.aliases:
            return
        self._mark_line(operation)
        expression = EXPRESSIONS.get(name)
        if expression is not None:
            if result.concretetype is Void:
                return
            operands = [self._operand(arg) for arg in operation.args]
            text = expression.format(*operands, T=self.file.text(result.concretetype))
            if name == "get_object_type":
                self.file.declare_text("extern char ouro_type_table[];")
            if result in self._single_uses:
                self._names[result] = f"({text})"
                return
            self.emit(f"{self.name(result)} = {text};")
            return
        statement = STATEMENTS.get(name)
        if statement is not None:
            self.emit(statement.format(*[self._operand(arg) for arg in operation.args]))
            return
        writer = getattr(self, f"_write_{name}", None)
        if writer is not None:
            writer(operation)
            return
        if name in CALLS:
            self._call(operation, handlers)
        elif name in OVERFLOW:
            function, template = OVERFLOW[name]
            checked = template.format(*[self._operand(arg) for arg in operation.args])
            self._raise_if(f"{function}({checked}, &{self.name(result)})", "OverflowError", handlers)
        elif name in ("malloc", "malloc_varsize"):
            self._malloc(operation, handlers)
        else:
            raise UnsupportedOperation(
                f"{self.filename}:{self._current_line()}: {name} in {self.graph.name} has no form in C"
            )

    def _operand(self, value: Any) -> str:
        return "0" if value.concretetype is Void else self.value(value)

    def _assign(self, result: Variable, text: str) -> None:
        if result.concretetype is Void:
            self.emit(f"{text};")
        else:
            self.emit(f"{self.name(result)} = {text};")

    # ---- exceptions

    def _raise_call(self, exception: str, number: int) -> str:
        exceptions = self.program.program.exceptions
        vtable = exceptions.vtables[exception]
        instance = exceptions.instances[exception]
        pair = f"{self.data.pointer(vtable, self.file)}, {self.data.pointer(instance, self.file)}"
        return f"OURO_RAISE({pair}, {number});"

    def _raise_if(self, condition: str, exception: str, handlers: list[Link] | None) -> None:
        """Raise a standard exception where the condition holds."""
        exceptions = self.program.program.exceptions
        self.emit(f"if (OURO_UNLIKELY({condition})) {{")
        handler = static_handler(exceptions, handlers, exception) if handlers else None
        if handler is not None:
            vtable, instance = exceptions.vtables[exception], exceptions.instances[exception]
            self._catch(handler, self.data.pointer(vtable, self.file), self.data.pointer(instance, self.file))
        else:
            self.emit("    " + self._raise_call(exception, self._place()))
            self.emit("    " + self._leave())
        self.emit("}")

    def _catch(self, handler: Link, exception_type: str, exception: str) -> None:
        """Go to a handler with the exception in its variables."""
        for variable, text in ((handler.last_exception, exception_type), (handler.last_exc_value, exception)):
            if isinstance(variable, Variable) and variable.concretetype is not Void:
                if variable in handler.args:
                    self.emit(f"    {self.name(variable)} = ({self.file.text(variable.concretetype)}){text};")
        self._transfer(handler, self._pending)

    def _check_exception(self, handlers: list[Link] | None) -> None:
        """Write the test of the pending exception."""
        number = self._place()
        if not handlers:
            if self._has_roots:
                self._propagates = True
                self.emit(f"OURO_PROPAGATE({number});")
            elif self.graph.getreturnvar().concretetype is Void:
                self.emit(f"OURO_PROPAGATE_VOID({number});")
            else:
                self.emit(f"OURO_PROPAGATE_DEFAULT({number});")
            return
        self.emit("if (OURO_UNLIKELY(ouro_exception.type != NULL)) {")
        for handler in handlers:
            low, high = class_range(handler.exitcase.value)
            self.emit(f"if (OURO_EXCEPTION_IN({low}L, {high}L)) {{")
            self._counter += 1
            vtable, instance = f"type_{self._counter}", f"exception_{self._counter}"
            self.emit(f"    void *{vtable} = ouro_exception.type, *{instance} = ouro_exception.value;")
            self.emit("    ouro_exception.type = NULL; ouro_exception.value = NULL;")
            self._catch(handler, vtable, instance)
            self.emit("}")
        self.emit(f"ouro_traceback_add(&positions[{number}]);")
        self.emit(self._leave())
        self.emit("}")

    # ---- calls

    def _call(self, operation: Operation, handlers: list[Link] | None) -> None:
        name = operation.opname
        position = FUNCTION_OPERAND.get(name, 0)
        function = operation.args[position]
        container = called_function(operation)
        last = len(operation.args) - (1 if name == "indirect_call" else 0)
        arguments = [self.value(a) for a in operation.args[position + 1 : last] if a.concretetype is not Void]
        external = None
        if container is None:
            self.file.mention(function.concretetype)
            callee = self.value(function)
        else:
            callee = self.program.function_reference(container, self.file)
            external = container.external if container.graph is None else None
        call = f"{callee}({', '.join(arguments)})"
        result = operation.result
        if position == 1:
            condition = self.value(operation.args[0])
            if name == "jit_conditional_call":
                self.emit(f"if ({condition}) {{")
                self.emit(f"    {call};")
            else:
                self.emit(f"{self.name(result)} = {condition};")
                self.emit(f"if (!{self.name(result)}) {{")
                self._assign(result, f"    {call}")
            self._check_call(operation, handlers)
            self.emit("}")
            return
        if external is not None:
            self._assign(result, call)
            if external.may_collect:
                self._check_exception(handlers)
            return
        self._assign(result, call)
        self._check_call(operation, handlers)

    def _check_call(self, operation: Operation, handlers: list[Link] | None) -> None:
        if self.program.may_raise(operation):
            self._check_exception(handlers)

    # ---- memory

    def _step(self, text: str, TYPE: Any, is_pointer: bool, selector: Any) -> tuple[str, Any]:
        """One step inside a container: its field or item."""
        self.file.define(TYPE)
        if isinstance(TYPE, Struct):
            field = selector.value
            FIELD = TYPE.field_type(field)
            return f"{text}{'->' if is_pointer else '.'}{field_name(field)}", FIELD
        index = self.value(selector)
        if is_bare(TYPE):
            return f"{text}[{index}]", TYPE.ITEM
        return f"{text}{'->' if is_pointer else '.'}items[{index}]", TYPE.ITEM

    def _path(self, pointer: Any, selectors: list[Any]) -> tuple[str, Any]:
        """The C lvalue that a pointer and a path of fields and indices lead to, and its type."""
        text, TYPE, is_pointer = self.value(pointer), pointer.concretetype.TO, True
        if text == "NULL":
            # in a block that is never run
            text = f"(({self.file.text(pointer.concretetype)})NULL)"
        elif not (text.isidentifier() or text.startswith("(")):
            text = f"({text})"
        for selector in selectors:
            text, TYPE = self._step(text, TYPE, is_pointer, selector)
            is_pointer = False
        return text, TYPE

    def _read(self, operation: Operation) -> None:
        result = operation.result
        if result.concretetype is Void:
            return
        text, TYPE = self._path(operation.args[0], operation.args[1:])
        if TYPE.is_container:
            text = text if is_bare(TYPE) else f"&{text}"
        self.file.mention(result.concretetype)
        self.emit(f"{self.name(result)} = {text};")

    _write_getfield = _write_getarrayitem = _write_getinteriorfield = _read
    _write_getsubstruct = _write_getarraysubstruct = _read

    def _store(self, operation: Operation) -> None:
        value = operation.args[-1]
        if value.concretetype is Void:
            return
        text, _ = self._path(operation.args[0], operation.args[1:-1])
        self.emit(f"{text} = {self.value(value)};")

    _write_setfield = _write_setarrayitem = _write_setinteriorfield = _store

    def _size(self, operation: Operation) -> None:
        text, TYPE = self._path(operation.args[0], operation.args[1:])
        is_pointer = len(operation.args) == 1
        if is_bare(TYPE):
            self.emit(f"{self.name(operation.result)} = {TYPE.length};")
            return
        self.file.define(TYPE)
        self.emit(f"{self.name(operation.result)} = {text}{'->' if is_pointer else '.'}length;")

    _write_getarraysize = _write_getinteriorarraysize = _size

    def _items(self, pointer: Any, index: str) -> str:
        """The address of an item of an array, or of the array at the end of a structure."""
        TYPE = pointer.concretetype.TO
        text = self.value(pointer)
        if not text.isidentifier():
            text = f"({text})"
        self.file.define(TYPE)
        is_pointer = True
        while isinstance(TYPE, Struct):
            text = f"{text}{'->' if is_pointer else '.'}{field_name(TYPE.names[-1])}"
            TYPE = TYPE.types[-1]
            is_pointer = False
        if not is_bare(TYPE):
            text = f"{text}{'->' if is_pointer else '.'}items"
        return f"&{text}[{index}]"

    def _item_type(self, pointer: Any) -> Any:
        TYPE = pointer.concretetype.TO
        return varsize_array(TYPE).ITEM if is_varsize(TYPE) else TYPE.ITEM

    def _item_size(self, pointer: Any) -> str:
        return f"sizeof({self.file.text(self._item_type(pointer))})"

    def _write_array_copy(self, operation: Operation) -> None:
        source, target, source_start, target_start, count = operation.args
        if self._item_type(source) is Void:
            return
        self.emit(
            f"memmove({self._items(target, self.value(target_start))}, "
            f"{self._items(source, self.value(source_start))}, "
            f"(size_t){self.value(count)} * {self._item_size(source)});"
        )

    def _write_array_clear(self, operation: Operation) -> None:
        array, start, count = operation.args
        if self._item_type(array) is not Void:
            self.emit(
                f"memset({self._items(array, self.value(start))}, 0, "
                f"(size_t){self.value(count)} * {self._item_size(array)});"
            )

    def _write_array_compare(self, operation: Operation) -> None:
        first, second, first_start, second_start, count = operation.args
        self._assign(
            operation.result,
            f"memcmp({self._items(first, self.value(first_start))}, "
            f"{self._items(second, self.value(second_start))}, (size_t){self.value(count)})",
        )

    def _write_array_find_char(self, operation: Operation) -> None:
        array, character, start, stop = (operation.args[0], *map(self.value, operation.args[1:]))
        self._assign(
            operation.result, f"ouro_find_character({self._items(array, '0')}, {character}, {start}, {stop})"
        )

    def _write_array_copy_to_raw(self, operation: Operation) -> None:
        array, start, address, count = operation.args
        self.emit(
            f"memcpy({self.value(address)}, {self._items(array, self.value(start))}, "
            f"(size_t){self.value(count)} * {self._item_size(array)});"
        )

    def _write_array_copy_from_raw(self, operation: Operation) -> None:
        address, array, start, count = operation.args
        self.emit(
            f"memcpy({self._items(array, self.value(start))}, {self.value(address)}, "
            f"(size_t){self.value(count)} * {self._item_size(array)});"
        )

    def _raw_place(self, address: Any, offset: Any, TYPE: Any) -> str:
        pointer = self.file.text(Ptr(Array(TYPE, hints={"nolength": True})))
        return f"*({pointer})({self.value(address)} + {self.value(offset)})"

    def _write_raw_load(self, operation: Operation) -> None:
        address, offset = operation.args
        TYPE = operation.result.concretetype
        if TYPE is not Void:
            self._assign(operation.result, self._raw_place(address, offset, TYPE))

    def _write_raw_store(self, operation: Operation) -> None:
        address, offset, value = operation.args
        if value.concretetype is not Void:
            self.emit(f"{self._raw_place(address, offset, value.concretetype)} = {self.value(value)};")

    def _malloc(self, operation: Operation, handlers: list[Link] | None) -> None:
        TYPE, flags = _constant(operation.args[0]), _constant(operation.args[1])
        if TYPE.gckind == "gc":
            raise UnsupportedOperation(
                f"{operation.opname} of {TYPE} in {self.graph.name}: no collector was chosen"
            )
        result = self.name(operation.result)
        self.file.define(TYPE)
        function = "ouro_raw_malloc_zeroed" if flags.get("zero") else "ouro_raw_malloc"
        cast = f"({self.file.text(operation.result.concretetype)})"
        if operation.opname == "malloc":
            self.emit(f"{result} = {cast}{function}(sizeof({self.program.types.text(TYPE)}));")
            self._raise_if(f"{result} == NULL", "MemoryError", handlers)
            return
        count = self.value(operation.args[2])
        ARRAY = varsize_array(TYPE)
        if isinstance(TYPE, Struct):
            access = ".".join(_path_to_array(TYPE))
            start = f"offsetof(struct {self.program.types.tag(TYPE)}, {access}{'' if is_bare(ARRAY) else '.items'})"
        else:
            access = ""
            start = "0" if is_bare(TYPE) else f"offsetof(struct {self.program.types.tag(TYPE)}, items)"
        size = "0" if ARRAY.ITEM is Void else f"sizeof({self.file.text(ARRAY.ITEM)})"
        self.emit(f"{result} = {cast}{function}(ouro_array_bytes({start}, {size}, {count}));")
        self._raise_if(f"{result} == NULL", "MemoryError", handlers)
        if not is_bare(ARRAY):
            self.emit(f"{result}->{access + '.' if access else ''}length = {count};")

    def _write_free(self, operation: Operation) -> None:
        self.emit(f"ouro_raw_free((char *){self.value(operation.args[0])});")

    # ---- the collector

    def _write_gc_enter_roots(self, operation: Operation) -> None:
        self.emit(f"{self.program.root_top(self.file)} = (char *)(roots + {_constant(operation.args[0])});")

    def _write_gc_leave_roots(self, operation: Operation) -> None:
        self.emit(f"{self.program.root_top(self.file)} = (char *)roots;")

    def _write_gc_save_root(self, operation: Operation) -> None:
        self.emit(f"roots[{_constant(operation.args[0])}] = (void *){self.value(operation.args[1])};")

    def _write_gc_restore_root(self, operation: Operation) -> None:
        TYPE = operation.result.concretetype
        self._assign(operation.result, f"({self.file.text(TYPE)})roots[{_constant(operation.args[0])}]")

    def _write_keepalive(self, operation: Operation) -> None:
        value = operation.args[0]
        if isinstance(value, Variable) and value.concretetype is not Void:
            self.emit(f'__asm__ volatile ("" : : "g"({self.value(value)}));')

    # ---- threads and debugging

    def _write_threadlocal_get(self, operation: Operation) -> None:
        TYPE = operation.result.concretetype
        if TYPE is not Void:
            self._assign(
                operation.result, self.program.thread_local(_constant(operation.args[0]), TYPE, self.file)
            )

    def _write_threadlocal_set(self, operation: Operation) -> None:
        value = operation.args[1]
        if value.concretetype is not Void:
            place = self.program.thread_local(_constant(operation.args[0]), value.concretetype, self.file)
            self.emit(f"{place} = {self.value(value)};")

    def _write_debug_assert(self, operation: Operation) -> None:
        if self.program.debug:
            message = _constant(operation.args[1]) if len(operation.args) > 1 else ""
            self.emit(
                f"if (!{self.value(operation.args[0])}) "
                f"ouro_assertion_failed({c_string(str(message))}, &positions[{self._place()}]);"
            )

    def _text(self, value: Any) -> str | None:
        """The address and length of an operand that is a string; None for others."""
        TYPE = value.concretetype
        if isinstance(value, Constant) and isinstance(value.value, str) and TYPE is Void:
            return f"{c_string(value.value)}, {len(value.value)}"
        if isinstance(TYPE, Ptr) and is_varsize(TYPE.TO) and varsize_array(TYPE.TO).ITEM is Char:
            text = self.value(value)
            if isinstance(TYPE.TO, Struct):
                self.file.define(TYPE.TO)
                path = ".".join(_path_to_array(TYPE.TO))
                return f"(const char *)({text})->{path}.items, ({text})->{path}.length"
            return f"(const char *)({text})->items, ({text})->length"
        return None

    def _write_debug_print(self, operation: Operation) -> None:
        self.emit("if (ouro_debug_enabled()) {")
        for index, value in enumerate(operation.args):
            if index:
                self.emit('    ouro_debug_text(" ", 1);')
            self.emit("    " + self._debug_value(value))
        self.emit('    ouro_debug_text("\\n", 1);')
        self.emit("}")

    def _debug_value(self, value: Any) -> str:
        text = self._text(value)
        if text is not None:
            return f"ouro_debug_text({text});"
        TYPE = value.concretetype
        if TYPE is Float or TYPE is SingleFloat:
            return f"ouro_debug_float({self.value(value)});"
        if TYPE is Char:
            return f"ouro_debug_character({self.value(value)});"
        if TYPE is Address or isinstance(TYPE, Ptr):
            return f"ouro_debug_address((const void *){self.value(value)});"
        if TYPE is Void:
            return f"ouro_debug_text({c_string(str(value.value))}, {len(str(value.value))});"
        return f"ouro_debug_integer((long long){self.value(value)});"

    def _write_debug_enabled_for(self, operation: Operation) -> None:
        self.emit(f"{self.name(operation.result)} = ouro_debug_enabled_for({self._text(operation.args[0])});")

    def _write_debug_start(self, operation: Operation) -> None:
        self.emit(f"ouro_debug_start({self._text(operation.args[0])});")

    def _write_debug_stop(self, operation: Operation) -> None:
        self.emit(f"ouro_debug_stop({self._text(operation.args[0])});")

    def _write_debug_fatalerror(self, operation: Operation) -> None:
        self.emit(f"ouro_fatal_error({self._text(operation.args[0])}, &positions[{self._place()}]);")


def _constant(operand: Any) -> Any:
    """The value of an operand that is always a constant."""
    return operand.value


def _path_to_array(TYPE: Any) -> list[str]:
    path = []
    while isinstance(TYPE, Struct):
        path.append(field_name(TYPE.names[-1]))
        TYPE = TYPE.types[-1]
    return path
