"""Random programs, stopped anywhere and gone on with from resume data, end as they do when they are not stopped.

At a `live` mark the frames are written down as a guard would: some values kept, some constants, and what objects there
are as virtuals of all shapes. Then the guard fails.
"""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from ouro.jitcore import operations as ops
from ouro.jitcore.blackhole import Blackhole, BlackholeInterpreter
from ouro.jitcore.blackhole.handlers import HANDLERS
from ouro.jitcore.jitcode import append_live_registers, instructions, read_offset
from ouro.jitcore.jitcode.text import parse_program
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.outcome import FINISHED_INT, RAISED
from ouro.jitcore.resume import BridgeRecorder, VirtualRawSlice, rebuild
from ouro.jitcore.resume.store import VIRTUAL, token_number, token_tag
from ouro.jitcore.text import parse_resume, print_resume, resume_problems, verify
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, RecordedTrace, expand
from ouro.lltype import GCREF, Ptr, cast_opaque_ptr, cast_pointer, container_of
from random_jitcodes import Generator
from samples import ERROR, INTS, LEAF, NODE, PAIRS, PLAIN, STRING, Samples, string_of

LARGEST_RUN = 20000


#: The register that holds the address of a buffer; the one behind it may hold one inside.
BUFFER = 8


def typed(reference):
    """The pointer to an object as what it is."""
    return cast_opaque_ptr(Ptr(container_of(reference).TYPE), reference)


def to_reference(pointer):
    """A pointer as a GC reference."""
    return cast_opaque_ptr(GCREF, pointer) if pointer else NULL_REFERENCE


def references_in(reference):
    """The GC references in an object, null or not."""
    TYPE = container_of(reference).TYPE
    if TYPE in (NODE, LEAF):
        return [to_reference(cast_pointer(Ptr(NODE), typed(reference)).next)]
    if TYPE is PAIRS:
        return [to_reference(pair.right) for pair in typed(reference)]
    return []


class Stop(Exception):
    """The run is at the mark that was asked for."""


class Stepping(BlackholeInterpreter):
    """Counts `live` marks at which a guard may stand, and stops at one of them."""

    def __init__(self, shared, stop_at):
        super().__init__(shared)
        self.marks = 0
        self.stop_at = stop_at

    def _run_frame(self, frame, code):
        position = frame.position
        for _ in range(LARGEST_RUN):
            if position < 0:
                return
            if ord(code[position]) == instructions.LIVE:
                if self.marks == self.stop_at:
                    frame.position = position
                    raise Stop
                self.marks += 1
            position = HANDLERS[ord(code[position])](self, frame, code, position)
        raise AssertionError("the program does not end")


class World:
    """A random program and what it is run with."""

    def __init__(self, seed):
        self.samples = Samples()
        self.machine = HostMachine(self.samples.memory)
        self.program = parse_program(Generator(random.Random(seed)).program(), self.samples.names)
        self.blackhole = Blackhole(self.machine, self.samples.backend, self.program, [])
        numbers = random.Random(seed + 1)
        self.ints = [numbers.choice([0, 1, 5, -3, 2**40, -(2**63)]) for _ in range(2)]
        node = self.samples.node(numbers.randrange(10))
        cast_opaque_ptr(Ptr(NODE), node).next = cast_opaque_ptr(Ptr(NODE), node)
        array = self.machine.new_array(self.samples.names.descriptors["Ints"], 3, True)
        self.references = [node, array]

    def start(self, stop_at=-1):
        """Run from the beginning; the run, which may have stopped."""
        run = Stepping(self.blackhole, stop_at)
        run.enter(self.program.jitcodes[0], None, list(self.ints), list(self.references), [2.5])
        try:
            run.run(run.frame)
        except Stop:
            return run
        return run

    def end(self, outcome):
        """What of the end of a run must be the same."""
        if outcome.what == RAISED:
            return "raised", cast_opaque_ptr(Ptr(ERROR), outcome.reference).code, self.samples.calls
        assert outcome.what == FINISHED_INT
        return "finished", outcome.value, self.samples.calls


