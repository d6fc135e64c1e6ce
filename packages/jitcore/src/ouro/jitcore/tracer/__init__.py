"""The tracer: finds what is hot, interprets its jitcodes while recording a trace, and has the trace compiled."""

from ouro.jitcore.outcome import (
    CONTINUE,
    FINISHED_FLOAT,
    FINISHED_INT,
    FINISHED_NONE,
    FINISHED_REFERENCE,
    NOT_ENTERED,
    RAISED,
    Outcome,
)
from ouro.jitcore.tracer.counters import Counters
from ouro.jitcore.tracer.driver import Driver, DriverHooks, Location
from ouro.jitcore.tracer.greens import GreenKey, hash_float, hash_int, hash_reference, hash_start
from ouro.jitcore.tracer.system import Helpers, JitSystem
from ouro.jitcore.tracer.warm_state import Cell, WarmState

__all__ = [
    "CONTINUE",
    "Cell",
    "Counters",
    "Driver",
    "DriverHooks",
    "FINISHED_FLOAT",
    "FINISHED_INT",
    "FINISHED_NONE",
    "FINISHED_REFERENCE",
    "GreenKey",
    "Helpers",
    "JitSystem",
    "Location",
    "NOT_ENTERED",
    "Outcome",
    "RAISED",
    "WarmState",
    "hash_float",
    "hash_int",
    "hash_reference",
    "hash_start",
]
