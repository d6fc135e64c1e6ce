"""Resume data as text: what a guard says of the interpreter's frames, outermost first, and of what is virtual.

    frame 3@17 (i0, 5, v0)
    virtualizable (r1, i2)
    references (v1, r3)
    store Node.value (v0) = i3
    store Ints[2] (r1) = 7
    v0 = instance Node (Node.value: i4, Node.next: v1)
    v1 = array clear Nodes (v0, null)
    v2 = structures Pairs 2 (Pairs.left: 1, Pairs.right: null, Pairs.left: 2, Pairs.right: v0)
    v3 = raw_buffer 16 (0 RawInts: i3, 8 RawFloats: 1.5)
    v4 = raw_slice 8 (v3)
    v5 = string String (97, i3, _)
    v6 = concatenation String (v5, r1)
    v7 = slice String (r1, 0, i3)

A frame is the number of the jitcode and the position in it. Values are written as in traces: `i4` is the result of
instruction 4 of the trace that the guard is in. `parse_resume` gives a guard that keeps them.
"""

from __future__ import annotations

import re

from ouro.jitcore.descriptors import Descriptor, GuardDescriptor
from ouro.jitcore.resume import (
    NO_VALUE,
    PendingStores,
    ResumeBuilder,
    ResumeReader,
    ResumeStore,
    ValueSource,
    VirtualArray,
    VirtualConcatenation,
    VirtualDescription,
    VirtualFields,
    VirtualRawBuffer,
    VirtualRawSlice,
    VirtualSlice,
    VirtualString,
    VirtualStructureArray,
)
from ouro.jitcore.resume.descriptions import SHAPE_NAMES
from ouro.jitcore.resume.store import KEPT, NO_CONSTANT, VIRTUAL, token_number, token_tag
from ouro.jitcore.text.names import Names
from ouro.jitcore.text.parser import parse_value
from ouro.jitcore.text.printer import print_value
from ouro.jitcore.trace import NO_FRAME, NOTHING, RecordedTrace, Trace

#: Where the numbers of virtuals begin among the references that `_TextSource` is asked for.
FIRST_VIRTUAL = 1 << 40

VALUES = r"\((?P<values>.*)\)"
FRAME = re.compile(rf"frame (?P<jitcode>\d+)@(?P<position>\d+) {VALUES}")
OUTSIDE = re.compile(rf"(?P<what>virtualizable|references) {VALUES}")
STORE = re.compile(r"store (?P<place>\S+) \((?P<base>\S+)\) = (?P<value>\S+)")
ITEM = re.compile(r"(?P<name>.*)\[(?P<index>\w+)\](?P<field>\.\S+)?")
DEFINITION = re.compile(rf"v(?P<number>\d+) = (?P<shape>[a-z_]+) (?P<what>[^(]*)(?<! ) ?{VALUES}")
VIRTUAL_NAME = re.compile(r"v\d+")


class ResumeSyntaxError(Exception):
    """A line that is no resume data."""


def print_resume(trace: Trace, guard: GuardDescriptor, names: Names) -> str:
    """The resume data of a guard of a trace as text, a line for each frame, store and virtual."""
    reader = ResumeReader(guard.store, guard.resume)
    printer = _Printer(trace, guard, reader, names)
    lines = []
    for number in range(reader.frame_count()):
        values = printer.values(reader.frame_starts[number], reader.frame_counts[number])
        lines.append(f"frame {reader.jitcodes[number]}@{reader.positions[number]} ({values})")
    if reader.virtualizable_count:
        lines.append(f"virtualizable ({printer.values(reader.virtualizable_start, reader.virtualizable_count)})")
    if reader.references_count:
        lines.append(f"references ({printer.values(reader.references_start, reader.references_count)})")
    lines += [printer.store(number) for number in range(reader.pending_count())]
    lines += [printer.definition(number) for number in range(reader.virtual_count())]
    return "".join(line + "\n" for line in lines)


