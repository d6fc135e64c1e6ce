"""Types the blocks of one graph: operations through the rules, then exits with the conversions on their links."""

from __future__ import annotations

from typing import Any

from ouro.annotator.annotations import NO_CONSTANT
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import Void
from ouro.rtyper._context import Emitter, Operand, OperationContext
from ouro.rtyper._program import OBJECT_POINTER, VTABLE_POINTER
from ouro.rtyper._representation import Representation, TyperError, find_rule
from ouro.rtyper._typer import Typer
from ouro.rtyper.operations import OPERATIONS

__all__ = ["translate_graph"]


def translate_graph(typer: Typer, graph: FunctionGraph, typed: FunctionGraph) -> None:
    """Fill in `typed` from the annotated flow graph `graph`."""
    _GraphTranslator(typer, graph, typed).run()


class _GraphTranslator:
    def __init__(self, typer: Typer, graph: FunctionGraph, typed: FunctionGraph) -> None:
        self.typer = typer
        self.graph = graph
        self.typed = typed
        self.blocks: dict[Block, Block] = {
            graph.returnblock: typed.returnblock,
            graph.exceptblock: typed.exceptblock,
            graph.startblock: typed.startblock,
        }
        self.result = typer.representation(graph.getreturnvar().annotation)
        class_root = typer.registered("root class", _missing)
        instance_root = typer.registered("root instance", _missing)
        self.exception_representations = (class_root, instance_root)

    def run(self) -> None:
        blocks = self.blocks
        stack = [self.graph.startblock]
        seen = {self.graph.startblock, self.graph.returnblock, self.graph.exceptblock}
        self._open(self.graph.startblock)
        while stack:
            block = stack.pop()
            for link in block.exits:
                target = link.target
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
                    blocks[target] = Block([], target.position)
                    self._open(target)
            self._block(block, blocks[block])

    def _open(self, block: Block) -> None:
        typed = self.blocks[block]
        typed.position = block.position
        representation = self.typer.representation
        typed.inputargs = [
            Variable(variable.name, representation(variable.annotation).lowleveltype)
            for variable in block.inputargs
        ]

    # ---- one block

    def _block(self, block: Block, typed: Block) -> None:
        typer = self.typer
        representation = typer.representation
        values: dict[Any, Operand] = {}
        for variable, low in zip(block.inputargs, typed.inputargs):
            annotation = variable.annotation
            values[variable] = Operand(annotation, representation(annotation), low, annotation.constant)
        operations: list[Operation] = []
        last_start = 0
        caught: tuple[Any, ...] = ()
        count = len(block.operations)
        for index, operation in enumerate(block.operations):
            if index == count - 1:
                last_start = len(operations)
                if block.exitswitch is LAST_EXCEPTION:
                    caught = tuple(link.exitcase for link in block.exits[1:])
            self._operation(operation, values, operations, caught)
        typed.operations = operations
        self._exits(block, typed, values, last_start, caught)
        if typer.interior:
            self._drop_unused_parts(typed)
            typer.interior.clear()
        if typer.one_item_lists:
            typer.one_item_lists.clear()

    def _drop_unused_parts(self, typed: Block) -> None:
        """Drop pointers into GC objects that were only steps of a path.

        The block may have been split; its pieces follow each other by their normal exits.
        """
        interior = self.typer.interior
        used: set[Any] = set()
        pieces = [typed]
        for piece in pieces:
            for operation in piece.operations:
                used.update(value for value in operation.args if value in interior)
            for link in piece.exits:
                used.update(value for value in link.args if value in interior)
            if piece.exitswitch is LAST_EXCEPTION:
                pieces.append(piece.exits[0].target)
        for piece in pieces:
            if any(operation.result in interior for operation in piece.operations):
                piece.operations = [
                    operation
                    for operation in piece.operations
                    if operation.result not in interior or operation.result in used
                ]

    def _operand(self, value: Any, values: dict[Any, Operand]) -> Operand:
        if type(value) is Constant:
            annotation = value.annotation
            if annotation is None:
                annotation = self.typer.annotated.annotation_of_constant(value.value)
            return Operand(annotation, self.typer.representation(annotation), None, value.value)
        return values[value]

    def _operation(
        self,
        operation: Operation,
        values: dict[Any, Operand],
        operations: list[Operation],
        caught: tuple[Any, ...],
    ) -> None:
        typer = self.typer
        result = operation.result
        annotation = result.annotation
        try:
            operands = [self._operand(value, values) for value in operation.args]
            if annotation is None:
                raise TyperError("the operation was not reached by the annotator")
            target = typer.representation(annotation)
            first = type(operands[0].representation) if operands else Representation
            second = type(operands[1].representation) if len(operands) > 1 else None
            function = find_rule(operation.opname, first, second)
            if function is None:
                shown = ", ".join(str(operand.annotation) for operand in operands)
                raise TyperError(f"no rule for {operation.opname} on {shown}")
            context = OperationContext(typer, operations, operation, operands, annotation, target, caught)
            value = function(context)
        except TyperError as error:
            self._add_place(error, operation)
            raise
        if target.lowleveltype is Void:
            values[result] = Operand(annotation, target, Constant(None, Void), annotation.constant)
            return
        host = annotation.constant
        if host is not NO_CONSTANT and type(host) not in (int, bool, str, float):
            host = NO_CONSTANT
        if value is not None and value.concretetype is not target.lowleveltype and host is not NO_CONSTANT:
            value = typer.constant(host, target)  # a known result may have a narrower type: one character
        if value is None or value.concretetype is not target.lowleveltype:
            mismatch = TyperError(
                f"the rule for {operation.opname} gave {getattr(value, 'concretetype', None)}, "
                f"not {target.lowleveltype}"
            )
            self._add_place(mismatch, operation)
            raise mismatch
        if type(value) is Variable and value.name == "v":
            value.name = result.name
        values[result] = Operand(annotation, target, value, host)

    def _add_place(self, error: TyperError, operation: Operation) -> None:
        position = operation.position
        line = position.line if position is not None else self.graph.firstlineno
        filename = (position.filename if position is not None else None) or self.graph.filename
        error.places.append(f"  in {self.graph.name}, {filename}:{line}: {operation.opname}")

    # ---- exits

    def _exits(
        self, block: Block, typed: Block, values: dict[Any, Operand], last_start: int, caught: tuple[Any, ...]
    ) -> None:
        exits = block.exits
        if block.exitswitch is LAST_EXCEPTION:
            raising = [
                index
                for index in range(last_start, len(typed.operations))
                if _may_raise(typed.operations[index].opname, caught)
            ]
            if raising:
                self._exception_exits(block, typed, values, raising)
                return
            exits = exits[:1]
        if len(exits) == 1:
            typed.exits = [self._link(exits[0], values, typed.operations)]
            return
        switch = self._operand(block.exitswitch, values)
        if switch.host is not NO_CONSTANT:
            taken = next(
                (link for link in exits if link.exitcase == switch.host or link.exitcase == "default"), None
            )
            assert taken is not None
            typed.exits = [self._link(taken, values, typed.operations)]
            return
        typed.exitswitch = switch.value
        typed.exits = [self._link(link, values, None) for link in exits]

    def _link(
        self, link: Link, values: dict[Any, Operand], operations: list[Operation] | None, pair: Any = None
    ) -> Link:
        """The typed link; conversions go into `operations`, or into a block of their own on the link."""
        typer = self.typer
        target = link.target
        typed_target = self.blocks[target]
        emitter = Emitter(typer)
        if operations is not None:
            emitter.operations = operations
        if target is self.graph.exceptblock:
            wanted = list(self.exception_representations)
        elif target is self.graph.returnblock:
            wanted = [self.result]
        else:
            representation = typer.representation
            wanted = [representation(variable.annotation) for variable in target.inputargs]
        before = len(emitter.operations)
        args: list[Any] = []
        for value, want in zip(link.args, wanted):
            if want.lowleveltype is Void:
                args.append(Constant(None, Void))
                continue
            if pair is not None and value in pair:
                operand = pair[value]
            else:
                operand = self._operand(value, values)
            try:
                args.append(emitter.operand_as(operand, want))
            except TyperError as error:
                error.places.append(f"  on a link of {self.graph.name}, {self.graph.filename}, to {link.target!r}")
                raise
        case = link.exitcase
        if operations is not None or len(emitter.operations) == before:
            return Link(args, typed_target, case, link.position)
        return _link_through_block(emitter.operations, Link(args, typed_target, None, link.position), case)

    def _exception_exits(self, block: Block, typed: Block, values: dict[Any, Operand], raising: list[int]) -> None:
        """Give each raising operation a block of its own, all with the same handlers."""
        operations = typed.operations
        tail = operations[raising[-1] + 1 :]
        last_operation = operations[raising[-1]]
        current = typed
        pieces: list[Block] = []
        start = 0
        for index in raising:
            current.operations = operations[start : index + 1]
            start = index + 1
            pieces.append(current)
            current = Block([], typed.position)
        normal = self._link(block.exits[0], values, tail)
        normal.exitcase = None
        needed_later: list[Any] = []
        for piece in reversed(pieces):
            handlers = [self._handler(link, values) for link in block.exits[1:]]
            if piece is pieces[-1]:
                if tail:
                    normal = _split_off(tail, normal)
                piece.exits = [normal, *handlers]
            else:
                piece.exits = [Link(list(needed_later), current), *handlers]
            piece.exitswitch = LAST_EXCEPTION
            current = piece
            if piece is not typed:
                needed_later = _close_block(piece)
        assert last_operation is pieces[-1].operations[-1]

    def _handler(self, link: Link, values: dict[Any, Operand]) -> Link:
        class_representation, instance_representation = self.exception_representations
        pair: dict[Any, Operand] = {}
        low_type = Variable("etype", VTABLE_POINTER)
        low_value = Variable("evalue", OBJECT_POINTER)
        if isinstance(link.last_exception, Variable):
            pair[link.last_exception] = Operand(
                link.last_exception.annotation, class_representation, low_type, NO_CONSTANT
            )
        if isinstance(link.last_exc_value, Variable):
            pair[link.last_exc_value] = Operand(
                link.last_exc_value.annotation, instance_representation, low_value, NO_CONSTANT
            )
        typed = self._link(link, values, None, pair)
        vtable = self.typer.annotated.class_description(link.exitcase)
        pointer: Any = class_representation.constant(vtable.python_class)
        typed.exitcase = Constant(pointer, VTABLE_POINTER)
        typed.last_exception = low_type
        typed.last_exc_value = low_value
        return typed


