"""A backend without machine code: traces are run as they stand, an operation at a time, over the `Machine`.

It is slow. It is what a target has for which there is no other backend, and shows that everything in front of the
backends works when it is translated.
"""

from ouro.jitcore.backend.interpreting.backend import InterpretingBackend

__all__ = ["InterpretingBackend"]
