"""Attribute access: `getattr` and friends, their inline caches, and look-ups of special methods."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_Function, W_MethodDescr, W_SlotWrapper
from ouro.interp_py27.objects.instance_object import DICT, W_Instance
from ouro.interp_py27.objects.slot_object import W_SlotMember
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.objects.type_object import W_Type, entry_value
from ouro.interp_py27.vm.errors import OperationError, attribute_error, type_error
from ouro.rlib import jit

DELATTR = special("__delattr__")
DELETE = special("__delete__")
GETATTR = special("__getattr__")
GETATTRIBUTE = special("__getattribute__")
SET = special("__set__")
SETATTR = special("__setattr__")


def lookup(w_obj, name):
    """The attribute `name` of the type of `w_obj`, or None: how special methods are found."""
    return w_obj.getclass().lookup(name)


def attribute_name_w(w_name):
    """The str of an attribute name given by the application."""
    if space.is_str(w_name):
        return space.text_w(w_name)
    if space.is_unicode(w_name):
        return space.text_w(w_name)
    raise type_error("attribute name must be string, not '%s'" % space.type_name(w_name))


def getattr_name(w_obj, name, w_name):
    """``w_obj.name`` (`w_name` is the same name wrapped)."""
    w_type = w_obj.getclass()
    w_getattribute = w_type.lookup_special(GETATTRIBUTE)
    if w_getattribute is space.w_object_getattribute:
        w_getattr = w_type.lookup_special(GETATTR)
        if w_getattr is None:
            w_value = object_getattribute(w_obj, w_type, name)
            if w_value is None:
                raise no_attribute(w_obj, name)
            return w_value
        try:
            w_value = object_getattribute(w_obj, w_type, name)
        except OperationError as error:
            if not error.match(space.w_AttributeError):
                raise
            w_value = None
        if w_value is not None:
            return w_value
        return call_special_1(w_getattr, w_obj, w_name)
    try:
        return call_special_1(w_getattribute, w_obj, w_name)
    except OperationError as error:
        if not error.match(space.w_AttributeError):
            raise
        w_getattr = w_type.lookup_special(GETATTR)
        if w_getattr is None:
            raise
        return call_special_1(w_getattr, w_obj, w_name)


def read_only(w_obj, name):
    return attribute_error("'%s' object attribute '%s' is read-only" % (space.type_name(w_obj), space.until_nul(name)))


def no_attribute(w_obj, name):
    return attribute_error("'%s' object has no attribute '%s'" % (space.type_name(w_obj), space.until_nul(name)))


def object_getattribute(w_obj, w_type, name):
    """``object.__getattribute__``; None where it raises AttributeError."""
    w_descr = w_type.lookup(name)
    if w_descr is not None:
        if w_descr.is_data_descr():
            return w_descr.descr_get(w_obj, w_type)
        w_value = w_obj.getdictvalue(name)
        if w_value is not None:
            return w_value
        return w_descr.descr_get(w_obj, w_type)
    return w_obj.getdictvalue(name)


def getattr(w_obj, w_name):
    return getattr_name(w_obj, attribute_name_w(w_name), w_name)


def getattr_str(w_obj, name):
    """``w_obj.name`` for a name of the interpreter's own."""
    return getattr_name(w_obj, name, space.newstr(name))


def findattr(w_obj, name):
    """``w_obj.name``, or None where it raises AttributeError."""
    w_type = w_obj.getclass()
    if w_type.lookup_special(GETATTRIBUTE) is space.w_object_getattribute and w_type.lookup_special(GETATTR) is None:
        try:
            return object_getattribute(w_obj, w_type, name)
        except OperationError as error:
            if not error.match(space.w_AttributeError):
                raise
            return None
    try:
        return getattr_name(w_obj, name, space.newstr(name))
    except OperationError as error:
        if not error.match(space.w_AttributeError):
            raise
        return None


def find_quietly(w_obj, name):
    """``w_obj.name``, or None where that raises anything."""
    try:
        return getattr_str(w_obj, name)
    except OperationError:
        return None


