"""What holds for the resume data of every guard: the invariants, one function each."""

from __future__ import annotations

from collections.abc import Iterator

from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor, GuardDescriptor, InteriorFieldDescriptor
from ouro.jitcore.jitcode import JitProgram, instructions, read_byte, read_offset
from ouro.jitcore.jitcode.liveness import append_live_registers
from ouro.jitcore.resume import (
    NO_VALUE,
    ResumeReader,
    VirtualArray,
    VirtualConcatenation,
    VirtualFields,
    VirtualRawBuffer,
    VirtualRawSlice,
    VirtualSlice,
    VirtualString,
    VirtualStructureArray,
)
from ouro.jitcore.resume.store import KEPT, NO_CONSTANT, SMALL, VIRTUAL, token_number, token_tag
from ouro.jitcore.trace import KIND_FLOAT, KIND_INT, NOTHING, Trace, is_constant

#: Shapes whose value is made from the values of their contents, so that those must not lead back to it.
MADE_OF_CONTENTS = (VirtualConcatenation, VirtualSlice, VirtualRawSlice, VirtualString)
STRINGS = (VirtualConcatenation, VirtualSlice, VirtualString)


def resume_problems(trace: Trace, guard: GuardDescriptor, program: JitProgram | None = None) -> Iterator[str]:
    """What is wrong with the resume data of a guard of a trace, a line each.

    Args:
        trace: where the guard is, so that kinds of values are known.
        guard: has a store.
        program: the jitcodes of the frames; without it frames are not looked at closely.
    """
    reader = ResumeReader(guard.store, guard.resume)
    broken = [*_kept(trace, guard, reader), *_tokens(guard, reader)]
    yield from broken
    if not broken:
        yield from _contents(guard, reader)
        yield from _circles(reader)
        yield from _pending(guard, reader)
        yield from _outside(guard, reader)
        if program is not None:
            yield from _frames(guard, reader, program)


def _kept(trace: Trace, guard: GuardDescriptor, reader: ResumeReader) -> Iterator[str]:
    """A guard keeps what its data name, and nothing else, and says of which kinds it is."""
    if len(guard.kinds) != len(guard.values):
        yield f"{len(guard.values)} values are kept, but {len(guard.kinds)} kinds given"
        return
    used = {token_number(token) for token in reader.tokens if token_tag(token) == KEPT}
    for position, reference in enumerate(guard.values):
        if position not in used:
            yield f"position {position} is kept for nothing"
        elif reference == NOTHING or is_constant(reference):
            yield f"position {position} is used and keeps no result"
        elif trace.kind_of(reference) != guard.kinds[position]:
            yield f"position {position} is of kind {trace.kind_of(reference)}, not {guard.kinds[position]}"
    for position in sorted(used):
        if position >= len(guard.values):
            yield f"position {position} is used and not kept"


def _tokens(guard: GuardDescriptor, reader: ResumeReader) -> Iterator[str]:
    """Tokens name constants and virtuals that there are."""
    store = guard.store
    pools = (store.ints, store.references, store.floats)
    for token in reader.tokens:
        if token_tag(token) == VIRTUAL and token_number(token) >= reader.virtual_count():
            yield f"there is no virtual {token_number(token)}"
        elif token_tag(token) not in (KEPT, VIRTUAL, SMALL) and token != NO_VALUE:
            if token >> 4 >= len(pools[token >> 2 & 3]):
                yield f"there is no constant {token >> 4} of kind {token >> 2 & 3}"


def _kind_of(guard: GuardDescriptor, reader: ResumeReader, token: int) -> str:
    """The kind of the value of a token, `_` for one that fits any."""
    if token == NO_VALUE:
        return "_"
    tag = token_tag(token)
    if tag == KEPT:
        return guard.kinds[token_number(token)]
    if tag == VIRTUAL:
        return "i" if reader.descriptions[token_number(token)].is_word() else "r"
    if tag == SMALL:
        return "i"
    return {KIND_INT: "i", KIND_FLOAT: "f"}.get(token >> 2 & 3, "r")


def _wrong_kind(guard: GuardDescriptor, reader: ResumeReader, place: int, kind: str) -> str:
    """What is wrong with a value that is to be of a kind; nothing if that is empty."""
    found = _kind_of(guard, reader, reader.tokens[place])
    return "" if found in (kind, "_") else f"is of kind {found}, not {kind}"


def _contents(guard: GuardDescriptor, reader: ResumeReader) -> Iterator[str]:
    """The contents of virtuals are of the kinds that their shapes say; what must be there is there."""
    for number, description in enumerate(reader.descriptions):
        start = reader.content_starts[number]
        for position in range(description.count):
            token = reader.tokens[start + position]
            message = _wrong_kind(guard, reader, start + position, description.kind_of(position))
            if message:
                yield f"content {position} of virtual {number} {message}"
            optional = isinstance(description, (VirtualArray, VirtualStructureArray, VirtualString, VirtualFields))
            if token == NO_VALUE and not optional:
                yield f"content {position} of virtual {number} is missing"
            if not isinstance(description, (VirtualConcatenation, VirtualSlice)) or token_tag(token) != VIRTUAL:
                continue
            if position == 0 or isinstance(description, VirtualConcatenation):
                inner = reader.descriptions[token_number(token)]
                if not isinstance(inner, STRINGS):
                    yield f"content {position} of virtual {number} is no string"
                elif inner.array is not description.array:
                    yield f"content {position} of virtual {number} is a string of another type"
        if isinstance(description, VirtualRawSlice):
            token = reader.tokens[start]
            if token_tag(token) == VIRTUAL and not isinstance(
                reader.descriptions[token_number(token)], (VirtualRawBuffer, VirtualRawSlice)
            ):
                yield f"virtual {number} is a part of what is no buffer"


