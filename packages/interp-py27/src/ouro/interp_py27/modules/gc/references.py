"""Which objects refer to which, as CPython's collector sees it: what ``gc`` tells of the heap.

What an object refers to is told by its type, and not by what its parts are here: a list that holds machine integers
refers to int objects, attributes stand in a ``__dict__`` even where no dict was made yet. Nothing of the application
runs meanwhile.
"""

from ouro.interp_py27.modules._collections.deque import W_Deque
from ouro.interp_py27.objects.dict_object import W_AnyDict, W_Dict
from ouro.interp_py27.objects.exception_object import W_BaseException
from ouro.interp_py27.objects.function_object import W_AnyBuiltin, W_Cell, W_Function, W_Method
from ouro.interp_py27.objects.generator_object import W_Generator
from ouro.interp_py27.objects.instance_object import DICT, FIRST_SLOT, attribute_nodes
from ouro.interp_py27.objects.int_object import W_AnyInt
from ouro.interp_py27.objects.list_object import W_AnyList, W_List
from ouro.interp_py27.objects.method_kinds_object import W_ClassMethod, W_StaticMethod
from ouro.interp_py27.objects.module_object import W_Module
from ouro.interp_py27.objects.oldstyle_object import W_OldClass, W_OldInstance
from ouro.interp_py27.objects.property_object import W_Property
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.set_object import W_AnySet
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_AnyTuple, W_Tuple
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.objects.unicode_object import W_Unicode
from ouro.interp_py27.vm.frame import FrameBase
from ouro.rlib import rgc


def may_be_in_cycle(w_obj):
    """Whether CPython's collector would look at the object."""
    if isinstance(w_obj, W_Tuple):
        for w_item in w_obj.items_w:
            if item_may_be_in_cycle(w_item):
                return True
        return False
    if isinstance(w_obj, W_Dict):
        for w_item in w_obj.keys_list():
            if item_may_be_in_cycle(w_item):
                return True
        for w_item in w_obj.values_list():
            if item_may_be_in_cycle(w_item):
                return True
        return False
    return has_references(w_obj)


def item_may_be_in_cycle(w_obj):
    """The same for something in a tuple or dict, which is not looked into but for tuples."""
    if isinstance(w_obj, W_Tuple):
        return may_be_in_cycle(w_obj)
    return isinstance(w_obj, W_Dict) or has_references(w_obj)


def has_references(w_obj):
    """Whether objects of the type may refer to others."""
    if isinstance(w_obj, W_Type):
        return w_obj.is_heap_type
    if isinstance(w_obj, W_Str) or isinstance(w_obj, W_Unicode) or isinstance(w_obj, W_AnyInt):
        return w_obj.getclass().is_heap_type
    if isinstance(w_obj, W_List) or isinstance(w_obj, W_AnySet) or isinstance(w_obj, W_Module):
        return True
    if isinstance(w_obj, W_OldClass) or isinstance(w_obj, W_Deque) or isinstance(w_obj, FrameBase):
        return True
    if isinstance(w_obj, W_BaseException) or w_obj.getclass().is_heap_type:
        return True
    result_w = []
    add_referents(w_obj, result_w)
    return len(result_w) > 0


def referents(w_obj):
    """The objects that an object directly refers to, as far as its type shows them."""
    result_w = []
    add_referents(w_obj, result_w)
    mapped = w_obj.getmapped()
    if mapped is not None:
        for node in attribute_nodes(mapped.map):
            if node.kind >= FIRST_SLOT:
                add(mapped.storage[node.index], result_w)
    if w_obj.getclass().is_heap_type:
        result_w.append(w_obj.getclass())
    add(w_obj.getdict(), result_w)
    return result_w


def referrers(wanted_w):
    """The objects that directly refer to one of those wanted."""
    wanted = {}
    for w_obj in wanted_w:
        wanted[w_obj] = None
    result_w = []
    for w_obj in tracked_objects():
        w_referrer = referrer(w_obj, wanted)
        if w_referrer is not None:
            result_w.append(w_referrer)
    return result_w


