"""Frames of compiled code that someone looks into while they are in a call, and what is in them afterwards."""

import pytest
from frame_samples import FRAME, STAND_IN, FrameSamples
from ouro.jitcore.blackhole import Blackhole
from ouro.jitcore.descriptors import FORCES, EffectDescriptor
from ouro.jitcore.jitcode.text import decode, parse_program
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.resume import (
    TRACING_TOKEN,
    ResumeStore,
    VirtualizableView,
    follow_virtual_reference,
    force_virtualizable,
    rebuild,
    set_token,
    token_of,
)
from ouro.jitcore.text import parse_resume
from ouro.lltype import (
    GCREF,
    FuncType,
    Ptr,
    Signed,
    cast_opaque_ptr,
    cast_pointer,
    functionptr,
    malloc,
)
from ouro.rtyper import OBJECT_POINTER, LowLevelException
from samples import ERROR, NODE


class World:
    """Compiled code that calls `look(frame, reference, mode)`, and jitcodes to go on with."""

    def __init__(self):
        self.samples = FrameSamples()
        memory, names = self.samples.memory, self.samples.names
        self.machine = HostMachine(memory)
        self.description = self.samples.description
        self.virtual_reference = self.samples.virtual_reference
        TYPE = FuncType([GCREF, GCREF, Signed], Signed)
        address = memory.address_of(functionptr(TYPE, "look", callable=lambda *arguments: self.look(*arguments)))
        names.add_integer("look", address)
        names.add_descriptor(memory.descriptors.call(TYPE, EffectDescriptor(FORCES)), "call.look")
        self.store = ResumeStore(self.description, self.virtual_reference)
        self.reference = self.samples.frame()
        self.frame = cast_opaque_ptr(Ptr(FRAME), self.reference)
        self.looked = []
        self.looking = lambda frame, reference: None

    def look(self, frame, reference, mode):
        """What compiled code calls: does `looking`, and raises in mode 1."""
        self.looked.append(self.looking(frame, reference))
        if mode == 1:
            error = malloc(ERROR, zero=True)
            error.code = 5
            raise LowLevelException(self.samples.vtables[ERROR], cast_pointer(OBJECT_POINTER, error))
        return 500 + mode

    def run(self, text, resume, program, *arguments):
        """Run compiled code with the frame as first argument; the failed frame."""
        trace = self.samples.parse(text, "rirf", "i")
        for guard, described in zip(trace.guards, resume):
            parsed = parse_resume(described, trace, self.samples.names, self.store)
            for name in ("values", "kinds", "store", "resume"):
                setattr(guard, name, getattr(parsed, name))
        self.program = parse_program(program, self.samples.names)
        self.program.virtualizables.append(self.description)
        self.blackhole = Blackhole(
            self.machine, self.samples.backend, self.program, [], self.virtual_reference)
        token = self.samples.token
        self.samples.backend.compile_loop(trace, token)
        return self.samples.enter(token, self.reference, *arguments)

    def marks(self, program):
        """The positions of the `live` marks of the first jitcode."""
        program = parse_program(program, self.samples.names)
        return [line.position for line in decode(program, program.jitcodes[0]) if line.name == "live"]


@pytest.fixture
def world():
    return World()


TRACE = """
[r0, i1, r2, f3]
r4 = force_token()
setfield_gc(r0, r4, Frame.token)
i6 = int_add(i1, 1)
i7 = call_may_force_i(@look, r0, r2, i1, call.look)
guard_not_forced() {}
guard_no_exception() {}
guard_always_fails() {}
finish(i7, done_i)
"""
PROGRAM = """
jitcode f(ri) -> i
  residual_call_i @look, [i0], [r0, r1], [], call.look -> i1
  live {i1 r0 r1}
  catch_exception L1
  getfield_gc_i r1, Node.value -> i2
  int_add i1, i2 -> i1
  getfield_virtualizable_r r0, Frame.top -> r2
  reference_return r2
L1:
  last_exception_value -> r2
  reference_return r2
"""


def resume_data(mark):
    values = "(i7, r0, v0)"
    return f"""
        frame 0@{mark} {values}
        virtualizable (r0, i6, v0, f3, v0, v1, i1, 0.5)
        v0 = instance Node (Node.value: i6, Node.next: v1)
        v1 = instance Node (Node.value: 9, Node.next: v0)
    """


