"""Descriptors: all that the run-time parts know of the data and functions of the VM.

A descriptor is made once per field, array type, size, function type and effect, at translation, and compared by
identity.
"""

from ouro.jitcore.descriptors.calls import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CAN_RAISE,
    ELIDABLE_CANNOT_RAISE,
    ELIDABLE_MEMORY_ERROR,
    EXTRA_NAMES,
    FORCES,
    LOOP_INVARIANT,
    RANDOM,
    SPECIAL_ARRAY_COPY,
    SPECIAL_NAMES,
    SPECIAL_NONE,
    SPECIAL_NOT_IN_TRACE,
    SPECIAL_SHRINK_STRING,
    SPECIAL_STRING_EQUAL,
    CallDescriptor,
    EffectDescriptor,
)
from ouro.jitcore.descriptors.memory import (
    ArrayDescriptor,
    Descriptor,
    FieldDescriptor,
    InteriorFieldDescriptor,
    SizeDescriptor,
)
from ouro.jitcore.descriptors.tokens import FinishDescriptor, GuardDescriptor, LoopToken, TargetToken

__all__ = [
    "ArrayDescriptor",
    "CANNOT_RAISE",
    "CAN_RAISE",
    "CallDescriptor",
    "Descriptor",
    "ELIDABLE_CANNOT_RAISE",
    "ELIDABLE_CAN_RAISE",
    "ELIDABLE_MEMORY_ERROR",
    "EXTRA_NAMES",
    "EffectDescriptor",
    "FORCES",
    "FieldDescriptor",
    "FinishDescriptor",
    "GuardDescriptor",
    "InteriorFieldDescriptor",
    "LOOP_INVARIANT",
    "LoopToken",
    "RANDOM",
    "SPECIAL_ARRAY_COPY",
    "SPECIAL_NAMES",
    "SPECIAL_NONE",
    "SPECIAL_NOT_IN_TRACE",
    "SPECIAL_SHRINK_STRING",
    "SPECIAL_STRING_EQUAL",
    "SizeDescriptor",
    "TargetToken",
]
