"""A small interpreter as jitcodes, for tests of the tracer, and random programs for it.

A program is a string. Registers are a, b, c, d (ints), p (a node or null) and x (a float). An instruction is a letter
and, where it says so, a character for a number or a target:

    a n  a += n          A    a += b           b n  b = n         M    b = b * 3 & 1023
    c n  c = n           C t  c -= 1; to t if c > 0               d n  d = n     D t  the same for d
    i t  to t if a & 3 == 0   j t  to t          v    a += overflowing product of b and itself, or 7
    n    p = a new node of a, next p             o    a += value of p, or 1 if p is null; p = its next
    w    value of p += 1 if p is not null        f    x = x * 0.5 + b      g    a += int of x
    r    a += raise_if(b & 1), or 5 where it raises      u   a += add(a & 255, b)
    l t  a = this program from t on, called with a, b, and c, d from 0 on; p null, x 0      e  return a + b
    q    raise an error from a jitcode if b & 3 == 0, and catch it: a += 11
"""

from hypothesis import strategies as st

GREENS, REDS = "ir", "iiiirf"

INTERPRETER = """
jitcode main(iiiiirrf) -> i
L1:
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  reference_guard_value r0
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  int_guard_value i0
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  jit_merge_point 0, [i0], [r0], [], [i1, i2, i3, i4], [r1], [f0]
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  strgetitem r0, i0, String -> i5
  int_add i0, 1 -> i0
  strgetitem r0, i0, String -> i6
  live {i0 i1 i2 i3 i4 i5 i6 r0 r1 f0}
  switch i5, CASES
  int_return -1
L2:
  int_add i1, i6 -> i1
  int_add i0, 1 -> i0
  goto L1
L3:
  int_add i1, i2 -> i1
  goto L1
L4:
  int_copy i6 -> i2
  int_add i0, 1 -> i0
  goto L1
L5:
  int_mul i2, 3 -> i2
  int_and i2, 1023 -> i2
  goto L1
L6:
  int_copy i6 -> i3
  int_add i0, 1 -> i0
  goto L1
L7:
  int_add i0, 1 -> i0
  int_sub i3, 1 -> i3
  live {i0 i1 i2 i3 i4 i6 r0 r1 f0}
  goto_if_not_int_gt i3, 0, L1
  goto L30
L8:
  int_copy i6 -> i4
  int_add i0, 1 -> i0
  goto L1
L9:
  int_add i0, 1 -> i0
  int_sub i4, 1 -> i4
  int_gt i4, 0 -> i7
  live {i0 i1 i2 i3 i4 i6 i7 r0 r1 f0}
  goto_if_not i7, L1
  goto L30
L10:
  int_add i0, 1 -> i0
  int_and i1, 3 -> i7
  live {i0 i1 i2 i3 i4 i6 i7 r0 r1 f0}
  goto_if_not_int_is_zero i7, L1
  goto L30
L11:
  goto L30
L12:
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  int_mul_jump_if_overflow L31, i2, i2 -> i7
  int_add i1, i7 -> i1
  goto L1
L31:
  int_add i1, 7 -> i1
  goto L1
L13:
  new_with_vtable Node -> r2
  setfield_gc_i r2, i1, Node.value
  setfield_gc_r r2, r1, Node.next
  reference_copy r2 -> r1
  goto L1
L14:
  inline_call_r take, [i1], [r1], [] -> r2
  live {i0 i1 i2 i3 i4 r0 r1 r2 f0}
  live {i0 i1 i2 i3 i4 r0 r1 r2 f0}
  goto_if_not_ptr_nonzero r1, L32
  getfield_gc_i r1, Node.value -> i7
  int_add i1, i7 -> i1
  reference_copy r2 -> r1
  goto L1
L32:
  int_add i1, 1 -> i1
  reference_copy r2 -> r1
  goto L1
L15:
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  goto_if_not_ptr_nonzero r1, L1
  getfield_gc_i r1, Node.value -> i7
  int_add i7, 1 -> i7
  setfield_gc_i r1, i7, Node.value
  goto L1
L16:
  cast_int_to_float i2 -> f1
  float_mul f0, 0.5 -> f0
  float_add f0, f1 -> f0
  goto L1
L17:
  cast_float_to_int f0 -> i7
  int_add i1, i7 -> i1
  goto L1
L18:
  int_and i2, 1 -> i7
  residual_call_i @raise_if, [i7], [], [], call.raise_if -> i7
  live {i0 i1 i2 i3 i4 i7 r0 r1 f0}
  catch_exception L33
  int_add i1, i7 -> i1
  goto L1
L33:
  goto_if_exception_mismatch @class.Error, L34
  int_add i1, 5 -> i1
  goto L1
L34:
  reraise
L19:
  int_and i1, 255 -> i7
  residual_call_i @add, [i7, i2], [], [], call.add -> i7
  live {i0 i1 i2 i3 i4 i7 r0 r1 f0}
  int_add i1, i7 -> i1
  goto L1
L20:
  int_add i0, 1 -> i0
  recursive_call_i 0, [i6], [r0], [], [i1, i2, 0, 0], [null], [0.0] -> i1
  live {i0 i1 i2 i3 i4 r0 r1 f0}
  goto L1
L21:
  int_add i1, i2 -> i1
  int_return i1
L40:
  inline_call_i error, [i2], [], [] -> i7
  live {i0 i1 i2 i3 i4 i7 r0 r1 f0}
  catch_exception L41
  int_add i1, i7 -> i1
  goto L1
L41:
  last_exception_value -> r2
  getfield_gc_i r2, Error.code -> i7
  int_add i1, i7 -> i1
  goto L1
L30:
  int_lt i6, i0 -> i7
  live {i0 i1 i2 i3 i4 i6 i7 r0 r1 f0}
  goto_if_not i7, L35
  int_copy i6 -> i0
  loop_header 0
  goto L1
L35:
  int_copy i6 -> i0
  goto L1

jitcode take(ir) -> r
  live {i0 r0}
  goto_if_not_ptr_nonzero r0, L1
  getfield_gc_r r0, Node.next -> r0
  reference_return r0
L1:
  reference_return null

jitcode error(i) -> i
  int_and i0, 3 -> i1
  live {i1}
  goto_if_not_int_is_zero i1, L1
  new_with_vtable Error -> r0
  setfield_gc_i r0, 11, Error.code
  live {r0}
  raise r0
L1:
  int_return 2
"""


