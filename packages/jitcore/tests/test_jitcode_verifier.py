"""The verifier of jitcodes finds each broken part of the contract."""

import pytest
from ouro.jitcore.descriptors import CANNOT_RAISE, CallDescriptor, EffectDescriptor
from ouro.jitcore.jitcode.text import parse_program
from ouro.jitcore.jitcode.verifier import JitCodeError, problems, verify_program
from samples import Samples

GOOD = """
jitcode f(ir) -> i
L1:
  live {i0 r0}
  goto_if_not_int_lt i0, 10, L2
  int_add i0, 1 -> i0
  goto L1
L2:
  inline_call_i g, [i0], [], [] -> i1
  live {i0 i1 r0}
  catch_exception L3
  setfield_gc_i r0, i1, Node.value
  int_return i1
L3:
  last_exception_value -> r1
  setfield_gc_r r0, null, Node.next
  int_return i0

jitcode g(i) -> i
  live {i0}
  int_add_jump_if_overflow L1, i0, i0 -> i1
  int_return i1
L1:
  int_return i0
"""


@pytest.fixture
def names():
    names = Samples().names
    names.add_descriptor(CallDescriptor("call_i_i", "i", "i", 8, True, EffectDescriptor(CANNOT_RAISE)))
    return names


def test_what_holds_has_no_problems(names):
    verify_program(parse_program(GOOD, names))


@pytest.mark.parametrize("text, message", [
    ("  int_add i0, 1 -> i0", "the code does not end"),
    ("  goto_if_not i0, L1\nL1:\n  int_return i0", "goto_if_not has no live mark in front"),
    ("  residual_call_i 0, [i0], [], [], call_i_i -> i0\n  int_return i0", "residual_call_i has no live mark behind"),
    ("  catch_exception L1\nL1:\n  int_return i0", "catch_exception stands behind no call"),
    ("  getfield_gc_i r0, Node.next -> i0\n  int_return i0", "getfield_gc_i of Node.next, which is of kind r"),
    ("  setfield_gc_r r0, r0, Node.value\n  int_return i0", "setfield_gc_r of Node.value, which is of kind i"),
    ("  arraylen_gc r0, Node.value -> i0\n  int_return i0", "the descriptor of arraylen_gc is a FieldDescriptor"),
    ("  inline_call_i g, [], [], [] -> i0\n  live {i0}\n  int_return i0",
     "inline_call_i has [0, 0, 0] arguments of the kinds i, r, f, not [1, 0, 0]"),
    ("  inline_call_r g, [i0], [], [] -> r0\n  live {i0}\n  int_return i0", "the result of g has kind i"),
    ("  residual_call_i 0, [i0, i0], [], [], call_i_i -> i0\n  live {i0}\n  int_return i0",
     "residual_call_i has [2, 0, 0] arguments of the kinds i, r, f, not [1, 0, 0]"),
    ("  residual_call_n 0, [i0], [], [], call_i_i\n  live {i0}\n  int_return i0", "the result of call_i_i has kind i"),
    ("  recursive_call_i 0, [i0], [], [], [], [], [] -> i0\n  live {i0}\n  int_return i0", "there is no driver 0"),
    ("  int_return i1", "int_return reads i1, which may not be written"),
    ("  live {i0}\n  goto_if_not i0, L1\n  int_copy 1 -> i1\nL1:\n  int_return i1",
     "int_return reads i1, which may not be written"),
    ("  live {i0 i1}\n  goto_if_not i0, L1\nL1:\n  int_copy 0 -> i1\n  int_return i1",
     "live names i1, which may not be written"),
    ("  live {i0}\n  goto_if_not i0, L1\n  int_return i0\nL1:\n  reference_copy r0 -> r1\n  int_return i0",
     "the live mark does not name r0"),
    ("  inline_call_i g, [i0], [], [] -> i1\n  live {i0 i1}\n  catch_exception L1\n  int_return i1\nL1:\n"
     "  int_return i1", "int_return reads i1, which may not be written"),
    ("  live {i0}\n  int_add_jump_if_overflow L1, i0, i0 -> i1\n  int_return i1\nL1:\n  int_return i1",
     "int_return reads i1, which may not be written"),
])
def test_what_does_not_hold_is_found(names, text, message):
    program = parse_program(f"jitcode f(ir) -> i\n{text}\n\njitcode g(i) -> i\n  int_return i0\n", names)
    found = problems(program, program.jitcodes[0])
    assert any(message in problem for problem in found), found
    with pytest.raises(JitCodeError):
        verify_program(program)


def test_a_jump_into_an_instruction_is_found(names):
    program = parse_program("jitcode f(i) -> i\nL1:\n  int_add i0, 1 -> i0\n  goto L1\n", names)
    jitcode = program.jitcodes[0]
    jitcode.code = jitcode.code[:-3] + "\x01\x00\x00"
    assert "goes into the middle of an instruction" in problems(program, jitcode)[0]
