"""Where interpreter and JIT meet: the graph of the interpreter's loop, and what is put into it. Host only."""

from ouro.jitcore.portal.entry import ENTRY_FUNCTIONS, EntryLinks, install_entries
from ouro.jitcore.portal.host import host_links
from ouro.jitcore.portal.split import Portal, PortalError, split_portals

__all__ = [
    "ENTRY_FUNCTIONS",
    "EntryLinks",
    "Portal",
    "PortalError",
    "host_links",
    "install_entries",
    "split_portals",
]