class Describer:
    """Writes the resume data of a stopped run as text.

    Objects are virtual or kept. What a kept object leads to must be kept, too: whether an object is virtual is decided
    for all that can be reached from it at once.
    """

    def __init__(self, world, seed):
        self.world = world
        self.random = random.Random(seed)
        self.names = world.samples.names
        self.lines = []
        self.inputs = []
        self.values = {}
        self.numbers = {}
        self.kept = set()
        self.kept_buffers = set()
        self.count = 0

    def frames(self, frame):
        chain = []
        while frame is not None:
            chain.append(frame)
            frame = frame.caller
        self.choose(chain)
        for one in reversed(chain):
            alive = ([], [], [])
            append_live_registers(self.world.program.liveness, read_offset(one.jitcode.code, one.position + 1), *alive)
            values = [
                self.address(one.registers_i[register], register - BUFFER)
                if register >= BUFFER else self.word(one.registers_i[register])
                for register in alive[0]
            ]
            values += [self.reference(one.registers_r[register]) for register in alive[1]]
            values += [self.double(one.registers_f[register]) for register in alive[2]]
            self.lines.append(f"frame {one.jitcode.index}@{one.position} ({', '.join(values)})")

    def choose(self, chain):
        """Decide for some of the roots that all from there on is kept."""
        roots = [reference for frame in chain for reference in frame.registers_r if reference]
        for root in roots:
            if self.random.random() < 0.2:
                work = [root]
                while work:
                    reference = work.pop()
                    if reference and container_of(reference) not in self.kept:
                        self.kept.add(container_of(reference))
                        work += references_in(reference)

    def keep(self, kind, value, key):
        if key not in self.values:
            self.values[key] = f"{kind}{len(self.inputs)}"
            self.inputs.append((kind, value))
        return self.values[key]

    def word(self, value):
        return str(value) if self.random.random() < 0.5 else self.keep("i", value, ("i", value))

    def address(self, value, offset):
        """The address of a buffer of an int and a double, perhaps `offset` (registers) inside."""
        if not value or value in self.kept_buffers or self.random.random() < 0.3:
            self.kept_buffers.add(value)
            return self.keep("i", value, ("i", value))
        start = value - 8 * offset
        if start in self.kept_buffers:
            return self.keep("i", value, ("i", value))
        if start not in self.numbers:
            number = self.numbers[start] = self.new()
            machine, array = self.world.machine, self.names.descriptors
            word = self.word(machine.raw_load_int(start, 0, array["RawInts"]))
            double = self.double(machine.raw_load_float(start, 8, array["RawFloats"]))
            self.lines.append(f"v{number} = raw_buffer 16 (0 RawInts: {word}, 8 RawFloats: {double})")
        if not offset:
            return f"v{self.numbers[start]}"
        inside = self.new()
        self.lines.append(f"v{inside} = raw_slice 8 (v{self.numbers[start]})")
        return f"v{inside}"

    def double(self, value):
        return repr(value) if self.random.random() < 0.5 else self.keep("f", value, ("f", value))

    def reference(self, value):
        if not value:
            return "null" if self.random.random() < 0.5 else self.keep("r", value, "null")
        container = container_of(value)
        if container in self.kept:
            return self.keep("r", value, container)
        if container not in self.numbers:
            number = self.numbers[container] = self.new()
            self.define(number, value, container.TYPE)
        return f"v{self.numbers[container]}"

    def new(self):
        self.count += 1
        return self.count - 1

    def line(self, number, what, contents):
        self.lines.append(f"v{number} = {what} ({', '.join(contents)})")

    def define(self, number, reference, TYPE):
        if TYPE is STRING:
            self.string(number, string_of(reference))
        elif TYPE is INTS:
            clear = self.random.choice(["", "clear "])
            self.line(number, f"array {clear}Ints", [self.word(item) for item in typed(reference)])
        elif TYPE is ERROR:
            self.line(number, "instance Error", [f"Error.code: {self.word(typed(reference).code)}"])
        elif TYPE is PAIRS:
            contents = []
            for pair in typed(reference):
                contents += [f"Pairs.left: {self.word(pair.left)}", f"Pairs.ratio: {self.double(pair.ratio)}",
                             f"Pairs.right: {self.reference(to_reference(pair.right))}"]
            self.line(number, "structures Pairs 2", contents)
        elif TYPE is PLAIN:
            plain = typed(reference)
            self.line(number, "structure Plain", [
                f"Plain.word: {self.word(int(plain.word))}", f"Plain.small: {self.word(int(plain.small))}"])
        else:
            node = cast_pointer(Ptr(NODE), typed(reference))
            fields = {"value": self.word(node.value), "weight": self.double(node.weight)}
            if node.next or self.random.random() < 0.5:
                fields["next"] = self.reference(to_reference(node.next))
            if not node.value and self.random.random() < 0.5:
                del fields["value"]
            name = "Leaf" if TYPE is LEAF else "Node"
            self.line(number, f"instance {name}", [f"Node.{field}: {value}" for field, value in fields.items()])

    def part(self, text):
        number = self.new()
        self.string(number, text)
        return f"v{number}"

    def string(self, number, text):
        how = self.random.randrange(4)
        if how == 0 and len(text) > 1:
            middle = self.random.randrange(len(text))
            self.line(number, "concatenation String", [self.part(text[:middle]), self.part(text[middle:])])
        elif how == 1 and len(text) < 30:
            start = self.random.randrange(3)
            whole = self.part("x" * start + text + "y")
            self.line(number, "slice String", [whole, self.word(start), self.word(len(text))])
        else:
            self.line(number, "string String", [self.word(ord(character)) for character in text])


