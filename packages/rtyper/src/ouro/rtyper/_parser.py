"""Reads the text of typed programs. The grammar by example:

    type %node = GcStruct node (value: Signed, next: Ptr(%node))
    extern @sin: Func(Float) -> Float {'name': 'sin', 'external': 'sin', 'includes': ('math.h',)}
    data $node: %node = {value: 5, next: null}
    data $array: GcArray(Char)[3] = 'abc'
    graph @f tags {'inline': True} -> Signed {
      block0(n: Signed, p: Ptr(%node)):
        value: Signed = getfield(p, .value)
        setfield((Ptr(%node) $node), .value, n)
        test: Bool = int_lt(value, 10)               # a comment
        switch test
        case False -> return(-1)
        case True -> block1(value)
      block1(x: Signed):
        y: Signed = direct_call((Ptr(Func(Signed) -> Signed) @g), x)
        try -> return(y)
        except (Ptr(%object_vtable) $vtable:super) (t: Ptr(%object_vtable), v: Ptr(%object)) -> raise(t, v)
    }
    entry @f
    exception OverflowError $overflow:super $overflow_vtable:super
    instance %node $vtable:super
    finalizer %node @del
    trigger 1 @f

Constants of type Signed, Bool, Char, Float and Void stand alone (`5`, `True`, `'c'`, `1.5`, `.fieldname`,
`type %node`, `void {'flavor': 'gc'}`, `graphs(@f, @g)`, `None`); others are `(TYPE value)`. `$node:super` is
the inlined structure `super`, `$array[2]` an inlined item. Graphs, types and data may be used before they are
defined; `return` and `raise` are the return and the except block.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Position, Variable
from ouro.lltype import (
    ArrayContainer,
    Bool,
    Char,
    ExternalFunction,
    Float,
    FuncType,
    Library,
    OpaqueType,
    Pointer,
    Primitive,
    Ptr,
    Signed,
    Struct,
    StructContainer,
    Void,
    cast_int_to_ptr,
    cast_opaque_ptr,
    cast_pointer,
    container_of,
    functionptr,
    is_varsize,
    malloc,
    nullptr,
    opaqueptr,
    render_immortal,
    weakref_create,
)
from ouro.rtyper._lexer import Lexer, TextError
from ouro.rtyper._program import TypedProgram
from ouro.rtyper._typetext import TypeReader

__all__ = ["OpaqueValue", "parse_program"]


class OpaqueValue:
    """A Void constant whose value the text form cannot hold; only its name is known."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"OpaqueValue({self.name!r})"


_FOOTERS = {"entry": 1, "exception": 3, "instance": 2, "finalizer": 2, "trigger": 2}
"""The closing lines, and how many words follow each."""

_UNINITIALIZED = object()
_EXTERNAL_FLAGS = ("releases_gil", "saves_errno", "may_collect", "is_pure")


