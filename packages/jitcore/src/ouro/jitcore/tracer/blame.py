"""What to do differently when a recording has become too long."""

from ouro.jitcore.tracer.warm_state import MOST_ABORTS


def blame(meta):
    """Look for what made the recording long: the inlined call of the portal that contributed most is called the next
    time, and traced by itself. Without one, the position where the recording began is traced in pieces.
    """
    frame = meta.frame
    while frame is not None:
        # calls that are still going on count, too
        if frame.key is not None:
            meta.note_inlined(frame)
        frame = frame.caller
    worst = None
    length = 0
    for key in meta.inlined_keys:
        size = meta.inlined_sizes[key.hash(meta.driver.index)]
        if size > length:
            worst = key
            length = size
    if worst is not None:
        meta.warm_state.never_inline(worst)
        if meta.start_key is not None:
            meta.warm_state.trace_soon(meta.start_key)
    elif meta.start_key is not None:
        cell = meta.warm_state.cell_for(meta.start_key, meta.start_key.hash(meta.driver.index))
        cell.aborts += MOST_ABORTS
