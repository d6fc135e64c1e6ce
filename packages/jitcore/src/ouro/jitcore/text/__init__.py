"""Traces as text: printer, parser, verifier. Host only: dumps, tests and tools use it."""

from ouro.jitcore.text.names import Names
from ouro.jitcore.text.parser import TraceSyntaxError, parse_trace, parse_value
from ouro.jitcore.text.printer import print_instruction, print_trace, print_value
from ouro.jitcore.text.resume import ResumeSyntaxError, parse_resume, print_resume
from ouro.jitcore.text.resume_verifier import resume_problems
from ouro.jitcore.text.verifier import VerificationError, problems, verify

__all__ = [
    "Names",
    "ResumeSyntaxError",
    "TraceSyntaxError",
    "VerificationError",
    "parse_resume",
    "parse_trace",
    "parse_value",
    "print_instruction",
    "print_resume",
    "print_trace",
    "print_value",
    "problems",
    "resume_problems",
    "verify",
]