def _circles(reader: ResumeReader) -> Iterator[str]:
    """No string is a part of itself, and no address counts from itself."""
    state = [0] * reader.virtual_count()  # 1 while its contents are visited, 2 behind that
    for first in range(reader.virtual_count()):
        stack = [first]
        while stack:
            number = stack[-1]
            if state[number] or not isinstance(reader.descriptions[number], MADE_OF_CONTENTS):
                state[number] = 2
                stack.pop()
                continue
            state[number] = 1
            start = reader.content_starts[number]
            inner = [
                token_number(token)
                for token in reader.tokens[start : start + reader.descriptions[number].count]
                if token_tag(token) == VIRTUAL
            ]
            if any(state[one] == 1 for one in inner):
                yield f"virtual {number} is made of itself"
                return
            stack += [one for one in inner if not state[one]]


def _pending(guard: GuardDescriptor, reader: ResumeReader) -> Iterator[str]:
    """Pending stores write values of the right kind to fields, or to items with an index."""
    for number, descriptor in enumerate(reader.pending_descriptors):
        start = reader.pending_starts[number]
        if isinstance(descriptor, InteriorFieldDescriptor):
            kind = descriptor.field.kind
        elif isinstance(descriptor, (FieldDescriptor, ArrayDescriptor)):
            kind = descriptor.kind
        else:
            yield f"pending store {number} is to a {type(descriptor).__name__}"
            continue
        index = reader.pending_indices[number]
        if isinstance(descriptor, FieldDescriptor) != (index == -1):
            yield f"pending store {number} to {descriptor.name} has index {index}"
        expected = [("base", start, "r"), ("value", start + 1, kind)]
        if index == NO_CONSTANT:
            expected.append(("index", start + 2, "i"))
        for what, place, wanted in expected:
            message = _wrong_kind(guard, reader, place, wanted)
            if message or reader.tokens[place] == NO_VALUE:
                yield f"the {what} of pending store {number} {message or 'is missing'}"


def _outside(guard: GuardDescriptor, reader: ResumeReader) -> Iterator[str]:
    """The virtualizable comes first among its values; virtual references are pairs."""
    if reader.virtualizable_count:
        description = guard.store.virtualizable
        if description is None:
            yield "values of a virtualizable, and the trace has none"
            return
        kinds = "r" + "".join(field.kind for field in description.fields)
        if reader.virtualizable_count < len(kinds):
            yield f"{reader.virtualizable_count} values of a virtualizable that has {len(kinds)}"
            return
        for position, kind in enumerate(kinds):
            message = _wrong_kind(guard, reader, reader.virtualizable_start + position, kind)
            if message:
                yield f"value {position} of the virtualizable {message}"
        if reader.tokens[reader.virtualizable_start] == NO_VALUE:
            yield "there is no virtualizable for its values"
    if reader.references_count % 2:
        yield f"{reader.references_count} values of virtual references, which are pairs"
    if reader.references_count and guard.store.virtual_reference is None:
        yield "values of virtual references, and the program has none"
    for position in range(reader.references_count):
        message = _wrong_kind(guard, reader, reader.references_start + position, "r")
        if message:
            yield f"value {position} of the virtual references {message}"


def _frames(guard: GuardDescriptor, reader: ResumeReader, program: JitProgram) -> Iterator[str]:
    """Frames stand at `live` marks, and their values are those that are alive there."""
    for number in range(reader.frame_count()):
        if reader.jitcodes[number] >= len(program.jitcodes):
            yield f"frame {number}: there is no jitcode {reader.jitcodes[number]}"
            continue
        jitcode = program.jitcodes[reader.jitcodes[number]]
        position = reader.positions[number]
        where = f"frame {number}, {jitcode.name}@{position}"
        if position >= len(jitcode.code) or read_byte(jitcode.code, position) != instructions.LIVE:
            yield f"{where}: there is no live mark"
            continue
        alive: tuple[list[int], list[int], list[int]] = ([], [], [])
        append_live_registers(program.liveness, read_offset(jitcode.code, position + 1), *alive)
        kinds = "".join(kind * len(registers) for kind, registers in zip("irf", alive))
        if len(kinds) != reader.frame_counts[number]:
            yield f"{where}: {reader.frame_counts[number]} values for {len(kinds)} registers"
            continue
        for value, kind in enumerate(kinds):
            message = _wrong_kind(guard, reader, reader.frame_starts[number] + value, kind)
            if message:
                yield f"{where}: value {value} {message}"
