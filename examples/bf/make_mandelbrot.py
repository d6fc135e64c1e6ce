"""Writes ``programs/mandelbrot.b``: the Mandelbrot set in Brainfuck, as a picture of letters.

A macro assembler of a few lines: cells have names, `Assembler.at` moves the head, and every other method emits the
well-known idiom for its task. Numbers are bytes in two's complement with five binary places: 32 is 1.0. A product of
two magnitudes is added up step by step in a counter that carries into its quotient every 32 steps, so it needs no wider
cells.

Run ``python examples/bf/make_mandelbrot.py`` to write the program anew.
"""

from contextlib import contextmanager
from pathlib import Path

SCALE = 32
COLUMNS = range(-62, 18)
ROWS = range(-36, 37, 4)
ITERATIONS = 16

# The five cells behind `steps` belong to the counter: what is left up to the carry, the remainder, the quotient and two
# zeros.
NAMES = ["steps", "left", "remainder", "quotient", "zero1", "zero2", "rows", "columns", "cr", "ci", "zr", "zi",
         "rounds", "going", "escaped", "a", "b", "sign_a", "sign_b", "square_r", "square_i", "limit", "flag",
         "t1", "t2", "t3"]


class Assembler:
    """Brainfuck code in `parts`, with the head at `here`."""

    def __init__(self):
        self.parts = []
        self.here = 0

    def emit(self, text):
        self.parts.append(text)

    def at(self, name):
        """Move the head to a cell."""
        place = NAMES.index(name)
        distance = place - self.here
        self.emit(">" * distance if distance > 0 else "<" * -distance)
        self.here = place

    def add(self, name, amount):
        """Add a constant to a cell."""
        self.at(name)
        self.emit("+" * amount if amount > 0 else "-" * -amount)

    def clear(self, *names):
        for name in names:
            self.at(name)
            self.emit("[-]")

    def set(self, name, value):
        """Give a cell a constant value."""
        self.clear(name)
        self.add(name, value)

    @contextmanager
    def loop(self, name):
        """Do the body while the cell is not 0."""
        self.at(name)
        self.emit("[")
        yield
        self.at(name)
        self.emit("]")

    @contextmanager
    def when(self, name):
        """Do the body once if the cell is not 0, which it is behind it."""
        with self.loop(name):
            yield
            self.clear(name)

    def move(self, source, *targets, amount=1):
        """Add a cell, which is 0 then, `amount` times to others."""
        with self.loop(source):
            self.add(source, -1)
            for target in targets:
                self.add(target, amount)

    def copy(self, source, target, amount=1):
        """Add a cell `amount` times to another and keep it; uses t1."""
        with self.loop(source):
            self.add(source, -1)
            self.add(target, amount)
            self.add("t1", 1)
        self.move("t1", source)

    def negate(self, source, target):
        """Add 1 to a cell if another, which is kept, is 0; uses t1 and t2."""
        self.add(target, 1)
        self.copy(source, "t2")
        with self.when("t2"):
            self.add(target, -1)

    def at_least(self, name, limit, flag):
        """Add 1 to `flag` if a cell, which is lost, is `limit` or more; uses t2, t3 and limit."""
        self.add("limit", limit)
        self.add("t3", 1)
        with self.loop("limit"):
            self.add("limit", -1)
            # t2: the cell has run out before the limit has
            self.add("t2", 1)
            self.copy(name, "flag")
            with self.when("flag"):
                self.add(name, -1)
                self.add("t2", -1)
            with self.when("t2"):
                self.clear("t3")
        self.clear(name)
        self.move("t3", flag)

    def absolute(self, name, sign):
        """Make a number its magnitude; `sign`, which is 0, becomes 1 for negative ones. Uses flag, t1 to t3."""
        self.copy(name, "square_i")
        self.at_least("square_i", 128, sign)
        self.copy(sign, "t2")
        with self.when("t2"):
            self.move(name, "t3", amount=-1)
            self.move("t3", name)

    def multiply(self, first, second, target):
        """Add the product of two magnitudes to `target`, which is 0; `first` is lost."""
        self.set("left", SCALE)
        with self.loop(first):
            self.add(first, -1)
            self.copy(second, "steps")
            with self.loop("steps"):
                # the idiom for division: "left" counts down to a carry into "quotient"
                self.emit("->-[>+>>]>[+[-<+>]>+>>]<<<<<")
        self.clear("left", "remainder")
        self.move("quotient", target)

    def show(self, name):
        """Print the letter with the code in a cell."""
        self.at(name)
        self.emit(".")

    def show_letter(self, letter):
        """Print a constant letter; uses t3."""
        self.add("t3", ord(letter))
        self.show("t3")
        self.clear("t3")


