"""The JIT generator of the Ouroboros toolchain: from a typed interpreter to a tracing compiler.

The parts are subpackages: `operations` is the table of trace operations, `descriptors` and `trace` are the data,
`backend` is what a backend looks like. On the host there are also `ouro.jitcore.text`, traces as text, and
`ouro.jitcore.model`, the reference backend.
"""

from ouro.jitcore import backend, descriptors, operations, trace

__all__ = ["backend", "descriptors", "operations", "trace"]
