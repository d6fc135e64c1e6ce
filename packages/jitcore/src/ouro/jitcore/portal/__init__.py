"""Where interpreter and JIT meet: the graph of the interpreter's loop, and what is put into it. Host only."""

from ouro.jitcore.portal.split import Portal, PortalError, split_portals

__all__ = ["Portal", "PortalError", "split_portals"]
