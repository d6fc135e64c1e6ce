"""The x86 backend: encoder, code memory, and compiling traces for x86-64."""

from __future__ import annotations

from ouro.backend_x86 import registers
from ouro.backend_x86.assembler import Assembler32, Assembler64
from ouro.backend_x86.backend import X86Backend
from ouro.backend_x86.code_buffer import CodeBuffer, Label, OutOfReach
from ouro.backend_x86.code_memory import CodeBlock, CodeMemory, OutOfCodeMemory
from ouro.backend_x86.native_call import call_code
from ouro.backend_x86.runtime import Runtime

__all__ = [
    "Assembler32",
    "Assembler64",
    "CodeBlock",
    "CodeBuffer",
    "CodeMemory",
    "Label",
    "OutOfCodeMemory",
    "OutOfReach",
    "Runtime",
    "X86Backend",
    "call_code",
    "registers",
]
