"""Comparison: the rich operators, ``__cmp__``, coercion, and the order that everything has in the end.

The rules are those of CPython's ``Objects/object.c``: the rich methods of both sides (the right one first if its type
is a subtype of the left one's), then a three-way comparison, which is

- old-style instances by their own ``__coerce__`` and ``__cmp__``;
- the ``__cmp__`` that two objects of built-in types share;
- ``__cmp__`` of classes of the application, with anything;
- what two numbers become by ``__coerce__``;

and then the default order: None first, numbers, the others by the names of their types, equal types by address.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.attributes import call_special_1
from ouro.interp_py27.objects.bigint_object import W_AnyLong, W_Long
from ouro.interp_py27.objects.float_object import W_Float, same_or_equal
from ouro.interp_py27.objects.function_object import W_AnyBuiltin, W_SlotWrapper
from ouro.interp_py27.objects.int_object import W_AnyInt, W_Bool, W_Int
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import type_error
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython, specialize
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rbigint import rbigint

CMP = special("__cmp__")
COERCE = special("__coerce__")
EQ = special("__eq__")
GT = special("__gt__")
LT = special("__lt__")

# Tuples of so many items are compared item by item in traces.
MOST_UNROLLED = 16

# The answer of a three-way comparison that the objects do not define.
UNDEFINED = 2


@not_rpython
def _make_comparison(name, reflected_name, test):
    left_slot = special("__%s__" % name)
    right_slot = special("__%s__" % reflected_name)
    identity_answer = {"eq": 1, "ne": 0}.get(name, -1)
    test = specialize.argtype(0)(test)

    def operate(w_left, w_right):
        if isinstance(w_left, W_Str):
            if isinstance(w_right, W_Str):
                return space.newbool(test(w_left.value, w_right.value))
        elif isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
            return space.newbool(test(w_left.floatval, w_right.floatval))
        if is_exact_integer(w_left) and is_exact_integer(w_right):
            return space.newbool(test(integer_order(w_left, w_right), 0))
        w_type_left = w_left.getclass()
        w_type_right = w_right.getclass()
        w_method = w_type_left.lookup_special(left_slot)
        w_reflected = w_type_right.lookup_special(right_slot)
        if (w_reflected is not None and w_type_left is not w_type_right and w_type_right.issubtype(w_type_left)
                and w_reflected is not w_type_left.lookup_special(right_slot)):
            w_result = call_special_1(w_reflected, w_right, w_left)
            if w_result is not space.w_NotImplemented:
                return w_result
            w_reflected = None
        if w_method is not None:
            w_result = call_special_1(w_method, w_left, w_right)
            if w_result is not space.w_NotImplemented:
                return w_result
        if w_reflected is not None:
            w_result = call_special_1(w_reflected, w_right, w_left)
            if w_result is not space.w_NotImplemented:
                return w_result
        if identity_answer >= 0 and compares_by_identity(w_type_left) and compares_by_identity(w_type_right):
            return space.newbool(space.is_w(w_left, w_right) == (identity_answer == 1))
        if identity_answer < 0 and space.state.py3k_warning:
            warn_of_order(w_left, w_right)
        return space.newbool(test(three_way(w_left, w_right), 0))

    operate.__name__ = operate.__qualname__ = name
    return operate


def warn_of_order(w_left, w_right):
    """``-3``: an order that Python 3 does not have."""
    if space.is_dict(w_left) and space.is_dict(w_right):
        space.warn_py3k("dict inequality comparisons not supported in 3.x")
    elif isinstance(w_left, W_Type) and isinstance(w_right, W_Type):
        space.warn_py3k("type inequality comparisons not supported in 3.x")
    elif space.code_of(w_left) is not None and space.code_of(w_right) is not None:
        space.warn_py3k("code inequality comparisons not supported in 3.x")
    elif isinstance(w_left, W_AnyBuiltin) and isinstance(w_right, W_AnyBuiltin):
        space.warn_py3k("builtin_function_or_method order comparisons not supported in 3.x")
    elif w_left.getclass() is not w_right.getclass() and not (
            space.is_number(w_left) and space.is_number(w_right)):
        space.warn_py3k("comparing unequal types not supported in 3.x")


def compares_by_identity(w_type):
    """Among objects without rich comparison: there is nothing but the default order."""
    return w_type.lookup_special(CMP) is None and w_type.lookup_special(COERCE) is None


lt = _make_comparison("lt", "gt", lambda a, b: a < b)
le = _make_comparison("le", "ge", lambda a, b: a <= b)
eq = _make_comparison("eq", "eq", lambda a, b: a == b)
ne = _make_comparison("ne", "ne", lambda a, b: a != b)
gt = _make_comparison("gt", "lt", lambda a, b: a > b)
ge = _make_comparison("ge", "le", lambda a, b: a >= b)


# ---- integers, by far the most frequent


def is_exact_integer(w_obj):
    """An int, long or bool, not an instance of a subclass that may compare in its own way."""
    return isinstance(w_obj, W_Int) or isinstance(w_obj, W_Long) or isinstance(w_obj, W_Bool)


def integer_order(w_left, w_right):
    if isinstance(w_left, W_AnyInt) and isinstance(w_right, W_AnyInt):
        return int_order(w_left.intval, w_right.intval)
    return big_order(big_of(w_left), big_of(w_right))


def big_of(w_integer):
    if isinstance(w_integer, W_AnyInt):
        return rbigint.fromint(w_integer.intval)
    assert isinstance(w_integer, W_AnyLong)
    return w_integer.big


def int_order(left, right):
    if left < right:
        return -1
    return 1 if left > right else 0


def big_order(left, right):
    if left.lt(right):
        return -1
    return 0 if left.eq(right) else 1


# ---- three ways


def three_way(w_left, w_right):
    """-1, 0 or 1, by ``__cmp__`` or else the default order."""
    order = defined_order(w_left, w_right)
    if order != UNDEFINED:
        return order
    return default_order(w_left, w_right)


def defined_order(w_left, w_right):
    """-1, 0 or 1 as the objects or what they are coerced to say, or `UNDEFINED`."""
    if isinstance(w_left, W_OldInstance) or isinstance(w_right, W_OldInstance):
        return space.old_instance_order(w_left, w_right)
    w_of_left = w_left.getclass().lookup_special(CMP)
    w_of_right = w_right.getclass().lookup_special(CMP)
    if w_of_left is not None and w_of_left is w_of_right and is_built_in(w_of_left):
        return sign(call_special_1(w_of_left, w_left, w_right))
    if is_application_cmp(w_of_left) or is_application_cmp(w_of_right):
        return application_order(w_of_left, w_of_right, w_left, w_right)
    pair_w = coerced_pair(w_left, w_right)
    if pair_w is None:
        return UNDEFINED
    w_left = pair_w[0]
    w_right = pair_w[1]
    w_of_left = w_left.getclass().lookup_special(CMP)
    if w_of_left is None or w_of_left is not w_right.getclass().lookup_special(CMP):
        return UNDEFINED
    return sign(call_special_1(w_of_left, w_left, w_right))


def is_built_in(w_method):
    return isinstance(w_method, W_SlotWrapper)


def is_application_cmp(w_method):
    return w_method is not None and not is_built_in(w_method)


def application_order(w_of_left, w_of_right, w_left, w_right):
    """By the ``__cmp__`` of either side's class; by address where neither knows."""
    if is_application_cmp(w_of_left):
        w_result = call_special_1(w_of_left, w_left, w_right)
        if w_result is not space.w_NotImplemented:
            return sign(w_result)
    if is_application_cmp(w_of_right):
        w_result = call_special_1(w_of_right, w_right, w_left)
        if w_result is not space.w_NotImplemented:
            return -sign(w_result)
    return address_order(w_left, w_right)


