"""C functions that the program calls.

Each set of headers gets a file of its own with one small function per C function used from it, so that no
system header is parsed together with generated code, and no macro of one can reach the other. The same small
functions release the global lock around calls that may block, and keep errno.
"""

from __future__ import annotations

from attrs import define, field
from ouro.cgen._ctypes import CTypes
from ouro.cgen._files import SourceFile
from ouro.cgen._names import Names
from ouro.lltype import ExternalFunction, Float, Library, Ptr, SingleFloat, Void


@define
class LinkNeeds:
    """What all libraries together ask of compiler and linker, each thing once, in order."""

    libraries: dict[str, None] = field(factory=dict)
    compile_arguments: dict[str, None] = field(factory=dict)
    link_arguments: dict[str, None] = field(factory=dict)
    library_directories: dict[str, None] = field(factory=dict)
    include_directories: dict[str, None] = field(factory=dict)


class ExternalFunctions:
    """The C functions that a program mentions."""

    def __init__(self, types: CTypes, names: Names) -> None:
        self._types = types
        self._names = names
        self._symbols: dict[ExternalFunction, str] = {}
        self._by_description: dict[tuple[object, ...], str] = {}

    def reference(self, function: ExternalFunction, file: SourceFile) -> str:
        """The name by which generated code calls a C function, declared in `file`."""
        symbol = self._symbols.get(function)
        if symbol is None:
            key = (
                function.name,
                function.TYPE,
                function.library,
                function.releases_gil,
                function.saves_errno,
            )
            symbol = self._by_description.get(key)
            if symbol is None:
                symbol = self._by_description[key] = self._names.unique(f"c_{function.name}")
            self._symbols[function] = symbol
        file.declare_function(function.TYPE, symbol)
        return symbol

    def write(self) -> tuple[dict[str, str], LinkNeeds]:
        """The files with the small functions, and what to link."""
        groups: dict[Library, list[tuple[ExternalFunction, str]]] = {}
        written: set[str] = set()
        needs = LinkNeeds()
        for function, symbol in self._symbols.items():
            if symbol not in written:
                written.add(symbol)
                groups.setdefault(function.library, []).append((function, symbol))
        files = {}
        for number, (library, functions) in enumerate(groups.items()):
            files[f"external_{number:02}.c"] = self._write_group(library, functions)
            for name in needs.__slots__:
                if not name.startswith("_"):
                    getattr(needs, name).update(dict.fromkeys(getattr(library, name)))
        return files, needs

    def _write_group(self, library: Library, functions: list[tuple[ExternalFunction, str]]) -> str:
        lines = ["#define _GNU_SOURCE 1", *(f"#define {define}" for define in library.defines if define)]
        for header in library.includes:
            lines.append(f"#include {header}" if header[0] in '<"' else f"#include <{header}>")
        lines.append('#include "ouro.h"')
        if library.source:
            lines.append(library.source)
        for function, symbol in functions:
            lines += ["", *self._wrapper(function, symbol)]
        return "\n".join(lines) + "\n"

    def _wrapper(self, function: ExternalFunction, symbol: str) -> list[str]:
        TYPE = function.TYPE
        lines = []
        if function.declaration:
            lines.append(function.declaration.rstrip().rstrip(";") + ";")
        tags = {tag for PART in (*TYPE.ARGS, TYPE.RESULT) for tag in self._types.pointed_tags(PART)}
        lines += [f"struct {tag};" for tag in sorted(tags)]
        ARGS = [ARG for ARG in TYPE.ARGS if ARG is not Void]
        names = [f"a{number}" for number in range(len(ARGS))]
        values = [f"(void *){name}" if isinstance(ARG, Ptr) else name for ARG, name in zip(ARGS, names)]
        call = f"{function.name}({', '.join(values)})"
        lines += [self._types.prototype(TYPE, symbol, names), "{"]
        RESULT = TYPE.RESULT
        if RESULT is not Void:
            lines.append(f"    {self._types.declare(RESULT, 'result')};")
            cast = "" if RESULT in (Float, SingleFloat) else f"({self._types.text(RESULT)})"
            call = f"result = {cast}{call}"
        if function.releases_gil:
            lines.append("    ouro_release_lock();")
        lines.append(f"    {call};")
        if function.saves_errno:
            lines.append("    ouro_save_errno();")
        if function.releases_gil:
            lines.append("    ouro_acquire_lock();")
        if RESULT is not Void:
            lines.append("    return result;")
        lines.append("}")
        return lines
