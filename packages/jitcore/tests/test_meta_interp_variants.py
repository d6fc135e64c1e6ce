"""Random programs for a small interpreter, under the JIT in every variant: the results are those without.

A program is a list of instructions for a machine of three registers and an object; jumps go backward with a counter, so
all programs end. The variants: traces begin at once, tracing is given up early, each guard gets its bridge at once, no
optimisation, small functions only.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ouro.annotator import annotate
from ouro.jitcore.backend.interpreting import InterpretingBackend
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.model import ModelBackend
from ouro.jitcore.testing import Jitted, meta_interp
from ouro.rlib import jit
from ouro.rlib.jit import JitDriver
from ouro.rlib.rarithmetic import intmask, ovfcheck
from ouro.rtyper import TypedInterpreter, specialize

INSTRUCTIONS = ["add", "sub", "mul", "swap", "box", "unbox", "other", "call", "raise", "even", "loop", "store", "load"]
CODES = {name: chr(97 + number) for number, name in enumerate(INSTRUCTIONS)}
LENGTH = 8


class Box:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


class Negated(Box):
    def get(self):
        return -self.value


class Setting:
    _immutable_fields_ = ["step?"]

    def __init__(self):
        self.step = 1


class Failure(Exception):
    def __init__(self, value):
        self.value = value


@jit.dont_look_inside
def outside(n):
    if n % 11 == 4:
        raise Failure(n)
    return n ^ 5


def may_fail(n):
    if n % 5 == 2:
        raise Failure(n)
    return n


def make_main():
    driver = JitDriver(greens=["pc", "code"], reds=["a", "b", "count", "box", "setting", "cells"])

    def run(code, a, b):
        pc, count = 0, 60
        box = Box(0)
        setting = Setting()
        cells = [0] * 4
        while pc < len(code):
            driver.jit_merge_point(pc=pc, code=code, a=a, b=b, count=count, box=box, setting=setting, cells=cells)
            op = code[pc]
            pc += 1
            if op == "a":
                a = intmask(a + b + jit.promote(setting).step)
            elif op == "b":
                a = intmask(a - b)
            elif op == "c":
                try:
                    a = ovfcheck(a * b)
                except OverflowError:
                    a = b & 0xFF
            elif op == "d":
                a, b = b, a
            elif op == "e":
                box = Box(a) if a & 1 else Negated(a)
            elif op == "f":
                a = intmask(a + box.get())
            elif op == "g":
                setting.step += 1 if count % 16 == 3 else 0
            elif op == "h":
                try:
                    b = outside(a & 0xFFFF)
                except Failure as failure:
                    b = failure.value + 1
            elif op == "i":
                try:
                    a = may_fail(a & 0xFFF)
                except Failure as failure:
                    b = intmask(b + failure.value)
            elif op == "j":
                if a % 2 == 0:
                    a = a // 2
            elif op == "k":
                count -= 1
                if count > 0:
                    pc = (count * 7) % pc if count % 9 == 0 else 0
                    driver.can_enter_jit(
                        pc=pc, code=code, a=a, b=b, count=count, box=box, setting=setting, cells=cells)
            elif op == "l":
                cells[a & 3] = b
            else:
                b = cells[b & 3]
        total = a
        for cell in cells:
            total = intmask(total * 31 + cell)
        return intmask(total * 7 + b + box.get() + jit.promote(setting).step)

    def main(letters, a, b):
        characters = []
        for _ in range(LENGTH):
            characters.append(chr(97 + letters % 13))
            letters //= 13
        return run("".join(characters) + "k", a, b)

    return main


def interpreting(memory):
    return InterpretingBackend(HostMachine(memory))


VARIANTS = {
    "plain": (ModelBackend, {"threshold": 5, "trace_eagerness": 4}),
    "at once": (ModelBackend, {"threshold": 1, "function_threshold": 1, "trace_eagerness": 1}),
    "not optimised": (ModelBackend, {"threshold": 3, "trace_eagerness": 2, "enable_opts": 0}),
    "given up early": (ModelBackend, {"threshold": 2, "trace_eagerness": 1, "trace_limit": 30}),
    "every guard fails": (
        ModelBackend, {"threshold": 1, "function_threshold": 1, "trace_eagerness": 1, "fail_guards": 1}),
    "some guards fail": (ModelBackend, {"threshold": 2, "trace_eagerness": 2, "fail_guards": 5}),
    "interpreted traces": (interpreting, {"threshold": 2, "trace_eagerness": 1}),
}


@pytest.fixture(scope="module")
def expected():
    program = specialize(annotate(make_main(), [int, int, int]))
    interpreter = TypedInterpreter(program)
    return lambda *arguments: interpreter.run(program.entry_graph, list(arguments))


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=3, deadline=None)
@given(programs=st.lists(st.tuples(st.integers(0, 13**LENGTH - 1), st.integers(-50, 500), st.integers(-9, 9)),
                         min_size=1, max_size=10))
def test_programs_give_what_they_give_without_the_jit(variant, programs, expected):
    backend, parameters = VARIANTS[variant]
    jitted = Jitted(make_main(), [1, 1, 1], backend, **parameters)
    for arguments in programs:
        assert jitted.run(*arguments) == expected(*arguments)


@pytest.mark.parametrize("limit", [1, 2, 5, 9])
def test_a_recording_gets_somewhere_however_short_it_must_be(limit):
    driver = JitDriver(greens=[], reds=["n", "a", "b", "c", "d", "e"])

    def many(n):
        a = b = c = d = e = n
        while n > 0:
            driver.jit_merge_point(n=n, a=a, b=b, c=c, d=d, e=e)
            a, b, c, d, e = b + n, c ^ a, d + 1, e - b, a & 1023
            n -= 1
        return a + b + c + d + e

    run = meta_interp(many, [40], trace_limit=limit)
    assert run.statistics.recordings < 60
