"""Programs with interpreters in them, for a translation with a JIT: prints what each of them gives."""

from ouro.rlib import jit, rffi
from ouro.rlib.jit import JitDriver
from ouro.rlib.rarithmetic import ovfcheck, r_singlefloat

bytecode_driver = JitDriver(greens=["pc", "code"], reds=["a", "b"], name="bytecode")


def bytecode(code, a):
    """A machine of two registers."""
    pc, b = 0, 0
    while True:
        bytecode_driver.jit_merge_point(pc=pc, code=code, a=a, b=b)
        op = code[pc]
        pc += 1
        if op == "d":
            a -= 1
        elif op == "a":
            b += a
        elif op == "s":
            a, b = b, a
        elif op == "j":
            if a > 0:
                pc = 0
                bytecode_driver.can_enter_jit(pc=pc, code=code, a=a, b=b)
        else:
            return b


class Number:
    def __init__(self, value):
        self.value = value

    def plus(self, other):
        return Number(self.value + other.value)


class Difference(Number):
    def plus(self, other):
        return Number(self.value - other.value)


objects_driver = JitDriver(greens=[], reds=["n", "total", "other", "kept"], name="objects")


def objects(n):
    """Objects of two classes; some are kept."""
    total, other = Number(0), Number(3)
    kept = []
    while n > 0:
        objects_driver.jit_merge_point(n=n, total=total, other=other, kept=kept)
        total = other.plus(total)
        if n % 100 == 7:
            kept.append(total)
        if n % 1000 == 500:
            other = Difference(n)
        n -= 1
    result = total.value
    for number in kept:
        result = (result * 31 + number.value) & 0xFFFFFF
    return result


class Stop(Exception):
    def __init__(self, value):
        self.value = value


@jit.dont_look_inside
def check(n):
    if n % 7 == 0:
        raise Stop(n)
    return n


exceptions_driver = JitDriver(greens=[], reds=["n", "total", "product"], name="exceptions")


def exceptions(n):
    """Exceptions of calls and of operations, floats."""
    total, product = 0.5, 1
    while True:
        exceptions_driver.jit_merge_point(n=n, total=total, product=product)
        try:
            total += check(n) * 0.25
            product = ovfcheck(product * 3)
        except Stop as stop:
            if stop.value <= 7:
                break
            total -= 1.0
        except OverflowError:
            product = 1
        n -= 1
    return int(total) * 1000 + product % 1000


recursive_driver = JitDriver(greens=["code", "pc"], reds=["n", "result"], name="recursive", is_recursive=True)


def recursive(code, n):
    """An interpreter that calls itself."""
    pc, result = 0, 0
    while True:
        recursive_driver.jit_merge_point(code=code, pc=pc, n=n, result=result)
        op = code[pc]
        pc += 1
        if op == "c":
            if n > 1:
                result += recursive(code, n - 1) + recursive(code, n - 2)
        elif op == "1":
            if n <= 1:
                result += 1
        else:
            return result


strings_driver = JitDriver(greens=[], reds=["n", "words"], name="strings")


def strings(n):
    """Strings, lists and dicts."""
    words = {}
    while n > 0:
        strings_driver.jit_merge_point(n=n, words=words)
        word = "w" + str(n % 50)
        words[word] = words.get(word, 0) + len(word) * n
        n -= 1
    total = 0
    for word in words:
        total += words[word] ^ len(word)
    return total


class Frame:
    _virtualizable_ = ["depth", "stack[*]"]

    def __init__(self, size):
        self = jit.hint(self, access_directly=True, fresh_virtualizable=True)
        self.stack = [0] * size
        self.depth = 0

    def push(self, value):
        depth = self.depth
        assert depth >= 0
        self.stack[depth] = value
        self.depth = depth + 1

    def pop(self):
        depth = self.depth - 1
        assert depth >= 0
        self.depth = depth
        return self.stack[depth]


@jit.dont_look_inside
def look(frame, top):
    if top % 1000 == 5:
        frame.stack[0] += frame.depth


stack_driver = JitDriver(greens=["pc", "code"], reds=["frame"], virtualizables=["frame"], name="stack")


def stack(code, n):
    """A stack machine whose frame is virtualizable."""
    return run_frame(Frame(4), code, n)


def run_frame(frame, code, n):
    frame = jit.hint(frame, access_directly=True)
    frame.push(0)
    frame.push(n)
    pc = 0
    while True:
        stack_driver.jit_merge_point(pc=pc, code=code, frame=frame)
        op = code[pc]
        pc += 1
        top = frame.pop()
        if op == "d":
            frame.push(top - 1)
        elif op == "a":
            frame.push(frame.pop() + top)
            frame.push(top)
        elif op == "l":
            frame.push(top)
            look(frame, top)
        elif op == "j":
            frame.push(top)
            if top > 0:
                pc = 0
                stack_driver.can_enter_jit(pc=pc, code=code, frame=frame)
        else:
            return frame.pop()


_floats = rffi.library(
    "float interpreters_scale(float, long, float); double interpreters_mix(double, float);",
    source="""
    float interpreters_scale(float value, long times, float more) { return value * times + more; }
    double interpreters_mix(double sum, float value) { return sum * 0.5 + value; }
    """,
    host={
        "interpreters_scale": lambda value, times, more: r_singlefloat(float(value) * times + float(more)),
        "interpreters_mix": lambda sum, value: sum * 0.5 + float(value),
    },
)

singles_driver = JitDriver(greens=[], reds=["n", "total"], name="singles")


def singles(n):
    """C functions that take and give numbers of single precision."""
    total = 0.0
    while n > 0:
        singles_driver.jit_merge_point(n=n, total=total)
        value = _floats.interpreters_scale(r_singlefloat(float(n & 1023) * 0.5), n & 7, r_singlefloat(0.25))
        total = _floats.interpreters_mix(total, value)
        n -= 1
    return total


def entry_point(argv):
    n = int(argv[1])
    print("singles %d" % int(singles(n) * 1024.0))
    print("bytecode %d %d" % (bytecode("adjr", n), bytecode("assdjr", n)))
    print("objects %d" % objects(n))
    print("exceptions %d" % exceptions(n))
    print("recursive %d" % recursive("1cr", n % 20))
    print("strings %d" % strings(n))
    print("stack %d %d" % (stack("adjr", n), stack("aldjr", n)))
    return 0


def target(driver, arguments):
    return entry_point
