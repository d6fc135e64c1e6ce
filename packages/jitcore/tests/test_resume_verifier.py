"""The verifier of resume data finds each way in which they can be wrong."""

import pytest
from ouro.jitcore.jitcode import VirtualizableDescription
from ouro.jitcore.jitcode.text import parse_program
from ouro.jitcore.resume import ResumeStore, VirtualReferenceDescription
from ouro.jitcore.text import VerificationError, parse_resume, resume_problems, verify
from ouro.jitcore.trace import NOTHING
from samples import Samples

TRACE = """
[i0, r1, f2]
i3 = int_add(i0, 1)
guard_true(i3) {}
finish(i3, done_i)
"""
PROGRAM = """
jitcode f(irf) -> i
  live {i0 r1 f0}
  int_guard_value i0
  live {}
  int_return i0
"""
GOOD = """
frame 0@0 (i3, v0, f2)
frame 0@6 ()
virtualizable (r1, i0)
references (r1, v0)
store Node.value (r1) = i0
store Ints[3] (v2) = 5
store Pairs.right[0] (r1) = v0
v0 = instance Node (Node.value: i0, Node.next: v0, Node.weight: f2)
v2 = array Ints (1, _, i3)
"""


class World:
    def __init__(self):
        self.samples = Samples()
        names = self.samples.names.descriptors
        self.virtualizable = VirtualizableDescription("Node", names["Node"], [names["Node.value"]], [], [], None)
        self.virtual_reference = VirtualReferenceDescription(names["Node"], names["Node.next"], names["Node.next"])
        self.trace = self.samples.parse(TRACE, "irf", "i")
        self.program = parse_program(PROGRAM, self.samples.names)

    def guard(self, text, with_descriptions=True):
        store = ResumeStore(self.virtualizable, self.virtual_reference) if with_descriptions else ResumeStore()
        return parse_resume(text, self.trace, self.samples.names, store)

    def problems(self, guard):
        return list(resume_problems(self.trace, guard, self.program))


@pytest.fixture
def world():
    return World()


def test_good_data_have_no_problems(world):
    assert world.problems(world.guard(GOOD)) == []


@pytest.mark.parametrize("text, message", [
    ("frame 1@0 ()", "frame 0: there is no jitcode 1"),
    ("frame 0@1 ()", "frame 0, f@1: there is no live mark"),
    ("frame 0@900 ()", "there is no live mark"),
    ("frame 0@0 (i0, r1)", "2 values for 3 registers"),
    ("frame 0@0 (r1, r1, f2)", "value 0 is of kind r, not i"),
    ("frame 0@0 (1, 2, 1.5)", "value 1 is of kind i, not r"),
    ("frame 0@0 (1, null, null)", "value 2 is of kind r, not f"),
    ("references (v0, r1)\nv0 = instance Node (Node.value: r1)", "content 0 of virtual 0 is of kind r, not i"),
    ("references (v0, r1)\nv0 = array Floats (1.0, 2)", "content 1 of virtual 0 is of kind i, not f"),
    ("references (v0, r1)\nv0 = concatenation String (_, r1)", "content 0 of virtual 0 is missing"),
    ("references (v0, r1)\nv0 = concatenation String (v1, r1)\nv1 = array Ints (1)", "virtual 0 is no str"),
    ("references (v0, r1)\nv0 = concatenation String (r1, v1)\nv1 = slice Bytes (r1, 0, 1)", "string of another type"),
    ("references (v0, r1)\nv0 = concatenation String (r1, v1)\nv1 = slice String (v0, 0, 1)", "is made of itself"),
    ("references (v0, r1)\nv0 = slice String (v0, 0, 1)", "virtual 0 is made of itself"),
    ("frame 0@0 (v0, r1, f2)\nv0 = raw_slice 8 (v1)\nv1 = raw_slice 8 (v0)", "is made of itself"),
    ("frame 0@0 (v0, v1, f2)\nv0 = raw_slice 8 (v1)\nv1 = instance Node ()", "content 0 of virtual 0 is of kind r"),
    ("store Ints (r1) = 5", "pending store 0 to Array<Signed> has index -1"),
    ("store Node.value[3] (r1) = 5", "pending store 0 to Node.value has index 3"),
    ("store Node.value (i0) = 5", "the base of pending store 0 is of kind i, not r"),
    ("store Node.value (r1) = 1.5", "the value of pending store 0 is of kind f, not i"),
    ("store Node.value (r1) = _", "the value of pending store 0 is missing"),
    ("store Node (r1) = 3", "pending store 0 is to a SizeDescriptor"),
    ("virtualizable (r1)", "1 values of a virtualizable that has 2"),
    ("virtualizable (r1, r1)", "value 1 of the virtualizable is of kind r, not i"),
    ("virtualizable (_, i0)", "there is no virtualizable for its values"),
    ("references (r1)", "1 values of virtual references, which are pairs"),
    ("references (r1, i0)", "value 1 of the virtual references is of kind i, not r"),
])
def test_wrong_data_are_found(world, text, message):
    found = world.problems(world.guard(text))
    assert any(message in one for one in found), found


def test_values_without_descriptions_are_found(world):
    assert "values of a virtualizable, and the trace has none" in world.problems(
        world.guard("virtualizable (r1, i0)", False))
    assert "values of virtual references, and the program has none" in world.problems(
        world.guard("references (r1, r1)", False))


def break_values(guard, _):
    guard.values.append(0)


def break_kinds(guard, _):
    guard.kinds = "f" + guard.kinds[1:]


def drop_value(guard, _):
    guard.values.pop()
    guard.kinds = guard.kinds[:-1]


def forget_value(guard, _):
    guard.values[0] = NOTHING


def keep_more(guard, _):
    guard.values.append(0)
    guard.kinds += "i"


def lose_constants(guard, _):
    guard.store.floats = []


@pytest.mark.parametrize("breaking, message", [
    (break_values, "4 values are kept, but 3 kinds given"),
    (break_kinds, "position 0 is of kind i, not f"),
    (drop_value, "position 2 is used and not kept"),
    (forget_value, "position 0 is used and keeps no result"),
    (keep_more, "position 3 is kept for nothing"),
    (lose_constants, "there is no constant 0 of kind 2"),
])
def test_data_that_do_not_fit_their_guard_are_found(world, breaking, message):
    guard = world.guard("frame 0@0 (i3, r1, 1.5)\nframe 0@0 (i0, null, 2.5)")
    assert world.problems(guard) == []
    breaking(guard, world)
    found = world.problems(guard)
    assert any(message in one for one in found), found


def test_traces_are_verified_with_the_data_of_their_guards(world):
    guard = world.trace.guards[0]
    described = world.guard(GOOD)
    for name in ("values", "kinds", "store", "resume"):
        setattr(guard, name, getattr(described, name))
    verify(world.trace)
    guard.kinds = "r" + guard.kinds[1:]
    with pytest.raises(VerificationError, match="position 0 is of kind i, not r"):
        verify(world.trace)
