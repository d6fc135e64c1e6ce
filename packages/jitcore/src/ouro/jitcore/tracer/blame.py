"""What to do differently when a recording has become too long."""


def worst_inlined(meta):
    """Which of the positions in `inlined_keys` contributed most by its inlined calls; -1 if it is not worth while to
    call any of them instead.
    """
    worst = -1
    length = meta.limit // 4
    for number in range(len(meta.inlined_keys)):
        size = meta.inlined_sizes[meta.inlined_keys[number].hash(meta.inlined_drivers[number])]
        if size > length:
            worst = number
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
    if worst >= 0:
        meta.system.warm_states[meta.inlined_drivers[worst]].never_inline(meta.inlined_keys[worst])
        if meta.start_key is not None:
            meta.warm_state.trace_soon(meta.start_key)
