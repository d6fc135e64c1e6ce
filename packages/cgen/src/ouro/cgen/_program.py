"""A whole program becomes C files: which function and which data go where, and what ties them together.

One file per RPython module (several for a large one), files of data, one for the C functions that the program calls
(the only one that includes system headers besides the run-time support), one for the type table, and the run-time
support itself.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from attrs import define, field
from ouro.cgen._analysis import CALLS, CallGraph, called_function
from ouro.cgen._ctypes import CTypes
from ouro.cgen._data import DATA_FILE_SIZE, Data
from ouro.cgen._externals import ExternalFunctions
from ouro.cgen._files import SourceFile, c_string
from ouro.cgen._function import FunctionWriter
from ouro.cgen._names import Names, mangle
from ouro.cgen._typetable import write_type_table
from ouro.flowspace import Constant, FunctionGraph, Operation
from ouro.lltype import (
    FunctionContainer,
    FuncType,
    Ptr,
    Signed,
    Void,
    container_of,
)

#: A module with more operations than this is written to several files, which compile in parallel.
OPERATIONS_IN_FILE = 5000

RUNTIME_FILES = ("ouro.h", "runtime.c", "threads.c", "signals.c")


@define
class Sources:
    """What `generate` returns and `build` takes: file name -> text, and what the compiler and linker need."""

    files: dict[str, str]
    libraries: tuple[str, ...] = ()
    compile_arguments: tuple[str, ...] = ()
    link_arguments: tuple[str, ...] = ()
    library_directories: tuple[str, ...] = ()
    include_directories: tuple[str, ...] = ()
    counts: dict[str, int] = field(factory=dict)


class ProgramWriter:
    """State of one generation; see `generate`."""

    def __init__(self, collected: Any, debug: bool) -> None:
        self.collected = collected
        self.program = collected.program
        self.debug = debug
        self.types = CTypes()
        self.names = Names()
        self.files: dict[str, SourceFile] = {}
        self._function_names: dict[FunctionGraph, str] = {}
        self._function_types: dict[FunctionGraph, FuncType] = {}
        self._homes: dict[FunctionGraph, SourceFile] = {}
        self._parts: dict[str, tuple[int, int]] = {}
        self._shared: set[FunctionGraph] = set()
        self._thread_locals: dict[str, Any] = {}
        self._uncalled: dict[FunctionContainer, str] = {}
        self.externals = ExternalFunctions(self.types, self.names)
        self.data = Data(
            self.types, self.names, self.function_reference, collected.type_table, collected.prebuilt_flags
        )
        for TYPE, vtable in self.program.instance_types.items():
            if vtable and TYPE.gckind == "gc":
                self.data.vtables.setdefault(container_of(vtable).top(), TYPE)
        self.types_file = SourceFile("types.c", self.types)
        graphs = self.program.graphs
        self._known = set(graphs)
        for graph in graphs:
            self._place(graph)
        self.call_graph = CallGraph(graphs, graphs, self.program.exceptions)
        self.stack_checks = self.call_graph.stack_checks()
        self.raising = self.call_graph.raising_graphs(self.stack_checks)

    # ---- functions

    def _place(self, graph: FunctionGraph) -> None:
        module = graph.module or "helpers"
        part, used = self._parts.get(module, (0, 0))
        if used > OPERATIONS_IN_FILE:
            part, used = part + 1, 0
        self._parts[module] = part, used + sum(len(block.operations) + 1 for block in graph.iterblocks())
        name = mangle_file(module, part)
        file = self.files.get(name)
        if file is None:
            file = self.files[name] = SourceFile(name, self.types)
        self._homes[graph] = file
        last = module.rpartition(".")[2]
        self._function_names[graph] = self.names.unique(f"r_{mangle(last)}_{mangle(qualified_name(graph))}")

    def function_name(self, graph: FunctionGraph) -> str:
        """The C name of a graph's function."""
        return self._function_names[graph]

    def qualified_name(self, graph: FunctionGraph) -> str:
        """How tracebacks call a graph's function."""
        return qualified_name(graph)

    def function_type(self, graph: FunctionGraph) -> FuncType:
        """The type of a graph's function."""
        known = self._function_types.get(graph)
        if known is None:
            known = self._function_types[graph] = FuncType(
                [variable.concretetype for variable in graph.getargs()], graph.getreturnvar().concretetype
            )
        return known

    def function_attributes(self, graph: FunctionGraph) -> str:
        """What stands in front of the function's head."""
        return "" if graph in self._shared else "static "

    def function_reference(self, container: FunctionContainer, file: SourceFile) -> str:
        """The C name of a function, declared in `file`."""
        graph = container.graph
        if graph is None:
            if container.external is None:
                return self._uncalled_function(container, file)
            return self.externals.reference(container.external, file)
        if graph not in self._known:
            raise TypeError(f"the function {container.name} is used but is not a part of the program")
        home = self._homes[graph]
        if home is not file:
            self._shared.add(graph)
            file.declare_function(self.function_type(graph), self._function_names[graph])
        else:
            file.mention(Ptr(self.function_type(graph)))
        return self._function_names[graph]

    def _uncalled_function(self, container: FunctionContainer, file: SourceFile) -> str:
        """A function that is only passed around or called directly; its pointer differs from others and from NULL."""
        name = self._uncalled.get(container)
        if name is None:
            name = self._uncalled[container] = self.names.unique(f"uncalled_{mangle(container.name)}")
            arguments = [f"a{index}" for index, ARG in enumerate(container.TYPE.ARGS) if ARG is not Void]
            self.types_file.declare_function(container.TYPE, name)
            head = self.types.prototype(container.TYPE, name, arguments)
            self.types_file.body.append(f"{head} {{ __builtin_trap(); }}")
        if file is not self.types_file:
            file.declare_function(container.TYPE, name)
        return name

    def may_raise(self, operation: Operation) -> bool:
        """True unless no function that this call may reach raises."""
        assert operation.opname in CALLS
        container = called_function(operation)
        if container is not None:
            if container.graph is None:
                return bool(container.external and container.external.may_collect)
            return container.graph in self.raising
        return any(target in self.raising for target in self.call_graph.targets(operation))

    # ---- what functions share

    def root_top(self, file: SourceFile) -> str:
        """The lvalue of the top of the shadow stack."""
        data = self.collected.data
        file.define(data.concretetype.TO)
        return f"{self.data.place(container_of(data.value), file)}.root_top"

    def thread_local(self, name: str, TYPE: Any, file: SourceFile) -> str:
        """The lvalue of a thread-local variable."""
        symbol = f"ouro_local_{mangle(name)}"
        known = self._thread_locals.setdefault(symbol, TYPE)
        if known is not TYPE:
            raise TypeError(f"the thread-local {name!r} is used both as {known} and as {TYPE}")
        file.declare_text(f"extern __thread {file.declare(TYPE, symbol)};")
        return symbol

    # ---- the whole

    def write(self, release: bool = False) -> Sources:
        """Write everything; with `release`, take each graph apart once it is written."""
        for graph in self.program.graphs:
            FunctionWriter(self, graph, self._homes[graph]).write()
            if release:
                for block in list(graph.iterblocks()):
                    block.operations = []
        main = SourceFile("main.c", self.types)
        self._write_main(main)
        data_files = self._write_data()
        write_type_table(self, self.types_file)
        data_files += self._write_data(len(data_files))
        for TYPE, symbol in sorted(
            ((T, s) for s, T in self._thread_locals.items()), key=lambda item: item[1]
        ):
            main.body.append(f"__thread {main.declare(TYPE, symbol)};")
        external_files, library = self.externals.write()
        self._declare_statics()
        files = {}
        for file in self.files.values():
            files[file.name] = file.render()
            if release:
                file.body.clear()
        for file in (*data_files, self.types_file, main):
            files[file.name] = file.render()
        files.update(external_files)
        for name in RUNTIME_FILES:
            files[name] = resources.files("ouro.cgen").joinpath("runtime").joinpath(name).read_text()
        return Sources(
            files,
            libraries=tuple(library.libraries),
            compile_arguments=tuple(library.compile_arguments),
            link_arguments=tuple(library.link_arguments),
            library_directories=tuple(library.library_directories),
            include_directories=tuple(library.include_directories),
            counts={
                "functions": len(self.program.graphs),
                "files": len(files),
                "bytes": sum(map(len, files.values())),
            },
        )

    def _declare_statics(self) -> None:
        """Declare every function in its own file, now that it is known which ones other files use."""
        for graph, file in self._homes.items():
            head = self.types.prototype(self.function_type(graph), self._function_names[graph])
            file.declare_text(f"{self.function_attributes(graph)}{head};")

    def _write_data(self, number: int = 0) -> list[SourceFile]:
        files: list[SourceFile] = []
        size = DATA_FILE_SIZE
        pending = self.data.pending
        while pending:
            batch, pending = pending, []
            self.data.pending = pending
            for container in batch:
                if size >= DATA_FILE_SIZE:
                    files.append(SourceFile(f"data_{number + len(files):03}.c", self.types))
                    size = 0
                text = self.data.definition(container, files[-1])
                files[-1].body.append(text)
                size += len(text)
            pending = self.data.pending
        return files

    def _write_main(self, file: SourceFile) -> None:
        setup = self.collected.setup
        body = ["void ouro_program_setup(void)", "{"]
        if isinstance(setup, Constant):
            name = self.function_reference(container_of(setup.value), file)
            TYPE = setup.concretetype.TO
            arguments = [
                "ouro_type_table",
                "(char *)ouro_gc_offsets",
                "ouro_nursery_size()",
                'ouro_size_variable("OUROGC_MAX")',
                'ouro_size_variable("OUROGC_DEBUG")',
                "ouro_main_stack_slots()",
            ]
            file.declare_text("extern char ouro_type_table[];")
            file.declare_text("extern const uint32_t ouro_gc_offsets[];")
            casts = [f"({file.text(ARG)}){text}" for ARG, text in zip(TYPE.ARGS, arguments)]
            body.append(f"    {name}({', '.join(casts)});")
        body += ["}", ""]
        body += ["void ouro_program_thread_switch(void)", "{"]
        thread_run = getattr(self.collected, "thread_run", None)
        if thread_run is not None:
            body.append(f"    {self.function_reference(container_of(thread_run.value), file)}();")
        body += ["}", ""]
        entry = self.program.entry_graph
        self._shared.add(entry)
        TYPE = self.function_type(entry)
        if TYPE.ARGS or TYPE.RESULT not in (Signed, Void):
            raise TypeError(f"the entry function must be of type fn() -> Signed, not {TYPE}")
        file.declare_function(TYPE, self._function_names[entry])
        call = f"{self._function_names[entry]}()"
        body += [
            "int ouro_program_main(void)",
            "{",
            f"    {call}; return 0;" if TYPE.RESULT is Void else f"    return (int){call};",
            "}",
            "",
        ]
        body.append(f"const int ouro_debug_build = {int(self.debug)};")
        body += self._write_exception_names(file)
        file.body += body

    def _write_exception_names(self, file: SourceFile) -> list[str]:
        """The function that says what a class is called, for fatal errors."""
        VTABLE = self.program.exceptions.vtable_type
        file.define(VTABLE)
        NAME = VTABLE.field_type("name")
        file.define(NAME.TO)
        tag = self.types.tag(VTABLE)
        return [
            "const char *ouro_class_name(void *type, Signed *length)",
            "{",
            f"    {file.declare(NAME, 'name')} = ((struct {tag} *)type)->name;",
            '    if (name == NULL) { *length = 9; return "exception"; }',
            "    *length = name->length;",
            "    return (const char *)name->items;",
            "}",
        ]


def qualified_name(graph: FunctionGraph) -> str:
    """The name of a graph with the class it belongs to."""
    qualified: str = getattr(graph.func, "__qualname__", graph.name)
    prefix, _, name = qualified.rpartition(".")
    if not prefix or not graph.name.startswith(name):
        return graph.name
    return f"{prefix.rpartition('<locals>.')[2]}.{graph.name}".strip(".")


def mangle_file(module: str, part: int) -> str:
    """The C file of a module; a large one has several."""
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in module)
    return f"{safe}.{part}.c" if part else f"{safe}.c"


def generate(collected: Any, debug: bool = False, release: bool = False) -> Sources:
    """The C sources of a program after the collector transform.

    With `debug`, assertions are tested. With `release`, the operations of the graphs are given up as they are written,
    so that text takes the place of graphs in memory; the program is of no use afterwards.
    The same program gives the same bytes. Raises `UnsupportedOperation`
    for an operation that has no form in C and TypeError for data that cannot be prebuilt.
    """
    return ProgramWriter(collected, debug).write(release)


__all__ = ["ProgramWriter", "Sources", "c_string", "generate"]
