"""The x86 backend. Today: the encoder, for x86-64 and x86-32, and memory to run what it emits."""

from __future__ import annotations

from ouro.backend_x86 import registers
from ouro.backend_x86.assembler import Assembler32, Assembler64
from ouro.backend_x86.code_buffer import CodeBuffer, Label, OutOfReach
from ouro.backend_x86.code_memory import CodeBlock, CodeMemory, OutOfCodeMemory
from ouro.backend_x86.native_call import call_code

__all__ = [
    "Assembler32",
    "Assembler64",
    "CodeBlock",
    "CodeBuffer",
    "CodeMemory",
    "Label",
    "OutOfCodeMemory",
    "OutOfReach",
    "call_code",
    "registers",
]