def _missing() -> Representation:
    raise TyperError("the representation of classes is not set up")


def _link_through_block(operations: list[Operation], onward: Link, case: Any) -> Link:
    """A link by way of a new block that executes `operations` and goes `onward`."""
    block = Block([])
    block.operations = operations
    block.exits = [onward]
    incoming = _close_block(block)
    return Link(list(incoming), block, case)


def _split_off(operations: list[Operation], link: Link) -> Link:
    """Put `operations` into a new block that ends in `link`; a link to that block."""
    case, link.exitcase = link.exitcase, None
    return _link_through_block(operations, link, case)


def _close_block(block: Block) -> list[Any]:
    """Give a block an input argument for each variable that it uses and does not define.

    Returns those variables; uses in the block are renamed to the new input arguments.
    """
    defined: set[Any] = set()
    renaming: dict[Any, Variable] = {}
    outside: list[Any] = []

    def rename(value: Any) -> Any:
        if type(value) is not Variable or value in defined:
            return value
        known = renaming.get(value)
        if known is None:
            known = renaming[value] = Variable(value.name, value.concretetype)
            outside.append(value)
        return known

    for operation in block.operations:
        operation.args = [rename(value) for value in operation.args]
        defined.add(operation.result)
    for link in block.exits:
        pair = (link.last_exception, link.last_exc_value)
        link.args = [value if value in pair else rename(value) for value in link.args]
    if isinstance(block.exitswitch, Variable):
        block.exitswitch = rename(block.exitswitch)
    block.inputargs = [renaming[value] for value in outside]
    return outside


def _may_raise(opname: str, caught: tuple[Any, ...]) -> bool:
    raises = OPERATIONS[opname].raises
    if not raises:
        return False
    if raises == ("MemoryError",):
        return MemoryError in caught
    return True
