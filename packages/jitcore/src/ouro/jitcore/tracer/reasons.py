"""Why tracing is given up: one table."""

NAMES = []
DOCS = []


def _reason(name, doc):
    NAMES.append(name)
    DOCS.append(doc)
    return len(NAMES) - 1


TOO_LONG = _reason("trace too long", "the recording has reached the parameter trace_limit")
ESCAPED = _reason("escaped", "a call looked into a frame that the trace keeps in registers")
INVALID_LOOP = _reason("contradicts itself", "the optimizer proved that a guard of the recording always fails")
QUASI_IMMUTABLE_CHANGED = _reason("quasi-immutable field changed", "the traced code changes what traces depend on")
INVALIDATED = _reason("invalidated", "what the trace depends on changed while it was recorded")
DIFFERENT_SHAPE = _reason("shape differs", "the frame does not have as many variables as the loop it is to jump to")
NOT_CLOSED = _reason("not closed", "the recording left the portal in a way that cannot be compiled")
CANNOT_COMPILE = _reason("no code", "the trace does not fit the machine")
NO_ROOM = _reason("no room for code", "the memory for code is full: the program goes on without more of it")
NO_MEMORY = _reason("no memory", "the program asked for memory that there is none of")
COUNT = len(NAMES)
