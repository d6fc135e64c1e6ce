"""`python -m ouro.backend_x86.disassemble LOG`: the machine code in a log, as text. Host only.

Prints each operation of a trace and below it the instructions that it became, by capstone.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field


@define
class DumpedCode:
    """A piece of code in a log. `operations` are offsets and names, `patches` offsets and the addresses that the 32-bit
    distances there lead to now.
    """

    kind: str
    name: str
    address: int
    size: int
    content: bytearray = field(factory=bytearray)
    operations: list[tuple[int, str]] = field(factory=list)
    patches: list[tuple[int, int]] = field(factory=list)


def read_dump(lines: Iterable[str]) -> list[DumpedCode]:
    """The code in the lines of a log; other lines are skipped."""
    found: list[DumpedCode] = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "code":
            kind, _, rest = rest.partition(" ")
            name, address, size = rest.rsplit(" ", 2)
            found.append(DumpedCode(kind, name, int(address, 16), int(size, 16)))
        elif word == "at" and found:
            words = rest.split()
            found[-1].operations += [(int(offset, 16), name) for offset, name in zip(words[::2], words[1::2])]
        elif word == "bytes" and found:
            found[-1].content += bytes.fromhex(rest.split()[1])
        elif word == "patch":
            place, target = (int(number, 16) for number in rest.split())
            for code in reversed(found):
                if code.address <= place < code.address + code.size:
                    code.patches.append((place - code.address, target))
                    break
    return found


def patched(code: DumpedCode) -> bytes:
    """The bytes of a piece of code as it is in the end."""
    content = bytearray(code.content)
    for offset, target in code.patches:
        distance = target - (code.address + offset + 4)
        content[offset : offset + 4] = (distance & 0xFFFFFFFF).to_bytes(4, "little")
    return bytes(content)


@functools.lru_cache(maxsize=1)
def _engine() -> Any:
    import capstone  # the other users of this module read dumps only

    return capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)


def assembly_lines(code: DumpedCode, start: int, end: int) -> list[str]:
    """The instructions between two offsets of a piece of code: addresses and assembly language."""
    content = patched(code)[start:end]
    return [
        f"{instruction.address:x}  {instruction.mnemonic} {instruction.op_str}".rstrip()
        for instruction in _engine().disasm(content, code.address + start)
    ]


def disassembly(code: DumpedCode) -> Iterator[str]:
    """The lines of one piece of code."""
    yield f"{code.kind} {code.name}: {code.size} bytes at {code.address:#x}"
    starts = dict(code.operations)
    bounds = sorted({0, *starts, len(code.content)})
    for start, end in zip(bounds, bounds[1:]):
        names = [name for offset, name in code.operations if offset == start]
        if names:
            yield "  " + ", ".join(names)
        for line in assembly_lines(code, start, end):
            yield "    " + line


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="ouro.backend_x86.disassemble", description=__doc__)
    parser.add_argument("log", help="a file with a jit-backend-dump section; - is standard input")
    arguments = parser.parse_args()
    with open(arguments.log) if arguments.log != "-" else sys.stdin as lines:
        for code in read_dump(lines):
            for text in disassembly(code):
                print(text)


if __name__ == "__main__":
    main()
