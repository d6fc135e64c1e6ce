"""Making types: from TypeDefs at import time, and from ``class`` statements at run time."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import (
    W_BuiltinFunction,
    W_Function,
    W_MethodDescr,
    W_SlotWrapper,
)
from ouro.interp_py27.objects.instance_object import FIRST_SLOT, MapTerminator
from ouro.interp_py27.objects.instance_shape import best_base, builtin_shape, class_shape, solid_base
from ouro.interp_py27.objects.method_kinds_object import W_ClassMethodDescr, W_StaticMethod
from ouro.interp_py27.objects.slot_docs import SEQUENCE_SLOT_DOCS, SLOT_DOCS
from ouro.interp_py27.objects.slot_object import W_GetSet, W_MemberDescr, W_SlotMember
from ouro.interp_py27.objects.type_object import Layout, W_Type
from ouro.interp_py27.vm.argument_styles import style_of_slot
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import make_builtin_code
from ouro.interp_py27.vm.typedef import (
    GetSet,
    Member,
    class_method,
    make_deleter,
    make_getter,
    make_member_getter,
    make_setter,
    static_method,
)
from ouro.rlib.objectmodel import not_rpython

# Special methods that are plain methods in CPython.
_PLAIN_METHODS = {
    "__new__", "__reduce__", "__reduce_ex__", "__setstate__", "__getnewargs__", "__format__", "__sizeof__",
    "__subclasses__", "__instancecheck__", "__subclasscheck__", "__length_hint__", "__reversed__", "__trunc__",
    "__getformat__", "__enter__", "__exit__", "__dir__", "__copy__", "__deepcopy__", "__getstate__", "__unicode__",
}


# Special methods that CPython's types have as plain methods too, which are faster to call.
_DIRECT_METHODS = {
    ("dict", "__contains__"), ("dict", "__getitem__"), ("defaultdict", "__missing__"), ("list", "__getitem__"),
    ("set", "__contains__"), ("frozenset", "__contains__"), ("bytearray", "__alloc__"),
}


# Types that name the ways of `object` to read or write attributes as their own, which counts where a class has them
# before another base that has ways of its own.
_GENERIC_ACCESS = [
    (set("""
        BaseException buffer bytearray str classmethod complex dict enumerate file float frozenset int list long
        memoryview property reversed set slice staticmethod tuple unicode xrange builtin_function_or_method code
        dictproxy ellipsis frame function generator getset_descriptor member_descriptor defaultdict deque chain
        combinations combinations_with_replacement compress count cycle dropwhile groupby ifilter ifilterfalse imap
        islice izip izip_longest permutations product repeat starmap takewhile attrgetter itemgetter methodcaller
        partial array FileIO date datetime time timedelta tzinfo Random Struct mmap
    """.split()), ["__getattribute__"]),
    (set("BaseException file frame function partial Struct".split()), ["__setattr__", "__delattr__"]),
]


def _owner(typedef):
    """What the tables of `argument_styles` call a type."""
    return "datetime." + typedef.name if typedef.module == "datetime" else typedef.name


# ---- built-in types


@not_rpython
def make_builtin_type(typedef):
    """The W_Type of a TypeDef, still empty."""
    bases_w = [] if typedef.base is None else [typedef.base.w_type]
    w_type = W_Type(typedef.name, bases_w, False)
    typedef.w_type = w_type
    w_type.built_from = typedef
    w_type.module = typedef.module
    w_type.doc = typedef.doc
    w_type.has_dict = typedef.has_dict
    w_type.weakrefable = typedef.weakrefable
    w_type.w_base = bases_w[0] if bases_w else None
    base_layout = None if typedef.base is None else typedef.base.w_type.layout
    if typedef.user_class is not None and (typedef.base is None or typedef.base.user_class is not typedef.user_class):
        w_type.layout = Layout(typedef, base_layout, 0)
    elif typedef.base is None or typedef.user_class is None:
        w_type.layout = Layout(typedef, base_layout, 0)
    else:
        w_type.layout = base_layout
    w_type.shape = builtin_shape(w_type, w_type.w_base)
    w_type.acceptable_as_base = typedef.acceptable_as_base
    if bases_w:
        w_type.mro_w = [w_type] + bases_w[0].mro_w
        bases_w[0].add_subclass(w_type)
    w_type.terminator = MapTerminator(w_type, False)
    cls = typedef.cls
    cls.w_builtin_type = w_type
    # Classes that share the table (exact leaf, merged types) inherit the attribute.
    return w_type


@not_rpython
def fill_builtin_type(typedef):
    """Turn the table's entries into descriptors in the type's namespace."""
    w_type = typedef.w_type
    for name, entry in typedef.entries.items():
        if name == "__weakref__":
            continue
        w_type.dict_w[name] = _wrap_entry(typedef, name, entry)
    if "__doc__" not in w_type.dict_w:
        w_type.dict_w["__doc__"] = space.newtext_or_none(typedef.doc)
    w_object_type = w_type.mro_w[-1]
    for names, methods in _GENERIC_ACCESS:
        if typedef.name in names:
            for name in methods:
                w_type.dict_w.setdefault(name, w_object_type.dict_w[name])
    w_type.mutated()


@not_rpython
def _wrap_entry(typedef, name, entry):
    w_type = typedef.w_type
    cls = typedef.self_class
    if entry is None:
        return space.w_None
    if isinstance(entry, str):
        return space.newstr(entry)
    if isinstance(entry, GetSet):
        getter = make_getter(cls, entry.getter, name)
        setter = None if entry.setter is None else make_setter(cls, entry.setter, name)
        deleter = None if entry.deleter is None else make_deleter(cls, entry.deleter, name)
        return W_GetSet(getter, setter, deleter, entry.doc, name, w_type)
    if isinstance(entry, Member):
        if entry.getter is None:
            getter = make_member_getter(cls, entry.field, name)
        else:
            getter = make_getter(cls, entry.getter, name)
        return W_MemberDescr(getter, None, None, entry.doc, name, w_type)
    if isinstance(entry, class_method):
        code = make_builtin_code(entry.function, name, W_Type, typedef.name, _owner(typedef))
        return W_ClassMethodDescr(code, w_type)
    if isinstance(entry, static_method):
        return W_StaticMethod(W_BuiltinFunction(make_builtin_code(entry.function, name)))
    if name == "__new__":
        code = make_builtin_code(entry, name, None, typedef.name, w_type.full_name())
        code.doc = SLOT_DOCS[name]
        return W_BuiltinFunction(code, None, w_type)
    if callable(entry):
        is_slot = name.startswith("__") and name.endswith("__") and name not in _PLAIN_METHODS or name == "next"
        is_slot = is_slot and (typedef.name, name) not in _DIRECT_METHODS
        style = style_of_slot(name, "__getitem__" in typedef.entries) if is_slot and name != "__init__" else None
        code = make_builtin_code(entry, name, cls, typedef.name, _owner(typedef), style)
        if is_slot:
            code.doc = SLOT_DOCS.get(name)
            if name in SEQUENCE_SLOT_DOCS and "__getitem__" in typedef.entries:
                code.doc = SEQUENCE_SLOT_DOCS[name]
            return W_SlotWrapper(code, w_type)
        return W_MethodDescr(code, w_type)
    return entry


# ---- new-style classes


def mangle(name, class_name):
    """``__name`` in class ``_Class``."""
    if not name.startswith("__") or name.endswith("__"):
        return name
    stripped = class_name.lstrip("_")
    if stripped == "":
        return name
    return "_" + stripped + name


def is_identifier(name):
    if name == "":
        return False
    for i in range(len(name)):
        character = name[i]
        if not (character == "_" or "a" <= character <= "z" or "A" <= character <= "Z"
                or (i > 0 and "0" <= character <= "9")):
            return False
    return True


def slot_entries(w_slots, w_best):
    """The names in ``__slots__`` as strs."""
    if space.is_str(w_slots) or space.is_unicode(w_slots):
        names_w = [w_slots]
    else:
        names_w = space.unpack_list(w_slots)
    if names_w and w_best.shape.item_size:
        raise type_error("nonempty __slots__ not supported for subtype of '%s'" % w_best.full_name())
    names_w = [space.newstr(space.text_w(w_name)) if space.is_unicode(w_name) else w_name for w_name in names_w]
    names = []
    for w_name in names_w:
        if not space.is_str(w_name):
            raise type_error("__slots__ items must be strings, not '%s'" % space.type_name(w_name))
        name = space.bytes_w(w_name)
        if not is_identifier(name):
            raise type_error("__slots__ must be identifiers")
        names.append(name)
    return names


def new_heap_type(w_metatype, name, bases_w, w_namespace):
    """``type(name, bases, namespace)`` without looking for a metaclass."""
    w_best = best_base(bases_w)
    may_add_dict = not w_best.has_dict
    may_add_weakref = not w_best.weakrefable and not w_best.shape.item_size
    adds_dict = False
    adds_weakref = False
    slots = None
    w_slots = w_namespace.getitem_str("__slots__")
    if w_slots is None:
        adds_dict = may_add_dict
        adds_weakref = may_add_weakref
    else:
        slots = []
        for slot in slot_entries(w_slots, w_best):
            if slot == "__dict__":
                if not may_add_dict or adds_dict:
                    raise type_error("__dict__ slot disallowed: we already got one")
                adds_dict = True
            elif slot == "__weakref__":
                if not may_add_weakref or adds_weakref:
                    raise type_error(
                        "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0")
                adds_weakref = True
            else:
                slots.append(mangle(slot, name))
        # In the order of their names: classes that differ in the order of the slots have the same layout.
        space.sort_strings(slots)
        for w_base in bases_w:
            if w_base is not w_best:
                if isinstance(w_base, W_Type):
                    adds_dict = adds_dict or may_add_dict and w_base.has_dict
                    adds_weakref = adds_weakref or may_add_weakref and w_base.weakrefable
                else:
                    adds_dict = may_add_dict
                    adds_weakref = may_add_weakref
    if "\0" in name:
        raise value_error("type name must not contain null characters")
    w_type = space.allocate_type(w_metatype, name, bases_w)
    w_type.w_base = w_best
    for w_key in w_namespace.keys_list():
        w_value = w_namespace.getitem(w_key)
        if space.is_text(w_key):
            w_type.dict_w[space.text_w(w_key)] = w_value
    prepare_namespace(w_type)
    for w_base in bases_w:
        if isinstance(w_base, W_Type):
            w_type.has_del = w_type.has_del or w_base.has_del
    if "__del__" in w_type.dict_w:
        w_type.has_del = True
    w_type.layout = w_best.layout
    w_type.shape = class_shape(w_best.shape, slots, adds_dict, adds_weakref)
    w_type.has_dict = w_best.has_dict or adds_dict
    w_type.weakrefable = w_best.weakrefable or adds_weakref
    if slots:
        add_slots(w_type, slots, w_best)
    if adds_dict and "__dict__" not in w_type.dict_w:
        w_type.dict_w["__dict__"] = space.instance_dict_descr(w_type)
    if adds_weakref and "__weakref__" not in w_type.dict_w:
        w_type.dict_w["__weakref__"] = space.instance_weakref_descr(w_type)
    w_type.terminator = MapTerminator(w_type, False)
    compute_mro(w_type)
    for w_base in bases_w:
        if isinstance(w_base, W_Type):
            w_base.add_subclass(w_type)
    w_type.mutated()
    return w_type


def prepare_namespace(w_type):
    """``__new__`` is a static method, ``__module__`` the current module's name, ``__doc__`` at least None."""
    dict_w = w_type.dict_w
    w_new = dict_w.get("__new__", None)
    if isinstance(w_new, W_Function):
        dict_w["__new__"] = W_StaticMethod(w_new)
    if "__module__" not in dict_w:
        frame = space.get_context().running_frame()
        if frame is not None:
            w_module = frame.w_globals.getitem_str("__name__")
            if w_module is not None:
                dict_w["__module__"] = w_module
    if "__doc__" not in dict_w:
        dict_w["__doc__"] = space.w_None


