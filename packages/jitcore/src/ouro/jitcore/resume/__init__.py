"""Resume data: what a guard needs so that the interpreter can go on where compiled code was left."""

from ouro.jitcore.resume.bridge import BridgeRecorder
from ouro.jitcore.resume.builder import PendingStores, RecordedValues, ResumeBuilder, ValueSource, capture_all
from ouro.jitcore.resume.descriptions import (
    VirtualArray,
    VirtualConcatenation,
    VirtualDescription,
    VirtualFields,
    VirtualRawBuffer,
    VirtualRawSlice,
    VirtualSlice,
    VirtualString,
    VirtualStructureArray,
)
from ouro.jitcore.resume.materializer import Materializer
from ouro.jitcore.resume.reader import ResumeReader
from ouro.jitcore.resume.rebuilding import (
    ForcedVirtuals,
    follow_virtual_reference,
    force,
    force_virtualizable,
    rebuild,
)
from ouro.jitcore.resume.store import NO_VALUE, ResumeStore
from ouro.jitcore.resume.virtual_references import VirtualReferenceDescription
from ouro.jitcore.resume.virtualizable import (
    TRACING_TOKEN,
    VirtualizableView,
    clear_token,
    count_values,
    pass_values,
    set_token,
    token_of,
)

__all__ = [
    "BridgeRecorder",
    "ForcedVirtuals",
    "Materializer",
    "NO_VALUE",
    "PendingStores",
    "RecordedValues",
    "ResumeBuilder",
    "ResumeReader",
    "ResumeStore",
    "TRACING_TOKEN",
    "ValueSource",
    "VirtualArray",
    "VirtualConcatenation",
    "VirtualDescription",
    "VirtualFields",
    "VirtualRawBuffer",
    "VirtualRawSlice",
    "VirtualReferenceDescription",
    "VirtualSlice",
    "VirtualString",
    "VirtualStructureArray",
    "VirtualizableView",
    "capture_all",
    "clear_token",
    "count_values",
    "follow_virtual_reference",
    "force",
    "force_virtualizable",
    "pass_values",
    "rebuild",
    "set_token",
    "token_of",
]