def program():
    """The source text."""
    out = Assembler()
    out.add("ci", ROWS[0])
    out.add("rows", len(ROWS))
    with out.loop("rows"):
        out.add("rows", -1)
        out.set("cr", COLUMNS[0])
        out.add("columns", len(COLUMNS))
        with out.loop("columns"):
            out.add("columns", -1)
            out.clear("zr", "zi")
            out.add("rounds", ITERATIONS)
            out.add("going", 1)
            with out.loop("going"):
                iteration(out)
            out.negate("escaped", "flag")
            with out.when("escaped"):
                # a letter for what remains of the rounds: the later ones escaped sooner
                out.add("rounds", ord("A") - 1)
                out.show("rounds")
                out.clear("rounds")
            with out.when("flag"):
                out.show_letter(" ")
            out.add("cr", COLUMNS.step)
        out.show_letter("\n")
        out.add("ci", ROWS.step)
    return "".join(out.parts)


def iteration(out):
    """One step of z = z * z + c; "escaped" is not 0 and "going" is 0 once z has left the circle of radius 2."""
    out.copy("zr", "a")
    out.absolute("a", "sign_a")
    out.copy("zi", "b")
    out.absolute("b", "sign_b")
    for magnitude in ("a", "b"):
        out.copy(magnitude, "square_i")
        out.at_least("square_i", 2 * SCALE, "escaped")
    out.clear("going")
    out.negate("escaped", "going")
    with out.when("going"):
        out.copy("a", "t3")
        out.multiply("t3", "a", "square_r")
        out.copy("b", "t3")
        out.multiply("t3", "b", "square_i")
        # the sum of the squares decides
        out.clear("zr")
        out.copy("square_r", "zr")
        out.copy("square_i", "zr")
        out.at_least("zr", 4 * SCALE, "escaped")
        # zi = 2 * zr * zi + ci, with the sign of the product
        out.clear("zi")
        out.multiply("a", "b", "zi")
        out.move("zi", "t3", amount=2)
        out.move("sign_b", "sign_a")
        out.add("sign_a", -1)
        out.add("t2", 1)
        with out.when("sign_a"):
            # both signs are the same: the product is positive
            out.add("t2", -1)
            out.move("t3", "zi")
        with out.when("t2"):
            out.move("t3", "zi", amount=-1)
        out.copy("ci", "zi")
        # zr = zr * zr - zi * zi + cr
        out.move("square_r", "zr")
        out.move("square_i", "zr", amount=-1)
        out.copy("cr", "zr")
    out.clear("a", "b", "sign_a", "sign_b", "square_r", "square_i")
    # on while z is inside and rounds are left
    out.negate("escaped", "t3")
    with out.when("t3"):
        out.add("rounds", -1)
        out.copy("rounds", "flag")
        with out.when("flag"):
            out.add("going", 1)


def wrapped(text, width=100):
    return "\n".join(text[start : start + width] for start in range(0, len(text), width)) + "\n"


if __name__ == "__main__":
    path = Path(__file__).parent / "programs" / "mandelbrot.b"
    path.write_text("The Mandelbrot set written by make_mandelbrot\n" + wrapped(program()))