def setattr(w_obj, w_name, w_value):
    w_setattr = w_obj.getclass().lookup_special(SETATTR)
    if w_setattr is space.w_object_setattr:
        object_setattr(w_obj, attribute_name_w(w_name), w_value)
    else:
        call_special_2(w_setattr, w_obj, w_name, w_value)


def setattr_str(w_obj, name, w_value):
    setattr(w_obj, space.newstr(name), w_value)


def object_setattr(w_obj, name, w_value):
    w_type = w_obj.getclass()
    w_descr = w_type.lookup(name)
    if w_descr is not None:
        w_set = w_descr.getclass().lookup_special(SET)
        if w_set is not None:
            call_special_2(w_set, w_descr, w_obj, w_value)
            return
        if w_descr.getclass().lookup_special(DELETE) is not None:
            raise attribute_error("__set__")
    if not w_obj.setdictvalue(name, w_value):
        if w_descr is not None:
            raise read_only(w_obj, name)
        raise no_attribute(w_obj, name)


def delattr(w_obj, w_name):
    w_delattr = w_obj.getclass().lookup_special(DELATTR)
    if w_delattr is space.w_object_delattr:
        object_delattr(w_obj, attribute_name_w(w_name))
    else:
        call_special_1(w_delattr, w_obj, w_name)


def object_delattr(w_obj, name):
    w_type = w_obj.getclass()
    w_descr = w_type.lookup(name)
    if w_descr is not None:
        w_delete = w_descr.getclass().lookup_special(DELETE)
        if w_delete is not None:
            call_special_1(w_delete, w_descr, w_obj)
            return
        if w_descr.getclass().lookup_special(SET) is not None:
            raise attribute_error("__delete__")
    if not w_obj.deldictvalue(name):
        if w_obj.has_made_dict():
            raise attribute_error(name)
        if w_descr is not None:
            raise read_only(w_obj, name)
        raise no_attribute(w_obj, name)


# ---- calling special methods found in the type


def call_special_0(w_method, w_self):
    """Call `w_method`, found in the type of `w_self`, bound to it."""
    if isinstance(w_method, W_Function) or isinstance(w_method, W_MethodDescr):
        return w_method.call_1(w_self)
    return w_method.descr_get(w_self, w_self.getclass()).call_0()


def call_special_1(w_method, w_self, w_1):
    if isinstance(w_method, W_Function) or isinstance(w_method, W_MethodDescr):
        return w_method.call_2(w_self, w_1)
    return w_method.descr_get(w_self, w_self.getclass()).call_1(w_1)


def call_special_2(w_method, w_self, w_1, w_2):
    if isinstance(w_method, W_Function) or isinstance(w_method, W_MethodDescr):
        return w_method.call_3(w_self, w_1, w_2)
    return w_method.descr_get(w_self, w_self.getclass()).call_2(w_1, w_2)


def call_special_3(w_method, w_self, w_1, w_2, w_3):
    if isinstance(w_method, W_Function) or isinstance(w_method, W_MethodDescr):
        return w_method.call_4(w_self, w_1, w_2, w_3)
    return w_method.descr_get(w_self, w_self.getclass()).call_3(w_1, w_2, w_3)


# ---- inline caches (see vm/code.py)


