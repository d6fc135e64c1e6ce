"""From portals to the `Driver`s of the run-time parts."""

from __future__ import annotations

from typing import Callable

from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.portal.split import Portal
from ouro.jitcore.tracer import Driver, DriverHooks
from ouro.lltype import resolve
from ouro.rtyper import TypedProgram


def make_drivers(
    program: TypedProgram,
    portals: list[Portal],
    descriptors: DescriptorTable,
    hooks_of: Callable[[Portal], DriverHooks] | None = None,
) -> list[Driver]:
    """The drivers of all portals; `hooks_of` makes the functions that the program gave to a driver callable."""
    return [
        _make_driver(program, portal, descriptors, DriverHooks() if hooks_of is None else hooks_of(portal))
        for portal in portals
    ]


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


