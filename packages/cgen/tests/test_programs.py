"""Typed graphs compiled to C do what the graphs say."""

import math

import pytest
from ouro import cgen, gc

HELLO = r"""
data $hello: %string[6] = {hash: 0, chars: 'hello\n'}
graph @main file 'hello.py' 1 -> Signed {
  block0():
    v: Void = direct_call((Ptr(Func(Ptr(%string)) -> Void) @print), (Ptr(%string) $hello)) !2:0:1
    goto return(3)
}
entry @main
"""

WORD_MOST = 2**63 - 1
WORD_LEAST = -(2**63)

EXPRESSIONS = [
    ("int_add", (WORD_MOST, 1), WORD_LEAST),
    ("int_sub", (5, -7), 12),
    ("int_neg", (-5,), 5),
    ("int_mul", (-3, 7), -21),
    ("int_floordiv", (-7, 2), -4),
    ("int_floordiv", (7, -2), -4),
    ("int_floordiv", (WORD_LEAST, -1), WORD_LEAST),
    ("int_mod", (-7, 2), 1),
    ("int_mod", (7, -2), -1),
    ("int_mod", (6, 3), 0),
    ("int_c_div", (-7, 2), -3),
    ("int_c_mod", (-7, 2), -1),
    ("int_lshift", (1, 40), 1 << 40),
    ("int_rshift", (-8, 1), -4),
    ("int_and", (12, 10), 8),
    ("int_or", (12, 10), 14),
    ("int_xor", (12, 10), 6),
    ("int_invert", (5,), -6),
    ("int_abs", (-5,), 5),
    ("int_max", (-5, 3), 3),
    ("int_min", (-5, 3), -5),
    ("int_force_ge_zero", (-5,), 0),
    ("int_signext", (0x1FF, 1), -1),
    ("int_add_ovf", (3, 4), 7),
    ("int_lt", (1, 2), True),
    ("int_between", (1, 2, 2), False),
    ("int_is_true", (0,), False),
    ("float_add", (1.5, 2.25), 3.75),
    ("float_truediv", (1.0, 4.0), 0.25),
    ("float_neg", (1.5,), -1.5),
    ("float_abs", (-1.5,), 1.5),
    ("float_lt", (math.nan, 1.0), False),
    ("float_ne", (math.nan, math.nan), True),
    ("float_is_true", (-0.0,), False),
    ("float_mul", (1e308, 10.0), math.inf),
    ("cast_float_to_int", (-2.75,), -2),
    ("cast_int_to_float", (3,), 3.0),
    ("float_to_bits", (1.0,), 1023 << 52),
    ("float_from_bits", (1023 << 52,), 1.0),
    ("single_to_bits", (-1.0,), 0xBF800000),
    ("single_from_bits", (0x3FC00000,), 1.5),
    ("cast_int_to_char", (65,), "A"),
    ("cast_char_to_int", ("\xff",), 255),
    ("cast_bool_to_int", (True,), 1),
    ("char_lt", ("a", "\xff"), True),
    ("bool_not", (True,), False),
]

TYPES = {bool: "Bool", int: "Signed", float: "Float", str: "Char"}
EQUAL = {bool: "int_eq", int: "int_eq", float: "float_eq", str: "char_eq"}


def test_prints_and_returns_the_exit_status(runner):
    done = runner.run(HELLO)
    assert (done.stdout, done.returncode, done.stderr) == ("hello\n", 3, "")


def expression_program():
    """A program whose exit status is the number of the first expression that is wrong, 255 when all are right.

    The operands pass through a function's parameters, so that the C compiler computes nothing itself.
    """
    graphs, lines = [], ["graph @main -> Signed {", "  block0():", "    goto test0()"]
    for number, (name, operands, expected) in enumerate(EXPRESSIONS):
        names = [f"x{i}" for i in range(len(operands))]
        parameters = ", ".join(f"{n}: {TYPES[type(v)]}" for n, v in zip(names, operands))
        RESULT = TYPES[type(expected)]
        arguments = ", ".join(TYPES[type(v)] for v in operands)
        graphs.append(
            f"graph @f{number} -> {RESULT} {{\n  block0({parameters}):\n"
            f"    r: {RESULT} = {name}({', '.join(names)})\n    goto return(r)\n}}"
        )
        constants = ", ".join(map(repr, operands))
        following = f"test{number + 1}" if number + 1 < len(EXPRESSIONS) else "good"
        if isinstance(expected, bool):
            compare = f"    same{number}: Bool = {'same_as' if expected else 'bool_not'}(r{number})"
        else:
            compare = f"    same{number}: Bool = {EQUAL[type(expected)]}(r{number}, {expected!r})"
        lines += [
            f"  test{number}():",
            f"    r{number}: {RESULT} = direct_call((Ptr(Func({arguments}) -> {RESULT}) @f{number}), {constants})",
            compare,
            f"    switch same{number}",
            f"    case False -> return({number})",
            f"    case True -> {following}()",
        ]
    lines += ["  good():", "    goto return(255)", "}", "entry @main"]
    return "\n".join(graphs + lines)