def sign(w_result):
    """What ``__cmp__`` returned as -1, 0 or 1."""
    if not (isinstance(w_result, W_AnyInt) or isinstance(w_result, W_AnyLong)):
        raise type_error("an integer is required")
    value = space.int_w(w_result)
    if value < 0:
        return -1
    return 1 if value > 0 else 0


def default_order(w_left, w_right):
    if space.is_w(w_left, w_right):
        return 0
    w_type_left = w_left.getclass()
    w_type_right = w_right.getclass()
    if w_type_left is w_type_right:
        return address_order(w_left, w_right)
    if space.is_none(w_left):
        return -1
    if space.is_none(w_right):
        return 1
    left_name = "" if space.is_number(w_left) else w_type_left.name
    right_name = "" if space.is_number(w_right) else w_type_right.name
    if left_name < right_name:
        return -1
    if left_name > right_name:
        return 1
    if not w_type_left.is_heap_type and not w_type_right.is_heap_type:
        # CPython's built-in types lie in the order of the files that define them.
        return -1 if w_type_left.name < w_type_right.name else 1
    return address_order(w_type_left, w_type_right)


def address_order(w_left, w_right):
    """The order of the numbers that ``id()`` gives: it stays the same while the objects live."""
    left = r_uint(space.identity_of(w_left))
    right = r_uint(space.identity_of(w_right))
    if left < right:
        return -1
    return 1 if left > right else 0


# ---- coercion


def coerced_pair(w_left, w_right):
    """What ``coerce()`` makes of two objects, or None where it fails."""
    w_type_left = w_left.getclass()
    w_coerce = w_type_left.lookup_special(COERCE)
    if w_type_left is w_right.getclass() and not w_type_left.is_heap_type and w_coerce is None and not (
            space.is_text(w_left) or space.is_set(w_left)):
        # Types that know nothing of mixed operands take their own kind as it is.
        return [w_left, w_right]
    if w_coerce is not None:
        pair_w = coerced_by(w_coerce, w_left, w_right)
        if pair_w is not None:
            return pair_w
    w_coerce = w_right.getclass().lookup_special(COERCE)
    if w_coerce is not None:
        pair_w = coerced_by(w_coerce, w_right, w_left)
        if pair_w is not None:
            return [pair_w[1], pair_w[0]]
    return None


