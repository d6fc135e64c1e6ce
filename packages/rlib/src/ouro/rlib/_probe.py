"""Integer constants of C headers, found by compiling only.

The values are put into a data object between marks and read back from the object file, so nothing is run and any
compiler for any machine will do. The program named by the environment variable `CC` is asked, or `cc`.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from ouro.lltype import Library
from ouro.rlib.c_compiler import HOW_TO_GET_ONE, compiler_words, named_compiler, not_found

__all__ = ["ProbeError", "constant_values", "probe_source", "read_values"]

_MARK = "<ouro-probe:"
_DIGITS = 20


class ProbeError(Exception):
    """The C compiler did not take the probe."""


def probe_source(description: Library, names: tuple[str, ...]) -> str:
    """The C file whose object file tells the values of the constants."""
    lines = ["#define %s" % define for define in description.defines]
    lines += ["#include %s" % _include(name) for name in description.includes]
    lines.append("#define DIGIT(x, n) ((char)('0' + (x) / (n) % 10))")
    for number, name in enumerate(names):
        lines.append("#define VALUE_%d ((unsigned long long)(%s))" % (number, name))
        lines.append("#define MAGNITUDE_%d ((%s) < 0 ? 0ULL - VALUE_%d : VALUE_%d)" % (number, name, number, number))
        characters = ["'%s'" % c for c in "%s%d:" % (_MARK, number)]
        characters.append("(%s) < 0 ? '-' : '+'" % name)
        for place in reversed(range(_DIGITS)):
            characters.append("DIGIT(MAGNITUDE_%d, %dULL)" % (number, 10**place))
        characters.append("'>'")
        lines.append("const char ouro_probe_%d[] = {%s};" % (number, ", ".join(characters)))
    return "\n".join(lines) + "\n"


def _include(name: str) -> str:
    return name if name[:1] in ('"', "<") else "<%s>" % name


def read_values(data: bytes, names: tuple[str, ...]) -> dict[str, int]:
    """The values that the bytes of an object file tell. Raises ProbeError if one is missing."""
    values = {}
    for number, name in enumerate(names):
        mark = ("%s%d:" % (_MARK, number)).encode("ascii")
        start = data.find(mark)
        end = data.find(b">", start)
        if start < 0 or end < 0:
            raise ProbeError("the value of %s is not in the object file" % name)
        values[name] = int(data[start + len(mark) : end])
    return values


def constant_values(description: Library, names: tuple[str, ...]) -> dict[str, int]:
    """The values of C integer constants. Raises ProbeError with the compiler's message."""
    compiler = named_compiler()
    command = compiler_words(compiler)
    if command is None:
        raise ProbeError(f"{not_found(compiler)}; {HOW_TO_GET_ONE}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "probe.c")
        target = Path(folder, "probe.o")
        source.write_text(probe_source(description, names))
        options = ["-I" + name for name in description.include_directories]
        finished = subprocess.run(
            [*command, *description.compile_arguments, *options, "-c", "-o", str(target), str(source)],
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise ProbeError("the C compiler does not know one of %s:\n%s" % (", ".join(names), finished.stderr))
        return read_values(target.read_bytes(), names)