def stopped(seed, where):
    """A world whose run stopped, a trace whose guard stands for it with the inputs to fail it with, and how a run ends
    that is not stopped.
    """
    whole = World(seed)
    run = whole.start()
    expected = whole.end(run.outcome)
    world = World(seed)
    run = world.start(where % run.marks)
    describer = Describer(world, where)
    describer.frames(run.frame)
    text = "\n".join(describer.lines)
    kinds = "".join(kind for kind, _ in describer.inputs)
    names = ", ".join(f"{kind}{number}" for number, (kind, _) in enumerate(describer.inputs))
    trace = world.samples.parse(f"[{names}]\nguard_always_fails() {{}}\nfinish(done_n)", kinds, "n")
    guard = trace.guards[0]
    described = parse_resume(text, trace, world.samples.names)
    for name in ("values", "kinds", "store", "resume"):
        setattr(guard, name, getattr(described, name))
    described.store.close()
    assert not list(resume_problems(trace, guard, world.program))
    printed = print_resume(trace, guard, world.samples.names)
    again = parse_resume(printed, trace, world.samples.names)
    assert (again.values, again.kinds, again.store.characters) == (guard.values, guard.kinds, guard.store.characters)
    world.samples.backend.compile_loop(trace, world.samples.token)
    inputs = [value for _, value in describer.inputs]
    return world, trace, inputs, expected


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_run_that_is_stopped_and_resumed_ends_as_one_that_is_not(seed, where):
    world, _, inputs, expected = stopped(seed, where)
    frame = world.samples.enter(world.samples.token, *inputs)
    assert world.end(world.blackhole.resume(frame)) == expected


def graph_of(references):
    """Objects by the order in which they are reached, with what is in them: equal for equal graphs."""
    numbers, found, work = {}, [], []

    def number_of(reference):
        if not reference:
            return None
        container = container_of(reference)
        if container not in numbers:
            numbers[container] = len(numbers)
            work.append(reference)
        return numbers[container]

    roots = [number_of(reference) for reference in references]
    while work:
        reference = work.pop(0)
        TYPE = container_of(reference).TYPE
        value = typed(reference)
        inner = [number_of(one) for one in references_in(reference)]
        if TYPE is STRING:
            found.append(string_of(reference))
        elif TYPE is INTS:
            found.append(tuple(value))
        elif TYPE is ERROR:
            found.append(("error", value.code))
        elif TYPE is PLAIN:
            found.append((int(value.word), int(value.small)))
        elif TYPE is PAIRS:
            found.append(([(pair.left, pair.ratio) for pair in value], inner))
        else:
            node = cast_pointer(Ptr(NODE), value)
            found.append((str(TYPE), node.value, node.weight, inner))
    return roots, found


def buffer_at(world, address):
    """What is in a buffer of an int and a double."""
    machine, array = world.machine, world.samples.names.descriptors
    return machine.raw_load_int(address, 0, array["RawInts"]), machine.raw_load_float(address, 8, array["RawFloats"])


def frame_tokens(reader):
    """The tokens of the values of all frames."""
    for start, count in zip(reader.frame_starts, reader.frame_counts):
        yield from reader.tokens[start : start + count]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_bridge_begins_with_what_the_guard_describes(seed, where):
    world, trace, inputs, _ = stopped(seed, where)
    samples, guard = world.samples, trace.guards[0]
    frame = samples.enter(samples.token, *inputs)
    materializer = rebuild(world.machine, samples.backend, frame)
    recorded = RecordedTrace()
    recorder = BridgeRecorder(recorded, guard, materializer.reader)
    recorder.record()
    bridge = expand(recorded)
    references = [recorder.reference_of(token) for token in frame_tokens(materializer.reader)]
    kinds = [bridge.kind_of(reference) for reference in references]
    end = bridge.append_guard(ops.GUARD_ALWAYS_FAILS, NOTHING, NOTHING, references)
    bridge.append_list(ops.FINISH, [], samples.names.descriptors["done_n"])
    verify(bridge)
    samples.backend.compile_bridge(guard, bridge, samples.token)
    frame = samples.enter(samples.token, *inputs)
    assert frame.descriptor is end
    found, expected = {"i": [], "r": [], "f": []}, {"i": [], "r": [], "f": []}
    for position, (kind, token) in enumerate(zip(kinds, frame_tokens(materializer.reader))):
        read = {"i": materializer.int_of, "r": materializer.reference_of, "f": materializer.float_of}
        values = [read[kind](token), frame.values[position]]
        if kind == "i" and token_tag(token) == VIRTUAL:
            # addresses are not the same, what is there is
            inside = isinstance(materializer.reader.descriptions[token_number(token)], VirtualRawSlice)
            values = [buffer_at(world, value - 8 if inside else value) for value in values]
        expected[kind].append(values[0])
        found[kind].append(values[1])
    assert (found["i"], found["f"]) == (expected["i"], expected["f"])
    assert graph_of(found["r"]) == graph_of(expected["r"])