def add_slots(w_type, names, w_best):
    kind = FIRST_SLOT + slots_in(w_best.layout)
    for name in names:
        # An attribute of the class hides the slot; a name may be there twice.
        if name not in w_type.dict_w:
            w_type.dict_w[name] = W_SlotMember(name, kind, w_type)
        kind += 1
    w_type.layout = Layout(w_best.layout.typedef, w_best.layout, len(names))


def slots_in(layout):
    count = 0
    while layout is not None:
        count += layout.slots
        layout = layout.base
    return count


# ---- the method resolution order


def compute_mro(w_type):
    """Set `mro_w`, through ``mro()`` of a metaclass that overrides it."""
    w_meta = w_type.getclass()
    if w_meta is not W_Type.w_builtin_type:
        w_method = w_meta.lookup("mro")
        if w_method is not None and w_method is not W_Type.w_builtin_type.lookup("mro"):
            classes_w = space.unpack_list(space.call_special_0(w_method, w_type))
            w_solid = solid_base(w_type)
            for w_class in classes_w:
                if isinstance(w_class, W_Type):
                    if not extends(w_solid, solid_base(w_class)):
                        raise type_error("mro() returned base with unsuitable layout ('%s')" % w_class.full_name())
                elif not space.is_old_class(w_class):
                    raise type_error("mro() returned a non-class ('%s')" % space.type_name(w_class))
            w_type.mro_w = classes_w[:]
            return
    w_type.mro_w = default_mro(w_type)[:]


