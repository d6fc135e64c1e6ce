"""Random programs of jitcodes, as text, that always end and never do what is undefined.

Registers have fixed roles: `i0` to `i4` are any words, `i5` and `i6` count loops; `r0` and `r1` are nodes or null,
`r2` an array of three ints, `r3` a string of at most `LONGEST` characters, `r4` what was caught last; `f0` and `f1` are
doubles; `i8` is the address of a buffer and `i9` one inside, `r10` and `r11` are structures: in single statements.
Every function takes `i0 i1 r0 r2 f0`, gives an int, and may raise an `Error`.
"""

import re

LONGEST = 40
ALIVE = "live {i0 i1 i2 i3 i4 i5 i6 r0 r1 r2 r3 r4 f0 f1}"
ARITHMETIC = ["int_add", "int_sub", "int_mul", "int_and", "int_or", "int_xor", "int_lt", "uint_ge", "int_eq"]
COMPARISONS = ["int_lt", "int_ge", "int_ne", "uint_lt"]


class Generator:
    """Writes one program; `random` decides everything."""

    def __init__(self, random, functions=3):
        self.random = random
        self.functions = functions
        self.lines = []
        self.labels = 0
        self.function = 0

    def program(self):
        """The text; the first jitcode is the portal."""
        for function in range(self.functions):
            self.function = function
            self.labels = 0
            self.write()
        return "\n".join(self.lines) + "\n"

    def write(self):
        """One function."""
        self.lines.append(f"jitcode f{self.function}(iirrf) -> i")
        self.emit("int_copy 0 -> i5")
        self.emit("reference_copy r1 -> r2")
        self.emit("reference_copy null -> r1")
        self.emit("newstr 1, String -> r3")
        self.emit("strsetitem r3, 0, 65, String")
        self.promote(0)
        self.body(3 if self.function == 0 else 1)
        self.finish()

    def finish(self):
        """Return something that depends on everything."""
        self.emit("getarrayitem_gc_i r2, 1, Ints -> i2")
        self.emit("strlen r3, String -> i3")
        self.emit("int_xor i0, i2 -> i0")
        self.emit("int_add i0, i3 -> i0")
        self.emit("cast_float_to_int f1 -> i3")
        self.emit("int_add i0, i3 -> i0")
        self.emit("int_return i0")

    def emit(self, line):
        self.lines.append("  " + line)

    def label(self):
        self.labels += 1
        return f"L{self.labels}"

    def place(self, label):
        self.lines.append(label + ":")

    def body(self, depth):
        """Some statements, with ifs and loops in each other as deep as that."""
        for _ in range(self.random.randrange(2, 6)):
            statements = [self.compute, self.compute_float, self.use_node, self.use_array, self.use_string,
                          self.promote, self.overflow, self.call_residual, self.use_buffer, self.use_structures]
            if depth:
                statements += [self.branch, self.branch, self.switch]
            if depth > 1:
                statements.append(self.loop)
            if self.function + 1 < self.functions:
                statements += [self.call, self.call]
            if self.function:
                statements.append(self.leave)
            self.random.choice(statements)(depth)

    def word(self):
        """A register, or a constant."""
        if self.random.random() < 0.3:
            return str(self.random.choice([0, 1, -1, 2, 7, 100, -(2**40), 2**63 - 1]))
        return f"i{self.random.randrange(5)}"

    def target(self):
        return f"i{self.random.randrange(5)}"

    def node(self):
        return f"r{self.random.randrange(2)}"

    def compute(self, _):
        self.emit(f"{self.random.choice(ARITHMETIC)} {self.word()}, {self.word()} -> {self.target()}")

    def compute_float(self, _):
        first, second = self.random.choice(["f0", "f1"]), self.random.choice(["f0", "f1"])
        if self.random.random() < 0.3:
            self.emit(f"int_and {self.word()}, 255 -> i4")
            self.emit(f"cast_int_to_float i4 -> {first}")
        else:
            self.emit(f"float_add {first}, {self.random.choice([second, '0.5'])} -> {second}")
            # what stays small stays a machine word
            self.emit(f"float_mul {second}, 0.25 -> {second}")

    def use_node(self, _):
        node, skip = self.node(), self.label()
        what = self.random.randrange(4)
        if what == 0:
            self.emit(f"new_with_vtable {self.random.choice(['Node', 'Leaf'])} -> {node}")
            return
        if what == 1:
            self.emit(f"reference_copy {self.random.choice(['r0', 'r1', 'null'])} -> {node}")
            return
        self.emit(ALIVE)
        self.emit(f"goto_if_not_ptr_nonzero {node}, {skip}")
        if what == 2:
            self.emit(f"setfield_gc_i {node}, {self.word()}, Node.value")
            self.emit(f"setfield_gc_r {node}, {self.node()}, Node.next")
            self.emit(f"setfield_gc_f {node}, f0, Node.weight")
        else:
            self.emit(f"getfield_gc_i {node}, Node.value -> {self.target()}")
            self.emit(f"getfield_gc_f {node}, Node.weight -> f1")
            self.emit(f"getfield_gc_r {node}, Node.next -> {self.node()}")
        self.place(skip)

    def use_array(self, _):
        index = self.random.randrange(3)
        if self.random.random() < 0.2:
            self.emit("new_array_clear 3, Ints -> r2")
        elif self.random.random() < 0.5:
            self.emit(f"setarrayitem_gc_i r2, {index}, {self.word()}, Ints")
        else:
            self.emit(f"getarrayitem_gc_i r2, {index}, Ints -> {self.target()}")

    def use_string(self, _):
        skip = self.label()
        self.emit("strlen r3, String -> i2")
        self.emit(ALIVE)
        self.emit(f"goto_if_not_int_lt i2, {LONGEST // 2}, {skip}")
        self.emit("int_add i2, 2 -> i3")
        self.emit("reference_copy r3 -> r4")
        self.emit("newstr i3, String -> r3")
        self.emit("copystrcontent r4, r3, 0, 1, i2, String")
        self.emit("reference_copy null -> r4")
        self.emit("int_and i0, 127 -> i4")
        self.emit("strsetitem r3, 0, i4, String")
        self.emit("int_sub i3, 1 -> i3")
        self.emit("strsetitem r3, i3, 66, String")
        self.emit(f"strgetitem r3, 0, String -> {self.target()}")
        self.place(skip)

    def guard_with(self, *registers):
        """A guard at which further registers are alive: what they hold may be virtual there."""
        skip = self.label()
        self.emit(ALIVE.replace("live {", "live {" + " ".join(registers) + " "))
        self.emit(f"goto_if_not_{self.random.choice(COMPARISONS)} {self.word()}, {self.word()}, {skip}")
        self.compute(0)
        self.place(skip)

    def use_buffer(self, _):
        """Memory outside of the heap, by its address and by one inside."""
        self.emit("new_raw_buffer 16 -> i8")
        self.emit(f"raw_store_i i8, 0, {self.word()}, RawInts")
        self.emit("raw_store_f i8, 8, f0, RawFloats")
        if self.random.random() < 0.5:
            self.emit("int_add i8, 8 -> i9")
            self.guard_with("i8", "i9")
            self.emit("raw_load_f i9, 0, RawFloats -> f1")
        else:
            self.guard_with("i8")
        self.emit(f"raw_load_i i8, 0, RawInts -> {self.target()}")

    def use_structures(self, _):
        """An array of structures, and a structure without class."""
        self.emit("new_array_clear 2, Pairs -> r10")
        self.emit(f"setinteriorfield_gc_i r10, 1, {self.word()}, Pairs.left")
        self.emit(f"setinteriorfield_gc_r r10, 0, {self.node()}, Pairs.right")
        self.emit("setinteriorfield_gc_f r10, 1, f1, Pairs.ratio")
        self.emit("new Plain -> r11")
        # as in programs with types: what is stored fits the field
        for field, size in (("word", 4), ("small", 1)):
            self.emit(f"int_signext {self.word()}, {size} -> i4")
            self.emit(f"setfield_gc_i r11, i4, Plain.{field}")
        self.guard_with("r10", "r11")
        self.emit(f"getinteriorfield_gc_i r10, 1, Pairs.left -> {self.target()}")
        self.emit(f"getinteriorfield_gc_r r10, 0, Pairs.right -> {self.node()}")
        self.emit("getinteriorfield_gc_f r10, 1, Pairs.ratio -> f0")
        self.emit(f"getfield_gc_i r11, Plain.small -> {self.target()}")

    def promote(self, _):
        self.emit(ALIVE)
        self.emit(self.random.choice([
            f"int_guard_value {self.target()}", f"reference_guard_value {self.node()}", "float_guard_value f0"]))

    def overflow(self, _):
        label, end = self.label(), self.label()
        operation = self.random.choice(["add", "sub", "mul"])
        self.emit(ALIVE)
        self.emit(f"int_{operation}_jump_if_overflow {label}, {self.word()}, {self.word()} -> {self.target()}")
        self.emit(f"goto {end}")
        self.place(label)
        self.compute(0)
        self.place(end)

    def call_residual(self, _):
        end = self.label()
        self.emit(ALIVE)
        if self.random.random() < 0.6:
            self.emit("int_and i0, 65535 -> i4")
            self.emit("residual_call_n @note, [i4], [], [], call.note")
            self.emit(ALIVE)
            return
        label = self.label()
        self.emit(f"int_and {self.word()}, 1 -> i4")
        self.emit("residual_call_i @raise_if, [i4], [], [], call.raise_if -> i3")
        self.emit(ALIVE)
        self.catch(label, end, "i3")

    def catch(self, label, end, result):
        """Behind a call: what it raises goes to a handler, which may raise it again, or nowhere.

        A call that raised leaves its result undefined.
        """
        if self.random.random() < 0.3 and self.function:
            return
        self.emit(f"catch_exception {label}")
        self.emit(f"goto {end}")
        self.place(label)
        self.emit("last_exception_value -> r4")
        self.emit(f"int_copy -7 -> {result}")
        if self.function and self.random.random() < 0.3:
            other = self.label()
            self.emit(f"goto_if_exception_mismatch @class.Node, {other}")
            self.place(other)
            self.emit("reraise")
        else:
            self.emit("getfield_gc_i r4, Error.code -> i3")
            self.compute(0)
        self.place(end)

    def call(self, _):
        label, end = self.label(), self.label()
        callee = self.random.randrange(self.function + 1, self.functions)
        self.emit(f"inline_call_i f{callee}, [{self.word()}, {self.word()}], [{self.node()}, r2], [f0] -> i1")
        self.emit(ALIVE)
        self.catch(label, end, "i1")

    def leave(self, _):
        if self.random.random() < 0.5:
            label = self.label()
            self.emit(ALIVE)
            self.emit(f"goto_if_not_int_eq {self.word()}, {self.word()}, {label}")
            self.emit("new_with_vtable Error -> r4")
            self.emit("int_and i1, 1023 -> i4")
            self.emit("setfield_gc_i r4, i4, Error.code")
            self.emit("raise r4")
            self.place(label)

    def branch(self, depth):
        other, end = self.label(), self.label()
        self.emit(ALIVE)
        self.emit(f"goto_if_not_{self.random.choice(COMPARISONS)} {self.word()}, {self.word()}, {other}")
        self.body(depth - 1)
        self.emit(f"goto {end}")
        self.place(other)
        self.body(depth - 1)
        self.place(end)

    def switch(self, depth):
        first, second, end = self.label(), self.label(), self.label()
        self.emit(f"int_and {self.word()}, 3 -> i4")
        self.emit(ALIVE)
        self.emit(f"switch i4, {{0: {first}, 2: {second}}}")
        self.compute(depth)
        self.emit(f"goto {end}")
        self.place(first)
        self.compute(depth)
        self.place(second)
        self.use_node(depth)
        self.place(end)

    def loop(self, depth):
        start, end = self.label(), self.label()
        counter = f"i{depth + 3}"  # a loop in a loop has its own
        self.emit(f"int_copy {self.random.randrange(1, 4)} -> {counter}")
        self.place(start)
        self.emit(ALIVE)
        self.emit(f"goto_if_not_int_gt {counter}, 0, {end}")
        self.emit(f"int_sub {counter}, 1 -> {counter}")
        self.emit("loop_header 0")
        self.body(depth - 1)
        self.emit(f"goto {start}")
        self.place(end)


