"""From portals to the `Driver`s of the run-time parts."""

from __future__ import annotations

from typing import Any

from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.driver_functions import DriverFunctions
from ouro.jitcore.machine import Machine
from ouro.jitcore.portal.split import Portal, PortalError
from ouro.jitcore.tracer import Driver, DriverHooks
from ouro.lltype import Bool, Ptr, Signed, Struct, resolve
from ouro.rtyper import STRING_POINTER, TypedProgram


def make_drivers(
    program: TypedProgram, portals: list[Portal], descriptors: DescriptorTable, machine: Machine
) -> list[Driver]:
    """The drivers of all portals; `machine` calls the functions that the program gave to them."""
    return [
        _make_driver(program, portal, descriptors, _functions_of(program, portal, descriptors, machine))
        for portal in portals
    ]


#: The functions of a `JitDriver` by their names in `DriverFunctions`.
_FUNCTIONS = {
    "location": "get_printable_location", "place": "get_location",
    "identity": "get_unique_id", "unroll": "should_unroll_one_iteration",
    "never_inline": "can_never_inline", "confirm": "confirm_enter_jit",
}


def _functions_of(
    program: TypedProgram, portal: Portal, descriptors: DescriptorTable, machine: Machine
) -> DriverHooks:
    known = program.attributes.get("jit functions", {})
    hooks = DriverFunctions(machine, None)
    effect = EffectDescriptor(RANDOM, can_invalidate=True)
    for attribute, name in _FUNCTIONS.items():
        pointer = known.get((portal.driver, name))
        if pointer is not None:
            TYPE = resolve(pointer._T).TO
            _check_result(portal, name, resolve(TYPE.RESULT))
            setattr(hooks, attribute, descriptors.address_of(pointer))
            setattr(hooks, attribute + "_call", descriptors.call(TYPE, effect))
            if attribute == "location":
                hooks.characters = descriptors.array(resolve(TYPE.RESULT).TO)
            elif attribute == "place":
                _describe_place(hooks, resolve(TYPE.RESULT), descriptors)
    return hooks


#: What the functions of a driver give, as messages name it.
_RESULTS = {
    "get_printable_location": (STRING_POINTER, "a str"),
    "get_unique_id": (Signed, "an int"),
    "should_unroll_one_iteration": (Bool, "a bool"),
    "can_never_inline": (Bool, "a bool"),
    "confirm_enter_jit": (Bool, "a bool"),
}


def _check_result(portal: Portal, name: str, RESULT: Any) -> None:
    """A function of a driver gives what the JIT asks for.

    Raises:
        PortalError: it gives something else.
    """
    if name in _RESULTS and RESULT != _RESULTS[name][0]:
        function = getattr(portal.driver, name)
        place = ""
        if hasattr(function, "__code__"):
            place = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}: {function.__name__}: "
        raise PortalError(f"{place}{name} of the driver {portal.driver.name} must give {_RESULTS[name][1]}")


def _describe_place(hooks: DriverFunctions, RESULT: Any, descriptors: DescriptorTable) -> None:
    """The fields of the tuple that `get_location` gives.

    Raises:
        PortalError: it gives something else.
    """
    TUPLE = resolve(RESULT.TO) if isinstance(RESULT, Ptr) else None
    TYPES = [resolve(TYPE) for TYPE in TUPLE.types] if isinstance(TUPLE, Struct) else []
    if TYPES != [STRING_POINTER, Signed, STRING_POINTER, Signed, STRING_POINTER]:
        raise PortalError(
            "get_location must give a file name, a line, the name of a function, a position in it and the name of an "
            "instruction")
    assert TUPLE is not None
    hooks.place_fields = [descriptors.field(TUPLE, name) for name in TUPLE.names]
    hooks.characters = descriptors.array(STRING_POINTER.TO)


def _make_driver(
    program: TypedProgram, portal: Portal, descriptors: DescriptorTable, hooks: DriverHooks
) -> Driver:
    runner = program.function_pointer(portal.graph)
    # the portal runs anything, and may be run by compiled code that it looks into
    effect = EffectDescriptor(RANDOM, can_invalidate=True)
    call = descriptors.call(resolve(runner._T).TO, effect)
    references = [name for name, kind in zip(portal.red_names, portal.red_kinds) if kind == "r"]
    names = portal.driver.virtualizables
    place = references.index(names[0]) if names else -1
    return Driver(
        portal.index, portal.driver.name, portal.green_kinds, portal.red_kinds, portal.result_kind,
        descriptors.address_of(runner), call, hooks, place, portal.driver.is_recursive,
    )