@pytest.mark.parametrize("optimisation", [0, 2])
def test_operations_compute_what_python_computes(runner, optimisation):
    done = runner.run(expression_program(), optimisation)
    assert done.returncode == 255, EXPRESSIONS[done.returncode]


PASSED_CONSTANT = r"""
data $hello: %string[6] = {hash: 7, chars: 'hello\n'}
graph @main -> Signed {
  block0():
    goto next((Ptr(%string) $hello))
  next(s: Ptr(%string)):
    n: Signed = getinteriorarraysize(s, .chars)
    h: Signed = getfield(s, .hash)
    r: Signed = int_add(n, h)
    goto return(r)
}
entry @main
"""


def test_a_constant_that_a_block_is_always_given_is_read_from(runner):
    assert runner.run(PASSED_CONSTANT).returncode == 13


SWAP = """
graph @main -> Signed {
  block0():
    goto loop(1, 2, 3, 0)
  loop(a: Signed, b: Signed, c: Signed, i: Signed):
    more: Bool = int_lt(i, 4)
    switch more
    case True -> next(a, b, c, i)
    case False -> end(a, b, c)
  next(a1: Signed, b1: Signed, c1: Signed, i1: Signed):
    i2: Signed = int_add(i1, 1)
    goto loop(b1, c1, a1, i2)
  end(x: Signed, y: Signed, z: Signed):
    p: Signed = int_mul(x, 100)
    q: Signed = int_mul(y, 10)
    r: Signed = int_add(p, q)
    s: Signed = int_add(r, z)
    goto return(s)
}
entry @main
"""


def test_values_that_change_places_on_a_link_are_moved_at_once(runner):
    assert runner.run(SWAP).returncode == 231


SWITCH = """
graph @pick -> Signed {
  block0(n: Signed, c: Char):
    switch n
    case 1 -> return(10)
    case -5 -> letters(c)
    case default -> return(30)
  letters(d: Char):
    switch d
    case 'a' -> return(40)
    case 'b' -> return(50)
    case default -> return(60)
}
graph @main -> Signed {
  block0():
    a: Signed = direct_call((Ptr(Func(Signed, Char) -> Signed) @pick), 1, 'a')
    b: Signed = direct_call((Ptr(Func(Signed, Char) -> Signed) @pick), -5, 'b')
    c: Signed = direct_call((Ptr(Func(Signed, Char) -> Signed) @pick), 7, 'b')
    d: Signed = int_add(a, b)
    e: Signed = int_add(c, d)
    goto return(e)
}
entry @main
"""


def test_switches_choose_by_number_and_character(runner):
    assert runner.run(SWITCH).returncode == 90


RAISING = """
graph @factorial file 'math.py' 7 -> Signed {
  block0(n: Signed):
    c: Bool = int_le(n, 1)
    switch c
    case True -> return(1)
    case False -> more(n)
  more(m: Signed):
    k: Signed = int_sub(m, 1)
    f: Signed = direct_call((Ptr(Func(Signed) -> Signed) @factorial), k) !10:4:10
    p: Signed = int_mul_ovf(f, m) !11:4:10
    goto return(p)
}
graph @main file 'math.py' 20 -> Signed {
  block0():
    f: Signed = direct_call((Ptr(Func(Signed) -> Signed) @factorial), %s) !21:4:10
    try -> return(f)
    except (Ptr(%%object_vtable) $%s_vtable) (t: Ptr(%%object_vtable), v: Ptr(%%object)) -> caught(f, t)
  caught(f2: Signed, t2: Ptr(%%object_vtable)):
    low: Signed = getfield(t2, .subclass_range_min)
    goto return(low)
}
entry @main
"""