SECTIONS = 3


class PortalGenerator(Generator):
    """Writes a program whose first jitcode is a portal: a loop over sections, the green being the number of one.

    The portal `f0` takes the section, a counter that ends the loop, five words, `references` and `f0`, `f1`. Words are
    two registers further than elsewhere. The registers that are no reds are set behind the merge point.
    """

    references = "r0 r1 r2 r3"
    others = ["reference_copy null -> r4"]

    def emit(self, line):
        if self.function == 0:
            line = self.in_portal(line)
        super().emit(line)

    def in_portal(self, line):
        """A line with the registers that the portal has."""
        line = re.sub(r"\bi(\d+)", lambda match: f"i{int(match[1]) + 2}", line)
        return line.replace("live {", "live {i0 i1 ")

    def emit_plain(self, line):
        super().emit(line)

    def write(self):
        if self.function:
            super().write()
            return
        reds = "live {i0 i1 i2 i3 i4 i5 i6 " + self.references + " f0 f1}"
        references = self.references.split()
        self.lines.append(f"jitcode f0(iiiiiii{'r' * len(references)}ff) -> i")
        self.labels = 9
        self.place("L0")
        for line in (
            reds, "int_guard_value i0", reds,
            f"jit_merge_point 0, [i0], [], [], [i1, i2, i3, i4, i5, i6], [{', '.join(references)}], [f0, f1]",
            reds, "int_copy 0 -> i7", "int_copy 0 -> i8", *self.others,
            reds, "goto_if_not_int_gt i1, 0, L9", "int_sub i1, 1 -> i1", reds,
            "switch i0, {0: L1, 1: L2}",
        ):
            self.emit_plain(line)
        self.section(2)
        self.place("L1")
        self.section(0)
        self.place("L2")
        self.section(1)
        self.place("L9")
        self.finish()

    def section(self, section):
        """What the interpreted program does at one position, and where it goes from there."""
        self.body(self.random.choice([1, 1, 2]))
        for following in self.random.sample(range(SECTIONS), 2):
            other = self.label()
            if following != section:
                self.emit(ALIVE)
                self.emit(f"goto_if_not_{self.random.choice(COMPARISONS)} {self.word()}, {self.word()}, {other}")
            self.emit_plain(f"int_copy {following} -> i0")
            if following <= section:
                self.emit_plain("loop_header 0")
            self.emit_plain("goto L0")
            self.place(other)
        self.emit_plain("int_copy 0 -> i0")
        self.emit_plain("loop_header 0")
        self.emit_plain("goto L0")