class _Printer:
    def __init__(self, trace: Trace, guard: GuardDescriptor, reader: ResumeReader, names: Names) -> None:
        self.trace = trace
        self.guard = guard
        self.reader = reader
        self.names = names

    def value(self, place: int) -> str:
        token = self.reader.tokens[place]
        if token == NO_VALUE:
            return "_"
        if token_tag(token) == VIRTUAL:
            return f"v{token_number(token)}"
        if token_tag(token) == KEPT:
            return print_value(self.trace, self.guard.values[token_number(token)], self.names)
        pool = Trace()
        return print_value(pool, self.reader.store.constant_in(pool.constants, token), self.names)

    def values(self, start: int, count: int) -> str:
        return ", ".join(self.value(place) for place in range(start, start + count))

    def store(self, number: int) -> str:
        start = self.reader.pending_starts[number]
        index = self.reader.pending_indices[number]
        place = self.names.of_descriptor(self.reader.pending_descriptors[number])
        if index != -1:
            place = f"{place}[{self.value(start + 2) if index == NO_CONSTANT else index}]"
        return f"store {place} ({self.value(start)}) = {self.value(start + 1)}"

    def definition(self, number: int) -> str:
        description = self.reader.descriptions[number]
        start = self.reader.content_starts[number]
        values = [self.value(start + position) for position in range(description.count)]
        what, labels = _describe(description, self.names)
        if labels:
            values = [f"{label}: {value}" for label, value in zip(labels, values)]
        head = " ".join([SHAPE_NAMES[description.shape], *what])
        return f"v{number} = {head} ({', '.join(values)})"


def _describe(description: VirtualDescription, names: Names) -> tuple[list[str], list[str]]:
    """The words behind the name of a shape, and what stands in front of each content."""
    name = names.of_descriptor
    if isinstance(description, VirtualFields):
        return [name(description.size)], [name(field) for field in description.fields]
    if isinstance(description, VirtualArray):
        return (["clear"] if description.clear else []) + [name(description.array)], []
    if isinstance(description, VirtualStructureArray):
        fields = [name(field) for field in description.fields] * description.length
        return [name(description.array), str(description.length)], fields
    if isinstance(description, VirtualRawBuffer):
        items = [f"{offset} {name(item)}" for offset, item in zip(description.offsets, description.items)]
        return [str(description.size)], items
    if isinstance(description, VirtualRawSlice):
        return [str(description.offset)], []
    assert isinstance(description, (VirtualString, VirtualConcatenation, VirtualSlice))
    return [name(description.array)], []


def parse_resume(text: str, trace: Trace, names: Names, store: ResumeStore | None = None) -> GuardDescriptor:
    """A guard with the resume data of a text.

    Args:
        text: what `print_resume` prints, in any order of lines; frames stand outermost first.
        trace: the trace that the guard is in; values that stand in it as `i4` are references of this number.
        names: the descriptors, addresses and objects that the text names.
        store: where the data go; a new store unless given.

    Raises:
        ResumeSyntaxError: the text is no resume data.
    """
    parser = _Parser(trace, names)
    for line in text.split("\n"):
        line = line.split("#")[0].strip()
        if line:
            parser.line(line)
    guard = GuardDescriptor([])
    builder = ResumeBuilder(parser.recorded, trace.constants, ResumeStore() if store is None else store)
    snapshot = parser.recorded.snapshot(parser.frame, parser.outside["virtualizable"], parser.outside["references"])
    builder.capture(guard, snapshot, parser.source, parser.pending)
    return guard


class _TextSource(ValueSource):
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.definitions: dict[int, tuple[VirtualDescription, list[int]]] = {}

    def virtual_of(self, reference: int) -> int:
        return reference - FIRST_VIRTUAL if reference >= FIRST_VIRTUAL else -1

    def value_of(self, reference: int) -> int:
        return reference

    def kind_of(self, value: int) -> str:
        return self.trace.kind_of(value)

    def describe(self, virtual: int, contents: list[int]) -> VirtualDescription:
        if virtual not in self.definitions:
            raise ResumeSyntaxError(f"v{virtual} is not defined")
        description, values = self.definitions[virtual]
        contents.extend(values)
        return description