@pytest.mark.parametrize("optimisation", [0, 2])
def test_exceptions_reach_the_handler_of_their_class(runner, optimisation):
    assert runner.run(RAISING % (5, "OverflowError"), optimisation).returncode == 120
    assert runner.run(RAISING % (50, "OverflowError"), optimisation).returncode == 1
    assert runner.run(RAISING % (10**7, "RecursionError"), optimisation).returncode == 5


def test_uncaught_exceptions_end_with_a_traceback_of_source_lines(runner):
    done = runner.run(RAISING % (22, "MemoryError"))
    assert done.returncode == 1
    assert done.stderr == (
        "RPython traceback (most recent call last):\n"
        '  File "math.py", line 21, in main\n'
        '  File "math.py", line 10, in factorial\n'
        '  File "math.py", line 11, in factorial\n'
        "Fatal RPython error: OverflowError\n"
    )


CAUGHT_IN_PLACE = """
graph @main -> Signed {
  block0():
    n: Signed = int_sub(0, 1)
    p: Signed = int_sub_ovf(-9223372036854775807, 5)
    try -> return(p)
    except (Ptr(%object_vtable) $MemoryError_vtable) (t: Ptr(%object_vtable), v: Ptr(%object)) -> return(1)
    except (Ptr(%object_vtable) $OverflowError_vtable) (t2: Ptr(%object_vtable), v2: Ptr(%object)) -> good(v2)
  good(v3: Ptr(%object)):
    same: Bool = ptr_eq(v3, (Ptr(%object) $OverflowError:super))
    switch same
    case True -> return(7)
    case False -> return(2)
}
entry @main
"""


def test_overflow_caught_in_the_same_block_goes_straight_to_its_handler(runner):
    assert runner.run(CAUGHT_IN_PLACE).returncode == 7


DATA = r"""
type %node = GcStruct node (value: Signed, next: Ptr(%node), weight: Float, letters: Ptr(%string))
type %table = Struct table (small: Array(Signed))
data $a: %node = {value: 5, next: $b, weight: inf, letters: $text}
data $b: %node = {value: 7, next: $a, weight: nan, letters: null}
data $text: %string[4] = {hash: -1, chars: 'a"\\\xff'}
data $list: GcArray(Ptr(%node))[3] = [$a, null, $b]
data $table: %table[2] = {small: [30, 40]}
graph @main -> Signed {
  block0():
    b: Ptr(%node) = getarrayitem((Ptr(GcArray(Ptr(%node))) $list), 2)
    a: Ptr(%node) = getfield(b, .next)
    five: Signed = getfield(a, .value)
    text: Ptr(%string) = getfield(a, .letters)
    last: Char = getinteriorfield(text, .chars, 3)
    code: Signed = cast_char_to_int(last)
    w: Float = getfield(a, .weight)
    big: Bool = float_gt(w, 1e300)
    one: Signed = cast_bool_to_int(big)
    w2: Float = getfield(b, .weight)
    odd: Bool = float_ne(w2, w2)
    two: Signed = cast_bool_to_int(odd)
    forty: Signed = getinteriorfield((Ptr(%table) $table), .small, 1)
    n: Signed = getarraysize((Ptr(GcArray(Ptr(%node))) $list))
    s1: Signed = int_sub(code, 255)
    s2: Signed = int_add(s1, five)
    s3: Signed = int_add(s2, one)
    s4: Signed = int_add(s3, two)
    s5: Signed = int_add(s4, forty)
    s6: Signed = int_add(s5, n)
    goto return(s6)
}
entry @main
"""


def test_prebuilt_data_may_be_cyclic_and_of_any_length(runner):
    assert runner.run(DATA).returncode == 5 + 1 + 1 + 40 + 3


def test_the_same_program_gives_the_same_bytes(runner):
    assert runner.sources(DATA).files == runner.sources(DATA).files


def test_operations_that_the_collector_should_have_replaced_name_the_source_line(runner):
    program = runner.program(HELLO.replace("goto return(3)", "gc_collect(1) !9:0:1\n    goto return(3)"))
    collected = gc.CollectedProgram(program, gc.TypeTable(), "none", None, None, 0)
    with pytest.raises(cgen.UnsupportedOperation, match=r"hello.py:9: gc_collect in main"):
        cgen.generate(collected)
