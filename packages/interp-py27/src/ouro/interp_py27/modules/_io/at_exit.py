"""What is still to be written when the program ends.

The streams are known by weak references, so that one that dies before is closed by its finalizer.
"""

import weakref

from ouro.interp_py27.modules._io.base import call_method, is_closed
from ouro.interp_py27.vm.errors import OperationError

SMALLEST_LIMIT = 64


class OpenStreams:
    """The streams with buffers for writing; forgotten when the list doubles, if they are dead."""

    def __init__(self):
        self.references = []
        self.limit = SMALLEST_LIMIT

    def add(self, w_stream):
        if len(self.references) >= self.limit:
            self.references = [reference for reference in self.references if reference() is not None]
            self.limit = max(2 * len(self.references), SMALLEST_LIMIT)
        self.references.append(weakref.ref(w_stream))

    def flush(self):
        for reference in self.references:
            w_stream = reference()
            if w_stream is None:
                continue
            try:
                if not is_closed(w_stream):
                    call_method(w_stream, "flush")
            except OperationError:
                # As for any stream that is closed because nobody knows it.
                pass


open_texts = OpenStreams()
open_buffers = OpenStreams()


def flush_streams():
    """Write what waits in streams of text, then what that put into buffers."""
    open_texts.flush()
    open_buffers.flush()