@jit.dont_look_inside
def load_attribute(code, index, w_obj):
    """LOAD_ATTR on an instance: fill the cache if the attribute is a plain one, and return its value."""
    current = w_obj.map
    entry = code.attribute_caches[index].find_load(current)
    if entry is not None:
        if entry.index >= 0:
            return w_obj.storage[entry.index]
        return entry.w_descr.descr_get(w_obj, entry.w_type)
    name = code.names[index]
    w_type = w_obj.getclass()
    version = w_type.version
    if (w_type.lookup_special(GETATTRIBUTE) is space.w_object_getattribute
            and not current.terminator.devolved):
        w_entry = w_type.lookup_entry(name)
        w_descr = entry_value(w_entry)
        cache = code.attribute_cache(index)
        if w_descr is None or not w_descr.is_data_descr():
            node = current.find(name, DICT)
            if node is not None:
                cache.fill_load(current, w_type, version, node.index, None)
                return w_obj.storage[node.index]
            if w_descr is not None and w_descr is w_entry and never_misses(w_type, w_descr):
                cache.fill_load(current, w_type, version, -1, w_descr)
                return w_descr.descr_get(w_obj, w_type)
        elif isinstance(w_descr, W_SlotMember):
            node = current.find(name, w_descr.kind)
            if node is not None and w_type.issubtype(w_descr.w_owner):
                w_value = w_obj.storage[node.index]
                if w_value is not None:
                    cache.fill_load(current, w_type, version, node.index, None)
                    return w_value
        elif never_misses(w_type, w_descr):
            cache.fill_load(current, w_type, version, -1, w_descr)
            return w_descr.descr_get(w_obj, w_type)
    return getattr_name(w_obj, name, code.names_w[index])


def never_misses(w_type, w_descr):
    """Whether nothing is left to do where a descriptor raises AttributeError: no ``__getattr__`` to ask."""
    return isinstance(w_descr, W_Function) or w_type.lookup_special(GETATTR) is None


@jit.dont_look_inside
def store_attribute(code, index, w_obj, w_value):
    """STORE_ATTR on an instance: store, and fill the cache if the attribute is a plain one."""
    current = w_obj.map
    entry = code.attribute_caches[index].find_store(current)
    if entry is not None:
        if entry.next_map is None:
            w_obj.storage[entry.index] = w_value
        else:
            w_obj.append(entry.next_map, w_value)
        return
    name = code.names[index]
    w_type = w_obj.getclass()
    version = w_type.version
    if w_type.lookup_special(SETATTR) is space.w_object_setattr and not current.terminator.devolved:
        w_descr = w_type.lookup(name)
        kind = DICT
        plain = w_type.has_dict
        if w_descr is not None and w_descr.intercepts_store():
            plain = False
            if isinstance(w_descr, W_SlotMember) and w_type.issubtype(w_descr.w_owner):
                kind = w_descr.kind
                plain = True
        if plain:
            cache = code.attribute_cache(index)
            node = current.find(name, kind)
            if node is not None:
                w_obj.storage[node.index] = w_value
                cache.fill_store(current, w_type, version, node.index, None)
                return
            if kind != DICT or current.length < space.ATTRIBUTE_LIMIT:
                node = current.extended(name, kind)
                w_obj.append(node, w_value)
                cache.fill_store(current, w_type, version, node.index, node)
                return
    setattr(w_obj, code.names_w[index], w_value)


def find_method(code, index, w_obj):
    """LOOKUP_METHOD: the function that ``w_obj.name`` would bind, or None if it is anything else."""
    if isinstance(w_obj, W_Instance) and not jit.we_are_jitted():
        entry = code.attribute_caches[index].find_load(w_obj.map)
        if entry is not None:
            w_descr = entry.w_descr
            if entry.index < 0 and isinstance(w_descr, W_Function):
                return w_descr
    name = code.names[index]
    w_type = w_obj.getclass()
    if w_type.lookup_special(GETATTRIBUTE) is not space.w_object_getattribute:
        return None
    w_descr = w_type.lookup(name)
    if not (isinstance(w_descr, W_Function) or isinstance(w_descr, W_MethodDescr)):
        return None
    if isinstance(w_descr, W_SlotWrapper):
        return None  # checks what it gives when it is bound
    if isinstance(w_obj, W_Instance):
        if w_obj.getdictvalue(name) is not None:
            return None
        if not jit.we_are_jitted() and not w_obj.map.terminator.devolved:
            code.attribute_cache(index).fill_load(w_obj.map, w_type, w_type.version, -1, w_descr)
    elif w_obj.getdictvalue(name) is not None:
        return None
    elif not jit.we_are_jitted() and not w_type.has_dict and not isinstance(w_obj, W_Type):
        cache = code.attribute_cache(index)
        cache.method_version = w_type.version
        cache.w_method = w_descr
    return w_descr
