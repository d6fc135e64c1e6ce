"""What to do differently when a recording has become too long."""


def worst_inlined(meta):
    """The position of the inlined calls of the portal that contributed most, or None if it is not worth while to call
    them instead.
    """
    worst = None
    length = meta.limit // 4
    for key in meta.inlined_keys:
        size = meta.inlined_sizes[key.hash(meta.driver.index)]
        if size > length:
            worst = key
            length = size
    return worst


def blame(meta):
    """A recording was given up because it was too long: call what made it long the next time."""
    frame = meta.frame
    while frame is not None:
        # calls that are still going on count, too
        if frame.key is not None:
            meta.note_inlined(frame)
        frame = frame.caller
    worst = worst_inlined(meta)
    if worst is not None:
        meta.warm_state.never_inline(worst)
        if meta.start_key is not None:
            meta.warm_state.trace_soon(meta.start_key)
