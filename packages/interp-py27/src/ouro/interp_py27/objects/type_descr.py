"""What application code sees of ``type``, and ``object``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_BuiltinFunction, W_Function, W_MethodDescr
from ouro.interp_py27.objects.instance_object import attach_instance, new_instance
from ouro.interp_py27.objects.instance_shape import best_base, check_base_replaceable, check_class_replaceable
from ouro.interp_py27.objects.root import W_Lifeline, W_Root
from ouro.interp_py27.objects.slot_object import W_GetSet
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.objects.type_builder import compute_mro, new_heap_type
from ouro.interp_py27.objects.type_object import UNKNOWN, W_Type
from ouro.interp_py27.vm.argument import Arguments
from ouro.interp_py27.vm.errors import OperationError, attribute_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, Member, class_method, define_type
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython

CMP = special("__cmp__")
INIT = special("__init__")
NEW = special("__new__")


# ---- object


class W_Object(W_Root):
    """Exact instances of ``object``; nothing in them."""

    _attrs_ = ()


def has_own_new(w_type):
    """Whether a type has a ``__new__`` of its own; built-in types that cannot make instances count as such."""
    if w_type.lookup_special(NEW) is not space.w_object_new:
        return True
    return not w_type.is_heap_type and w_type is not W_Object.w_builtin_type


def excess_arguments(args):
    return len(args.args_w) > 0 or args.has_keywords()


def object_new(w_subtype, __args__):
    if not isinstance(w_subtype, W_Type):
        raise type_error("object.__new__(X): X is not a type object (%s)" % space.type_name(w_subtype))
    if excess_arguments(__args__):
        own_new = w_subtype.lookup_special(NEW) is not space.w_object_new
        own_init = w_subtype.lookup_special(INIT) is not space.w_object_init
        if own_new and own_init:
            space.warn("object() takes no parameters", space.w_DeprecationWarning)
        elif own_new or not own_init:
            raise type_error("object() takes no parameters")
    if w_subtype.flag_abstract:
        raise abstract_error(w_subtype)
    if w_subtype is W_Object.w_builtin_type:
        return W_Object()
    if not w_subtype.is_heap_type or w_subtype.layout.typedef is not W_Object.typedef:
        check_safe_new(w_subtype, W_Object.w_builtin_type)
    return new_instance(w_subtype)


def abstract_error(w_type):
    names = []
    w_methods = space.finditem_type(w_type, "__abstractmethods__")
    if w_methods is not None:
        names_w = space.sorted_items(space.unpack_list(w_methods), None, None, False)
        names = [space.text_w(w_name) for w_name in names_w]
    return type_error("Can't instantiate abstract class %s with abstract methods %s" % (w_type.name, ", ".join(names)))


def object_init(w_self, __args__):
    if excess_arguments(__args__):
        w_type = w_self.getclass()
        own_new = has_own_new(w_type)
        own_init = w_type.lookup_special(INIT) is not space.w_object_init
        if own_init and own_new:
            space.warn("object.__init__() takes no parameters", space.w_DeprecationWarning)
        elif own_init or not own_new:
            raise type_error("object.__init__() takes no parameters")


def object_getattribute(w_self, w_name):
    name = space.attribute_name_w(w_name)
    w_value = space.object_getattribute(w_self, w_self.getclass(), name)
    if w_value is None:
        raise space.no_attribute(w_self, name)
    return w_value


def object_setattr(w_self, w_name, w_value):
    if isinstance(w_self, W_Type):
        raise type_error("can't apply this __setattr__ to %s object" % space.type_name(w_self))
    space.object_setattr(w_self, space.attribute_name_w(w_name), w_value)


def object_delattr(w_self, w_name):
    if isinstance(w_self, W_Type):
        raise type_error("can't apply this __delattr__ to %s object" % space.type_name(w_self))
    space.object_delattr(w_self, space.attribute_name_w(w_name))


def object_repr(w_self):
    w_type = w_self.getclass()
    name = w_type.name
    w_module = space.finditem_type(w_type, "__module__")
    if w_module is not None and space.is_str(w_module) and space.text_w(w_module) != "__builtin__":
        name = space.text_w(w_module) + "." + name
    elif w_module is None and w_type.module is not None and w_type.module != "__builtin__":
        name = w_type.module + "." + name
    return space.newstr("<%s object at %s>" % (name, space.address_text(w_self)))


def object_str(w_self):
    return space.unchecked_repr(w_self)


def object_hash(w_self):
    return space.newint(space.identity_hash(w_self))


def object_format(w_self, w_specification):
    if space.is_unicode(w_specification):
        w_text = space.unicode_from(w_self)
    elif space.is_str(w_specification):
        w_text = space.str(w_self)
    else:
        raise type_error("argument to __format__ must be unicode or str")
    if space.len_w(w_specification) > 0:
        space.warn("object.__format__ with a non-empty format string is deprecated", space.w_PendingDeprecationWarning)
    return space.format(w_text, w_specification)


@unwrap_spec(protocol=int)
def object_reduce(w_self, protocol=0):
    return space.reduce_object(w_self, protocol)


@unwrap_spec(protocol=int)
def object_reduce_ex(w_self, protocol=0):
    w_type = w_self.getclass()
    w_reduce = w_type.lookup("__reduce__")
    if w_reduce is not None and w_reduce is not W_Object.w_builtin_type.lookup("__reduce__"):
        return space.call_special_0(w_reduce, w_self)
    return space.reduce_object(w_self, protocol)


def object_subclasshook(w_type, w_class):
    return space.w_NotImplemented


def object_sizeof(w_self):
    return space.newint(16)


def get_class(w_self):
    return w_self.getclass()


def set_class(w_self, w_class):
    if not isinstance(w_class, W_Type):
        raise type_error("__class__ must be set to new-style class, not '%s' object" % space.type_name(w_class))
    w_old = w_self.getclass()
    if not (w_class.is_heap_type and w_old.is_heap_type):
        raise type_error("__class__ assignment: only for heap types")
    check_class_replaceable(w_old, w_class)
    w_self.setclass(w_class)


# ---- type


def type_new(w_metatype, __args__):
    args_w = __args__.args_w
    keywords = __args__.keywords if __args__.has_keywords() else []
    if len(args_w) == 1 and len(keywords) == 0 and w_metatype is W_Type.w_builtin_type:
        return args_w[0].getclass()
    if len(args_w) + len(keywords) != 3:
        raise type_error("type() takes 1 or 3 arguments")
    three_w = args_w + [None] * len(keywords)
    for i in range(len(keywords)):
        position = type_argument_position(keywords[i])
        if three_w[position] is not None:
            raise type_error("Argument given by name ('%s') and position (%d)" % (keywords[i], position + 1))
        three_w[position] = __args__.keywords_w[i]
    return type_from(w_metatype, three_w[0], three_w[1], three_w[2])


def type_argument_position(keyword):
    if keyword == "name":
        return 0
    if keyword == "bases":
        return 1
    if keyword == "dict":
        return 2
    raise type_error("'%s' is an invalid keyword argument for this function" % keyword)


def type_from(w_metatype, w_name, w_bases, w_namespace):
    """``type(name, bases, namespace)``."""
    if not space.is_str(w_name):
        raise type_error("type() argument 1 must be string, not %s" % space.type_name(w_name))
    if not space.is_tuple(w_bases):
        raise type_error("type() argument 2 must be tuple, not %s" % space.type_name(w_bases))
    if not space.is_dict(w_namespace):
        raise type_error("type() argument 3 must be dict, not %s" % space.type_name(w_namespace))
    bases_w = space.tuple_items(w_bases)[:]
    w_winner = most_derived_metatype(w_metatype, bases_w)
    if w_winner is not w_metatype:
        w_new = w_winner.lookup_special(NEW)
        if w_new is not W_Type.w_builtin_type.lookup_special(NEW):
            return w_new.descr_get(None, w_winner).call_4(w_winner, w_name, w_bases, w_namespace)
        w_metatype = w_winner
    if len(bases_w) == 0:
        bases_w = [W_Object.w_builtin_type]
    name = space.text_w(w_name)
    return new_heap_type(w_metatype, name, bases_w, w_namespace)


def most_derived_metatype(w_metatype, bases_w):
    w_winner = w_metatype
    for w_base in bases_w:
        if space.is_old_class(w_base):
            continue
        w_candidate = w_base.getclass()
        if w_winner.issubtype(w_candidate):
            continue
        if w_candidate.issubtype(w_winner):
            w_winner = w_candidate
            continue
        raise type_error("metaclass conflict: the metaclass of a derived "
                         "class must be a (non-strict) subclass of the metaclasses of all its bases")
    return w_winner


def type_init(self, __args__):
    count = len(__args__.args_w)
    if __args__.has_keywords():
        raise type_error("type.__init__() takes no keyword arguments")
    if count != 1 and count != 3:
        raise type_error("type.__init__() takes 1 or 3 arguments")


def allocate_type(w_metatype, name, bases_w):
    if w_metatype is W_Type.w_builtin_type:
        return W_Type(name, bases_w, True)
    w_type = W_MetaInstance(name, bases_w, True)
    w_type.inst = new_instance(w_metatype)
    return w_type


class W_MetaInstance(W_Type):
    """A class whose metaclass is an application class; attributes live in the class namespace all the same.

    `inst` holds the metaclass and the slots.
    """

    _attrs_ = ("inst",)

    def getclass(self):
        return self.inst.map.terminator.w_type

    def setclass(self, w_type):
        self.inst.change_class(w_type)

    def getmapped(self):
        return self.inst

    def call_args(self, args):
        w_call = self.getclass().lookup("__call__")
        if w_call is W_Type.w_builtin_type.lookup("__call__"):
            return space.call_type(self, args)
        return w_call.descr_get(self, self.getclass()).call_args(args)

    def call_list(self, args_w):
        return self.call_args(Arguments(args_w))

    def call_0(self):
        return self.call_args(Arguments([]))

    def call_1(self, w_1):
        return self.call_args(Arguments([w_1]))

    def call_2(self, w_1, w_2):
        return self.call_args(Arguments([w_1, w_2]))

    def call_3(self, w_1, w_2, w_3):
        return self.call_args(Arguments([w_1, w_2, w_3]))


def call_type(w_type, args):
    """``type.__call__``: ``__new__``, then ``__init__`` if that gave an instance."""
    w_new = find_new(w_type)
    if w_new is None or (
            w_new is space.w_object_new and not w_type.is_heap_type and w_type is not W_Object.w_builtin_type):
        raise type_error("cannot create '%s' instances" % w_type.full_name())
    if w_type is W_Type.w_builtin_type and len(args.args_w) == 1 and not args.has_keywords():
        return args.args_w[0].getclass()
    w_obj = w_new.descr_get(None, w_type).call_args(args.prepend(w_type))
    w_class = w_obj.getclass()
    if w_class is w_type or w_class.issubtype(w_type):
        w_init = w_class.lookup_special(INIT)
        if w_init is not None and w_init is not object_init_skip(w_class, w_new):
            check_init_result(space.call_special_args(w_init, w_obj, args))
    return w_obj


def call_type_1(w_type, w_1):
    """As `call_type`, with one argument; types with a built-in ``__new__`` need no Arguments for that."""
    w_new = find_new(w_type)
    if (not isinstance(w_new, W_BuiltinFunction) or w_new is space.w_object_new
            or w_type is W_Type.w_builtin_type):
        return call_type(w_type, Arguments([w_1]))
    w_obj = w_new.call_2(w_type, w_1)
    w_class = w_obj.getclass()
    if w_class is w_type or w_class.issubtype(w_type):
        w_init = w_class.lookup_special(INIT)
        if w_init is not None and w_init is not object_init_skip(w_class, w_new):
            check_init_result(space.call_special_1(w_init, w_obj, w_1))
    return w_obj


def find_new(w_type):
    """The ``__new__`` that makes instances: a built-in one is that of the base whose layout they have."""
    w_new = w_type.lookup_special(NEW)
    if w_type.is_heap_type and isinstance(w_new, W_BuiltinFunction):
        return nearest_builtin(w_type).lookup_special(NEW)
    return w_new


def nearest_builtin(w_type):
    """The built-in type whose layout a class extends."""
    if jit.we_are_jitted():
        w_type = jit.promote(w_type)
        return pure_nearest_builtin(w_type, jit.promote(w_type.version))
    return find_nearest_builtin(w_type)


@jit.elidable
def pure_nearest_builtin(w_type, version):
    return find_nearest_builtin(w_type)


def find_nearest_builtin(w_type):
    while w_type.is_heap_type:
        w_type = w_type.w_base
    return w_type


def call_type_list(w_type, args_w):
    return call_type(w_type, Arguments(args_w))


def check_init_result(w_result):
    if not space.is_none(w_result):
        raise type_error("__init__() should return None, not '%s'" % space.type_name(w_result))


def object_init_skip(w_class, w_new):
    """``object.__init__`` need not be called: it would only check what ``__new__`` checked."""
    if w_new is space.w_object_new:
        return space.w_object_init
    return None


def find_fast_init(w_type):
    """See `W_Type.fast_init`; None as an object where making instances is not plain."""
    if (w_type.lookup_special(NEW) is not space.w_object_new or w_type.flag_abstract
            or w_type.layout.typedef is not W_Object.typedef or not w_type.is_heap_type):
        return space.w_None
    w_init = w_type.lookup_special(INIT)
    if w_init is space.w_object_init:
        return UNKNOWN
    if isinstance(w_init, W_Function):
        return w_init
    return space.w_None


def call_special_args(w_method, w_self, args):
    if isinstance(w_method, W_Function) or isinstance(w_method, W_MethodDescr):
        return w_method.call_args(args.prepend(w_self))
    return w_method.descr_get(w_self, w_self.getclass()).call_args(args)


def type_call(self, __args__):
    return call_type(self, __args__)


def type_repr(self):
    module = module_text(self)
    kind = "class" if self.is_heap_type else "type"
    if module is not None and module != "__builtin__":
        return space.newstr("<%s '%s.%s'>" % (kind, module, self.name))
    return space.newstr("<%s '%s'>" % (kind, self.name))


def module_text(w_type):
    if not w_type.is_heap_type:
        return w_type.module
    w_module = w_type.dict_w.get("__module__", None)
    if w_module is not None and space.is_str(w_module):
        return space.text_w(w_module)
    return None


def finditem_type(w_type, name):
    """An attribute of the type's own namespace or its bases', unbound; or None."""
    return w_type.lookup(name)


def type_getattribute(self, w_name):
    name = space.attribute_name_w(w_name)
    w_value = type_attribute(self, name)
    if w_value is None:
        raise attribute_error("type object '%s' has no attribute '%s'" % (self.name, space.until_nul(name)))
    return w_value


def type_attribute(w_type, name):
    """``type.__getattribute__``; None where it raises AttributeError."""
    w_meta = w_type.getclass()
    w_meta_descr = w_meta.lookup(name)
    if w_meta_descr is not None and w_meta_descr.is_data_descr():
        return w_meta_descr.descr_get(w_type, w_meta)
    w_value = w_type.lookup(name)
    if w_value is not None:
        return w_value.descr_get(None, w_type)
    if w_meta_descr is not None:
        return w_meta_descr.descr_get(w_type, w_meta)
    return None


def check_heap_type(w_type, name):
    if not w_type.is_heap_type:
        raise type_error("can't set attributes of built-in/extension type '%s'" % w_type.full_name())


def type_setattr(self, w_name, w_value):
    name = space.attribute_name_w(w_name)
    check_heap_type(self, name)
    w_descr = self.getclass().lookup(name)
    if w_descr is not None and w_descr.intercepts_store():
        w_set = space.lookup(w_descr, "__set__")
        if w_set is None:
            raise attribute_error("__set__")
        space.call_special_2(w_set, w_descr, self, w_value)
        return
    self.set_attribute(name, w_value)


def type_delattr(self, w_name):
    name = space.attribute_name_w(w_name)
    check_heap_type(self, name)
    w_descr = self.getclass().lookup(name)
    if w_descr is not None and w_descr.intercepts_store():
        w_delete = space.lookup(w_descr, "__delete__")
        if w_delete is None:
            raise attribute_error("__delete__")
        space.call_special_1(w_delete, w_descr, self)
        return
    if not self.delete_attribute(name):
        raise attribute_error(name)


def type_mro(self):
    from_bases_w = space.default_mro(self)
    return space.newlist(from_bases_w)


def type_subclasses(self):
    result_w = []
    for w_sub in self.live_subclasses():
        result_w.append(w_sub)
    return space.newlist(result_w)


def type_instancecheck(self, w_obj):
    return space.newbool(space.isinstance_real(w_obj, self))


def type_subclasscheck(self, w_class):
    return space.newbool(space.issubtype_real(w_class, self))


def get_name(self):
    return space.newstr(self.name)


def set_name(self, w_name):
    if not self.is_heap_type:
        raise type_error("can't set %s.__name__" % self.name)
    if not space.is_str(w_name):
        raise type_error("can only assign string to %s.__name__, not '%s'" % (self.name, space.type_name(w_name)))
    name = space.text_w(w_name)
    if "\0" in name:
        raise value_error("type name must not contain null characters")
    self.name = name


def get_module(self):
    if not self.is_heap_type:
        return space.newtext_or_none(self.module)
    w_module = self.dict_w.get("__module__", None)
    if w_module is None:
        raise attribute_error("__module__")
    return w_module


def set_module(self, w_module):
    check_heap_type(self, "__module__")
    self.set_attribute("__module__", w_module)


def get_doc(self):
    w_doc = self.dict_w.get("__doc__", None)
    if w_doc is None:
        return space.newtext_or_none(self.doc)
    if self.is_heap_type:
        return w_doc.descr_get(None, self)
    return w_doc


def get_dict(self):
    return space.new_dict_proxy(self)


def get_bases(self):
    return space.newtuple(self.bases_w[:])


def set_bases(self, w_bases):
    if not self.is_heap_type:
        raise type_error("can't set %s.__bases__" % self.name)
    if not space.is_tuple(w_bases):
        raise type_error("can only assign tuple to %s.__bases__, not %s" % (self.name, space.type_name(w_bases)))
    bases_w = space.tuple_items(w_bases)[:]
    if len(bases_w) == 0:
        raise type_error("can only assign non-empty tuple to %s.__bases__, not ()" % self.name)
    for w_base in bases_w:
        if isinstance(w_base, W_Type):
            if w_base.issubtype(self):
                raise type_error("a __bases__ item causes an inheritance cycle")
        elif not space.is_old_class(w_base):
            raise type_error("%s.__bases__ must be tuple of old- or new-style classes, not '%s'" % (
                self.name, space.type_name(w_base)))
    w_best = best_base(bases_w)
    check_base_replaceable(self.w_base, w_best)
    old_bases_w = self.bases_w
    w_old_base = self.w_base
    self.bases_w = bases_w
    self.w_base = w_best
    saved = []
    try:
        update_mros(self, saved)
    except OperationError:
        for w_class, mro_w in saved:
            w_class.mro_w = mro_w
        self.bases_w = old_bases_w
        self.w_base = w_old_base
        raise
    for w_base in old_bases_w:
        if isinstance(w_base, W_Type):
            w_base.remove_subclass(self)
    for w_base in bases_w:
        if isinstance(w_base, W_Type):
            w_base.add_subclass(self)
    self.mutated()


def update_mros(w_type, saved):
    """New MROs for a type and all its subclasses; the old ones go to `saved`."""
    saved.append((w_type, w_type.mro_w))
    compute_mro(w_type)
    for w_sub in w_type.live_subclasses():
        update_mros(w_sub, saved)


def get_base(self):
    return space.wrap_none(self.w_base)


def get_mro(self):
    return space.newtuple(self.mro_w[:])


def get_flags(self):
    flags = 0x6
    if self.is_heap_type:
        flags |= 1 << 9
    if self.is_heap_type or self.built_from.acceptable_as_base:
        flags |= 1 << 10
    if self.flag_abstract:
        flags |= 1 << 20
    return space.newint(flags)


def get_abstractmethods(self):
    w_value = self.dict_w.get("__abstractmethods__", None)
    if w_value is None or self is W_Type.w_builtin_type:
        raise attribute_error("__abstractmethods__")
    return w_value


def set_abstractmethods(self, w_value):
    self.set_attribute("__abstractmethods__", w_value)
    self.flag_abstract = space.is_true(w_value)


def del_abstractmethods(self):
    if not self.delete_attribute("__abstractmethods__"):
        raise attribute_error("__abstractmethods__")
    self.flag_abstract = False


def get_basic_size(self):
    return space.newint(self.shape.size)


def get_item_size(self):
    return space.newint(self.shape.item_size)


def get_weakref_offset(self):
    return space.newint(1 if self.weakrefable else 0)


def get_dict_offset(self):
    return space.newint(1 if self.has_dict else 0)


def type_hash(self):
    return space.newint(space.identity_hash(self))


@not_rpython
def _make_comparison(name):
    """By identity number, unless a metaclass has ``__cmp__``."""

    def compare(self, w_other):
        if (not isinstance(w_other, W_Type) or self.getclass().lookup_special(CMP) is not None
                or w_other.getclass().lookup_special(CMP) is not None):
            return space.w_NotImplemented
        if name == "eq":
            return space.newbool(self is w_other)
        if name == "ne":
            return space.newbool(self is not w_other)
        left = space.identity_of(self)
        right = space.identity_of(w_other)
        if name == "lt":
            return space.newbool(left < right)
        if name == "le":
            return space.newbool(left <= right)
        if name == "gt":
            return space.newbool(left > right)
        return space.newbool(left >= right)

    compare.__name__ = compare.__qualname__ = "type_" + name
    return compare


# ---- __dict__ and __weakref__ of instances


def builtin_dict_descr(w_obj):
    """The ``__dict__`` of the nearest built-in base that has one, which instances of its subclasses keep; or None."""
    w_base = w_obj.getclass()
    while w_base is not None:
        if not w_base.is_heap_type:
            w_descr = w_base.own_attribute("__dict__")
            if w_descr is not None:
                return w_descr
        w_base = w_base.w_base
    return None


def instance_get_dict(w_obj):
    w_descr = builtin_dict_descr(w_obj)
    if w_descr is not None:
        return w_descr.descr_get(w_obj, w_obj.getclass())
    w_dict = w_obj.getdict()
    if w_dict is None:
        raise attribute_error("'%s' object has no attribute '__dict__'" % space.type_name(w_obj))
    return w_dict


def instance_set_dict(w_obj, w_dict):
    w_descr = builtin_dict_descr(w_obj)
    if w_descr is not None:
        space.call_special_2(space.lookup(w_descr, "__set__"), w_descr, w_obj, w_dict)
    else:
        w_obj.setdict(w_dict)


def instance_delete_dict(w_obj):
    w_descr = builtin_dict_descr(w_obj)
    if w_descr is not None:
        space.call_special_1(space.lookup(w_descr, "__delete__"), w_descr, w_obj)
    else:
        w_obj.setdict(space.newdict())


def instance_get_weakref(w_obj):
    lifeline = w_obj.getweakref()
    if lifeline is None:
        return space.w_None
    assert isinstance(lifeline, W_Lifeline)
    return lifeline.any_reference()


def instance_dict_descr(w_type):
    return W_GetSet(instance_get_dict, instance_set_dict, instance_delete_dict,
                    "dictionary for instance variables (if defined)", "__dict__", w_type)


def instance_weakref_descr(w_type):
    return W_GetSet(instance_get_weakref, None, None,
                    "list of weak references to the object (if defined)", "__weakref__", w_type)


def init_user(w_obj, w_type):
    """Complete an instance of an application subclass of a built-in type."""
    assert isinstance(w_type, W_Type)
    attach_instance(w_obj, w_type)


def check_subtype(w_subtype, w_type):
    """For ``__new__`` of built-in types: its first argument."""
    check_issubtype(w_subtype, w_type)
    assert isinstance(w_subtype, W_Type)
    if w_subtype.layout.typedef is not w_type.typedef:
        check_safe_new(w_subtype, w_type)


def check_issubtype(w_subtype, w_type):
    """As `check_subtype`, where one ``__new__`` serves several layouts."""
    if not isinstance(w_subtype, W_Type):
        raise type_error("%s.__new__(X): X is not a type object (%s)" % (
            w_type.full_name(), space.type_name(w_subtype)))
    if not w_subtype.issubtype(w_type):
        raise type_error("%s.__new__(%s): %s is not a subtype of %s" % (
            w_type.full_name(), w_subtype.full_name(), w_subtype.full_name(), w_type.full_name()))


def check_safe_new(w_subtype, w_type):
    """``w_type.__new__`` may make instances of a subtype whose nearest built-in base has the same ``__new__``."""
    w_nearest = nearest_builtin(w_subtype)
    if w_nearest.lookup_special(NEW) is not w_type.lookup_special(NEW):
        raise type_error("%s.__new__(%s) is not safe, use %s.__new__()" % (
            w_type.full_name(), w_subtype.full_name(), w_nearest.full_name()))


define_type(W_Object, "object", {
    "__doc__": "The most base type",
    "__new__": object_new,
    "__init__": object_init,
    "__getattribute__": object_getattribute,
    "__setattr__": object_setattr,
    "__delattr__": object_delattr,
    "__repr__": object_repr,
    "__str__": object_str,
    "__hash__": object_hash,
    "__format__": object_format,
    "__reduce__": object_reduce,
    "__reduce_ex__": object_reduce_ex,
    "__subclasshook__": class_method(object_subclasshook),
    "__sizeof__": object_sizeof,
    "__class__": GetSet(get_class, set_class),
}).self_class = W_Root

define_type(W_Type, "type", {
    "__new__": type_new,
    "__init__": type_init,
    "__call__": type_call,
    "__repr__": type_repr,
    "__getattribute__": type_getattribute,
    "__setattr__": type_setattr,
    "__delattr__": type_delattr,
    "mro": type_mro,
    "__subclasses__": type_subclasses,
    "__instancecheck__": type_instancecheck,
    "__subclasscheck__": type_subclasscheck,
    "__name__": GetSet(get_name, set_name),
    "__module__": GetSet(get_module, set_module),
    "__doc__": GetSet(get_doc),
    "__dict__": GetSet(get_dict),
    "__bases__": GetSet(get_bases, set_bases),
    "__base__": Member(getter=get_base),
    "__mro__": Member(getter=get_mro),
    "__flags__": Member(getter=get_flags),
    "__basicsize__": Member(getter=get_basic_size),
    "__itemsize__": Member(getter=get_item_size),
    "__abstractmethods__": GetSet(get_abstractmethods, set_abstractmethods, del_abstractmethods),
    "__weakrefoffset__": Member(getter=get_weakref_offset),
    "__dictoffset__": Member(getter=get_dict_offset),
    "__weakref__": None,
    "__hash__": type_hash,
    **{"__%s__" % _name: _make_comparison(_name) for _name in ["eq", "ne", "lt", "le", "gt", "ge"]},
}, user_class=W_MetaInstance,
   doc="type(object) -> the object's type\ntype(name, bases, dict) -> a new type")
