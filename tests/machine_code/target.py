"""Prints what the x86 encoder emits for one instruction of every form, or runs emitted code in its own process.

Arguments: `emit`, or `run COUNT`.
"""

import os

from ouro.backend_x86 import Assembler32, Assembler64, CodeMemory, Label, OutOfCodeMemory, OutOfReach, call_code
from ouro.backend_x86._forms import methods
from ouro.backend_x86._methods import make_methods
from ouro.backend_x86.registers import NOT_EQUAL, RAX, RCX, RDI, RSI, XMM0, XMM1
from ouro.rlib.unroll import unrolling_iterable

DIGITS = "0123456789abcdef"

#: For each letter of a method's name: arguments.
_ARGUMENTS = {
    "r": (2,),
    "f": (3,),
    "c": (),
    "i": (0x41,),
    "m": (5, 0x1234),
    "x": (4, 1, 3, -7),
    "a": (0x1234567,),
}


def _emitters(assembler, word_bits):
    """An RPython function for each method: it calls the method with registers and numbers.

    Jumps to absolute addresses are left out: their bytes depend on where the code lies.
    """
    for method in methods(word_bits):
        for name in make_methods(method, word_bits):
            if name.endswith("_to"):
                continue
            yield _emitter(assembler, name, method.conditional, bool(method.letters))


def _emitter(assembler, name, conditional, has_operands):
    function = getattr(assembler, name)
    start = (11,) if conditional else ()
    kinds = name.rpartition("_")[2] if has_operands else ""
    if kinds == "s":

        def emit_short_jump(code, label):
            near = Label()
            function(code, *start, near)
            code.bind(near)

        return emit_short_jump
    before = start
    after = ()
    to_label = False
    for kind in kinds:
        if kind in ("p", "l"):
            to_label = True
        elif to_label:
            after += _ARGUMENTS[kind]
        else:
            before += _ARGUMENTS[kind]
    if to_label:

        def emit_to_label(code, label):
            function(code, *before, label, *after)

        return emit_to_label

    def emit(code, label):
        function(code, *before)

    return emit


EMITTERS_64 = unrolling_iterable(list(_emitters(Assembler64, 64)))
EMITTERS_32 = unrolling_iterable(list(_emitters(Assembler32, 32)))


def emit_64():
    code = Assembler64()
    label = Label()
    for emit in EMITTERS_64:
        emit(code, label)
    code.bind(label)
    return code


def emit_32():
    code = Assembler32()
    label = Label()
    for emit in EMITTERS_32:
        emit(code, label)
    code.bind(label)
    return code


def line(text):
    os.write(1, (text + "\n").encode("latin-1"))


def print_bytes(code):
    """In hexadecimal, 32 to a line."""
    emitted = code.build()
    text = ""
    for i in range(len(emitted)):
        byte = ord(emitted[i])
        text += DIGITS[byte >> 4] + DIGITS[byte & 15]
        if i & 31 == 31:
            line(text)
            text = ""
    line(text)


def sum_of_products(memory, argv):
    """A loop with a call of other code, which is patched to call another. Its count comes from the arguments."""
    count = int(argv[2])
    square = Assembler64()
    square.imul_rr(RAX, RAX)
    square.ret()
    square_block = memory.install(square)
    cube = Assembler64()
    cube.mov_rr(RSI, RAX)
    cube.imul_rr(RAX, RAX)
    cube.imul_rr(RAX, RSI)
    cube.ret()
    cube_block = memory.install(cube)
    code = Assembler64()
    loop = Label()
    code.mov_ri(RCX, 0)
    code.bind(loop)
    code.mov_rr(RAX, RDI)
    call = code.call_to(square_block.address)
    code.add_rr(RCX, RAX)
    code.sub_ri(RDI, 1)
    code.jcc_l(NOT_EQUAL, loop)
    code.mov_rr(RAX, RCX)
    code.ret()
    block = memory.install(code)
    line("squares %d" % call_code(block.address, count, 0))
    memory.patch_relative(block, call, cube_block.address)
    line("cubes %d" % call_code(block.address, count, 0))


def doubles(memory):
    """Square roots of words, through SSE registers and a constant in the code."""
    code = Assembler64()
    half = Label()
    code.cvtsi2sd_fr(XMM0, RDI)
    code.sqrtsd_ff(XMM1, XMM0)
    code.addsd_fp(XMM1, half)
    code.cvttsd2si_rf(RAX, XMM1)
    code.ret()
    code.align(8)
    code.bind(half)
    code.int64(0x3FE0000000000000)
    block = memory.install(code)
    line("roots %d %d %d" % (
        call_code(block.address, 2, 0), call_code(block.address, 3, 0), call_code(block.address, 1000000, 0),
    ))


def fill(memory):
    """Code until there is no more memory, and code that cannot reach where it wants to go."""
    blocks = []
    try:
        while True:
            code = Assembler64()
            for _ in range(8192):
                code.ud2()
            blocks.append(memory.install(code))
    except OutOfCodeMemory:
        line("full after %d" % len(blocks))
    for block in blocks:
        memory.free(block)
    code = Assembler64()
    code.jmp_to(blocks[0].address + (1 << 33))
    try:
        memory.install(code)
    except OutOfReach:
        line("out of reach, %d free" % memory.free_bytes())


def main(argv):
    if len(argv) > 1 and argv[1] == "run":
        memory = CodeMemory(1 << 16)
        sum_of_products(memory, argv)
        doubles(memory)
        fill(memory)
        memory.release()
    else:
        print_bytes(emit_64())
        print_bytes(emit_32())
    return 0


def target(driver, args):
    return main