class _Parser:
    def __init__(self, text: str) -> None:
        self.lexer = Lexer(text)
        self.types = TypeReader()
        self.program = TypedProgram()
        self.graphs: dict[str, FunctionGraph] = {}
        self.externs: dict[str, Pointer] = {}
        self.data: dict[str, Pointer] = {}
        self._contents: list[tuple[Pointer, int]] = []
        self._bodies: list[tuple[FunctionGraph, int]] = []

    # ---- the three passes: types, then signatures and data, then contents and bodies

    def parse(self) -> TypedProgram:
        self._declare_types()
        self._read_sections()
        for graph, index in self._bodies:
            self.lexer.index = index
            self._signature(graph)
        for pointer, index in self._contents:
            self.lexer.index = index
            self._fill(container_of(pointer))
        for graph, index in self._bodies:
            self.lexer.index = index
            _GraphParser(self, graph).parse()
        self._read_footer()
        return self.program

    def _declare_types(self) -> None:
        lexer = self.lexer
        while lexer.peek_kind() != "end":
            if lexer.peek() == "type" and lexer.peek_kind(1) == "type" and lexer.peek(2) == "=":
                self.types.declare(lexer.peek(1), lexer.peek(3) == "GcStruct")
            lexer.next()
        lexer.index = 0

    def _read_sections(self) -> None:
        lexer = self.lexer
        self._footer: list[int] = []
        while lexer.peek_kind() != "end":
            start = lexer.index
            word = lexer.word()
            if word == "type":
                _, name = lexer.next()
                lexer.expect("=")
                self.types.define(name, lexer)
            elif word == "extern":
                self._extern()
            elif word == "data":
                self._declare_data()
            elif word == "graph":
                _, name = lexer.next()
                graph = FunctionGraph(name[1:].partition(".")[0], Block([]))
                if lexer.accept("tags"):
                    graph.tags = lexer.literal()
                if lexer.accept("file"):
                    graph.filename = lexer.literal()
                    graph.firstlineno = lexer.literal()
                self.graphs[name] = graph
                self.program.graphs.append(graph)
                lexer.expect("->")
                self._bodies.append((graph, lexer.index))
                self.types.read(lexer)
                lexer.skip_block()
            elif word in _FOOTERS:
                self._footer.append(start)
                for _ in range(_FOOTERS[word]):
                    lexer.next()
                    while lexer.peek() in (":", "["):
                        path = lexer.next()[1]
                        lexer.next()
                        if path == "[":
                            lexer.expect("]")
            else:
                raise lexer.error(f"unknown section {word!r}")

    def _extern(self) -> None:
        lexer = self.lexer
        _, name = lexer.next()
        lexer.expect(":")
        TYPE = self.types.read(lexer)
        attributes = lexer.literal() if lexer.peek() == "{" else {"name": name[1:]}
        external = None
        if "external" in attributes:
            library = Library(
                includes=tuple(attributes.get("includes", ())),
                libraries=tuple(attributes.get("libraries", ())),
                defines=tuple(attributes.get("defines", ())),
            )
            external = ExternalFunction(attributes["external"], TYPE, library, attributes.get("declaration"))
            for flag in _EXTERNAL_FLAGS:
                setattr(external, flag, bool(attributes.get(flag)))
        self.externs[name] = functionptr(TYPE, attributes["name"], external=external)

    def _declare_data(self) -> None:
        lexer = self.lexer
        _, name = lexer.next()
        lexer.expect(":")
        TYPE = self.types.read(lexer)
        length: int | None = None
        if is_varsize(TYPE):
            lexer.expect("[")
            length = lexer.literal()
            lexer.expect("]")
        lexer.expect("=")
        if isinstance(TYPE, OpaqueType):
            pointer = opaqueptr(TYPE, name[1:])
        elif TYPE.gckind == "gc":
            pointer = malloc(TYPE, length)
        else:
            pointer = render_immortal(malloc(TYPE, length, flavor="raw"))
        self.data[name] = pointer
        if lexer.accept("opaque"):
            lexer.next()
            return
        if lexer.peek() == "weak":
            lexer.next()
            kind, target = lexer.next()
            if target != "null":
                self.data[name] = weakref_create(self.data[target])
            return
        self._contents.append((pointer, lexer.index))
        if lexer.peek() == "{":
            lexer.skip_block()
        else:
            lexer.literal() if lexer.peek() != "[" else self._skip_list()

    def _skip_list(self) -> None:
        depth = 0
        while True:
            kind, text = self.lexer.next()
            if kind == "end":
                raise self.lexer.error("unfinished list")
            if kind == "mark":
                depth += text == "["
                depth -= text == "]"
                if depth == 0:
                    return

    def _fill(self, container: Any) -> None:
        lexer = self.lexer
        TYPE = container.TYPE
        native = not isinstance(container, (StructContainer, ArrayContainer))
        if isinstance(TYPE, Struct):
            lexer.expect("{")
            while not lexer.accept("}"):
                index = TYPE.index[lexer.word()]
                lexer.expect(":")
                if TYPE.types[index].is_container:
                    self._fill(container.read(index) if native else container.values[index])
                else:
                    self._store(container, index, TYPE.types[index])
                lexer.accept(",")
            return
        ITEM = TYPE.ITEM
        if lexer.peek_kind() == "string":
            text = lexer.literal()
            if native:
                for index, character in enumerate(text):
                    container.write(index, character)
            else:
                container.values[:] = list(text)
            return
        lexer.expect("[")
        index = 0
        while not lexer.accept("]"):
            if ITEM.is_container:
                self._fill(container.read(index) if native else container.values[index])
            else:
                self._store(container, index, ITEM)
            index += 1
            lexer.accept(",")

    def _store(self, container: Any, index: int, TYPE: Any) -> None:
        value = self.value(TYPE)
        if value is not _UNINITIALIZED:
            value = TYPE.check(value) if TYPE is not Void else value
            if isinstance(container, (StructContainer, ArrayContainer)):
                container.values[index] = value
            else:  # native memory
                container.write(index, value)

    def _signature(self, graph: FunctionGraph) -> None:
        lexer = self.lexer
        RESULT = self.types.read(lexer)
        graph.getreturnvar().concretetype = RESULT
        graph.exceptblock.inputargs[0].concretetype = Ptr(self.program.exceptions.vtable_type)
        graph.exceptblock.inputargs[1].concretetype = Ptr(self.program.exceptions.object_type)
        lexer.expect("{")
        lexer.word()
        graph.startblock.inputargs = []
        lexer.expect("(")
        arguments = []
        while not lexer.accept(")"):
            lexer.word()
            lexer.expect(":")
            arguments.append(self.types.read(lexer))
            lexer.accept(",")
        pointer = functionptr(FuncType(arguments, RESULT), graph.name, graph=graph)
        self.program.register_function_pointer(graph, pointer)

    def _read_footer(self) -> None:
        lexer = self.lexer
        program = self.program
        for index in self._footer:
            lexer.index = index
            word = lexer.word()
            if word == "entry":
                program.entry_graph = self.graphs[lexer.next()[1]]
            elif word == "exception":
                name = lexer.word()
                program.exceptions.instances[name] = self.pointer(Ptr(program.exceptions.object_type))
                program.exceptions.vtables[name] = self.pointer(Ptr(program.exceptions.vtable_type))
            elif word == "trigger":
                number = lexer.literal()
                program.finalizer_triggers[number] = self.pointer(None)
            else:
                TYPE = self.types.read(lexer)
                if word == "instance":
                    program.instance_types[TYPE] = self.pointer(Ptr(program.exceptions.vtable_type))
                else:
                    program.finalizers[TYPE] = self.pointer(None)

    # ---- values

    def pointer(self, TYPE: Any) -> Pointer:
        """A pointer of type TYPE (of its own type when None)."""
        lexer = self.lexer
        kind, text = lexer.next()
        if text == "null":
            return nullptr(TYPE.TO)
        if text == "tagged":
            return cast_int_to_ptr(TYPE, lexer.literal())
        if kind == "graph":
            if text in self.graphs:
                return self.program.function_pointer(self.graphs[text])
            if text in self.externs:
                return self.externs[text]
            raise lexer.error(f"graph {text} is not defined")
        if kind != "data" or text not in self.data:
            raise lexer.error(f"{text!r} is not a pointer")
        pointer = self.data[text]
        while True:
            if lexer.accept(":"):
                pointer = getattr(pointer, lexer.word())
            elif lexer.peek() == "[" and lexer.peek_kind(1) == "number":
                lexer.next()
                pointer = pointer[lexer.literal()]
                lexer.expect("]")
            else:
                break
        if TYPE is None or pointer._T is TYPE:
            return pointer
        if isinstance(TYPE.TO, OpaqueType) or isinstance(pointer._T.TO, OpaqueType):
            return cast_opaque_ptr(TYPE, pointer)
        return cast_pointer(TYPE, pointer)

    def value(self, TYPE: Any) -> Any:
        """A value whose type is known from where it stands."""
        lexer = self.lexer
        if lexer.accept("?"):
            return _UNINITIALIZED
        if isinstance(TYPE, Ptr):
            return self.pointer(TYPE)
        if TYPE is Void:
            return self.void()
        if lexer.peek() in ("offset", "opaque"):
            name = lexer.word()
            raise lexer.error(f"a value of the kind {name!r} has no text form that can be read")
        value = lexer.literal()
        if TYPE in (Float,):
            return float(value)
        if isinstance(TYPE, Primitive) and TYPE.is_integer and TYPE.value_class is not None:
            return TYPE.value_class(value)
        return value

    def void(self) -> Any:
        lexer = self.lexer
        if lexer.accept("None"):
            return None
        if lexer.accept("."):
            return lexer.word()
        if lexer.accept("type"):
            return self.types.read(lexer)
        if lexer.accept("void"):
            return lexer.literal()
        if lexer.accept("graphs"):
            lexer.expect("(")
            graphs = []
            while not lexer.accept(")"):
                graphs.append(self.graphs[lexer.next()[1]])
                lexer.accept(",")
            return graphs
        if lexer.accept("opaque"):
            lexer.expect("(")
            name = str(lexer.word())
            lexer.expect(")")
            return OpaqueValue(name)
        raise lexer.error(f"{lexer.peek()!r} is not a constant")


