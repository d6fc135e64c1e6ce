"""From an allocated trace to machine code: one mixin for each group of operations."""

from ouro.backend_x86.emitter.emitter import EMITTERS, WITHOUT_CODE, Emitter64

__all__ = ["EMITTERS", "Emitter64", "WITHOUT_CODE"]
