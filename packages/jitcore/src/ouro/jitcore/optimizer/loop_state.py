"""What is known of the values that a jump passes to a label: the virtual state.

A tree (with sharing) of nodes, one root for each value that the recorded loop passes on. A node is a constant, a value
that the label takes, or a virtual object whose contents are nodes again: what the label takes of it are its contents,
unboxed. `export_state` makes the state of the values at the end of a pass, `enter` begins a pass with values of a
state, `Fitting` decides whether the values at the end of another piece of code fit, and `merge` makes the state that
two ends have in common.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, SizeDescriptor
from ouro.jitcore.optimizer import ranges
from ouro.jitcore.optimizer.integers import range_of
from ouro.jitcore.optimizer.objects import class_of, is_instance, is_nonnull
from ouro.jitcore.optimizer.virtuals import Buffer, BufferSlice, Items, Structure, Structures
from ouro.jitcore.optimizer.work import IS_INSTANCE, NONNULL
from ouro.jitcore.trace import NOTHING, is_constant

#: Kinds of nodes.
UNWRITTEN, CONSTANT, VALUE, STRUCTURE, ITEMS, STRUCTURES, BUFFER, BUFFER_SLICE = range(8)

_INPUTS = {"i": ops.INPUT_I, "r": ops.INPUT_R, "f": ops.INPUT_F}


class Knowledge:
    """What is known of a value: of an integer its range (None for nothing), of a reference its class (0) and facts."""

    def __init__(self, range, class_address, facts):
        self.range = range
        self.class_address = class_address
        self.facts = facts

    def is_empty(self):
        """Is nothing known?"""
        return self.range is None and self.class_address == 0 and self.facts == 0


def lasting_knowledge(optimizer, reference, kind):
    """What is known of a value or a constant, and may hold round after round of a loop."""
    known = knowledge_of(optimizer, reference, kind)
    if known.range is not None:
        lasting = ranges.widen(known.range)
        return Knowledge(None if lasting.is_unlimited() else lasting, 0, 0)
    return known


def knowledge_of(optimizer, reference, kind):
    """What is known of a value or a constant."""
    if kind == "i":
        known = range_of(optimizer, reference)
        return Knowledge(None if known.is_unlimited() else known, 0, 0)
    if kind == "r":
        facts = 0
        if is_nonnull(optimizer, reference):
            facts |= NONNULL
        if is_instance(optimizer, reference):
            facts |= IS_INSTANCE
        return Knowledge(None, class_of(optimizer, reference), facts)
    return Knowledge(None, 0, 0)


def learn_knowledge(optimizer, number, known):
    """A value that a label takes has the properties that all who jump there see to."""
    work = optimizer.work
    if known.range is not None:
        work.ranges[number] = known.range
    work.classes[number] = known.class_address
    work.facts[number] |= known.facts


def is_known(optimizer, reference, known):
    """Has a value all the properties?"""
    if known.range is not None and not known.range.includes(range_of(optimizer, reference)):
        return False
    if known.class_address != 0 and class_of(optimizer, reference) != known.class_address:
        return False
    if known.facts & NONNULL and not is_nonnull(optimizer, reference):
        return False
    return known.facts & IS_INSTANCE == 0 or is_instance(optimizer, reference)


_NO_CHILDREN = []
_NO_FIELDS = []
_NO_OFFSETS = []
_NO_ITEMS = []


class Node:
    """One value. `letter` is its kind; the other attributes depend on `kind`:

    CONSTANT: `constant`. VALUE: `known`. Virtuals: `children`, the nodes of the contents; `descriptor` (size or array),
    `fields` (interior fields), `offsets` and `items` (buffers), `length` (items, bytes, or the offset of a slice),
    `clear`. Most nodes have none of the lists, and live as long as the code: they share empty ones.
    """

    def __init__(self, kind, letter):
        self.kind = kind
        self.letter = letter
        self.constant = NOTHING
        self.known = None
        self.children = [] if kind >= STRUCTURE else _NO_CHILDREN
        self.descriptor = None
        self.fields = _NO_FIELDS
        self.offsets = _NO_OFFSETS
        self.items = _NO_ITEMS
        self.length = 0
        self.clear = False

    def is_virtual(self):
        """Does it stand for a virtual object?"""
        return self.kind >= STRUCTURE

    def same_shape(self, other):
        """Are two virtual nodes objects of the same type and size?"""
        if self.kind != other.kind or self.descriptor is not other.descriptor or self.length != other.length:
            return False
        if self.clear != other.clear or len(self.children) != len(other.children):
            return False
        if len(self.fields) != len(other.fields) or len(self.offsets) != len(other.offsets):
            return False
        for position in range(len(self.fields)):
            if self.fields[position] is not other.fields[position]:
                return False
        for position in range(len(self.offsets)):
            if self.offsets[position] != other.offsets[position]:
                return False
            if self.items[position] is not other.items[position]:
                return False
        return True


class LoopState:
    """`roots` are the nodes of the values that are passed on; `nodes` all nodes, each once, in a fixed order;
    `constants` the pools that constants are in.
    """

    def __init__(self, constants):
        self.constants = constants
        self.nodes = []
        self.roots = []

    def values(self):
        """The nodes of the values that the label takes."""
        return [node for node in self.nodes if node.kind == VALUE]


def shape_node(virtual, letter):
    """The node of a virtual object, without contents."""
    if isinstance(virtual, Structure):
        node = Node(STRUCTURE, letter)
        node.descriptor = virtual.size
    elif isinstance(virtual, Items):
        node = Node(ITEMS, letter)
        node.descriptor = virtual.array
        node.length = len(virtual.values)
        node.clear = virtual.clear
    elif isinstance(virtual, Structures):
        node = Node(STRUCTURES, letter)
        node.descriptor = virtual.array
        node.length = virtual.length
        node.fields = virtual.fields[:]
    elif isinstance(virtual, Buffer):
        node = Node(BUFFER, letter)
        node.length = virtual.size
        node.offsets = virtual.offsets[:]
        node.items = virtual.items[:]
    else:
        assert isinstance(virtual, BufferSlice)
        node = Node(BUFFER_SLICE, letter)
        node.length = virtual.offset
    return node


class _Exporter:
    """Makes the nodes of values, each once."""

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.state = LoopState(optimizer.constants)
        self.unwritten = None
        self.of_value = {}
        self.unfinished = []

    def node(self, reference):
        if reference == NOTHING:
            return self._unwritten()
        optimizer = self.optimizer
        reference = optimizer.work.resolve(reference)
        known = self.of_value.get(reference, None)
        if known is not None:
            return known
        letter = optimizer.work.kind_of(reference)
        virtual = None if reference < 0 else optimizer.work.virtuals[reference]
        if is_constant(reference):
            node = Node(CONSTANT, letter)
            node.constant = reference
        elif virtual is not None and can_be_passed(virtual):
            node = shape_node(virtual, letter)
            self.unfinished.append(reference)
        else:
            node = Node(VALUE, letter)
            node.known = lasting_knowledge(optimizer, reference, letter)
        self.of_value[reference] = node
        self.state.nodes.append(node)
        return node

    def _unwritten(self):
        if self.unwritten is None:
            self.unwritten = Node(UNWRITTEN, "n")
            self.state.nodes.append(self.unwritten)
        return self.unwritten

    def finish(self):
        while len(self.unfinished) > 0:
            reference = self.unfinished.pop()
            contents = []
            self.optimizer.work.virtuals[reference].append_contents(contents)
            node = self.of_value[reference]
            for content in contents:
                node.children.append(self.node(content))


def can_be_passed(virtual):
    """Can the contents of a virtual go round a loop in place of the object?"""
    return isinstance(virtual, (Structure, Items, Structures, Buffer, BufferSlice))


def export_state(optimizer, values):
    """The state of some values at the end of a pass."""
    exporter = _Exporter(optimizer)
    for value in values:
        exporter.state.roots.append(exporter.node(value))
    exporter.finish()
    return exporter.state


def plain_state(constants, letters):
    """The state in which nothing is known: everything fits."""
    state = LoopState(constants)
    for letter in letters:
        node = Node(VALUE, letter)
        node.known = Knowledge(None, 0, 0)
        state.nodes.append(node)
        state.roots.append(node)
    return state


# ---- the other side of the label


class Entered:
    """The values of a state at the beginning of a pass: of `nodes`, as a dict, and of the roots."""

    def __init__(self, of_node, roots, inputs):
        self.of_node = of_node
        self.roots = roots
        self.inputs = inputs


def enter(optimizer, state):
    """Make the values of a state in a new pass. Those that the label takes are not emitted."""
    work = optimizer.work
    of_node = {}
    inputs = []
    for node in state.nodes:
        if node.kind == CONSTANT:
            of_node[node] = node.constant
        elif node.kind == UNWRITTEN:
            of_node[node] = NOTHING
        elif node.kind == VALUE:
            number = work.append(_INPUTS[node.letter])
            learn_knowledge(optimizer, number, node.known)
            inputs.append(number)
            of_node[node] = number
        else:
            of_node[node] = _new_virtual(optimizer, node)
    for node in state.nodes:
        if node.is_virtual():
            _fill(optimizer, node, of_node)
    return Entered(of_node, [of_node[node] for node in state.roots], inputs)


def _new_virtual(optimizer, node):
    work = optimizer.work
    constants = optimizer.constants
    descriptor = node.descriptor
    if node.kind == STRUCTURE:
        assert isinstance(descriptor, SizeDescriptor)
        opcode = ops.NEW_WITH_VTABLE if descriptor.vtable != 0 else ops.NEW
        number = work.append(opcode, NOTHING, NOTHING, NOTHING, descriptor)
        if descriptor.vtable != 0:
            work.classes[number] = descriptor.vtable
            work.facts[number] |= IS_INSTANCE
        work.virtuals[number] = Structure(descriptor)
    elif node.kind == ITEMS:
        assert isinstance(descriptor, ArrayDescriptor)
        opcode = ops.NEW_ARRAY_CLEAR if node.clear else ops.NEW_ARRAY
        number = work.append(opcode, constants.of_int(node.length), NOTHING, NOTHING, descriptor)
        work.virtuals[number] = Items(descriptor, node.length, node.clear)
    elif node.kind == STRUCTURES:
        assert isinstance(descriptor, ArrayDescriptor)
        length = constants.of_int(node.length)
        number = work.append(ops.NEW_ARRAY_CLEAR, length, NOTHING, NOTHING, descriptor)
        work.virtuals[number] = Structures(descriptor, node.length)
    elif node.kind == BUFFER:
        number = work.append(ops.NEW_RAW_BUFFER, constants.of_int(node.length))
        work.virtuals[number] = Buffer(node.length)
    else:
        number = work.append(ops.INT_ADD, NOTHING, constants.of_int(node.length))
        work.virtuals[number] = BufferSlice(NOTHING, node.length)
    work.facts[number] |= NONNULL
    return number


def _fill(optimizer, node, of_node):
    number = of_node[node]
    values = [of_node[child] for child in node.children]
    virtual = optimizer.work.virtuals[number]
    if isinstance(virtual, Structure):
        virtual.values = values
    elif isinstance(virtual, Items):
        virtual.values = values
    elif isinstance(virtual, Structures):
        virtual.fields = node.fields[:]
        for position in range(len(node.fields)):
            start = position * node.length
            virtual.columns.append(values[start:start + node.length])
    elif isinstance(virtual, Buffer):
        virtual.offsets = node.offsets[:]
        virtual.items = node.items[:]
        virtual.values = values
    else:
        assert isinstance(virtual, BufferSlice)
        virtual.buffer = values[0]
        optimizer.work.first[number] = values[0]


# ---- does an end fit?


class Fitting:
    """Tries to give the values at the end of a pass to a state.

    Attributes:
        of_node: the value of each node, as a dict, if they fit.
        unknown: nodes whose value may have the properties that the node has, but is not known to.
    """

    def __init__(self, optimizer, state):
        self.optimizer = optimizer
        self.state = state
        self.of_node = {}
        self.node_of_virtual = {}
        self.unknown = []

    def fits(self, values):
        """Do the values of the roots fit, but for what `unknown` says?"""
        roots = self.state.roots
        if len(values) != len(roots):
            return False
        nodes, found = roots[:], values[:]
        while len(nodes) > 0:
            if not self._fits(nodes.pop(), found.pop(), nodes, found):
                return False
        return True

    def _fits(self, node, reference, nodes, found):
        optimizer = self.optimizer
        if reference != NOTHING:
            reference = optimizer.work.resolve(reference)
        if node.kind == UNWRITTEN:
            return reference == NOTHING or optimizer.is_zero(reference)
        if node in self.of_node:
            return self.of_node[node] == reference
        self.of_node[node] = reference
        if reference == NOTHING:
            # what was not written is zero, or anything
            reference = optimizer.zero(node.letter)
            self.of_node[node] = reference
        if node.kind == CONSTANT:
            return reference == optimizer.constants.from_pools(self.state.constants, node.constant)
        if node.kind == VALUE:
            if not is_known(optimizer, reference, node.known):
                if not may_be(optimizer, reference, node.known):
                    return False
                self.unknown.append(node)
            return True
        if reference < 0:
            return False
        virtual = optimizer.work.virtuals[reference]
        if virtual is None or not can_be_passed(virtual) or reference in self.node_of_virtual:
            return False
        self.node_of_virtual[reference] = node
        if not node.same_shape(_with_contents(virtual, node.letter)):
            return False
        virtual.append_contents(found)
        nodes.extend(node.children)
        return True

    def makes_objects(self):
        """Does the label take as made what is not made here?"""
        virtuals = self.optimizer.work.virtuals
        for node in self.state.values():
            value = self.of_node[node]
            if value >= 0 and isinstance(virtuals[value], (Structure, Items)):
                return True
        return False

    def arguments(self):
        """What to pass to the label: virtual objects that it takes as such are made."""
        result = []
        for node in self.state.values():
            result.append(self.optimizer.forced(self.of_node[node]))
        return result


def _with_contents(virtual, letter):
    """The node of a virtual with as many children as it has contents, to compare shapes."""
    node = shape_node(virtual, letter)
    contents = []
    virtual.append_contents(contents)
    node.children = [node] * len(contents)
    return node


def may_be(optimizer, reference, known):
    """Could a value have the properties, for all that is known of it?"""
    if known.range is not None:
        try:
            ranges.intersect(known.range, range_of(optimizer, reference))
        except ranges.EmptyRange:
            return False
    if known.class_address != 0 or known.facts != 0:
        if is_constant(reference) and not is_nonnull(optimizer, reference):
            return False
        found = class_of(optimizer, reference)
        if known.class_address != 0 and found != 0 and found != known.class_address:
            return False
    return True


# ---- what two ends have in common


class _Merger:
    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.opened = {}
        self.state = LoopState(optimizer.constants)
        self.made = {}
        self.partner_of_first = {}
        self.partner_of_second = {}
        self.again = False

    def node(self, first, second):
        key = (first, second)
        known = self.made.get(key, None)
        if known is not None:
            return known
        node = self._merged(first, second)
        self.made[key] = node
        self.state.nodes.append(node)
        if node.is_virtual():
            for position in range(len(first.children)):
                node.children.append(self.node(first.children[position], second.children[position]))
        return node

    def _merged(self, first, second):
        if first.kind == UNWRITTEN and second.kind == UNWRITTEN:
            return Node(UNWRITTEN, "n")
        letter = second.letter if first.kind == UNWRITTEN else first.letter
        if first.kind == CONSTANT and second.kind == CONSTANT and first.constant == second.constant:
            node = Node(CONSTANT, letter)
            node.constant = first.constant
            return node
        if first.is_virtual() and first.same_shape(second) and self._are_partners(first, second):
            node = Node(first.kind, letter)
            node.descriptor, node.length, node.clear = first.descriptor, first.length, first.clear
            node.fields, node.offsets, node.items = first.fields, first.offsets, first.items
            return node
        node = Node(VALUE, letter)
        node.known = self._common(self._known(first, letter), self._known(second, letter))
        return node

    def _are_partners(self, first, second):
        """Is each of two virtual objects merged with the other one only? If not, both become values."""
        if first in self.opened or second in self.opened:
            return False
        if self.partner_of_first.get(first, second) is not second:
            self.opened[first] = True
            self.again = True
        if self.partner_of_second.get(second, first) is not first:
            self.opened[second] = True
            self.again = True
        self.partner_of_first[first] = second
        self.partner_of_second[second] = first
        return not self.again

    def _known(self, node, letter):
        if node.kind == VALUE:
            return node.known
        if node.kind == CONSTANT:
            return knowledge_of(self.optimizer, node.constant, letter)
        if node.kind == UNWRITTEN:
            return knowledge_of(self.optimizer, self.optimizer.zero(letter), letter)
        if letter == "i":
            return Knowledge(None, 0, 0)
        descriptor = node.descriptor
        if isinstance(descriptor, SizeDescriptor) and descriptor.vtable != 0:
            return Knowledge(None, descriptor.vtable, NONNULL | IS_INSTANCE)
        return Knowledge(None, 0, NONNULL)

    def _common(self, first, second):
        known = None
        if first.range is not None and second.range is not None:
            if first.range.includes(second.range):
                known = first.range
            elif first.range.lower >= 0 and second.range.lower >= 0:
                known = ranges.NONNEGATIVE
        class_address = first.class_address if first.class_address == second.class_address else 0
        return Knowledge(known, class_address, first.facts & second.facts)


def merge(optimizer, first, second):
    """The state that values of both states fit."""
    merger = _Merger(optimizer)
    while True:
        for position in range(len(first.roots)):
            merger.state.roots.append(merger.node(first.roots[position], second.roots[position]))
        if not merger.again:
            return merger.state
        opened = merger.opened
        merger = _Merger(optimizer)
        merger.opened = opened