def referrer(w_obj, wanted):
    """The object itself if it refers to one of those wanted; its ``__dict__`` if that does and was not made yet."""
    found_w = []
    add_referents(w_obj, found_w)
    if w_obj.getclass().is_heap_type:
        found_w.append(w_obj.getclass())
    w_made = None
    in_dict = False
    mapped = w_obj.getmapped()
    if mapped is None:
        if w_obj.has_made_dict():
            add(w_obj.getdict(), found_w)
    else:
        for node in attribute_nodes(mapped.map):
            w_value = mapped.storage[node.index]
            if w_value is not None:
                if node.kind != DICT:
                    found_w.append(w_value)
                    if isinstance(w_value, W_AnyDict):
                        w_made = w_value
                elif w_value in wanted:
                    in_dict = True
    for w_referent in found_w:
        if w_referent in wanted:
            return w_obj
    if in_dict and w_made is None:
        return w_obj.getdict()
    return None


def tracked_objects():
    """The application's objects that can be reached, as far as CPython's collector would look at them."""
    objects_w = rgc.live_instances(W_Root)
    parts = {}
    for w_obj in objects_w:
        mapped = w_obj.getmapped()
        if mapped is not None and mapped is not w_obj:
            parts[mapped] = None  # the attributes of an instance of a subclass of a built-in type
    result_w = []
    for w_obj in objects_w:
        if w_obj.getclass() is not None and w_obj not in parts and may_be_in_cycle(w_obj):
            result_w.append(w_obj)
    return result_w


def add(w_obj, result_w):
    if w_obj is not None:
        result_w.append(w_obj)


def add_all(objects_w, result_w):
    """Add what is there of a copy: the lists of the types have different kinds and must not become one."""
    for w_obj in objects_w:
        add(w_obj, result_w)


def add_referents(w_obj, result_w):
    """Add what an object refers to as one of its built-in type, its ``__dict__`` left out."""
    if isinstance(w_obj, W_AnyTuple):
        add_all(w_obj.items_w[:], result_w)
    elif isinstance(w_obj, W_AnyList):
        add_all(w_obj.items_list(), result_w)
    elif isinstance(w_obj, W_AnySet):
        add_all(w_obj.items_list(), result_w)
    elif isinstance(w_obj, W_AnyDict):
        add_all(w_obj.keys_list(), result_w)
        add_all(w_obj.values_list(), result_w)
    elif isinstance(w_obj, W_Deque):
        add_all(w_obj.ring_w[:], result_w)
    elif isinstance(w_obj, W_OldInstance):
        result_w.append(w_obj.w_class)
    elif isinstance(w_obj, W_OldClass):
        add_all(w_obj.bases_w[:], result_w)
    elif isinstance(w_obj, W_Type):
        add_all(w_obj.bases_w[:], result_w)
        for name in w_obj.dict_w:
            add(w_obj.dict_w[name], result_w)
    elif isinstance(w_obj, W_Function):
        result_w.append(w_obj.code)
        add(w_obj.w_globals, result_w)
        add_all(w_obj.defaults_w[:], result_w)
        if w_obj.closure is not None:
            for w_cell in w_obj.closure:
                result_w.append(w_cell)
    elif isinstance(w_obj, W_AnyBuiltin):
        add(w_obj.w_self, result_w)
    elif isinstance(w_obj, W_Method):
        result_w.append(w_obj.w_function)
        add(w_obj.w_self, result_w)
        add(w_obj.w_class, result_w)
    elif isinstance(w_obj, W_StaticMethod):
        add(w_obj.w_function, result_w)
    elif isinstance(w_obj, W_ClassMethod):
        add(w_obj.w_function, result_w)
    elif isinstance(w_obj, W_Property):
        add(w_obj.w_fget, result_w)
        add(w_obj.w_fset, result_w)
        add(w_obj.w_fdel, result_w)
        add(w_obj.w_doc, result_w)
    elif isinstance(w_obj, W_Cell):
        add(w_obj.w_value, result_w)
    elif isinstance(w_obj, W_BaseException):
        add_all(w_obj.args_w[:], result_w)
        add(w_obj.w_message, result_w)
    elif isinstance(w_obj, W_Generator):
        add(w_obj.frame, result_w)
        add(w_obj.code, result_w)
    elif isinstance(w_obj, FrameBase):
        result_w.append(w_obj.code)
        add(w_obj.w_globals, result_w)
        add(w_obj.w_locals, result_w)
        for w_value in w_obj.stack_w[:]:
            if w_value is not None and w_value.getclass() is not None:
                result_w.append(w_value)
