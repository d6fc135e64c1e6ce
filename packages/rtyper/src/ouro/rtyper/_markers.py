"""What the markers of `rlib` become: one rule for each."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.flowspace import Constant
from ouro.lltype import (
    GCREF,
    Bool,
    Float,
    GcStruct,
    Ptr,
    Signed,
    SignedLongLong,
    SingleFloat,
    Unsigned,
    Void,
    cast_opaque_ptr,
    malloc,
    nullptr,
)
from ouro.rlib.jit import vref_None
from ouro.rlib.rarithmetic import MachineInteger, r_singlefloat
from ouro.rlib.rerased import Erased
from ouro.rtyper import _builtins
from ouro.rtyper import _list_helpers as list_helpers
from ouro.rtyper import _marker_helpers as helpers
from ouro.rtyper import _object_helpers as object_helpers
from ouro.rtyper._classes import layout_of
from ouro.rtyper._context import OperationContext
from ouro.rtyper._instances import (
    ClassRepresentation,
    InstanceRepresentation,
    OneClassRepresentation,
    class_description_of,
    instance_representation,
)
from ouro.rtyper._lists import FixedListRepresentation, ResizableListRepresentation
from ouro.rtyper._numbers import (
    IntegerRepresentation,
    NumberRepresentation,
    SingleFloatRepresentation,
    convert_integer,
    prefix_of,
)
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._program import VTABLE_POINTER
from ouro.rtyper._registry import builtin, method, primitive
from ouro.rtyper._representation import (
    NoneRepresentation,
    TyperError,
    VoidRepresentation,
    conversion,
    representation_for,
    rule,
)
from ouro.rtyper._strings import TextRepresentation, as_text

__all__ = ["ErasedRepresentation", "REGISTERED"]


# ---- nothing at run time, or the operand itself


@primitive("objectmodel.we_are_translated")
def _translated(context: OperationContext) -> Any:
    return context.constant(True, Bool)


@primitive(
    "objectmodel.fetch_translated_config objectmodel.resizelist_hint debug.mark_dict_non_null "
    "debug.make_sure_not_resized debug.make_sure_not_modified rarithmetic.ovfcheck nonconst.NonConstant "
    "rstring.assert_str0 rstring.str_to_bytes rstring.bytes_to_str debug.ll_assert_not_none"
)
def _itself(context: OperationContext) -> Any:
    if context.result.lowleveltype is Void:
        return None
    if isinstance(context.representation(0), (TextRepresentation,)):
        return context.arg(0)
    if context.extra["function"].__name__ in ("str_to_bytes", "bytes_to_str"):
        return as_text(context, 0)
    return context.arg(0, context.result)


@primitive(
    "debug.check_nonneg debug.check_regular_int debug.check_list_of_chars debug.check_annotation "
    "debug.attach_gdb debug.debug_print_traceback "
    "jit.record_known_result"
)
def _nothing(context: OperationContext) -> Any:
    return None


@primitive("objectmodel.keepalive_until_here")
def _keepalive(context: OperationContext) -> Any:
    for index in range(context.count):
        value = context.arg(index)
        if value.concretetype is not Void:
            context.emit("keepalive", [value])


# ---- the JIT


@primitive("jit.hint jit.promote jit.promote_string jit.promote_unicode")
def _hint(context: OperationContext) -> Any:
    name = context.extra["function"].__name__
    flags = {key: operand.host for key, operand in context.extra.items() if key != "function"}
    if name != "hint":
        flags[name] = True
    if context.result.lowleveltype is Void:
        return None
    value = context.arg(0, context.result)
    if isinstance(value, Constant):
        return value
    return context.emit("hint", [value, flags], value.concretetype)


@primitive("jit.we_are_jitted")
def _jitted(context: OperationContext) -> Any:
    return context.emit("we_are_jitted", [], Bool)


@primitive("jit.isconstant")
def _isconstant(context: OperationContext) -> Any:
    value = context.arg(0)
    if value.concretetype is Void or isinstance(value, Constant):
        return context.constant(True, Bool)
    return context.emit("jit_is_constant", [value], Bool)


@primitive("jit.isvirtual")
def _isvirtual(context: OperationContext) -> Any:
    return context.emit("jit_is_virtual", [context.arg(0)], Bool)


@primitive("jit.loop_unrolling_heuristic")
def _unrolling(context: OperationContext) -> Any:
    size = context.arg_type(1, Signed)
    constant = context.emit("jit_is_constant", [size], Bool)
    cutoff = context.arg_type(2, Signed) if context.count > 2 else context.constant(2, Signed)
    return context.helper(helpers.both, [constant, context.emit("int_le", [size, cutoff], Bool)], Bool)


@primitive("jit.record_exact_class")
def _record_class(context: OperationContext) -> Any:
    source = context.representation(1)
    if isinstance(source, OneClassRepresentation) and isinstance(context.representation(0), InstanceRepresentation):
        vtable = layout_of(context.typer, source.description).vtable
        context.emit("jit_record_exact_class", [context.arg(0), context.constant(vtable, vtable._T)])


@primitive("jit.record_exact_value")
def _record_value(context: OperationContext) -> Any:
    representation = context.representation(0)
    TYPE = representation.lowleveltype
    if TYPE is not Void and TYPE is not Float and context.is_constant(1):
        context.emit("jit_record_exact_value", [context.arg(0), context.arg(1, representation)])


@primitive("jit.force_virtualizable")
def _force_virtualizable(context: OperationContext) -> Any:
    context.emit("jit_force_virtualizable", [context.arg(0), "", {}])


@primitive("jit.set_param")
def _set_param(context: OperationContext) -> Any:
    if context.is_constant(1) and isinstance(context.representation(2), IntegerRepresentation):
        driver = None if isinstance(context.representation(0), NoneRepresentation) else context.host(0)
        context.emit("jit_set_param", [Constant(driver, Void), context.host(1), context.arg_type(2, Signed)])


@primitive("jit_hooks.ask_jit")
def _ask_jit(context: OperationContext) -> Any:
    return context.emit("jit_ask", [context.arg_type(number, Signed) for number in range(3)], Signed)


@primitive("jit_hooks.call_for_events")
def _call_for_events(context: OperationContext) -> Any:
    pointer, _ = _called(context, 0, [])
    context.emit("jit_call_for_events", [Constant(pointer, pointer._T)])


@primitive("jit.conditional_call")
def _conditional_call(context: OperationContext) -> Any:
    return _call_when(context, context.arg_type(0, Bool))


def _call_when(context: OperationContext, condition: Any) -> Any:
    """A call that happens under a condition; the result is not used."""
    pointer, args = _called(context, 1)
    context.emit("jit_conditional_call", [condition, Constant(pointer, pointer._T), *args])


@primitive("jit.conditional_call_elidable")
def _conditional_value(context: OperationContext) -> Any:
    pointer, args = _called(context, 1)
    value = context.arg(0, context.result)
    if pointer._T.TO.RESULT is not value.concretetype:
        raise TyperError("the function of conditional_call_elidable has another result type")
    args = [value, Constant(pointer, pointer._T), *args]
    return context.emit("jit_conditional_call_value", args, value.concretetype)


def _called(context: OperationContext, index: int, given: Any = None) -> Any:
    """The pointer to the one function that an operand is, and its arguments: the operands after it, or those given."""
    site = context.typer.annotated.call_sites.get(context.source)
    if site is None or len(site.graphs) != 1:
        raise TyperError("a known function is needed here")
    (graph,) = site.graphs.values()
    if given is not None:
        return context.typer.function_pointer(graph), given
    representation = context.typer.representation
    args = [
        context.arg(index + 1 + number, representation(variable.annotation))
        for number, variable in enumerate(graph.getargs())
    ]
    return context.typer.function_pointer(graph), args


# ---- objects


@primitive("objectmodel.instantiate")
def _instantiate(context: OperationContext) -> Any:
    source = context.representation(0)
    if isinstance(source, OneClassRepresentation):
        layout = layout_of(context.typer, source.description)
        instance = layout.emit_malloc(context.operations, context.position)
        return context.convert_result(instance, instance_representation(context.typer, source.description))
    if not isinstance(source, ClassRepresentation):
        raise TyperError(f"instantiate() of {context.annotation(0)}")
    annotation = context.annotation(0)
    if isinstance(annotation, a.TypeOf):
        descriptions = [one for one in annotation.base.all_subclasses() if one.instantiated]
    else:
        descriptions = list(annotation.descriptions)
    layouts = [layout_of(context.typer, description) for description in descriptions]
    for layout in layouts:
        layout.vtable.instantiate = layout.instantiate_pointer()
    vtable = context.arg(0)
    TYPE = vtable.concretetype.TO.field_type("instantiate")
    function = context.emit("getfield", [vtable, "instantiate"], TYPE)
    graphs = [layout.instantiate_pointer()._obj.graph for layout in layouts]
    root = instance_representation(context.typer, None)
    instance = context.emit("indirect_call", [function, Constant(graphs, Void)], root.lowleveltype)
    return context.convert_result(instance, root)


@primitive("objectmodel.free_non_gc_object")
def _free_object(context: OperationContext) -> Any:
    return context.emit("free", [context.arg(0), {"flavor": "raw"}])


@primitive("objectmodel.compute_hash")
def _compute_hash(context: OperationContext) -> Any:
    return _builtins.hash_of(context, 0)


@primitive("objectmodel.compute_identity_hash")
def _identity_hash(context: OperationContext) -> Any:
    return context.emit("gc_identityhash", [context.arg(0)], Signed)


@primitive("objectmodel.compute_unique_id")
def _unique_id(context: OperationContext) -> Any:
    return context.emit("gc_id", [context.arg(0)], Signed)


@primitive("objectmodel.current_object_addr_as_int")
def _address(context: OperationContext) -> Any:
    return context.emit("cast_ptr_to_int", [context.arg(0)], Signed)


@primitive("objectmodel.newlist_hint")
def _newlist_hint(context: OperationContext) -> Any:
    target: Any = context.result
    room = context.arg_type(0, Signed) if context.count else context.constant(0, Signed)
    if isinstance(target, ResizableListRepresentation):
        args = [target.LIST, target.ITEMS, room]
        return context.helper(list_helpers.new_list_with_room, args, target.lowleveltype)
    if not isinstance(target, FixedListRepresentation):
        raise TyperError("newlist_hint() makes a list that is not used as one")
    items = context.helper(list_helpers.copy_empty, [target.ITEMS], Ptr(target.ITEMS))
    return target.from_items(context, items)


# ---- integers


@primitive("rarithmetic.intmask rarithmetic.longlongmask rarithmetic.widen")
def _mask(context: OperationContext) -> Any:
    return convert_integer(context, context.arg(0), context.result.lowleveltype)


@primitive("rarithmetic.ovfcheck_float_to_int")
def _float_to_int(context: OperationContext) -> Any:
    return context.helper(helpers.float_to_int_checked, [context.arg_type(0, Float)], Signed)


@primitive("rarithmetic.ovfcheck_float_to_longlong")
def _float_to_longlong(context: OperationContext) -> Any:
    value = context.helper(helpers.float_to_int_checked, [context.arg_type(0, Float)], Signed)
    return convert_integer(context, value, context.result.lowleveltype)


@primitive(
    "rarithmetic.most_neg_value_of rarithmetic.most_pos_value_of rarithmetic.most_neg_value_of_same_type "
    "rarithmetic.most_pos_value_of_same_type"
)
def _extreme(context: OperationContext) -> Any:
    return context.typer.constant(context.result_annotation.constant, context.result)


@primitive("rarithmetic.is_valid_int")
def _is_valid(context: OperationContext) -> Any:
    TYPE = context.representation(0).lowleveltype
    return context.constant(TYPE is Signed or TYPE is Bool, Bool)


@primitive("rarithmetic.int_between")
def _between(context: OperationContext) -> Any:
    return context.fold("int_between", [context.arg_type(index, Signed) for index in range(3)], Bool)


@primitive("rarithmetic.int_c_div rarithmetic.int_c_mod")
def _c_division(context: OperationContext) -> Any:
    TYPE = context.result.lowleveltype
    name = context.extra["function"].__name__[4:]
    args = [context.arg_type(0, TYPE), context.arg_type(1, TYPE)]
    return context.fold(f"{prefix_of(TYPE)}_{name}", args, TYPE)


@primitive("rarithmetic.int_force_ge_zero")
def _force_ge_zero(context: OperationContext) -> Any:
    return context.fold("int_force_ge_zero", [context.arg_type(0, Signed)], Signed)


@primitive("rarithmetic.uint_mul_high")
def _mul_high(context: OperationContext) -> Any:
    return context.fold("uint_mul_high", [context.arg_type(0, Unsigned), context.arg_type(1, Unsigned)], Unsigned)


@primitive("rarithmetic.byteswap")
def _byteswap(context: OperationContext) -> Any:
    TYPE: Any = context.representation(0).lowleveltype
    value = convert_integer(context, context.arg(0), Unsigned)
    swapped = context.helper(helpers.SWAPS[TYPE.bits], [value], Unsigned)
    return convert_integer(context, swapped, TYPE)


def _conversion_to_integer(context: OperationContext) -> Any:
    if context.count == 0:
        return context.constant(context.result.lowleveltype.default_value(), context.result.lowleveltype)
    if context.result_annotation.constant is not a.NO_CONSTANT:
        return context.typer.constant(context.result_annotation.constant, context.result)
    return convert_integer(context, context.arg(0), context.result.lowleveltype)


builtin(*MachineInteger.__subclasses__())(_conversion_to_integer)


@builtin(r_singlefloat)
def _singlefloat(context: OperationContext) -> Any:
    source = context.representation(0)
    if isinstance(source, SingleFloatRepresentation):
        return context.arg(0)
    return context.emit("cast_primitive", [context.arg_type(0, Float)], SingleFloat)


@conversion(NumberRepresentation, SingleFloatRepresentation)
def _to_single(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.emit("cast_primitive", [value], SingleFloat)


@primitive("_floatbits.float_to_bits")
def _float_to_bits(context: OperationContext) -> Any:
    return context.emit("float_to_bits", [context.arg_type(0, Float)], SignedLongLong)


@primitive("_floatbits.float_from_bits")
def _float_from_bits(context: OperationContext) -> Any:
    return context.emit("float_from_bits", [context.arg_type(0, SignedLongLong)], Float)


@primitive("_floatbits.single_to_bits")
def _single_to_bits(context: OperationContext) -> Any:
    return context.emit("single_to_bits", [context.arg_type(0, SingleFloat)], Signed)


@primitive("_floatbits.single_from_bits")
def _single_from_bits(context: OperationContext) -> Any:
    return context.emit("single_from_bits", [context.arg_type(0, Signed)], SingleFloat)


# ---- debugging


@primitive("debug.ll_assert")
def _assert(context: OperationContext) -> Any:
    context.emit("debug_assert", [context.arg_type(0, Bool), str(context.host(1))])


@primitive("debug.fatalerror debug.fatalerror_notb")
def _fatalerror(context: OperationContext) -> Any:
    context.emit("debug_fatalerror", [as_text(context, 0)])


@primitive("debug.debug_print")
def _debug_print(context: OperationContext) -> Any:
    values = [context.arg(index) for index in range(context.count)]
    context.emit("debug_print", [value for value in values if value.concretetype is not Void])


@primitive("debug.debug_start debug.debug_stop")
def _debug_section(context: OperationContext) -> Any:
    context.emit(context.extra["function"].__name__, [as_text(context, 0)])
    TYPE = context.result.lowleveltype
    return None if TYPE is Void else context.emit("read_timestamp", [], TYPE)


@primitive("debug.debug_flush")
def _debug_flush(context: OperationContext) -> Any:
    context.emit("debug_flush", [])


@primitive("debug.have_debug_prints")
def _have_prints(context: OperationContext) -> Any:
    return context.emit("debug_enabled", [], Bool)


@primitive("debug.have_debug_prints_for")
def _have_prints_for(context: OperationContext) -> Any:
    return context.emit("debug_enabled_for", [as_text(context, 0)], Bool)


@primitive("debug.debug_offset")
def _debug_offset(context: OperationContext) -> Any:
    return context.constant(0, Signed)


# ---- errno


@primitive("_c_library.get_saved_errno")
def _get_saved_errno(context: OperationContext) -> Any:
    return context.emit("get_saved_errno", [], Signed)


@primitive("_c_library.set_saved_errno")
def _set_saved_errno(context: OperationContext) -> Any:
    context.emit("set_saved_errno", [context.arg_type(0, Signed)])


# ---- the collector


@primitive("rgc.collect")
def _collect(context: OperationContext) -> Any:
    generation = context.arg_type(0, Signed) if context.count else context.constant(9, Signed)
    context.emit("gc_collect", [generation])


@primitive("rgc.collect_step")
def _collect_step(context: OperationContext) -> Any:
    result = context.emit("gc_collect_step", [], Bool)
    return None if context.result.lowleveltype is Void else convert_integer(
        context, result, context.result.lowleveltype
    )


@primitive("rgc.enable rgc.disable")
def _enable(context: OperationContext) -> Any:
    context.emit("gc_set_enabled", [context.extra["function"].__name__ == "enable"])


@primitive("rgc.isenabled")
def _isenabled(context: OperationContext) -> Any:
    return context.emit("gc_is_enabled", [], Bool)


@primitive("rgc.add_memory_pressure")
def _pressure(context: OperationContext) -> Any:
    context.emit("gc_add_memory_pressure", [context.arg_type(0, Signed)])


@primitive("rgc.get_statistic")
def _statistic(context: OperationContext) -> Any:
    return context.emit("gc_statistic", [context.arg_type(0, Signed)], Signed)


@primitive("rgc.find_instances")
def _find_instances(context: OperationContext) -> Any:
    return context.emit("gc_find_instances", [], Bool)


@primitive("rgc.next_instance")
def _next_instance(context: OperationContext) -> Any:
    root = instance_representation(context.typer, None)
    description = class_description_of(context, 0)
    assert description is not None
    vtable = Constant(layout_of(context.typer, description).vtable, VTABLE_POINTER)
    value = context.helper(object_helpers.next_instance, [vtable], root.lowleveltype)
    return context.convert_result(value, root)


@primitive("rgc.cast_instance_to_gcref")
def _cast_to_reference(context: OperationContext) -> Any:
    if isinstance(context.representation(0), NoneRepresentation):
        return context.constant(nullptr(GCREF.TO), GCREF)
    return context.emit("cast_opaque_ptr", [context.arg(0)], GCREF)


@primitive("rgc.cast_gcref_to_instance")
def _cast_from_reference(context: OperationContext) -> Any:
    return context.emit("cast_opaque_ptr", [context.arg(1)], context.result.lowleveltype)


@primitive("rgc.can_move rgc.pin rgc.is_pinned")
def _pinning(context: OperationContext) -> Any:
    name = {"can_move": "gc_can_move", "pin": "gc_pin", "is_pinned": "gc_is_pinned"}
    return context.emit(name[context.extra["function"].__name__], [context.arg(0)], Bool)


@primitive("rgc.unpin")
def _unpin(context: OperationContext) -> Any:
    context.emit("gc_unpin", [context.arg(0)])


@primitive("rgc.thread_prepare")
def _thread_prepare(context: OperationContext) -> Any:
    return context.emit("gc_thread_prepare", [context.arg_type(0, Signed)], Bool)


@primitive("rgc.thread_forget rgc.thread_start")
def _thread_of_size(context: OperationContext) -> Any:
    context.emit("gc_" + context.extra["function"].__name__, [context.arg_type(0, Signed)])


@primitive("rgc.thread_die")
def _thread_die(context: OperationContext) -> Any:
    context.emit("gc_thread_die", [])


@primitive("rgc.may_ignore_finalizer")
def _ignore_finalizer(context: OperationContext) -> Any:
    context.emit("gc_ignore_finalizer", [context.arg(0)])


def _queue_number(context: OperationContext) -> int:
    """The number of the prebuilt queue whose method is called; 0 is for the finalizers of types."""
    queue = context.extra["function"].__self__
    triggers = context.typer.program.finalizer_triggers
    number = int(queue.number) + 1
    if number not in triggers:
        function = context.typer.annotated.functions[type(queue).finalizer_trigger]
        (graph,) = function.graphs.values()
        triggers[number] = context.typer.function_pointer(graph)
    return number


@primitive("rgc.FinalizerQueue.register_finalizer")
def _register_finalizer(context: OperationContext) -> Any:
    context.emit("gc_finalizer_queue_register", [_queue_number(context), context.arg(0)])


@primitive("rgc.FinalizerQueue.next_dead")
def _next_dead(context: OperationContext) -> Any:
    root = instance_representation(context.typer, None)
    value = context.emit("gc_finalizer_queue_next", [_queue_number(context)], root.lowleveltype)
    return context.convert_result(value, root)


# ---- types of rlib


class StringBuilderRepresentation(NullableRepresentation):
    """A buffer with room behind the characters so far."""

    optional = True
    lowleveltype = Ptr(helpers.BUILDER)

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(helpers.BUILDER)
        raise TyperError("a StringBuilder cannot be prebuilt")


class ErasedRepresentation(NullableRepresentation):
    """Any object, as an opaque pointer."""

    optional = True
    lowleveltype = GCREF

    def constant(self, value: Any) -> Any:
        if value is None or value is vref_None:
            return nullptr(GCREF.TO)
        if not isinstance(value, Erased):
            raise TyperError(f"{value!r} is not an erased value")
        cell = self.typer.annotated.engine.erased[value._pair]
        inner = self.typer.representation(cell.root().annotation)
        low = inner.constant(value._value)
        if not isinstance(inner.lowleveltype, Ptr):
            boxes = self.typer.cache("erased numbers")
            if id(value) not in boxes:
                box = boxes[id(value)] = malloc(box_type(inner.lowleveltype))
                box.value = low
            low = boxes[id(value)]
        return cast_opaque_ptr(GCREF, low)

    def equality(self) -> Any:
        return None


def box_type(TYPE: Any) -> Any:
    """The structure that an erased number stands in."""
    return GcStruct("erased_number", ("value", TYPE), hints={"immutable": True})


class JitDriverRepresentation(VoidRepresentation):
    """A JitDriver: only a name for its markers."""


REGISTERED: dict[str, Any] = {
    "StringBuilder": StringBuilderRepresentation,
    "Erased": ErasedRepresentation,
    "VirtualRef": ErasedRepresentation,
    "JitDriver": JitDriverRepresentation,
}
"""The representation of each type that rlib registers with the annotator, by name."""


@representation_for(a.Registered)
def _registered(typer: Any, annotation: Any) -> Any:
    kind = REGISTERED.get(annotation.name)
    if kind is None:
        raise TyperError(f"no representation for {annotation}")
    return ("registered", annotation.name), lambda: kind(typer)


def builder(context: OperationContext) -> Any:
    """A new string builder."""
    size = context.arg_type(0, Signed) if context.count else context.constant(100, Signed)
    return context.helper(helpers.new_builder, [size], context.result.lowleveltype)


builtin(helpers.StringBuilder)(builder)


@method(StringBuilderRepresentation, "append")
def _append(context: OperationContext) -> Any:
    if not isinstance(context.representation(1), TextRepresentation):
        return context.helper(helpers.append_char, [context.arg(0), context.arg(1)])
    return context.helper(helpers.append, [context.arg(0), context.arg(1)])


@method(StringBuilderRepresentation, "append_slice")
def _append_slice(context: OperationContext) -> Any:
    args = [context.arg(0), as_text(context, 1), context.arg_type(2, Signed), context.arg_type(3, Signed)]
    return context.helper(helpers.append_slice, args)


@method(StringBuilderRepresentation, "append_multiple_char")
def _append_many(context: OperationContext) -> Any:
    return context.helper(helpers.append_many, [context.arg(0), context.arg(1), context.arg_type(2, Signed)])


@method(StringBuilderRepresentation, "append_charpsize")
def _append_raw(context: OperationContext) -> Any:
    address = context.emit("cast_ptr_to_adr", [context.arg(1)], helpers.Address)
    return context.helper(helpers.append_raw, [context.arg(0), address, context.arg_type(2, Signed)])


@method(StringBuilderRepresentation, "getlength")
def _length(context: OperationContext) -> Any:
    return context.emit("getfield", [context.arg(0), "used"], Signed)


@method(StringBuilderRepresentation, "build")
def _build(context: OperationContext) -> Any:
    return context.helper(helpers.build, [context.arg(0)])


@primitive("rerased.erase")
def _erase(context: OperationContext) -> Any:
    pair = context.extra["function"]._erasing_pair_
    cell = context.typer.annotated.engine.erased[pair]
    inner = context.typer.representation(cell.root().annotation)
    if inner.lowleveltype is Void:
        return context.constant(nullptr(GCREF.TO), GCREF)
    value = context.arg(0, inner)
    if not isinstance(inner.lowleveltype, Ptr):
        BOX = box_type(inner.lowleveltype)
        box = context.emit("malloc", [BOX, {"flavor": "gc", "zero": False}], Ptr(BOX))
        context.emit("setfield", [box, "value", value])
        value = box
    if value.concretetype is GCREF:
        return value
    return context.emit("cast_opaque_ptr", [value], GCREF)


@primitive("rerased.unerase")
def _unerase(context: OperationContext) -> Any:
    TYPE = context.result.lowleveltype
    if TYPE is Void or TYPE is GCREF:
        return context.arg(0) if TYPE is GCREF else None
    if isinstance(context.representation(0), NoneRepresentation):
        return context.constant(TYPE.default_value(), TYPE)
    if isinstance(TYPE, Ptr):
        return context.emit("cast_opaque_ptr", [context.arg(0)], TYPE)
    box = context.emit("cast_opaque_ptr", [context.arg(0)], Ptr(box_type(TYPE)))
    return context.emit("getfield", [box, "value"], TYPE)


@rule("eq ne is_", ErasedRepresentation, ErasedRepresentation)
def _compare_erased(context: OperationContext) -> Any:
    name = "ptr_ne" if context.opname == "ne" else "ptr_eq"
    return context.emit(name, [context.arg(0), context.arg(1)], Bool)


@primitive("jit.non_virtual_ref")
def _non_virtual_ref(context: OperationContext) -> Any:
    """Outside of compiled code a virtual reference is the object itself."""
    if isinstance(context.representation(0), NoneRepresentation):
        return context.constant(nullptr(GCREF.TO), GCREF)
    return context.emit("cast_opaque_ptr", [context.arg(0)], GCREF)


@primitive("jit.virtual_ref")
def _virtual_ref(context: OperationContext) -> Any:
    value = _non_virtual_ref(context)
    if isinstance(context.representation(0), NoneRepresentation):
        return value
    return context.emit("jit_virtual_ref", [value], GCREF)


@primitive("jit.virtual_ref_finish")
def _virtual_ref_finish(context: OperationContext) -> Any:
    if not isinstance(context.representation(0), NoneRepresentation):
        value = context.emit("cast_opaque_ptr", [context.arg(1)], GCREF)
        context.emit("jit_virtual_ref_finish", [context.arg(0), value])


@rule("simple_call", ErasedRepresentation)
def _call_virtual_ref(context: OperationContext) -> Any:
    value = context.emit("jit_force_virtual", [context.arg(0)], GCREF)
    return context.emit("cast_opaque_ptr", [value], context.result.lowleveltype)


@method(JitDriverRepresentation, "jit_merge_point can_enter_jit trace_next_iteration loop_header")
def _jit_marker(context: OperationContext) -> Any:
    driver = context.host(0)
    name: Any = context.source.args[0]
    annotation = name.annotation
    if annotation is None:
        annotation = context.typer.annotated.annotation_of_constant(name.value)
    values = []
    for variable in [*driver.greens, *driver.reds]:
        operand = context.extra.get(variable)
        if operand is not None:
            values.append(context.operand_as(operand, operand.representation))
    for index in range(1, context.count):
        values.append(context.arg(index))
    if annotation.name == "jit_merge_point":
        _type_functions(context, driver)
    context.emit("jit_marker", [context.void(annotation.name), context.void(driver), *values])


def _type_functions(context: OperationContext, driver: Any) -> None:
    """Type the functions that a driver was given; the JIT finds their pointers in the program's attributes."""
    functions = context.typer.program.attributes.setdefault("jit functions", {})
    for (owner, name), graph in context.typer.annotated.jit_functions.items():
        if owner is driver:
            functions[driver, name] = context.typer.function_pointer(graph)