def node(reference):
    return cast_opaque_ptr(Ptr(NODE), reference)


def test_a_frame_that_nobody_looks_at_writes_its_virtualizable_when_a_guard_fails(world):
    data = resume_data(world.marks(PROGRAM)[0])
    failed = world.run(TRACE, [data] * 3, PROGRAM, 40, world.samples.node(), 2.5)
    frame = world.frame
    assert frame.token and not frame.top
    outcome = world.blackhole.resume(failed)
    assert not frame.token
    assert (frame.pc, frame.top.value, frame.ratio, frame.counts[0], frame.ratios[0]) == (41, 41, 2.5, 40, 0.5)
    assert frame.items[0] == frame.top and frame.items[1] == frame.top.next
    assert frame.top.next.next == frame.top
    assert node(outcome.reference) == frame.top


@pytest.mark.parametrize("mode", [0, 1])
def test_what_was_seen_in_a_forced_frame_is_still_the_same_object_afterwards(world, mode):
    def looking(reference, _):
        force_virtualizable(world.machine, world.samples.backend, world.description, reference)
        frame = cast_opaque_ptr(Ptr(FRAME), reference)
        assert not frame.token
        seen = frame.top
        assert (frame.pc, seen.value, frame.ratio, frame.items[1].value) == (mode + 1, mode + 1, 1.5, 9)
        # what the program writes now must stay
        frame.pc = 1000
        seen.value = 2000
        force_virtualizable(world.machine, world.samples.backend, world.description, reference)
        return seen

    world.looking = looking
    data = resume_data(world.marks(PROGRAM)[0])
    failed = world.run(TRACE, [data] * 3, PROGRAM, mode, world.samples.node(), 1.5)
    outcome = world.blackhole.resume(failed)
    (seen,) = world.looked
    assert world.frame.top == seen
    assert (world.frame.pc, seen.value) == (1000, 2000)
    if mode == 0:
        assert node(outcome.reference) == seen
    else:
        assert cast_opaque_ptr(Ptr(ERROR), outcome.reference).code == 5


REFERENCE_TRACE = """
[r0, i1, r2, f3]
r4 = force_token()
r5 = new_with_vtable(StandIn)
setfield_gc(r5, r4, StandIn.token)
i7 = call_may_force_i(@look, r0, r5, i1, call.look)
guard_not_forced() {}
guard_no_exception() {}
guard_always_fails() {}
finish(i7, done_i)
"""
REFERENCE_PROGRAM = """
jitcode f(r) -> r
  residual_call_i @look, [i0], [r0, r1], [], call.look -> i1
  live {i1 r0 r1}
  force_virtual_ref r1 -> r2
  live {r0 r1 r2}
  virtual_ref_finish r1, r0
  goto_if_not_ptr_eq r2, r0, L1
  force_virtual_ref r0 -> r3
  live {r0 r3}
  reference_return r3
L1:
  reference_return null
"""
REFERENCE_DATA = """
    frame 0@{mark} (i7, v0, r5)
    references (r5, v0)
    v0 = instance Node (Node.value: 17)
"""


def follow(world, reference):
    return follow_virtual_reference(world.machine, world.samples.backend, world.virtual_reference, reference)


def test_a_virtual_reference_leads_to_its_object_when_a_guard_failed(world):
    data = REFERENCE_DATA.format(mark=world.marks(REFERENCE_PROGRAM)[0])
    failed = world.run(REFERENCE_TRACE, [data] * 3, REFERENCE_PROGRAM, 0, world.samples.node(), 0.0)
    outcome = world.blackhole.resume(failed)
    assert node(outcome.reference).value == 17


def test_following_a_virtual_reference_forces_the_frame_that_made_it(world):
    world.looking = lambda _, reference: (follow(world, reference), follow(world, reference))
    data = REFERENCE_DATA.format(mark=world.marks(REFERENCE_PROGRAM)[0])
    failed = world.run(REFERENCE_TRACE, [data] * 3, REFERENCE_PROGRAM, 0, world.samples.node(), 0.0)
    ((first, second),) = world.looked
    assert first == second and node(first).value == 17
    assert world.blackhole.resume(failed).reference == first


