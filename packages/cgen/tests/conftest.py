"""Programs written in the text form of typed graphs, compiled and run."""

import subprocess
from pathlib import Path

import pytest
from ouro import cgen, gc, rtyper

PRELUDE = """
type %object = GcStruct object ()
type %object_vtable = Struct object_vtable (subclass_range_min: Signed, subclass_range_max: Signed,
    instantiate: Ptr(Func() -> Ptr(%object)), name: Ptr(Array(Char))) {'immutable': True}
type %string = GcStruct string (hash: Signed, chars: Array(Char))
extern @putchar: Func(Signed) -> Signed {'name': 'putchar', 'external': 'putchar', 'includes': ('stdio.h',)}
"""

EXCEPTIONS = ("OverflowError", "MemoryError", "RecursionError", "ZeroDivisionError", "AssertionError")


def standard_exceptions():
    head, foot = [], []
    for number, name in enumerate(EXCEPTIONS):
        low = 2 * number + 1
        head.append(f"type %{name} = GcStruct {name} (super: %object) unique")
        head.append(f"data ${name}_name: Array(Char)[{len(name)}] = {name!r}")
        head.append(
            f"data ${name}_vtable: %object_vtable = {{subclass_range_min: {low}, subclass_range_max: {low + 1}, "
            f"instantiate: null, name: ${name}_name}}"
        )
        head.append(f"data ${name}: %{name} = {{super: {{}}}}")
        foot.append(f"exception {name} ${name}:super ${name}_vtable")
        foot.append(f"instance %{name} ${name}_vtable")
    return "\n".join(head), "\n".join(foot)


PRINT = """
graph @print file 'print.py' 1 -> Void {
  block0(s: Ptr(%string)):
    goto loop(s, 0)
  loop(s1: Ptr(%string), i: Signed):
    n: Signed = getinteriorarraysize(s1, .chars)
    c: Bool = int_lt(i, n)
    switch c
    case False -> return(None)
    case True -> body(s1, i)
  body(s2: Ptr(%string), i2: Signed):
    ch: Char = getinteriorfield(s2, .chars, i2)
    k: Signed = cast_char_to_int(ch)
    r: Signed = direct_call((Ptr(Func(Signed) -> Signed) @putchar), k)
    i3: Signed = int_add(i2, 1)
    goto loop(s2, i3)
}
"""


class Runner:
    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.cache = cache

    def program(self, text: str):
        head, foot = standard_exceptions()
        return rtyper.parse_program(PRELUDE + head + PRINT + text + "\n" + foot + "\n")

    def sources(self, text: str, **options):
        return cgen.generate(gc.transform(self.program(text), "none"), **options)

    def run(self, text: str, optimisation: int = 0, **options):
        executable = self.folder / "program"
        cgen.build(self.sources(text, **options), executable, optimisation, cache_folder=self.cache)
        return subprocess.run([str(executable)], capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="session")
def object_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("objects")


@pytest.fixture
def runner(tmp_path, object_cache):
    return Runner(tmp_path, object_cache)