class _GraphParser:
    def __init__(self, parser: _Parser, graph: FunctionGraph) -> None:
        self.parser = parser
        self.lexer = parser.lexer
        self.graph = graph
        self.variables: dict[str, Variable] = {}
        self.blocks: dict[str, Block] = {"return": graph.returnblock, "raise": graph.exceptblock}

    def parse(self) -> None:
        lexer = self.lexer
        self.parser.types.read(lexer)
        lexer.expect("{")
        first = True
        while not lexer.accept("}"):
            label = lexer.word()
            if first:
                self.blocks[label] = self.graph.startblock
                first = False
            block = self._block(label)
            block.inputargs = self._parameters()
            lexer.expect(":")
            self._body(block)
        for label, block in self.blocks.items():
            if not block.exits and block not in (self.graph.returnblock, self.graph.exceptblock):
                raise TextError(f"graph {self.graph.name}: block {label} is not defined")

    def _block(self, label: str) -> Block:
        block = self.blocks.get(label)
        if block is None:
            block = self.blocks[label] = Block([])
        return block

    def _variable(self) -> Variable:
        name = self.lexer.word()
        self.lexer.expect(":")
        variable = Variable(name.split(".")[0], self.parser.types.read(self.lexer))
        if name in self.variables:
            raise self.lexer.error(f"variable {name} is defined twice")
        self.variables[name] = variable
        return variable

    def _parameters(self) -> list[Variable]:
        self.lexer.expect("(")
        parameters = []
        while not self.lexer.accept(")"):
            parameters.append(self._variable())
            self.lexer.accept(",")
        return parameters

    def _operand(self) -> Any:
        lexer = self.lexer
        kind, text = lexer.peek_kind(), lexer.peek()
        if kind == "word" and text in self.variables:
            lexer.next()
            return self.variables[text]
        if kind == "mark" and text == "(":
            lexer.next()
            TYPE = self.parser.types.read(lexer)
            constant = Constant(self.parser.value(TYPE), TYPE)
            lexer.expect(")")
            return constant
        if kind == "number":
            value = lexer.literal()
            return Constant(value, Float if isinstance(value, float) else Signed)
        if kind == "string":
            return Constant(lexer.literal(), Char)
        if text in ("True", "False"):
            lexer.next()
            return Constant(text == "True", Bool)
        if kind == "word" and text not in ("type", "void", "graphs", "opaque", "None"):
            raise lexer.error(f"variable {text} is not defined")
        return Constant(self.parser.void(), Void)

    def _operands(self) -> list[Any]:
        self.lexer.expect("(")
        operands = []
        while not self.lexer.accept(")"):
            operands.append(self._operand())
            self.lexer.accept(",")
        return operands

    def _link(self, exitcase: Any = None) -> Link:
        target = self._block(self.lexer.word())
        return Link(self._operands(), target, exitcase)

    def _body(self, block: Block) -> None:
        lexer = self.lexer
        while True:
            word = lexer.peek()
            if word == "goto":
                lexer.next()
                block.exits = [self._link()]
                return
            if word == "switch":
                lexer.next()
                block.exitswitch = self._operand()
                while lexer.accept("case"):
                    case = "default" if lexer.accept("default") else lexer.literal()
                    lexer.expect("->")
                    block.exits.append(self._link(case))
                return
            if word == "try":
                self._exception_exits(block)
                return
            self._operation(block)

    def _exception_exits(self, block: Block) -> None:
        lexer = self.lexer
        lexer.next()
        lexer.expect("->")
        block.exitswitch = LAST_EXCEPTION
        block.exits = [self._link()]
        while lexer.accept("except"):
            case = self._operand()
            lexer.expect("(")
            pair: list[Variable | None] = []
            while not lexer.accept(")"):
                if lexer.accept("_"):
                    pair.append(None)
                else:
                    pair.append(self._variable())
                lexer.accept(",")
            lexer.expect("->")
            link = self._link(case)
            link.last_exception, link.last_exc_value = pair
            block.exits.append(link)

    def _operation(self, block: Block) -> None:
        lexer = self.lexer
        if lexer.peek(1) == ":":
            result = self._variable()
            lexer.expect("=")
        else:
            result = Variable("v", Void)
        opname = lexer.word()
        operands = self._operands()
        position = None
        if lexer.accept("!"):
            line = lexer.literal()
            lexer.expect(":")
            column = lexer.literal()
            lexer.expect(":")
            end = lexer.literal()
            filename = lexer.literal() if lexer.peek_kind() == "string" else None
            position = Position(line, column, end, filename)
        block.operations.append(Operation(opname, operands, result, position))


def parse_program(text: str) -> TypedProgram:
    """Build a program from its text. Raises TextError, with the line, where it is malformed."""
    return _Parser(text).parse()
