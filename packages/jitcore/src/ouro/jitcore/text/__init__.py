"""Traces as text: printer, parser, verifier. Host only: dumps, tests and tools use it."""

from ouro.jitcore.text.names import Names
from ouro.jitcore.text.parser import TraceSyntaxError, parse_trace
from ouro.jitcore.text.printer import print_instruction, print_trace
from ouro.jitcore.text.verifier import VerificationError, problems, verify

__all__ = [
    "Names",
    "TraceSyntaxError",
    "VerificationError",
    "parse_trace",
    "print_instruction",
    "print_trace",
    "problems",
    "verify",
]
