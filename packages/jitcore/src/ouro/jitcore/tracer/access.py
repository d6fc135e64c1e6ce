"""Registers by kind, for steps that are made from the tables of instructions."""

from ouro.jitcore.tracer.frames import CONSTANT


def int_value(frame, register):
    return frame.ints[register]


def int_is_constant(frame, register):
    return frame.ints_in_trace[register] == CONSTANT


def int_reference(meta, register):
    return meta.int_register(register)


def put_int(frame, register, value, reference):
    frame.ints[register] = value
    frame.ints_in_trace[register] = reference


def reference_value(frame, register):
    return frame.references[register]


def reference_is_constant(frame, register):
    return frame.references_in_trace[register] == CONSTANT


def gc_reference(meta, register):
    return meta.gc_register(register)


def put_reference(frame, register, value, reference):
    frame.references[register] = value
    frame.references_in_trace[register] = reference


def float_value(frame, register):
    return frame.floats[register]


def float_is_constant(frame, register):
    return frame.floats_in_trace[register] == CONSTANT


def float_reference(meta, register):
    return meta.float_register(register)


def put_float(frame, register, value, reference):
    frame.floats[register] = value
    frame.floats_in_trace[register] = reference


def put_nothing(frame, register, value, reference):
    """For instructions without result."""


#: By letter: the value of a register, whether it is a constant, and its reference to record.
VALUE = {"i": int_value, "r": reference_value, "f": float_value}
IS_CONSTANT = {"i": int_is_constant, "r": reference_is_constant, "f": float_is_constant}
REFERENCE = {"i": int_reference, "r": gc_reference, "f": float_reference}
PUT = {"i": put_int, "r": put_reference, "f": put_float, "n": put_nothing}
