"""What the run-time parts of the JIT do to the data of the program, and what operations compute."""

from ouro.jitcore.machine.arithmetic import (
    compute_float,
    compute_float_of_int,
    compute_int,
    compute_int_of_floats,
    compute_int_of_references,
    is_defined,
    is_defined_of_float,
    overflows,
)
from ouro.jitcore.machine.execution import (
    EXECUTE,
    NO_VALUE,
    Operands,
    can_execute,
    execute_float,
    execute_int,
    execute_none,
    execute_reference,
    stored_kind,
)
from ouro.jitcore.machine.interface import Machine

__all__ = [
    "EXECUTE",
    "Machine",
    "NO_VALUE",
    "Operands",
    "can_execute",
    "compute_float",
    "compute_float_of_int",
    "compute_int",
    "compute_int_of_floats",
    "compute_int_of_references",
    "execute_float",
    "execute_int",
    "execute_none",
    "execute_reference",
    "is_defined",
    "is_defined_of_float",
    "overflows",
    "stored_kind",
]
