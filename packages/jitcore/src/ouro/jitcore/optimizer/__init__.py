"""The optimizer: recordings in, traces for a backend out. RPython, run time."""

from ouro.jitcore.optimizer.entry import Environment, OptimizedTrace, optimize_bridge, optimize_loop, optimize_retrace
from ouro.jitcore.optimizer.errors import InvalidTrace
from ouro.jitcore.optimizer.forward import Dependency
from ouro.jitcore.optimizer.options import ALL, NONE, PEEL, Options, parse_enabled

__all__ = [
    "ALL",
    "Dependency",
    "Environment",
    "InvalidTrace",
    "NONE",
    "OptimizedTrace",
    "Options",
    "PEEL",
    "optimize_bridge",
    "optimize_loop",
    "optimize_retrace",
    "parse_enabled",
]