CASES = {
    "a": 2, "A": 3, "b": 4, "M": 5, "c": 6, "C": 7, "d": 8, "D": 9, "i": 10, "j": 11, "v": 12, "n": 13, "o": 14,
    "w": 15, "f": 16, "g": 17, "r": 18, "u": 19, "l": 20, "e": 21, "q": 40,
}
INTERPRETER = INTERPRETER.replace("CASES", "{%s}" % ", ".join(f"{ord(key)}: L{label}" for key, label in CASES.items()))


class Assembler:
    """Builds a program; `code` is what there is of it."""

    def __init__(self):
        self.code = ""

    def one(self, letter, number=None):
        self.code += letter
        if number is not None:
            self.code += chr(number)

    def forward(self, letter, inner):
        """A jump over what `inner` adds."""
        self.one(letter)
        place = len(self.code)
        self.code += "?"
        inner()
        self.code = self.code[:place] + chr(len(self.code)) + self.code[place + 1 :]


SIMPLE = st.one_of(
    st.tuples(st.sampled_from("ab"), st.integers(0, 9)),
    st.tuples(st.sampled_from("AMvnowfgruq"), st.none()),
)


def statements(depth):
    """Random statements: simple ones, conditional ones, calls, and counted loops with other statements in them."""
    if depth == 0:
        return st.lists(SIMPLE, min_size=1, max_size=4)
    inner = statements(depth - 1)
    return st.lists(
        st.one_of(
            SIMPLE, SIMPLE, st.tuples(st.just("if"), inner), st.tuples(st.just("call"), st.integers(0, 5)),
            st.tuples(st.just("loop"), st.integers(2, 12), inner)),
        min_size=1, max_size=4)


#: The bodies of some functions.
FUNCTIONS = st.lists(statements(2), max_size=3)


def cost(outer, functions=()):
    """How many instructions a program runs, at most."""
    bodies = [outer, *functions]
    costs = [0] * len(bodies)

    def of_all(statements, depth, index):
        total = 1
        for statement in statements:
            total += 1
            if statement[0] == "if":
                total += of_all(statement[1], depth, index)
            elif statement[0] == "loop":
                times = statement[1] if depth < 2 else 1
                total += times * of_all(statement[2], min(2, depth + 1), index)
            elif statement[0] == "call" and index + 1 < len(bodies):
                total += costs[index + 1 + statement[1] % (len(bodies) - index - 1)]
        return total

    for index in range(len(bodies) - 1, -1, -1):
        costs[index] = of_all(bodies[index], 0, index)
    return costs[0]


def assemble(outer, functions=()):
    """A random program as a string.

    Args:
        outer: its statements, in loops up to two deep; what is deeper runs once.
        functions: bodies of functions. A function calls only those that come behind it, so that programs end.
    """
    assembler = Assembler()
    bodies = [outer, *functions]
    calls = []

    def add(statement, depth, index):
        if statement[0] == "if":
            assembler.forward("i", lambda: add_all(statement[1], depth, index))
        elif statement[0] == "loop":
            if depth == 2:
                add_all(statement[2], depth, index)
                return
            assembler.one("cd"[depth], statement[1])
            start = len(assembler.code)
            add_all(statement[2], depth + 1, index)
            assembler.one("CD"[depth], start)
        elif statement[0] == "call":
            if index + 1 < len(bodies):
                calls.append((len(assembler.code) + 1, index + 1 + statement[1] % (len(bodies) - index - 1)))
                assembler.one("l", 0)
        else:
            assembler.one(*statement)

    def add_all(statements, depth, index):
        for statement in statements:
            add(statement, depth, index)

    starts = []
    for index, body in enumerate(bodies):
        starts.append(len(assembler.code))
        add_all(body, 0, index)
        assembler.one("e")
    assembler.one("e")
    code = list(assembler.code)
    for place, index in calls:
        code[place] = chr(starts[index])
    return "".join(code)