def test_a_virtual_reference_outside_of_compiled_code_is_the_object(world):
    reference = world.samples.node()
    assert follow(world, reference) == reference
    null = follow(world, cast_opaque_ptr(GCREF, malloc(STAND_IN, zero=True)))
    assert not null


def test_looking_while_the_tracer_runs_a_call_only_takes_the_token_away(world):
    set_token(world.machine, world.description, world.reference, TRACING_TOKEN)
    force_virtualizable(world.machine, world.samples.backend, world.description, world.reference)
    assert not token_of(world.machine, world.description, world.reference)
    stand_in = world.virtual_reference.make(world.machine, TRACING_TOKEN)
    thing = world.samples.node(1)
    world.machine.set_field_reference(stand_in, thing, world.virtual_reference.object_field)
    assert follow(world, stand_in) == thing
    assert not world.virtual_reference.token_of(world.machine, stand_in)


def test_a_view_numbers_the_fields_and_then_the_items(world):
    view = VirtualizableView(world.machine, world.description, world.reference)
    assert view.count == 1 + 3 + 2 + 1 + 1
    assert "".join(view.kind(position) for position in range(view.count)) == "rirfrrif"
    assert [view.position_of_field(number) for number in range(3)] == [1, 2, 3]
    assert [view.position_of_item(array, 0) for array in range(3)] == [4, 6, 7]
    assert [view.length(array) for array in range(3)] == [2, 1, 1]
    thing = world.samples.node(3)
    values = [world.reference, 5, thing, 0.5, thing, thing, 8, 2.5]
    for position, value in enumerate(values):
        {"i": view.write_int, "r": view.write_reference, "f": view.write_float}[view.kind(position)](position, value)
    read = [{"i": view.read_int, "r": view.read_reference, "f": view.read_float}[view.kind(position)](position)
            for position in range(view.count)]
    assert read == values
    assert world.frame.items[1].value == 3 and world.frame.counts[0] == 8


VIRTUALIZABLE_PROGRAM = """
jitcode f(r) -> i
  getfield_virtualizable_i r0, Frame.pc -> i0
  int_add i0, 1 -> i0
  setfield_virtualizable_i r0, i0, Frame.pc
  getfield_virtualizable_f r0, Frame.ratio -> f0
  setfield_virtualizable_f r0, 4.5, Frame.ratio
  getarrayitem_virtualizable_r r0, 1, Frame.items, Items -> r1
  setarrayitem_virtualizable_r r0, 0, r1, Frame.items, Items
  setfield_virtualizable_r r0, r1, Frame.top
  arraylen_virtualizable r0, Frame.items, Items -> i1
  int_mul i0, 10 -> i0
  int_add i0, i1 -> i0
  int_return i0
"""


def test_fields_of_virtualizables_in_jitcodes(world):
    failed = world.run(TRACE, [resume_data(0)] * 3, VIRTUALIZABLE_PROGRAM, 6, world.samples.node(), 0.0)
    rebuild(world.machine, world.samples.backend, failed)
    thing = malloc(NODE, zero=True)
    world.frame.items[1] = thing
    outcome = world.blackhole.run_jitcode(world.program.jitcodes[0], [], [world.reference], [])
    assert outcome.value == 82
    assert (world.frame.pc, world.frame.ratio) == (8, 4.5)
    assert world.frame.items[0] == thing == world.frame.top


def test_using_a_field_in_a_jitcode_forces_the_code_that_has_it_in_registers(world):
    def looking(reference, _):
        return world.blackhole.run_jitcode(world.program.jitcodes[0], [], [reference], []).value

    world.looking = looking
    failed = world.run(TRACE, [resume_data(0)] * 3, VIRTUALIZABLE_PROGRAM, 6, world.samples.node(), 0.0)
    assert world.looked == [82]
    materializer = rebuild(world.machine, world.samples.backend, failed)
    assert node(materializer.references[1]) == world.frame.items[0] == world.frame.top
    assert (world.frame.pc, world.frame.ratio) == (8, 4.5)
