"""What becomes of each operation that concerns the collector.

One method for each operation, found through `HANDLERS`. A handler appends to a `BlockRewriter` what replaces
the operation. `last` says that the operation is the one whose exceptions the block's exits catch.
"""

from __future__ import annotations

from typing import Any, Callable

from attrs import define, field
from ouro.flowspace import Block, Constant, FunctionGraph, Operation, Variable
from ouro.gc._header import HEADER_SIZE, TYPE_ID_OFFSET
from ouro.gc._transform._blocks import BlockRewriter, Branch
from ouro.gc._type_table import FINALIZER, LIGHT_FINALIZER, TypeId, TypeRow, TypeTable
from ouro.graphopt import CallEffects
from ouro.lltype import (
    WEAKREF,
    Address,
    Array,
    Bool,
    Ptr,
    Signed,
    Struct,
    UInt32,
    Void,
    size_and_alignment,
    varsize_array,
)

__all__ = ["COLLECTING", "HANDLERS", "OperationRewriter", "is_gc_pointer", "rewrite_graph"]

#: Objects above this many bytes are not allocated by inlined code.
INLINE_LIMIT = 2048
_THREAD_LOCAL = "ouro_gc_thread"
_ALIASING = frozenset(["cast_pointer", "cast_opaque_ptr", "same_as"])


def signed(value: Any) -> Constant:
    """A Constant of type Signed."""
    return Constant(value, Signed)


def is_gc_pointer(TYPE: Any) -> bool:
    """Whether values of this type are pointers that the collector follows."""
    return isinstance(TYPE, Ptr) and TYPE.TO.gckind == "gc"


def _allocated(operation: Operation) -> tuple[Any, dict[str, Any]]:
    """The type and the flags of an allocation, which are constants."""
    what, flags = operation.args[0], operation.args[1]
    assert isinstance(what, Constant) and isinstance(flags, Constant)
    return what.value, flags.value


