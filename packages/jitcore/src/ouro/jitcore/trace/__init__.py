"""Traces: as the tracer records them, and as the optimizer and the backends see them."""

from ouro.jitcore.trace.constants import NULL_REFERENCE, ConstantPools
from ouro.jitcore.trace.recorded import (
    NO_FRAME,
    NO_SNAPSHOT,
    RecordedTrace,
    Snapshot,
    SnapshotFrame,
    SnapshotReader,
    TraceReader,
    used_values,
)
from ouro.jitcore.trace.references import (
    KIND_FLOAT,
    KIND_INT,
    KIND_REFERENCE,
    NOTHING,
    constant_index,
    constant_kind,
    constant_reference,
    is_constant,
    is_result,
)
from ouro.jitcore.trace.trace import Trace, expand, stores_extra

__all__ = [
    "ConstantPools",
    "KIND_FLOAT",
    "KIND_INT",
    "KIND_REFERENCE",
    "NOTHING",
    "NO_FRAME",
    "NO_SNAPSHOT",
    "NULL_REFERENCE",
    "RecordedTrace",
    "Snapshot",
    "SnapshotFrame",
    "SnapshotReader",
    "Trace",
    "TraceReader",
    "constant_index",
    "constant_kind",
    "constant_reference",
    "expand",
    "is_constant",
    "is_result",
    "stores_extra",
    "used_values",
]
