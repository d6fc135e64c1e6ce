"""Guards give back the frames, virtuals and stores that they were made with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.resume import rebuild
from ouro.jitcore.resume.store import HIGHEST_SMALL, LOWEST_SMALL, small_token, small_value
from ouro.jitcore.text import parse_resume
from ouro.lltype import Ptr, cast_opaque_ptr
from samples import FLOATS, INTS, LEAF, NODE, NODES, PAIRS, Samples, string_of

TRACE = """
[i0, r1, f2, r3]
i4 = int_add(i0, 1)
guard_always_fails() {}
finish(i4, done_i)
"""


@pytest.fixture
def samples():
    return Samples()


class Failed:
    """A guard of `TRACE` with resume data from text, after it failed."""

    def __init__(self, samples, text, arguments):
        self.samples = samples
        self.trace = samples.parse(TRACE, "irfr", "i")
        token = samples.token
        self.guard = self.trace.guards[0]
        parsed = parse_resume(text, self.trace, samples.names)
        for name in ("values", "kinds", "store", "resume"):
            setattr(self.guard, name, getattr(parsed, name))
        samples.backend.compile_loop(self.trace, token)
        self.frame = samples.enter(token, *arguments)
        self.machine = HostMachine(samples.memory)
        self.materializer = rebuild(self.machine, samples.backend, self.frame)
        self.reader = self.materializer.reader

    def values(self, kinds, frame=-1):
        """The values of a frame whose registers have some kinds."""
        frame = range(self.reader.frame_count())[frame]
        start = self.reader.frame_starts[frame]
        assert self.reader.frame_counts[frame] == len(kinds)
        methods = {
            "i": self.materializer.int_of, "r": self.materializer.reference_of, "f": self.materializer.float_of}
        return [methods[kind](self.reader.tokens[start + number]) for number, kind in enumerate(kinds)]


def fail(samples, text, *arguments):
    return Failed(samples, text, arguments)


def at(TYPE, reference):
    return cast_opaque_ptr(Ptr(TYPE), reference)


@given(st.integers(LOWEST_SMALL, HIGHEST_SMALL))
def test_small_constants_are_in_their_token(value):
    assert small_value(small_token(value)) == value
    assert small_token(value) >= 0
    assert (small_token(value) < 0x80) == (-16 <= value < 16)


def test_frames_get_kept_values_and_constants(samples):
    node = samples.node(5)
    samples.names.add_reference("node", node)
    failed = fail(
        samples,
        """
        frame 3@17 (i0, 5, -100000000000, r1, null, f2)
        frame 4@2 (i4, i0, $node, 1.5, _)
        """,
        20, node, 2.5, node,
    )
    assert failed.reader.jitcodes == [3, 4]
    assert failed.reader.positions == [17, 2]
    null = failed.machine.pending_exception()
    assert failed.values("iiirrf", 0) == [20, 5, -100000000000, node, null, 2.5]
    assert failed.values("iirff", 1) == [21, 20, node, 1.5, 0.0]
    assert failed.guard.kinds == "irfi"


def test_virtual_instances_are_made_once_and_may_be_circular(samples):
    failed = fail(
        samples,
        """
        frame 0@0 (v0, v1, v0)
        v0 = instance Node (Node.value: i4, Node.next: v1, Node.weight: f2)
        v1 = instance Leaf (Leaf.extra: 7, Node.next: v0)
        """,
        1, samples.node(), 0.25, samples.node(),
    )
    first, second, third = failed.values("rrr")
    assert first == third
    node, leaf = at(NODE, first), at(LEAF, second)
    assert (node.value, node.weight, leaf.extra, leaf.super.value) == (2, 0.25, 7, 0)
    assert node.next == leaf.super
    assert leaf.super.next == node
    assert failed.machine.class_of(second) == samples.names.integers["class.Leaf"]


def test_virtual_arrays_and_structures_without_class(samples):
    failed = fail(
        samples,
        """
        frame 0@0 (v0, v1, v2, v3, v4)
        v0 = array Ints (i4, _, 9)
        v1 = array clear Nodes (r1, null, v5)
        v2 = array Floats (f2, 1.0)
        v3 = structures Pairs 2 (Pairs.left: 1, Pairs.right: v5, Pairs.left: i0, Pairs.right: null)
        v4 = structure Plain (Plain.flag: 1, Plain.small: -3)
        v5 = instance Node (Node.value: 77)
        """,
        30, samples.node(4), 0.5, samples.node(),
    )
    ints, nodes, floats, pairs, _ = failed.values("rrrrr")
    assert (at(INTS, ints)[0], at(INTS, ints)[2]) == (31, 9)
    nodes = at(NODES, nodes)
    assert (len(nodes), nodes[0].value, bool(nodes[1]), nodes[2].value) == (3, 4, False, 77)
    assert list(at(FLOATS, floats)) == [0.5, 1.0]
    pairs = at(PAIRS, pairs)
    assert (pairs[0].left, pairs[0].right, pairs[0].ratio) == (1, nodes[2], 0.0)
    assert (pairs[1].left, bool(pairs[1].right)) == (30, False)


def test_virtual_strings_are_put_together(samples):
    machine = HostMachine(samples.memory)
    text = machine.new_array(samples.names.descriptors["String"], 4, True)
    for index, character in enumerate("abcd"):
        machine.set_item_int(text, index, ord(character), samples.names.descriptors["String"])
    failed = fail(
        samples,
        """
        frame 0@0 (v0, v1, v2)
        v0 = concatenation String (v1, v3)
        v1 = concatenation String (r1, v2)
        v2 = string String (88, i4)
        v3 = slice String (v1, i0, 3)
        """,
        ord("X") - 88 + 2, text, 0.0, text,
    )
    # i0 is 2, i4 is 3
    both, inner, plain = [string_of(reference) for reference in failed.values("rrr")]
    assert (both, inner, plain) == ("abcdX\3cdX", "abcdX\3", "X\3")


def test_virtual_buffers_are_words(samples):
    failed = fail(
        samples,
        """
        frame 0@0 (v1, v0)
        v0 = raw_buffer 16 (0 RawInts: i4, 8 RawFloats: f2)
        v1 = raw_slice 8 (v0)
        """,
        5, samples.node(), 2.75, samples.node(),
    )
    inside, start = failed.values("ii")
    assert inside == start + 8
    array = samples.names.descriptors
    assert failed.machine.raw_load_int(start, 0, array["RawInts"]) == 6
    assert failed.machine.raw_load_float(inside, 0, array["RawFloats"]) == 2.75


def test_pending_stores_are_done(samples):
    holder, other = samples.node(1), samples.node(2)
    machine = HostMachine(samples.memory)
    ints = machine.new_array(samples.names.descriptors["Ints"], 3, True)
    samples.names.add_reference("ints", ints)
    fail(
        samples,
        """
        frame 0@0 (r1)
        store Node.value (r1) = i4
        store Node.next (r1) = v0
        store Ints[2] ($ints) = 12
        store Node.weight (r3) = f2
        v0 = instance Node (Node.value: 8, Node.next: r3)
        """,
        6, holder, 3.5, other,
    )
    node = at(NODE, holder)
    assert (node.value, node.next.value, node.next.next.weight) == (7, 8, 3.5)
    assert list(at(INTS, ints)) == [0, 0, 12]
