# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Class tests and identities: RPython functions over object and vtable pointers."""

from __future__ import annotations

from ouro.rtyper._helpers import low_level_module
from ouro.rtyper._llops import array_copy, gc_identityhash, gc_next_instance, get_object_type
from ouro.rtyper._program import OBJECT_POINTER, VTABLE_POINTER
from ouro.rtyper._string_helpers import new_string


def is_subclass(cls, other):
    return other.subclass_range_min <= cls.subclass_range_min < other.subclass_range_max


def isinstance_non_null(value, cls):
    return is_subclass(get_object_type(VTABLE_POINTER, value), cls)


def isinstance_nullable(value, cls):
    if not value:
        return False
    return isinstance_non_null(value, cls)


def exact_class_non_null(value, cls):
    return get_object_type(VTABLE_POINTER, value) == cls


def exact_class_nullable(value, cls):
    if not value:
        return False
    return get_object_type(VTABLE_POINTER, value) == cls


def next_instance(cls):
    while True:
        value = gc_next_instance(OBJECT_POINTER)
        if not value or isinstance_non_null(value, cls):
            return value


def identity_hash(value):
    if not value:
        return 0
    return gc_identityhash(value)


def vtable_hash(cls):
    return cls.subclass_range_min


def class_name(cls):
    name = cls.name
    n = len(name)
    result = new_string(n)
    array_copy(name, result, 0, 0, n)
    return result


low_level_module(globals())
