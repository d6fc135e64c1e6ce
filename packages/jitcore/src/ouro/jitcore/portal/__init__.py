"""Where interpreter and JIT meet: the graph of the interpreter's loop, and what is put into it. Host only."""

from ouro.jitcore.portal.drivers import make_drivers
from ouro.jitcore.portal.entry import ENTRY_FUNCTIONS, EntryLinks, install_entries, make_gates
from ouro.jitcore.portal.host import host_links, program_functions
from ouro.jitcore.portal.program_operations import HOOK_TYPE, PROGRAM_FUNCTIONS, install_operations, name_helpers
from ouro.jitcore.portal.split import Portal, PortalError, has_portals, split_portals
from ouro.jitcore.portal.virtual_references import add_stand_ins

__all__ = [
    "add_stand_ins",
    "ENTRY_FUNCTIONS",
    "EntryLinks",
    "HOOK_TYPE",
    "PROGRAM_FUNCTIONS",
    "Portal",
    "PortalError",
    "has_portals",
    "host_links",
    "install_entries",
    "install_operations",
    "make_drivers",
    "make_gates",
    "name_helpers",
    "program_functions",
    "split_portals",
]
