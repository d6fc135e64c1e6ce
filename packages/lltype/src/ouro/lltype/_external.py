"""Functions that exist in C: what is known of one, and of the library it is found in.

The description lives at the bottom because every stage reads it (the rtyper to type calls, the collector to
know which calls let other threads run, cgen to declare and link); `rlib.rffi` is what makes one from a C
declaration.
"""

from __future__ import annotations

from typing import Any, Callable

from attrs import define, field, frozen
from ouro.lltype._types import FuncType


@frozen
class Library:
    """What the C compiler and linker need for a group of declarations.

    `includes` are header names as they stand between angle brackets (or with their own quotes), `libraries`
    names for `-l`, `defines` lines put before the includes (`_GNU_SOURCE`), `source` C code compiled along,
    for macros and inline functions that need wrapping, `link_arguments` anything else for the linker.
    """

    includes: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    include_directories: tuple[str, ...] = ()
    library_directories: tuple[str, ...] = ()
    source: str = ""
    link_arguments: tuple[str, ...] = ()
    compile_arguments: tuple[str, ...] = ()


@define(eq=False)
class ExternalFunction:
    """A C function.

    `TYPE` is its low-level type, `declaration` its C prototype where no header declares it, `releases_gil`
    says that it may block, so that other threads run meanwhile, `saves_errno` that the errno after the call
    is kept for `rposix.get_saved_errno`, `may_collect` that it can call back into the program, `host` does
    the same on the host.
    """

    name: str
    TYPE: FuncType
    library: Library = field(factory=Library)
    declaration: str | None = None
    releases_gil: bool = False
    saves_errno: bool = False
    may_collect: bool = False
    is_pure: bool = False
    host: Callable[..., Any] | None = None

    def call(self, *args: Any) -> Any:
        """Call it on the host."""
        if self.host is None:
            raise TypeError(f"the C function {self.name} cannot be called on the host")
        return self.host(*args)
