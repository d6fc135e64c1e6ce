"""What the markers of `rlib` mean: one row for each function that is marked as a primitive there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._arguments import Arguments, simple_shape
from ouro.annotator._calls import call, callable_kind
from ouro.annotator._constants import host_type
from ouro.annotator._dispatch import PRIMITIVES, builtin, method, primitive
from ouro.annotator._errors import Complaint
from ouro.annotator._mappings import read_key, read_value, store_key, store_value
from ouro.annotator._numbers import integer, result_kind
from ouro.annotator._strings import need_integer, need_text
from ouro.annotator._values import called, without_constant
from ouro.annotator.annotations import (
    BOOL,
    FALSE,
    FLOAT,
    IMPOSSIBLE,
    INTEGER,
    NO_CONSTANT,
    NONE,
    NONNEG_INTEGER,
    STRING,
    TRUE,
    Annotation,
)
from ouro.annotator.containers import Cell, DictDefinition
from ouro.annotator.descriptions import ClassDescription
from ouro.lltype import GCREF
from ouro.rlib.jit import DEFAULT_PARAMETERS, BadParameter, JitDriver, check_value, parameter_number, vref_None
from ouro.rlib.objectmodel import UnboxedValue, r_dict, r_ordereddict
from ouro.rlib.rarithmetic import MachineInteger, r_singlefloat
from ouro.rlib.rerased import Erased
from ouro.rlib.rstring import StringBuilder

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation

R_LONGLONG = next(kind for kind in MachineInteger.__subclasses__() if kind.__name__ == "r_longlong")


def constantly(names: str, result: Annotation) -> None:
    """Register markers that take anything and have a fixed result."""

    def meaning(engine: Engine, operation: Operation, *values: Annotation, **more: Annotation) -> Annotation:
        return result

    primitive(names)(meaning)


constantly("objectmodel.we_are_translated", TRUE)
constantly(
    "objectmodel.keepalive_until_here objectmodel.resizelist_hint objectmodel.free_non_gc_object "
    "objectmodel.move_to_end objectmodel.prepare_dict_update "
    "debug.debug_print debug.debug_flush debug.debug_print_traceback debug.attach_gdb debug.ll_assert "
    "jit.record_exact_class jit.record_exact_value jit.record_known_result jit.force_virtualizable",
    NONE,
)
constantly("debug.fatalerror debug.fatalerror_notb", IMPOSSIBLE)
constantly("debug.have_debug_prints debug.have_debug_prints_for jit.we_are_jitted jit.isconstant jit.isvirtual", BOOL)
constantly("jit.loop_unrolling_heuristic", BOOL)
constantly("debug.debug_offset jit_hooks.ask_jit", INTEGER)
constantly("debug.debug_start debug.debug_stop", a.Integer(R_LONGLONG))
constantly(
    "objectmodel.compute_hash objectmodel.compute_identity_hash objectmodel.compute_unique_id "
    "objectmodel.current_object_addr_as_int",
    INTEGER,
)
constantly("objectmodel.fetch_translated_config", NONE)


@primitive(
    "jit.hint jit.promote jit.promote_string jit.promote_unicode debug.mark_dict_non_null debug.ll_assert_not_none"
)
def _itself(engine: Engine, operation: Operation, value: Annotation, **flags: Annotation) -> Annotation:
    if isinstance(value, a.Instance) and flags:
        kept = {name: bool(flag.constant) for name, flag in flags.items() if name in _INSTANCE_FLAGS}
        if kept:
            return a.Instance(value.class_description, value.optional, {**(value.flags or {}), **kept})
    return without_constant(value) if not isinstance(value, a.DescriptionSet) else value


_INSTANCE_FLAGS = ("access_directly", "fresh_virtualizable")


@primitive("nonconst.NonConstant")
def _non_constant(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return without_constant(value)


# ---- objects


@primitive("objectmodel.instantiate")
def _instantiate(engine: Engine, operation: Operation, classes: Annotation, **options: Annotation) -> Annotation:
    result: Annotation = IMPOSSIBLE
    if isinstance(classes, a.TypeOf):
        return a.Instance(classes.base)
    if not isinstance(classes, a.DescriptionSet) or classes.kind is not ClassDescription:
        raise Complaint(f"instantiate() needs a class, not {classes}")
    for description in classes.descriptions:
        assert isinstance(description, ClassDescription)
        engine.descriptions.mark_instantiated(description)
        result = engine.join(result, a.Instance(description))
    return result


@primitive("rgc.cast_instance_to_gcref")
def _cast_to_reference(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, (a.Instance, a.NoneValue)):
        raise Complaint(f"an instance is needed, not {value}")
    return a.Pointer(GCREF)


@primitive("rgc.cast_gcref_to_instance")
def _cast_from_reference(engine: Engine, operation: Operation, classes: Annotation, value: Annotation) -> Annotation:
    return _instance_of_one_class(classes, "cast_gcref_to_instance")


@primitive("rgc.next_instance")
def _next_instance(engine: Engine, operation: Operation, classes: Annotation) -> Annotation:
    return _instance_of_one_class(classes, "next_instance")


def _instance_of_one_class(classes: Annotation, name: str) -> Annotation:
    """An instance of the class, or None."""
    if not isinstance(classes, a.DescriptionSet) or classes.kind is not ClassDescription:
        raise Complaint(f"{name}() needs a class, not {classes}")
    description = classes.single()
    assert isinstance(description, ClassDescription)
    return a.Instance(description, True)


@method(a.Instance, "get_untagged_value")
def _untagged(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return INTEGER


@builtin(UnboxedValue.__init__)
def _unboxed_init(engine: Engine, operation: Operation, instance: a.Instance, value: Annotation) -> Annotation:
    need_integer(engine, value, "an unboxed value")
    return NONE


# ---- erasing


@primitive("rerased.erase")
def _erase(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    pair = called(operation)._erasing_pair_
    engine.grow(_erased_cell(engine, pair), value, f"the erased values of {pair.name}")
    return a.Registered("Erased")


@primitive("rerased.unerase")
def _unerase(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, (a.Registered, a.NoneValue)):
        raise Complaint(f"an erased value is needed, not {value}")
    pair = called(operation)._erasing_pair_
    return engine.read(_erased_cell(engine, pair))


def _erased_cell(engine: Engine, pair: Any) -> Cell:
    cell = engine.erased.get(pair)
    if cell is None:
        cell = engine.erased[pair] = Cell()
    return cell


@host_type(Erased)
def _prebuilt_erased(engine: Engine, value: Any) -> Annotation:
    cell = _erased_cell(engine, value._pair)
    engine.later(lambda: engine.grow(cell, engine.constant(value._value), "an erased value"))
    return a.Registered("Erased", constant=value)


# ---- lists and dicts


@primitive("objectmodel.newlist_hint")
def _newlist_hint(engine: Engine, operation: Operation, hint: Annotation = NONNEG_INTEGER) -> Annotation:
    need_integer(engine, hint, "the size hint")
    result = engine.new_list(IMPOSSIBLE)
    result.definition.root().hinted = True
    return result


@primitive("debug.make_sure_not_resized")
def _not_resized(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.List):
        definition = value.definition.root()
        if definition.must_not_resize is None:
            definition.must_not_resize = engine.here()
            engine.check_list(definition)
    return value


@primitive("debug.make_sure_not_modified")
def _not_modified(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.List):
        definition = value.definition.root()
        definition.must_not_resize = definition.must_not_resize or engine.here()
        definition.must_not_mutate = definition.must_not_mutate or engine.here()
        engine.check_list(definition)
    return value


def _new_r_dict(
    engine: Engine,
    operation: Operation,
    key_eq: Annotation,
    key_hash: Annotation,
    force_non_null: Annotation = FALSE,
    simple_hash_eq: Annotation = FALSE,
) -> Annotation:
    definition: DictDefinition = engine.definition(DictDefinition)
    definition.equality = definition.equality or Cell()
    definition.hashing = definition.hashing or Cell()
    definition.force_non_null = force_non_null.constant is True
    definition.simple_hash_eq = simple_hash_eq.constant is True
    engine.grow(definition.equality, key_eq, "the equality function of the r_dict")
    engine.grow(definition.hashing, key_hash, "the hash function of the r_dict")
    return a.Dict(definition)


builtin(r_dict, r_ordereddict)(_new_r_dict)


@primitive("objectmodel.getitem_with_hash")
def _getitem_with_hash(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, number: Annotation
) -> Annotation:
    store_key(engine, value, key)
    return read_value(engine, value)


@primitive("objectmodel.setitem_with_hash")
def _setitem_with_hash(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, number: Annotation, item: Annotation
) -> Annotation:
    store_key(engine, value, key)
    store_value(engine, value, item)
    return NONE


@primitive("objectmodel.delitem_with_hash")
def _delitem_with_hash(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, number: Annotation
) -> Annotation:
    store_key(engine, value, key)
    return NONE


@primitive("objectmodel.contains_with_hash")
def _contains_with_hash(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, number: Annotation
) -> Annotation:
    store_key(engine, value, key)
    return BOOL


@primitive("objectmodel.iterkeys_with_hash")
def _iterkeys_with_hash(engine: Engine, operation: Operation, value: a.Dict) -> Annotation:
    return a.View(value, "hashed keys")


@primitive("objectmodel.iteritems_with_hash")
def _iteritems_with_hash(engine: Engine, operation: Operation, value: a.Dict) -> Annotation:
    return a.View(value, "hashed pairs")


@primitive("objectmodel.delitem_if_value_is")
def _delitem_if_value_is(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, item: Annotation
) -> Annotation:
    store_key(engine, value, key)
    store_value(engine, value, item)
    return NONE


@primitive("objectmodel.reversed_dict")
def _reversed_dict(engine: Engine, operation: Operation, value: a.Dict) -> Annotation:
    read_key(engine, value)
    return a.View(value, "reversed")


# ---- integers


@primitive("rarithmetic.intmask")
def _intmask(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    need_integer(engine, value, "the argument of intmask()")
    # Not even of what is never negative: the sum that is cut to a word here may have a sign then.
    return INTEGER


@primitive("rarithmetic.longlongmask")
def _longlongmask(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    need_integer(engine, value, "the argument of longlongmask()")
    return a.Integer(R_LONGLONG)


@primitive("rarithmetic.ovfcheck")
def _ovfcheck(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return value


@primitive("rarithmetic.ovfcheck_float_to_int")
def _float_to_int(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return INTEGER


@primitive("rarithmetic.ovfcheck_float_to_longlong")
def _float_to_longlong(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return a.Integer(R_LONGLONG)


@primitive("rarithmetic.widen")
def _widen(engine: Engine, operation: Operation, value: Any) -> Annotation:
    need_integer(engine, value, "the argument of widen()")
    bits = getattr(value.kind, "BITS", 64)
    if value.kind in (int, bool) or bits < 64 or value.kind.__name__ == "r_int":
        return integer(int, value.nonneg)
    return integer(value.kind, value.nonneg)


@primitive("rarithmetic.most_neg_value_of rarithmetic.most_pos_value_of")
def _extreme_value(engine: Engine, operation: Operation, kind: Annotation) -> Annotation:
    if kind.constant is NO_CONSTANT:
        raise Complaint("the integer type must be a constant")
    return engine.constant(called(operation)(kind.constant))


@primitive("rarithmetic.most_neg_value_of_same_type rarithmetic.most_pos_value_of_same_type")
def _extreme_of_same(engine: Engine, operation: Operation, value: Any) -> Annotation:
    return engine.constant(called(operation)(value.kind(0)))


@primitive("rarithmetic.is_valid_int rarithmetic.int_between")
def _integer_test(engine: Engine, operation: Operation, *values: Annotation) -> Annotation:
    return BOOL


@primitive("rarithmetic.int_c_div rarithmetic.int_c_mod")
def _c_division(engine: Engine, operation: Operation, left: Any, right: Any) -> Annotation:
    return integer(result_kind(left, right), left.nonneg and right.nonneg)


@primitive("rarithmetic.int_force_ge_zero")
def _force_ge_zero(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return NONNEG_INTEGER


@primitive("rarithmetic.uint_mul_high rarithmetic.byteswap")
def _same_integer(engine: Engine, operation: Operation, value: Any, *more: Annotation) -> Annotation:
    return integer(value.kind)


def _machine_integer(kind: type) -> None:
    def convert(engine: Engine, operation: Operation, value: Annotation = NONNEG_INTEGER) -> Annotation:
        if not isinstance(value, (a.Integer, a.Float)):
            raise Complaint(f"{kind.__name__}() of {value}")
        if type(value.constant) in (int, bool):
            return engine.constant(kind(value.constant))
        nonneg = isinstance(value, a.Integer) and value.nonneg and kind.BITS >= 64  # type: ignore[attr-defined]
        return integer(kind, nonneg)

    builtin(kind)(convert)


for _kind in MachineInteger.__subclasses__():
    _machine_integer(_kind)


@builtin(r_singlefloat)
def _singlefloat(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, (a.Integer, a.Float, a.SingleFloat)):
        raise Complaint(f"r_singlefloat() of {value}")
    return a.SINGLE_FLOAT


@primitive("_floatbits.float_to_bits")
def _float_to_bits(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return a.Integer(R_LONGLONG)


@primitive("_floatbits.float_from_bits")
def _float_from_bits(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return FLOAT


@primitive("_floatbits.single_to_bits")
def _single_to_bits(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return NONNEG_INTEGER


@primitive("_floatbits.single_from_bits")
def _single_from_bits(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return a.SINGLE_FLOAT


# ---- checks made while annotating


@primitive("debug.check_nonneg")
def _check_nonneg(engine: Engine, operation: Operation, value: Any) -> Annotation:
    need_integer(engine, value, "the argument of check_nonneg()")
    if not value.nonneg:
        raise Complaint("this integer may be negative", "assert x >= 0 before")
    return NONE


@primitive("debug.check_regular_int")
def _check_regular_int(engine: Engine, operation: Operation, value: Any) -> Annotation:
    need_integer(engine, value, "the argument of check_regular_int()")
    if value.kind not in (int, bool):
        raise Complaint(f"a machine word is expected, not {value}")
    return NONE


@primitive("debug.check_list_of_chars")
def _check_characters(engine: Engine, operation: Operation, value: Any) -> Annotation:
    if not isinstance(value, a.List) or not isinstance(value.item, (a.Char, a.Impossible)):
        raise Complaint(f"a list of single characters is expected, not {value}")
    return NONE


@primitive("debug.check_annotation")
def _check_annotation(engine: Engine, operation: Operation, value: Annotation, checker: Annotation) -> Annotation:
    if callable(checker.constant):
        checker.constant(value)
    return NONE


# ---- strings


@primitive("rstring.assert_str0")
def _assert_str0(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, a.String):
        if isinstance(value, a.NoneValue):
            return value
        raise Complaint(f"a str is needed, not {value}")
    return a.String(value.optional, True)


@primitive("rstring.str_to_bytes")
def _str_to_bytes(engine: Engine, operation: Operation, value: Any) -> Annotation:
    need_text(value, STRING)
    return a.Bytes(False, value.no_nul)


@primitive("rstring.bytes_to_str")
def _bytes_to_str(engine: Engine, operation: Operation, value: Any) -> Annotation:
    need_text(value, a.BYTES)
    return a.String(False, getattr(value, "no_nul", False))


@builtin(StringBuilder)
def _string_builder(engine: Engine, operation: Operation, size: Annotation = NONNEG_INTEGER) -> Annotation:
    return a.Registered("StringBuilder")


@method("StringBuilder", "append append_slice append_multiple_char append_charpsize")
def _builder_append(
    engine: Engine, operation: Operation, builder: Annotation, piece: Annotation, *more: Annotation
) -> Annotation:
    if not isinstance(piece, (a.String, a.Pointer)):
        raise Complaint(f"a StringBuilder takes str, not {piece}")
    for number in more:
        need_integer(engine, number, "a position")
    return NONE


@method("StringBuilder", "getlength")
def _builder_length(engine: Engine, operation: Operation, builder: Annotation) -> Annotation:
    return NONNEG_INTEGER


@method("StringBuilder", "build")
def _builder_build(engine: Engine, operation: Operation, builder: Annotation) -> Annotation:
    return STRING


# ---- the JIT


@host_type(JitDriver)
def _jit_driver(engine: Engine, value: Any) -> Annotation:
    return a.Registered("JitDriver", constant=value)


@method("JitDriver", "trace_next_iteration loop_header")
def _jit_marker(engine: Engine, operation: Operation, driver: Annotation, *greens: Annotation) -> Annotation:
    return NONE


@method("JitDriver", "can_enter_jit")
def _can_enter_jit(
    engine: Engine, operation: Operation, driver: Annotation, *more: Annotation, **values: Annotation
) -> Annotation:
    _check_jit_names(driver.constant, more, values)
    return NONE


def _check_jit_names(driver: JitDriver, more: tuple[Annotation, ...], values: dict[str, Annotation]) -> None:
    """The same check as on the host: every green and red by name, and nothing else."""
    declared = set(driver.greens) | set(driver.reds)
    help = f"pass its greens and reds by name: {', '.join([*driver.greens, *driver.reds])}"
    if more:
        raise Complaint(f"a call of {driver.name} has values without names", help)
    for names, what in ((declared - values.keys(), "misses"), (values.keys() - declared, "is given")):
        if names:
            raise Complaint(f"a call of {driver.name} {what} {', '.join(sorted(names))}", help)


@method("JitDriver", "jit_merge_point")
def _jit_merge_point(
    engine: Engine, operation: Operation, driver: Annotation, *more: Annotation, **values: Annotation
) -> Annotation:
    declared = driver.constant
    _check_jit_names(declared, more, values)
    for name in JIT_FUNCTIONS:
        function = getattr(declared, name)
        names = declared.greens + declared.reds if name == "confirm_enter_jit" else declared.greens
        if function is None:
            continue
        graph = engine.jit_functions.get((declared, name))
        if graph is None:
            description = engine.descriptions.of_function(function)
            graph = engine.jit_functions[declared, name] = engine.descriptions.graph_of(description, None)
        engine.call_graph(graph, [without_constant(values[variable]) for variable in names])
    return NONE


JIT_FUNCTIONS = (
    "get_printable_location",
    "get_location",
    "get_unique_id",
    "should_unroll_one_iteration",
    "can_never_inline",
    "confirm_enter_jit",
)
"""The functions of a driver that the JIT calls: with the greens, `confirm_enter_jit` with the reds, too."""


@primitive("jit_hooks.call_for_events")
def _call_for_events(engine: Engine, operation: Operation, function: Annotation) -> Annotation:
    call(engine, operation, function, Arguments(simple_shape(1), [INTEGER]))
    return NONE


@primitive("jit.conditional_call")
def _conditional_call(
    engine: Engine, operation: Operation, condition: Annotation, function: Annotation, *arguments: Annotation
) -> Annotation:
    result = call(engine, operation, function, Arguments(simple_shape(len(arguments)), list(arguments)))
    if result != NONE and result != IMPOSSIBLE:
        raise Complaint(
            f"the function of a conditional_call gives {result}, which nobody gets; conditional_call_elidable gives it")
    return NONE


@primitive("jit.set_param")
def _set_param(
    engine: Engine, operation: Operation, driver: Annotation, name: Annotation, value: Annotation
) -> Annotation:
    if not name.is_constant:
        raise Complaint("set_param takes a constant name; set_checked_param takes one that is known at run time")
    if name.constant not in DEFAULT_PARAMETERS:
        raise Complaint(f"the JIT has no parameter {name.constant!r}; it has {', '.join(DEFAULT_PARAMETERS)}")
    need_integer(engine, value, "the value of a parameter")
    if value.is_constant:
        try:
            check_value(parameter_number(name.constant), value.constant)
        except BadParameter as error:
            raise Complaint(f"set_param: {error.message}") from error
    return NONE


@primitive("jit.conditional_call_elidable")
def _conditional_call_elidable(
    engine: Engine, operation: Operation, value: Annotation, function: Annotation, *arguments: Annotation
) -> Annotation:
    result = call(engine, operation, function, Arguments(simple_shape(len(arguments)), list(arguments)))
    return engine.join(without_constant(value), result)


@primitive("jit.virtual_ref jit.non_virtual_ref")
def _virtual_ref(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if value != NONE and value != IMPOSSIBLE and not isinstance(value, a.Instance):
        raise Complaint(f"a virtual reference is to an instance of a class, not to {value}")
    engine.grow(_erased_cell(engine, "virtual_ref"), value, "the virtual references")
    return a.Registered("VirtualRef")


@host_type(type(vref_None))
def _no_virtual_ref(engine: Engine, value: Any) -> Annotation:
    engine.later(lambda: engine.grow(_erased_cell(engine, "virtual_ref"), NONE, "the virtual references"))
    return a.Registered("VirtualRef", constant=value)


@callable_kind(a.Registered)
def _call_registered(engine: Engine, operation: Operation, function: a.Registered, arguments: Arguments) -> Annotation:
    if function.name != "VirtualRef" or arguments.values:
        raise Complaint(f"{function} is not something that can be called")
    return engine.read(_erased_cell(engine, "virtual_ref"))


@primitive("jit.virtual_ref_finish")
def _virtual_ref_finish(engine: Engine, operation: Operation, ref: Annotation, value: Annotation) -> Annotation:
    return NONE


def check_complete(names: Any) -> list[str]:
    """The markers among `names` that have no meaning here."""
    return sorted(name for name in names if name not in PRIMITIVES and name != "rstring.StringBuilder")