# ---- weak references


class WeakReferenceRepresentation(NullableRepresentation):
    """A low-level weak reference."""

    optional = True

    def __init__(self, typer: Any) -> None:
        super().__init__(typer)
        self.lowleveltype = helpers.WEAKREF

    def make(self, context: OperationContext, operand: Any) -> Any:
        """Emit a new reference to an operand."""
        root = instance_representation(context.typer, None)
        return context.emit("weakref_create", [context.operand_as(operand, root)], helpers.WEAKREF)

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(helpers.WEAKREF.TO)
        target = value()
        root = instance_representation(self.typer, None)
        cache = self.typer.cache("weak references")
        if id(value) not in cache:
            cache[id(value)] = helpers.weakref_create(root.constant(target))
            self.typer.keep_alive.append(value)
        return cache[id(value)]


@representation_for(a.WeakReference)
def _weak_reference(typer: Any, annotation: Any) -> Any:
    return "weak reference", lambda: WeakReferenceRepresentation(typer)


@rule("simple_call", WeakReferenceRepresentation)
def _dereference(context: OperationContext) -> Any:
    if context.result.lowleveltype is Void:
        return None
    root = instance_representation(context.typer, None)
    value = context.emit("weakref_deref", [context.arg(0)], root.lowleveltype)
    return context.convert_result(value, root)