class FramePortalGenerator(PortalGenerator):
    """The same with a virtualizable red, `r4`, calls that look into the frames, virtual references, and calls of the
    portal from within. What was caught last is in `r5`; `r6` is a virtual reference, `r7` its object, `r8` and `r9` are
    for the frame of an inner call.
    """

    references = "r0 r1 r2 r3 r4"
    others = [f"reference_copy null -> r{number}" for number in range(5, 10)]

    def in_portal(self, line):
        line = re.sub(r"\br4\b", "r5", line)
        line = line.replace("FRAME", "r4")
        return super().in_portal(line).replace("live {", "live {r4 r6 r7 r8 ")

    def body(self, depth):
        super().body(depth)
        if self.function == 0:
            for _ in range(self.random.randrange(1, 4)):
                self.random.choice([self.use_field, self.use_field, self.use_item, self.look, self.refer,
                                    self.call_portal])(depth)

    def use_field(self, _):
        """A field of the frame."""
        self.emit(ALIVE)
        self.emit(self.random.choice([
            f"getfield_virtualizable_i FRAME, Frame.pc -> {self.target()}",
            f"setfield_virtualizable_i FRAME, {self.word()}, Frame.pc",
            f"getfield_virtualizable_r FRAME, Frame.top -> {self.node()}",
            f"setfield_virtualizable_r FRAME, {self.node()}, Frame.top",
            "getfield_virtualizable_f FRAME, Frame.ratio -> f1",
            "setfield_virtualizable_f FRAME, f0, Frame.ratio",
            "hint_force_virtualizable FRAME",
        ]))

    def use_item(self, _):
        """An item of the arrays of the frame."""
        index = self.random.choice([0, 1])
        self.emit(ALIVE)
        self.emit(self.random.choice([
            f"getarrayitem_virtualizable_r FRAME, {index}, Frame.items, Items -> {self.node()}",
            f"setarrayitem_virtualizable_r FRAME, {index}, {self.node()}, Frame.items, Items",
            f"getarrayitem_virtualizable_i FRAME, 0, Frame.counts, Counts -> {self.target()}",
            f"setarrayitem_virtualizable_i FRAME, 0, {self.word()}, Frame.counts, Counts",
            f"arraylen_virtualizable FRAME, Frame.items, Items -> {self.target()}",
        ]))

    def look(self, _):
        """A call that may look into the frame."""
        label, end = self.label(), self.label()
        self.emit(f"int_and {self.word()}, 7 -> i4")
        self.emit(f"residual_call_i @look, [i4], [FRAME, {self.random.choice(['null', 'r6'])}], [], call.look -> i3")
        self.emit(ALIVE)
        self.catch(label, end, "i3")

    def refer(self, depth):
        """A virtual reference to a new object, used by what comes before it ends."""
        self.emit("new_with_vtable Node -> r7")
        self.emit(f"setfield_gc_i r7, {self.word()}, Node.value")
        self.emit("virtual_ref r7 -> r6")
        if self.random.random() < 0.5:
            self.look(depth)
        self.use_node(depth)
        self.leave_alone(depth)
        if self.random.random() < 0.5:
            self.emit("force_virtual_ref r6 -> r9")
            self.emit(ALIVE)
            self.emit(f"getfield_gc_i r9, Node.value -> {self.target()}")
        if self.random.random() < 0.5:
            self.look(depth)
        self.emit("virtual_ref_finish r6, r7")
        self.emit("reference_copy null -> r6")

    def leave_alone(self, depth):
        """Something that the reference lives through: a branch without virtual references."""
        other = self.label()
        self.emit(ALIVE)
        self.emit(f"goto_if_not_int_lt {self.word()}, {self.word()}, {other}")
        self.call(depth)
        self.use_array(depth)
        self.place(other)

    def call_portal(self, _):
        """The portal for a shorter loop, with a frame of its own."""
        label, end = self.label(), self.label()
        self.emit("new_with_vtable Frame -> r8")
        for field, array, length in (("items", "Items", 2), ("counts", "Counts", 1), ("ratios", "Ratios", 1)):
            self.emit(f"new_array_clear {length}, {array} -> r9")
            self.emit(f"setfield_gc_r r8, r9, Frame.{field}")
        self.emit(ALIVE)
        self.emit(f"setfield_virtualizable_i r8, {self.word()}, Frame.pc")
        self.emit_plain("int_rshift i1, 2 -> i9")
        section = self.random.randrange(SECTIONS)
        self.emit_plain(
            f"recursive_call_i 0, [{section}], [], [], [i9, i2, i3, i4, i5, i6], [r0, r1, r2, r3, r8], [f0, f1] -> i5")
        self.emit(ALIVE)
        self.catch(label, end, "i3")
        self.emit(ALIVE)
        self.emit(f"getfield_virtualizable_i r8, Frame.pc -> {self.target()}")
