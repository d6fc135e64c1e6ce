"""W_Root, the base of everything the application can see.

Its virtual methods are the slots of an object: what the interpreter asks of any object without knowing
its type. The defaults look up the special method in the object's type; built-in types override where
they know better. No method here may be called by application code directly.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.vm.errors import OperationError, type_error

CALL = special("__call__")
DEL = special("__del__")
DELETE = special("__delete__")
GET = special("__get__")
NEXT = special("next")
SET = special("__set__")

#: What an iterator without end expects to give (`items_expected`).
ENDLESS = 2 ** 63 - 1


class W_Root:
    """Base of application-level objects.

    `w_builtin_type` is set on every concrete class when its TypeDef is installed.
    """

    _attrs_ = ()
    w_builtin_type = None
    typedef = None

    def getclass(self):
        """The application-level type."""
        return self.w_builtin_type

    def setclass(self, w_type):
        """Assign ``__class__``."""
        raise type_error("__class__ assignment: only for heap types")

    def getmapped(self):
        """The W_Instance holding attributes of an instance of an application-level class, or None."""
        return None

    def attach(self, inst):
        """Complete an instance of an application subclass of a built-in type: `inst` is its W_Instance."""
        raise NotImplementedError

    def own_attribute(self, name):
        """For classes: attribute `name` of the class's own namespace, or None."""
        return None

    # ---- what the loops of built-in functions are compiled for (`vm.loop_drivers`)

    def iteration_shape(self):
        """What this iterator shares with others that give their items in the same way."""
        return self.getclass()

    def call_shape(self):
        """What this object shares with others that run the same code when they are called."""
        return self.getclass()

    def shape_name(self):
        """Of such a shape, for logs."""
        return "?"

    def own_entry(self, name):
        """As `own_attribute`; for one that changes often, what holds it (see `type_object.W_AttributeCell`)."""
        return self.own_attribute(name)

    # ---- attributes of the object itself

    def getdict(self):
        """The W_Dict that is this object's ``__dict__``, or None if it has none."""
        return None

    def setdict(self, w_dict):
        raise type_error("attribute '__dict__' of '%s' objects is not writable" % self.getclass().full_name())

    def getdictvalue(self, name):
        w_dict = self.getdict()
        if w_dict is None:
            return None
        return w_dict.getitem_str(name)

    def setdictvalue(self, name, w_value):
        """Store attribute `name`; False if objects of this kind have no such place."""
        w_dict = self.getdict()
        if w_dict is None:
            return False
        w_dict.setitem_str(name, w_value)
        return True

    def deldictvalue(self, name):
        """Delete attribute `name`; False if it is not there."""
        w_dict = self.getdict()
        if w_dict is None:
            return False
        return w_dict.delitem_str(name)

    def has_made_dict(self):
        """Whether there is a ``__dict__`` in CPython too, which makes them when the first attribute is stored."""
        return self.getdict() is not None

    # ---- as a mapping: dictionaries override these; namespaces may be any mapping

    def getitem(self, w_key):
        """The value, or None where the key is missing."""
        try:
            return space.getitem(self, w_key)
        except OperationError as error:
            if not error.match(space.w_KeyError):
                raise
            return None

    def getitem_str(self, key):
        return self.getitem(space.newstr(key))

    def setitem(self, w_key, w_value):
        space.setitem(self, w_key, w_value)

    def setitem_str(self, key, w_value):
        space.setitem(self, space.newstr(key), w_value)

    def delitem(self, w_key):
        """False if the key is missing."""
        try:
            space.delitem(self, w_key)
        except OperationError as error:
            if not error.match(space.w_KeyError):
                raise
            return False
        return True

    def delitem_str(self, key):
        return self.delitem(space.newstr(key))

    def has_integer_keys_only(self):
        """Is ``[...]`` that of a built-in sequence which refuses other keys? Then it is no mapping for ``%``."""
        return False

    def keys_list(self):
        return space.unpack_list(space.getattr_str(self, "keys").call_0())

    def values_list(self):
        return space.unpack_list(space.getattr_str(self, "values").call_0())

    # ---- descriptors

    def descr_get(self, w_obj, w_type):
        """Called with self found in the type of w_obj (None for look-ups on the type itself)."""
        w_get = self.getclass().lookup_special(GET)
        if w_get is None:
            return self
        if w_obj is None:
            w_obj = space.w_None
        return space.call_special_2(w_get, self, w_obj, w_type)

    def is_data_descr(self):
        """Does reading an attribute find it before what the instance itself has?"""
        w_type = self.getclass()
        return w_type.lookup_special(GET) is not None and self.intercepts_store()

    def intercepts_store(self):
        """Does it take assignments or deletions of the attribute upon itself?"""
        w_type = self.getclass()
        return w_type.lookup_special(SET) is not None or w_type.lookup_special(DELETE) is not None

    # ---- calls

    def call_args(self, args):
        """Call with an `Arguments`: everything a call can pass."""
        w_call = self.getclass().lookup_special(CALL)
        if w_call is None:
            raise type_error("'%s' object is not callable" % self.getclass().full_name())
        w_bound = w_call.descr_get(self, self.getclass())
        if w_bound is w_call:
            return w_call.call_args(args)
        return w_bound.call_args(args)

    def call_list(self, args_w):
        """Call with positional arguments."""
        return self.call_args(space.new_arguments(args_w))

    def call_0(self):
        return self.call_list([])

    def call_1(self, w_1):
        return self.call_list([w_1])

    def call_2(self, w_1, w_2):
        return self.call_list([w_1, w_2])

    def call_3(self, w_1, w_2, w_3):
        return self.call_list([w_1, w_2, w_3])

    def call_4(self, w_1, w_2, w_3, w_4):
        return self.call_list([w_1, w_2, w_3, w_4])

    # ---- iteration

    def iter_next(self):
        """The next item, or None when the iterator is exhausted."""
        w_next = self.getclass().lookup_special(NEXT)
        if w_next is None:
            raise type_error("'%s' object is not an iterator" % self.getclass().full_name())
        try:
            return space.call_special_0(w_next, self)
        except OperationError as error:
            if not error.match(space.w_StopIteration):
                raise
            return None

    def items_expected(self):
        """How many items an iterator gives, as far as that is known without code of the application: 0 if it is not,
        `ENDLESS` or less. Room may be made for them, no more: a list may have changed when they come.
        """
        return 0

    # ---- identity

    def is_same(self, w_other):
        """The ``is`` operator: objects that are not the same but immutable and equal may say yes."""
        return self is w_other

    def identity(self):
        """The number ``id()`` gives, or -1 to take the address."""
        return -1

    # ---- memory

    def get_buffer(self):
        """A `buffers.Buffer` of the memory of the object, or None if it has none to show."""
        return None

    # ---- weak references

    def getweakref(self):
        """The object that knows the weak references to self, or None."""
        return None

    def setweakref(self, lifeline):
        raise type_error("cannot create weak reference to '%s' object" % self.getclass().full_name())

    def delweakref(self):
        pass

    # ---- the end of the object's life

    def finalize(self):
        """Called once after the collector found the object dead, if it is registered (see `vm/finalizers.py`).

        Its weak references go first, then its ``__del__`` is called, then it gives back what it holds.
        """
        lifeline = self.getweakref()
        if lifeline is not None:
            lifeline.finalize()
        w_del = self.getclass().lookup_special(DEL)
        if w_del is not None:
            try:
                space.call_special_0(w_del, self)
            except OperationError as error:
                space.write_unraisable(error, w_del.descr_get(self, self.getclass()))
        self.release()

    def release(self):
        """Give back what the object holds of the system; called after its ``__del__``, if it is registered."""


class W_Lifeline(W_Root):
    """What knows the weak references to an object; the module ``_weakref`` implements it."""

    _attrs_ = ()

    def any_reference(self):
        """One of the references, or None."""
        raise NotImplementedError


class W_Dictful(W_Root):
    """Base of built-in objects with a ``__dict__`` made on demand."""

    _attrs_ = ("w_dict",)
    w_dict = None

    def getdict(self):
        w_dict = self.w_dict
        if w_dict is None:
            w_dict = self.w_dict = space.newdict()
        return w_dict

    def setdict(self, w_dict):
        if not space.is_dict(w_dict):
            raise type_error("__dict__ must be set to a dictionary, not a '%s'" % w_dict.getclass().full_name())
        self.w_dict = w_dict

    def getdictvalue(self, name):
        w_dict = self.w_dict
        if w_dict is None:
            return None
        return w_dict.getitem_str(name)

    def deldictvalue(self, name):
        w_dict = self.w_dict
        if w_dict is None:
            return False
        return w_dict.delitem_str(name)

    def has_made_dict(self):
        return self.w_dict is not None