@define(eq=False)
class OperationRewriter:
    """Rewrites the graphs of one program for one collector.

    `functions[name]` is the function pointer of an entry point of the collector, `data` the constant pointer
    to the structure with the nursery pointers (None where allocation is not inlined), `shared` the same for every
    collector that has one, `collects` and `barriers` say what the collector needs.
    """

    table: TypeTable
    functions: Any
    effects: CallEffects
    data: Constant | None = None
    shared: Constant | None = None
    collects: bool = True
    barriers: bool = True
    fresh: set[Variable] = field(factory=set)

    # -- blocks

    def rewrite_block(self, block: Block) -> None:
        """Replace the operations of a block that have a handler."""
        catching = block.raising_operation
        operations = block.operations
        rewriter = BlockRewriter(block)
        self.fresh = set()
        for operation in operations:
            handler = HANDLERS.get(operation.opname)
            if handler is not None:
                rewriter.position = operation.position
                handler(self, rewriter, operation, operation is catching)
                continue
            rewriter.operations.append(operation)
            if operation.opname in _ALIASING:
                if operation.args[0] in self.fresh:
                    self.fresh.add(operation.result)
            elif self.fresh and self.effects.can_collect(operation):
                self.fresh.clear()
        rewriter.finish()

    # -- allocation

    def malloc(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        TYPE, flags = _allocated(operation)
        if flags.get("flavor", "gc") != "gc":
            rewriter.operations.append(operation)
            return
        row = self.table.row_for(TYPE)
        address = self._allocate_fixed(rewriter, row, last)
        self._register(rewriter, row, address)
        rewriter.emit_to(operation.result, "cast_adr_to_ptr", [address])
        self.fresh.add(operation.result)

    def malloc_varsize(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        TYPE, flags = _allocated(operation)
        if flags.get("flavor", "gc") != "gc":
            rewriter.operations.append(operation)
            return
        row = self.table.row_for(TYPE)
        address = self._allocate_varsize(rewriter, row, operation.args[2], last)
        self._register(rewriter, row, address)
        rewriter.emit_to(operation.result, "cast_adr_to_ptr", [address])
        self.fresh.add(operation.result)

    def weakref_create(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        address = self._allocate_fixed(rewriter, self.table.row_for(WEAKREF.TO), last)
        target = rewriter.emit("cast_ptr_to_adr", [operation.args[0]], Address)
        rewriter.emit("raw_store", [address, signed(HEADER_SIZE), target])
        if self.collects:
            rewriter.call(self.functions["register_weak_reference"], [address], Void)
        rewriter.emit_to(operation.result, "cast_adr_to_ptr", [address])

    def weakref_deref(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        address = rewriter.emit("cast_ptr_to_adr", [operation.args[0]], Address)
        target = rewriter.emit("raw_load", [address, signed(HEADER_SIZE)], Address)
        rewriter.emit_to(operation.result, "cast_adr_to_ptr", [target])

    def shrink_array(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        # No collector walks the heap object by object, so an object may be smaller than its place.
        rewriter.drop_handlers()
        array, count = operation.args
        row = self.table.row_for(array.concretetype.TO)
        address = rewriter.emit("cast_ptr_to_adr", [array], Address)
        rewriter.emit("raw_store", [address, signed(row.length_offset), count])
        rewriter.emit_to(operation.result, "same_as", [array])
        if array in self.fresh:
            self.fresh.add(operation.result)

    def _allocate_fixed(self, rewriter: BlockRewriter, row: TypeRow, last: bool) -> Variable:
        self.fresh.clear()
        type_id = TypeId(row)
        slow = [signed(type_id), signed(row.fixed_size)]
        if self.data is None:
            return rewriter.call(self.functions["allocate"], slow, Address, last)
        start = rewriter.emit("getfield", [self.data, _NURSERY_FREE], Address)
        top = rewriter.emit("getfield", [self.data, _NURSERY_TOP], Address)
        end = rewriter.emit("adr_add", [start, signed(row.fixed_size)], Address)
        fits = rewriter.emit("adr_le", [end, top], Bool)
        branch = self._bump(rewriter, fits, start, end, type_id)
        branch.end(start)
        branch.when(False)
        branch.end(rewriter.call(self.functions["allocate"], slow, Address, last))
        address = Variable("address", Address)
        branch.join(address)
        return address

    def _allocate_varsize(self, rewriter: BlockRewriter, row: TypeRow, count: Any, last: bool) -> Variable:
        self.fresh.clear()
        type_id = TypeId(row)
        slow = [signed(type_id), count]
        if not self.collects:
            slow += [signed(row.fixed_size), signed(row.item_size), signed(row.length_offset)]
        most = _most_inlined_items(row.TYPE)
        if self.data is None or most == 0:
            return rewriter.call(self.functions["allocate_varsize"], slow, Address, last)
        # One test for three conditions: 0 <= count, count <= most, the object fits in the nursery. Each is
        # a number that is negative where the condition does not hold.
        start = rewriter.emit("getfield", [self.data, _NURSERY_FREE], Address)
        top = rewriter.emit("getfield", [self.data, _NURSERY_TOP], Address)
        items = rewriter.emit("int_mul", [count, signed(row.item_size)], Signed)
        exact = rewriter.emit("int_add", [items, signed(row.fixed_size + 7)], Signed)
        size = rewriter.emit("int_and", [exact, signed(-8)], Signed)
        room = rewriter.emit("adr_delta", [top, start], Signed)
        left = rewriter.emit("int_sub", [room, size], Signed)
        below_most = rewriter.emit("int_sub", [signed(most), count], Signed)
        signs = rewriter.emit("int_or", [count, below_most], Signed)
        signs = rewriter.emit("int_or", [signs, left], Signed)
        fits = rewriter.emit("int_ge", [signs, signed(0)], Bool)
        end = rewriter.emit("adr_add", [start, size], Address)
        branch = self._bump(rewriter, fits, start, end, type_id)
        rewriter.emit("raw_store", [start, signed(row.length_offset), count])
        branch.end(start)
        branch.when(False)
        branch.end(rewriter.call(self.functions["allocate_varsize"], slow, Address, last))
        address = Variable("address", Address)
        branch.join(address)
        return address

    def _bump(
        self, rewriter: BlockRewriter, fits: Variable, start: Variable, end: Variable, type_id: TypeId
    ) -> Branch:
        """Start the side of a branch that takes an object from the nursery."""
        branch = rewriter.branch(rewriter.emit("likely", [fits], Bool))
        branch.when(True)
        rewriter.emit("setfield", [self.data, _NURSERY_FREE, end])
        rewriter.emit("raw_store", [start, signed(TYPE_ID_OFFSET), Constant(type_id, UInt32)])
        return branch

    def _register(self, rewriter: BlockRewriter, row: TypeRow, address: Variable) -> None:
        if row.flags & (FINALIZER | LIGHT_FINALIZER) and self.collects:
            rewriter.call(self.functions["register_finalizer"], [address], Void)

    # -- write barriers

    def setfield(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        container, _, value = operation.args
        if self._needs_barrier(container, value):
            rewriter.emit("gc_write_barrier", [container, self.functions["remember"]])
        rewriter.operations.append(operation)

    def setarrayitem(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        container, index, value = operation.args
        if self._needs_barrier(container, value):
            rewriter.emit(
                "gc_write_barrier_array", [container, index, self.functions["remember_item"]]
            )
        rewriter.operations.append(operation)

    def setinteriorfield(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        container, value = operation.args[0], operation.args[-1]
        if self._needs_barrier(container, value):
            index = _item_index(container.concretetype.TO, operation.args[1:-1])
            if index is None:
                rewriter.emit("gc_write_barrier", [container, self.functions["remember"]])
            else:
                rewriter.emit(
                    "gc_write_barrier_array", [container, index, self.functions["remember_item"]]
                )
        rewriter.operations.append(operation)

    def array_copy(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        _, target, _, start, count = operation.args
        if self.barriers and target not in self.fresh and is_gc_pointer(target.concretetype):
            if self.table.row_for(target.concretetype.TO).item_pointers:
                address = rewriter.emit("cast_ptr_to_adr", [target], Address)
                rewriter.call(self.functions["remember_items"], [address, start, count], Void)
        rewriter.operations.append(operation)

    def _needs_barrier(self, container: Any, value: Any) -> bool:
        """Whether a store may make an old object refer to a young or to an unmarked one.

        A constant is null or prebuilt, which is neither.
        """
        return (
            self.barriers
            and isinstance(value, Variable)
            and is_gc_pointer(value.concretetype)
            and is_gc_pointer(container.concretetype)
            and container not in self.fresh
        )

    # -- objects whose types are only known when the program runs

    def gc_load(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        container, offset = operation.args
        address = rewriter.emit("cast_ptr_to_adr", [container], Address)
        rewriter.emit_to(operation.result, "raw_load", [address, offset])

    def gc_store(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        container, offset, value = operation.args
        if self._needs_barrier(container, value):
            rewriter.emit("gc_write_barrier", [container, self.functions["remember"]])
        address = rewriter.emit("cast_ptr_to_adr", [container], Address)
        rewriter.emit("raw_store", [address, offset, value])

    def gc_store_item(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        container, index, offset, value = operation.args
        if self._needs_barrier(container, value):
            rewriter.emit(
                "gc_write_barrier_array", [container, index, self.functions["remember_item"]]
            )
        address = rewriter.emit("cast_ptr_to_adr", [container], Address)
        rewriter.emit("raw_store", [address, offset, value])

    def gc_type_id(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        address = rewriter.emit("cast_ptr_to_adr", [operation.args[0]], Address)
        type_id = rewriter.emit("raw_load", [address, signed(TYPE_ID_OFFSET)], UInt32)
        rewriter.emit_to(operation.result, "cast_primitive", [type_id])

    def gc_data_address(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        if self.shared is None:
            rewriter.emit_to(operation.result, "same_as", [signed(0)])
        else:
            rewriter.emit_to(operation.result, "cast_ptr_to_int", [self.shared])

    def gc_allocate(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        self.fresh.clear()
        address = rewriter.call(self.functions["allocate"], list(operation.args), Address, last)
        rewriter.emit_to(operation.result, "cast_adr_to_ptr", [address])
        self.fresh.add(operation.result)

    def gc_allocate_varsize(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        self.fresh.clear()
        args = list(operation.args) if not self.collects else list(operation.args[:2])
        address = rewriter.call(self.functions["allocate_varsize"], args, Address, last)
        rewriter.emit_to(operation.result, "cast_adr_to_ptr", [address])
        self.fresh.add(operation.result)

    # -- everything else: calls of entry points

    def call(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        """Call the entry point of `_CALLS`, with pointers as addresses."""
        name, without = _CALLS[operation.opname]
        if not self.collects:
            rewriter.drop_handlers()
            without(rewriter, operation)
            return
        args = [
            rewriter.emit("cast_ptr_to_adr", [arg], Address) if is_gc_pointer(arg.concretetype) else arg
            for arg in operation.args
        ]
        function = self.functions[name]
        RESULT = function.concretetype.TO.RESULT
        if name in COLLECTING:
            self.fresh.clear()
        result = rewriter.call(function, args, RESULT, last)
        rewriter.drop_handlers()
        if is_gc_pointer(operation.result.concretetype):
            rewriter.emit_to(operation.result, "cast_adr_to_ptr", [result])
        elif operation.result.concretetype is not Void:
            rewriter.emit_to(operation.result, "same_as", [result])

    def thread_start(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        if self.collects:
            self.fresh.clear()
            stack = rewriter.call(self.functions["thread_start"], operation.args, Address, last)
            rewriter.emit("threadlocal_set", [Constant(_THREAD_LOCAL, Void), stack])
        rewriter.drop_handlers()

    def thread_switch(self, rewriter: BlockRewriter, operation: Operation, last: bool) -> None:
        if self.collects:
            self.fresh.clear()
            stack = rewriter.emit("threadlocal_get", [Constant(_THREAD_LOCAL, Void)], Address)
            rewriter.call(self.functions[operation.opname[3:]], [stack], Void, last)
        rewriter.drop_handlers()


_NURSERY_FREE = Constant("nursery_free", Void)
_NURSERY_TOP = Constant("nursery_top", Void)

#: Entry points that may run the collector.
COLLECTING = frozenset(
    [
        "allocate", "allocate_varsize", "collect", "collect_step", "find_instances",
        "thread_start", "thread_run", "thread_die",
    ]
)


def _most_inlined_items(TYPE: Any) -> int:
    item_size = size_and_alignment(varsize_array(TYPE).ITEM)[0]
    return max(0, INLINE_LIMIT - size_and_alignment(TYPE)[0]) // max(item_size, 1)


def _item_index(TYPE: Any, path: list[Any]) -> Any:
    """The index into the varying part of an object that a path begins with, or None."""
    if isinstance(TYPE, Array):
        return path[0]
    if isinstance(TYPE, Struct) and len(path) > 1 and isinstance(path[0], Constant):
        if path[0].value == TYPE.array_field:
            return _item_index(TYPE.field_type(path[0].value), path[1:])
    return None


# Without a collector: what the other operations come to.


def _nothing(rewriter: BlockRewriter, operation: Operation) -> None:
    pass


def _constant(value: Any) -> Callable[[BlockRewriter, Operation], None]:
    def give(rewriter: BlockRewriter, operation: Operation) -> None:
        TYPE = operation.result.concretetype
        constant = Constant(TYPE.default_value() if value is None else value, TYPE)
        rewriter.emit_to(operation.result, "same_as", [constant])

    return give


def _address_number(rewriter: BlockRewriter, operation: Operation) -> None:
    rewriter.emit_to(operation.result, "cast_ptr_to_int", [operation.args[0]])


#: Operation -> entry point, and what takes its place without a collector.
_CALLS: dict[str, tuple[str, Callable[[BlockRewriter, Operation], None]]] = {
    "gc_id": ("identity", _address_number),
    "gc_identityhash": ("identity_hash", _address_number),
    "gc_collect": ("collect", _nothing),
    "gc_collect_step": ("collect_step", _constant(True)),
    "gc_set_enabled": ("set_enabled", _nothing),
    "gc_is_enabled": ("is_enabled", _constant(False)),
    "gc_pin": ("pin", _constant(True)),
    "gc_unpin": ("unpin", _nothing),
    "gc_is_pinned": ("is_pinned", _constant(True)),
    "gc_can_move": ("can_move", _constant(False)),
    "gc_add_memory_pressure": ("add_memory_pressure", _nothing),
    "gc_statistic": ("statistic", _constant(0)),
    "gc_find_instances": ("find_instances", _constant(True)),
    "gc_next_instance": ("next_instance", _constant(None)),
    "gc_finalizer_queue_register": ("queue_register", _nothing),
    "gc_finalizer_queue_next": ("queue_next", _constant(None)),
    "gc_register_finalizer": ("register_finalizer", _nothing),
    "gc_ignore_finalizer": ("ignore_finalizer", _nothing),
    "gc_remember": ("remember", _nothing),
    "gc_remember_item": ("remember_item", _nothing),
    "gc_thread_prepare": ("thread_prepare", _constant(True)),
    "gc_thread_forget": ("thread_forget", _nothing),
}

Handler = Callable[[OperationRewriter, BlockRewriter, Operation, bool], None]

#: Operation -> handler.
HANDLERS: dict[str, Handler] = {
    "malloc": OperationRewriter.malloc,
    "malloc_varsize": OperationRewriter.malloc_varsize,
    "weakref_create": OperationRewriter.weakref_create,
    "weakref_deref": OperationRewriter.weakref_deref,
    "shrink_array": OperationRewriter.shrink_array,
    "setfield": OperationRewriter.setfield,
    "setarrayitem": OperationRewriter.setarrayitem,
    "setinteriorfield": OperationRewriter.setinteriorfield,
    "array_copy": OperationRewriter.array_copy,
    "gc_load": OperationRewriter.gc_load,
    "gc_store": OperationRewriter.gc_store,
    "gc_store_item": OperationRewriter.gc_store_item,
    "gc_type_id": OperationRewriter.gc_type_id,
    "gc_data_address": OperationRewriter.gc_data_address,
    "gc_allocate": OperationRewriter.gc_allocate,
    "gc_allocate_varsize": OperationRewriter.gc_allocate_varsize,
    "gc_thread_start": OperationRewriter.thread_start,
    "gc_thread_run": OperationRewriter.thread_switch,
    "gc_thread_die": OperationRewriter.thread_switch,
    **dict.fromkeys(_CALLS, OperationRewriter.call),
}


def rewrite_graph(operations: OperationRewriter, graph: FunctionGraph) -> bool:
    """Rewrite the blocks of a graph that hold an operation with a handler; whether there was one."""
    changed = False
    for block in list(graph.iterblocks()):
        if any(operation.opname in HANDLERS for operation in block.operations):
            operations.rewrite_block(block)
            changed = True
    return changed
