"""Source for the `__init__` of dataclasses.

`dataclasses` makes it with `exec` and keeps no text, so the text is written again here from the fields, and
registered with `linecache`. (`attrs` registers its own.)
"""

from __future__ import annotations

import dataclasses
import linecache
import types
from typing import Any


def dataclass_init_source(function: types.FunctionType) -> tuple[str, dict[str, Any]] | None:
    """The file name under which the source now is, and what its names mean; None for other functions."""
    if function.__name__ != "__init__" or function.__code__.co_filename != "<string>":
        return None
    owner = _owner(function)
    if owner is None:
        return None
    names: dict[str, Any] = {}
    parameters = ["self"]
    lines = []
    init_variables = []
    for field in owner.__dataclass_fields__.values():
        kind = field._field_type.name
        if kind == "_FIELD_CLASSVAR":
            continue
        if field.init:
            parameters.append(field.name)
        if kind == "_FIELD_INITVAR":
            init_variables.append(field.name)
            continue
        if field.default_factory is not dataclasses.MISSING:
            names[f"factory_of_{field.name}"] = field.default_factory
            value = f"factory_of_{field.name}()"
            if field.init:
                names["NOT_GIVEN"] = _not_given(function, field.name)
                value += f" if {field.name} is NOT_GIVEN else {field.name}"
        elif field.init:
            value = field.name
        elif field.default is not dataclasses.MISSING:
            continue  # the class attribute is the value
        else:
            continue
        lines.append(f"    self.{field.name} = {value}")
    if hasattr(owner, "__post_init__"):
        lines.append(f"    self.__post_init__({', '.join(init_variables)})")
    # line and name are those of the code object, so that the index of the file finds it
    padding = ["\n"] * (function.__code__.co_firstlineno - 1)
    header = f"def __init__({', '.join(parameters)}):"
    text = [*padding, *[line + "\n" for line in [header, *(lines or ["    pass"])]]]
    filename = f"<dataclass {owner.__module__}.{owner.__qualname__}>"
    linecache.cache[filename] = (sum(map(len, text)), None, text, filename)
    return filename, names


def _not_given(function: types.FunctionType, name: str) -> Any:
    """The default that stands for "call the factory"."""
    code = function.__code__
    arguments = code.co_varnames[: code.co_argcount]
    defaults = dict(zip(reversed(arguments), reversed(function.__defaults__ or ())))
    defaults.update(function.__kwdefaults__ or {})
    return defaults[name]


def _owner(function: types.FunctionType) -> Any:
    """The dataclass whose `__init__` it is. The function itself does not know it."""
    stack: list[type] = [object]
    seen: set[type] = set()
    while stack:
        subclasses: list[type] = type.__subclasses__(stack.pop())
        for cls in subclasses:
            if cls not in seen:
                seen.add(cls)
                stack.append(cls)
                if cls.__dict__.get("__init__") is function and dataclasses.is_dataclass(cls):
                    return cls
    return None