def coerced_by(w_coerce, w_self, w_other):
    w_pair = call_special_1(w_coerce, w_self, w_other)
    if w_pair is space.w_NotImplemented:
        return None
    if isinstance(w_self, W_OldInstance):
        if space.is_none(w_pair):
            return None
        if not space.is_tuple(w_pair) or space.len_w(w_pair) != 2:
            raise type_error("coercion should return None or 2-tuple")
    elif not space.is_tuple(w_pair) or space.len_w(w_pair) != 2:
        raise type_error("__coerce__ didn't return a 2-tuple")
    return space.tuple_list(w_pair)


# ---- cmp(), and what containers need


def cmp_int(w_left, w_right):
    """``cmp()``: -1, 0 or 1."""
    if w_left is w_right:
        return 0
    if is_exact_integer(w_left) and is_exact_integer(w_right):
        return integer_order(w_left, w_right)
    w_type_left = w_left.getclass()
    w_type_right = w_right.getclass()
    if w_type_left is w_type_right:
        w_method = w_type_left.lookup_special(CMP)
        if isinstance(w_left, W_OldInstance):
            order = space.old_instance_order(w_left, w_right)
            if order != UNDEFINED:
                return order
        elif is_application_cmp(w_method):
            return application_order(w_method, w_method, w_left, w_right)
        elif w_method is not None:
            return sign(call_special_1(w_method, w_left, w_right))
    if has_rich(w_type_left) or has_rich(w_type_right):
        if try_rich(w_left, w_right, EQ, EQ):
            return 0
        if try_rich(w_left, w_right, LT, GT):
            return -1
        if try_rich(w_left, w_right, GT, LT):
            return 1
    return three_way(w_left, w_right)


def has_rich(w_type):
    return (w_type.lookup_special(EQ) is not None or w_type.lookup_special(LT) is not None
            or w_type.lookup_special(GT) is not None)


def try_rich(w_left, w_right, slot, reflected_slot):
    """One rich comparison without falling back to ``__cmp__``; False where not implemented."""
    w_type_left = w_left.getclass()
    w_type_right = w_right.getclass()
    w_reflected = w_type_right.lookup_special(reflected_slot)
    if w_reflected is not None and w_type_left is not w_type_right and w_type_right.issubtype(w_type_left):
        w_result = call_special_1(w_reflected, w_right, w_left)
        if w_result is not space.w_NotImplemented:
            return space.is_true(w_result)
    w_method = w_type_left.lookup_special(slot)
    if w_method is not None:
        w_result = call_special_1(w_method, w_left, w_right)
        if w_result is not space.w_NotImplemented:
            return space.is_true(w_result)
    if w_reflected is not None:
        w_result = call_special_1(w_reflected, w_right, w_left)
        if w_result is not space.w_NotImplemented:
            return space.is_true(w_result)
    return False


def eq_w(w_left, w_right):
    """Equality as containers use it: identical objects are equal."""
    if w_left is w_right:
        return True
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval == w_right.intval
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str):
        return w_left.value == w_right.value
    if isinstance(w_left, W_Tuple) and isinstance(w_right, W_Tuple):
        return tuples_equal(w_left.items_w, w_right.items_w)
    if isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
        return same_or_equal(w_left.floatval, w_right.floatval)
    context = space.get_context()
    context.enter_recursion(" in cmp")
    try:
        return space.is_true(eq(w_left, w_right))
    finally:
        context.leave_recursion()


def lt_w(w_left, w_right):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return w_left.intval < w_right.intval
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str):
        return w_left.value < w_right.value
    if isinstance(w_left, W_Tuple) and isinstance(w_right, W_Tuple):
        return tuple_less(w_left.items_w, w_right.items_w)
    if isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
        return w_left.floatval < w_right.floatval
    return space.is_true(lt(w_left, w_right))


def tuples_equal(left_w, right_w):
    """As tuples compare, also where the lengths differ: item by item first."""
    return first_difference(left_w, right_w) < 0 and len(left_w) == len(right_w)


def tuple_less(left_w, right_w):
    index = first_difference(left_w, right_w)
    if index >= 0:
        return lt_w(left_w[index], right_w[index])
    return len(left_w) < len(right_w)


@jit.look_inside_iff(lambda left_w, right_w: jit.loop_unrolling_heuristic(left_w, len(left_w), MOST_UNROLLED)
                     or jit.loop_unrolling_heuristic(right_w, len(right_w), MOST_UNROLLED))
def first_difference(left_w, right_w):
    """The first place where two tuples have different items, or -1."""
    for i in range(min(len(left_w), len(right_w))):
        w_left = left_w[i]
        w_right = right_w[i]
        if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
            if w_left.intval != w_right.intval:
                return i
        elif not eq_w(w_left, w_right):
            return i
    return -1


def is_w(w_left, w_right):
    """The ``is`` operator."""
    return w_left is w_right or w_left.is_same(w_right)


def wrong_cmp_operand(w_self, type_name, w_other):
    """The TypeError of a built-in ``__cmp__`` called with an object of another kind."""
    return type_error("%s.__cmp__(x,y) requires y to be a '%s', not a '%s'" % (
        type_name, type_name, space.type_name(w_other)))
