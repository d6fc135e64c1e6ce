"""The reference backend: runs a `Trace` as it stands, on the host, over the checked memory of `ouro.lltype`.

Every use of what the table of operations calls undefined is an error here, so a trace that runs on the model is one
that means the same everywhere.
"""

from ouro.jitcore.model.backend import ModelBackend, ModelFrame
from ouro.jitcore.model.errors import ModelError
from ouro.jitcore.model.memory import Memory

__all__ = ["Memory", "ModelBackend", "ModelError", "ModelFrame"]
