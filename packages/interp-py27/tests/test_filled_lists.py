"""Which list comprehensions make room for all their items at the first, and back."""

import pytest
from ouro.interp_py27.compiler import CompileOptions, compile_source, opcodes
from ouro.interp_py27.objects import space  # noqa: F401 (completes the object space before its parts are used)
from ouro.interp_py27.parser import Callbacks
from ouro.interp_py27.vm.filled_lists import FILL_LIST, with_filled_lists, without_filled_lists


def instructions(source):
    """The opcodes of an expression as it runs."""
    unit = compile_source(source, "<test>", "eval", 0, Callbacks(), CompileOptions())
    code = with_filled_lists(unit.code)
    assert without_filled_lists(code) == unit.code
    found = []
    position = 0
    while position < len(code):
        found.append(ord(code[position]))
        position += 3 if found[-1] >= opcodes.HAVE_ARGUMENT else 1
    return found


@pytest.mark.parametrize("source, filled, others", [
    ("[a for a in b]", 1, 0),
    ("[a.c(d, e=1) + [1, 2][a] for a, (d, e) in b]", 1, 0),
    ("[a for a in b if a]", 0, 1),
    ("[a for a in b for c in a]", 0, 1),
    ("[a if c else d for a in b]", 0, 1),
    ("[[a for a in b] for b in c]", 1, 1),
    ("[len([a for a in b if a]) for b in [c for c in d]]", 1, 2),
    ("{a for a in b}", 0, 0),
])
def test_an_item_in_each_iteration(source, filled, others):
    found = instructions(source)
    assert (found.count(FILL_LIST), found.count(opcodes.LIST_APPEND)) == (filled, others)


def test_code_that_ends_early_stays():
    for_iter, append = chr(opcodes.FOR_ITER), chr(opcodes.LIST_APPEND)
    for end in ["", "\0", "\2\0", "\2\0" + chr(opcodes.JUMP_ABSOLUTE)]:
        assert with_filled_lists(for_iter + "\0\0" + append + end) == for_iter + "\0\0" + append + end
