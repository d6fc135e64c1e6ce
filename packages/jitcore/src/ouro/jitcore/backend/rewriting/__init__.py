"""From the operations of the optimizer to those that a machine has: memory, allocation, write barriers.

Shared by all backends, and the only place in the JIT that knows what a collector wants of compiled code: it is given as
a `CollectorDescription`.
"""

from ouro.jitcore.backend.rewriting.collector import CollectorDescription
from ouro.jitcore.backend.rewriting.rewriter import rewrite

__all__ = ["CollectorDescription", "rewrite"]