class _Parser:
    def __init__(self, trace: Trace, names: Names) -> None:
        self.trace = trace
        self.names = names
        self.recorded = RecordedTrace()
        self.source = _TextSource(trace)
        self.pending = PendingStores()
        self.outside: dict[str, list[int]] = {"virtualizable": [], "references": []}
        self.frame = NO_FRAME

    def line(self, line: str) -> None:
        match = FRAME.fullmatch(line)
        if match:
            values = self._values(match["values"])
            self.frame = self.recorded.frame(self.frame, int(match["jitcode"]), int(match["position"]), values)
            return
        match = OUTSIDE.fullmatch(line)
        if match:
            self.outside[match["what"]] = self._values(match["values"])
            return
        match = STORE.fullmatch(line)
        if match:
            self._store(match["place"], self._value(match["base"]), self._value(match["value"]))
            return
        match = DEFINITION.fullmatch(line)
        if not match:
            raise ResumeSyntaxError(f"no frame, values, store or virtual: {line}")
        self._define(int(match["number"]), match["shape"], match["what"].split(), match["values"])

    def _store(self, place: str, base: int, value: int) -> None:
        match = ITEM.fullmatch(place)
        if match:
            descriptor, index = self._descriptor(match["name"]), match["index"]
            if index.isdigit():
                self.pending.add_item(descriptor, base, int(index), value)
            else:
                self.pending.add_item_at(descriptor, base, self._value(index), value)
        else:
            self.pending.add_field(self._descriptor(place), base, value)

    def _define(self, number: int, shape: str, what: list[str], text: str) -> None:
        items = [item.strip() for item in text.split(",")] if text.strip() else []
        labels = []
        if shape in ("instance", "structure", "structures", "raw_buffer"):
            labels = [item.rsplit(": ", 1)[0].split() for item in items]
            items = [item.rsplit(": ", 1)[1] for item in items]
        values = [self._value(item) for item in items]
        self.source.definitions[number] = (self._description(shape, what, labels, len(values)), values)

    def _description(self, shape: str, what: list[str], labels: list[list[str]], count: int) -> VirtualDescription:
        descriptor = self._descriptor
        if shape in ("instance", "structure"):
            return VirtualFields(descriptor(what[0]), [descriptor(label[0]) for label in labels])
        if shape == "array":
            return VirtualArray(descriptor(what[-1]), count, what[0] == "clear")
        if shape == "structures":
            length = int(what[1])
            fields = labels[: len(labels) // length] if length else []
            return VirtualStructureArray(descriptor(what[0]), [descriptor(label[0]) for label in fields], length)
        if shape == "raw_buffer":
            offsets = [int(label[0]) for label in labels]
            return VirtualRawBuffer(int(what[0]), offsets, [descriptor(label[1]) for label in labels])
        if shape == "raw_slice":
            return VirtualRawSlice(int(what[0]))
        if shape == "string":
            return VirtualString(descriptor(what[0]), count)
        if shape == "concatenation":
            return VirtualConcatenation(descriptor(what[0]))
        if shape == "slice":
            return VirtualSlice(descriptor(what[0]))
        raise ResumeSyntaxError(f"there is no shape {shape!r}")

    def _descriptor(self, name: str) -> Descriptor:
        if name not in self.names.descriptors:
            raise ResumeSyntaxError(f"no descriptor has the name {name!r}")
        return self.names.descriptors[name]

    def _values(self, text: str) -> list[int]:
        return [self._value(item.strip()) for item in text.split(",")] if text.strip() else []

    def _value(self, text: str) -> int:
        if text == "_":
            return NOTHING
        if VIRTUAL_NAME.fullmatch(text):
            return FIRST_VIRTUAL + int(text[1:])
        return parse_value(text, self.trace, self.names)
