"""The JIT generator of the Ouroboros toolchain: from a typed interpreter to a tracing compiler.

The parts are subpackages: `operations` is the table of trace operations, `descriptors` and `trace` are the data.
"""

from ouro.jitcore import descriptors, operations, trace

__all__ = ["descriptors", "operations", "trace"]