def extends(w_type, w_base):
    """Is the type a subclass? Its classes are its bases of bases as long as it has no method resolution order."""
    if len(w_type.mro_w) > 1:
        return w_type.issubtype(w_base)
    while w_type is not None:
        if w_type is w_base:
            return True
        w_type = w_type.w_base
    return False


def default_mro(w_type):
    """C3 (Barrett et al., A monotonic superclass linearization for Dylan)."""
    orders = []
    for w_base in w_type.bases_w:
        orders.append(mro_of(w_base))
    orders.append(w_type.bases_w[:])
    result_w = [w_type]
    while True:
        remaining = []
        for order in orders:
            if len(order) > 0:
                remaining.append(order)
        if len(remaining) == 0:
            return result_w
        w_next = None
        for order in remaining:
            if not in_some_tail(order[0], remaining):
                w_next = order[0]
                break
        if w_next is None:
            raise mro_conflict(remaining, w_type)
        result_w.append(w_next)
        orders = []
        for order in remaining:
            if order[0] is w_next:
                orders.append(order[1:])
            else:
                orders.append(order)


def mro_of(w_class):
    if isinstance(w_class, W_Type):
        return w_class.mro_w[:]
    return space.old_class_mro(w_class)


def in_some_tail(w_class, orders):
    for order in orders:
        for i in range(1, len(order)):
            if order[i] is w_class:
                return True
    return False


def mro_conflict(orders, w_type):
    bases_w = w_type.bases_w
    for i in range(len(bases_w)):
        for j in range(i):
            if bases_w[i] is bases_w[j]:
                return type_error("duplicate base class %s" % space.name_of_class(bases_w[i]))
    names = []
    seen_w = []
    for order in orders:
        known = False
        for w_seen in seen_w:
            if w_seen is order[0]:
                known = True
        if not known:
            seen_w.append(order[0])
            names.append(space.name_of_class(order[0]))
    return type_error("Cannot create a consistent method resolution\n"
                      "order (MRO) for bases %s" % ", ".join(names))
