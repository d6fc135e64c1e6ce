"""A use of the blackhole interpreter with all its handlers for `translatable.PARTS`."""

import inspect

from ouro.jitcore.backend import Backend, JitFrame
from ouro.jitcore.blackhole import Blackhole
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.jitcode.text import parse_program
from ouro.jitcore.machine import Machine
from ouro.jitcore.outcome import FINISHED_INT, RAISED
from ouro.jitcore.resume import ResumeStore, VirtualReferenceDescription
from ouro.jitcore.text import parse_resume
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.jitcore.tracer import Driver, DriverHooks
from samples import NODE, Samples
from test_blackhole import CALLS, FRAMES, MERGING, RAISING, TRACE, positions

DEFAULTS = {"int": 0, "reference": NULL_REFERENCE, "float": 0.0, "none": None}


def _stub(name, method):
    """A method that does nothing and gives a value of the right kind, by the name of the method."""
    count = len(inspect.signature(method).parameters) - 1
    value = None
    if not name.startswith(("set_", "raw_store", "copy", "free")):
        word = name.rsplit("_", 1)[-1]
        value = DEFAULTS.get(word, NULL_REFERENCE if name in ("new", "new_array", "memory_error") else 0)
    if name in ("is_instance", "is_subclass"):
        value = True
    if name == "class_name":
        value = ""
    return [
        lambda self: value,
        lambda self, a: value,
        lambda self, a, b: value,
        lambda self, a, b, c: value,
        lambda self, a, b, c, d: value,
        lambda self, a, b, c, d, e: value,
        lambda self, a, b, c, d, e, f: value,
    ][count]


STUBS = {
    name: _stub(name, method) for name, method in vars(Machine).items()
    if inspect.isfunction(method) and "NotImplementedError" in inspect.getsource(method)
}


class IdleMachine(type("Idle", (Machine,), STUBS)):
    """Has no memory; calls give the sum of their first int and a count of calls, and raise for a negative one."""

    def __init__(self):
        Machine.__init__(self)
        self.calls = 0

    def call_int(self, address, callee, ints, references, floats):
        self.calls += 1
        first = ints[0] if ints else 0
        if first < 0:
            self.pending = NODE_OBJECT
        return self.calls + first


class IdleBackend(Backend):
    def value_int(self, frame, position):
        return 40

    def value_reference(self, frame, position):
        return NULL_REFERENCE

    def value_float(self, frame, position):
        return 0.0

    def exception(self, frame):
        return NULL_REFERENCE

    def forced_of(self, frame):
        return None


SAMPLES = Samples()
NODE_OBJECT = SAMPLES.node()
LOOP = """
jitcode loop(if) -> i
  int_copy 1 -> i1
L1:
  live {i0 i1}
  goto_if_not_int_gt i0, 0, L2
  int_mul i1, i0 -> i1
  int_sub i0, 1 -> i0
  cast_int_to_float i1 -> f0
  goto_if_not_float_lt f0, 1e10, L2
  goto L1
L2:
  int_return i1
"""
PROGRAM = parse_program(LOOP + CALLS + RAISING.replace("outer", "catching") + FRAMES.replace("inner", "within")
                        + MERGING, SAMPLES.names)
DRIVER = Driver(0, "driver", "ir", "if", "i", 0, SAMPLES.names.descriptors["call.add"], DriverHooks())
VIRTUAL_REFERENCE = VirtualReferenceDescription(
    SAMPLES.memory.descriptors.size(NODE), SAMPLES.memory.descriptors.field(NODE, "next"),
    SAMPLES.memory.descriptors.field(NODE, "next"))


def _guard():
    at = positions(SAMPLES, FRAMES)
    numbers = {jitcode.name: jitcode.index for jitcode in PROGRAM.jitcodes}
    store = ResumeStore()
    trace = SAMPLES.parse(TRACE, "irfr", "i")
    guard = parse_resume(
        f"""
        frame {numbers["outer"]}@{at["outer"][0]} (i4, _, v0)
        frame {numbers["within"]}@{at["inner"][1]} (i0)
        v0 = instance Node (Node.value: 3)
        """, trace, SAMPLES.names, store)
    assert isinstance(guard, GuardDescriptor)
    return guard


GUARD = _guard()
JITCODES = {jitcode.name: jitcode for jitcode in PROGRAM.jitcodes}
LOOP_CODE, CALLS_CODE, CATCHING_CODE = JITCODES["loop"], JITCODES["f"], JITCODES["catching"]
PORTAL_CODE = JITCODES["nested"]


def use_blackhole(n):
    machine = IdleMachine()
    blackhole = Blackhole(machine, IdleBackend(), PROGRAM, [DRIVER], VIRTUAL_REFERENCE)
    result = blackhole.run_jitcode(LOOP_CODE, [n], [], [1.0]).value
    result = result * 3 + blackhole.run_jitcode(CALLS_CODE, [n], [], []).value
    outcome = blackhole.run_jitcode(CATCHING_CODE, [-n], [], [])
    if outcome.what == RAISED:
        result += 1
    elif outcome.what == FINISHED_INT:
        result += outcome.value
    outcome = blackhole.run_jitcode(PORTAL_CODE, [n, 3], [NULL_REFERENCE], [2.5])
    result = result * 3 + outcome.what + outcome.value
    frame = JitFrame()
    frame.descriptor = GUARD
    return result * 3 + blackhole.resume(frame).value
