"""Classes and exceptions as the interpreter uses them: instance tests, matching, raising, building."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.exception_object import W_BaseException
from ouro.interp_py27.objects.frame_object import W_Traceback
from ouro.interp_py27.objects.function_object import W_AnyBuiltin, W_Function, W_Method
from ouro.interp_py27.objects.oldstyle_object import W_OldClass, W_OldInstance
from ouro.interp_py27.objects.tuple_object import W_AnyTuple, W_Tuple
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython


def isinstance_w(w_obj, w_type):
    """Instance of a W_Type, by its real type."""
    return w_obj.getclass().issubtype(w_type)


def claimed_class(w_obj):
    """``w_obj.__class__``, or None where that fails, for whatever reason."""
    return space.find_quietly(w_obj, "__class__")


def isinstance_real(w_obj, w_class):
    """``isinstance`` without ``__instancecheck__``: also looks at ``__class__``."""
    if isinstance(w_class, W_Type):
        if w_obj.getclass().issubtype(w_class):
            return True
        w_actual = claimed_class(w_obj)
        return isinstance(w_actual, W_Type) and w_actual is not w_obj.getclass() and w_actual.issubtype(w_class)
    if isinstance(w_class, W_OldClass):
        if isinstance(w_obj, W_OldInstance):
            return w_obj.w_class.is_subclass_of(w_class)
        if w_obj.getclass().in_mro(w_class):
            return True
        w_actual = claimed_class(w_obj)
        return isinstance(w_actual, W_OldClass) and w_actual.is_subclass_of(w_class)
    check_class(w_class, "isinstance() arg 2 must be a class, type, or tuple of classes and types")
    w_actual = claimed_class(w_obj)
    return w_actual is not None and abstract_issubclass(w_actual, w_class)


def bases_of(w_class):
    """``__bases__`` if that is a tuple, else None."""
    w_bases = space.findattr(w_class, "__bases__")
    if isinstance(w_bases, W_AnyTuple):
        return w_bases.items_w[:]
    return None


def check_class(w_class, message):
    if not (isinstance(w_class, W_Type) or isinstance(w_class, W_OldClass)) and bases_of(w_class) is None:
        raise type_error(message)


@jit.unroll_safe
def abstract_issubclass(w_class, w_other):
    """Along ``__bases__`` of anything that has them."""
    if w_class is w_other:
        return True
    bases_w = bases_of(w_class)
    if bases_w is None:
        return False
    for w_base in bases_w:
        if abstract_issubclass(w_base, w_other):
            return True
    return False


def issubtype_real(w_class, w_other):
    """``issubclass`` without ``__subclasscheck__``."""
    if isinstance(w_class, W_Type) and isinstance(w_other, W_Type):
        return w_class.issubtype(w_other)
    if isinstance(w_class, W_OldClass) and isinstance(w_other, W_OldClass):
        return w_class.is_subclass_of(w_other)
    if isinstance(w_class, W_Type) and isinstance(w_other, W_OldClass):
        for w_base in w_class.mro_w:
            if w_base is w_other:
                return True
        return False
    check_class(w_class, "issubclass() arg 1 must be a class")
    check_class(w_other, "issubclass() arg 2 must be a class or tuple of classes")
    return abstract_issubclass(w_class, w_other)


@not_rpython
def overridable(name, special, is_certain, real):
    """What the built-in ``isinstance`` and ``issubclass`` do: search tuples, and ask classes with a method for it.

    Args:
        name: of the function.
        special: "__instancecheck__" or "__subclasscheck__".
        is_certain: whether the answer is yes before anyone is asked.
        real: the answer without the special method.
    """
    own_check = "w_type_" + special.strip("_")

    @jit.unroll_safe
    def check(w_one, w_class):
        if is_certain(w_one, w_class):
            return True
        if isinstance(w_class, W_AnyTuple):
            context = space.get_context()
            context.enter_recursion(" in " + special)
            try:
                for w_item in w_class.items_w:
                    if check(w_one, w_item):
                        return True
                return False
            finally:
                context.leave_recursion()
        if not isinstance(w_class, W_OldClass):
            w_check = space.lookup(w_class, special)
            if w_check is not None:
                if w_check is getattr(space, own_check):
                    return real(w_one, w_class)
                return space.is_true(space.call_special_1(w_check, w_class, w_one))
        return real(w_one, w_class)

    check.__name__ = check.__qualname__ = name
    return check


isinstance_allow_override = overridable(
    "isinstance_allow_override", "__instancecheck__", lambda w_one, w_class: w_one.getclass() is w_class,
    isinstance_real)
issubtype_allow_override = overridable(
    "issubtype_allow_override", "__subclasscheck__", lambda w_one, w_class: False, issubtype_real)


def class_of(w_obj):
    """``w_obj.__class__`` for built-ins and instances."""
    if isinstance(w_obj, W_OldInstance):
        return w_obj.w_class
    return w_obj.getclass()


def class_name_of(w_obj):
    return name_of_class(class_of(w_obj))


def name_of_class(w_class):
    if isinstance(w_class, W_Type):
        return w_class.name
    if isinstance(w_class, W_OldClass):
        return w_class.name
    w_name = space.findattr(w_class, "__name__")
    if w_name is not None and space.is_str(w_name):
        return space.text_w(w_name)
    return "?"


def is_callable(w_obj):
    if isinstance(w_obj, W_OldInstance):
        return w_obj.find("__call__") is not None
    return space.lookup(w_obj, "__call__") is not None


def callable_name(w_function):
    if isinstance(w_function, W_Function):
        return w_function.name
    w_name = space.findattr(w_function, "__name__")
    if w_name is not None and space.is_str(w_name):
        return space.text_w(w_name)
    return "?"


def call_description(w_function):
    """``name()``, as messages about arguments of a call begin."""
    if isinstance(w_function, W_Function):
        return w_function.name + "()"
    if isinstance(w_function, W_Method):
        return call_description(w_function.w_function)
    if isinstance(w_function, W_AnyBuiltin):
        return w_function.code.name + "()"
    if isinstance(w_function, W_OldClass):
        return w_function.name + " constructor"
    if isinstance(w_function, W_OldInstance):
        return w_function.w_class.name + " instance"
    return space.type_name(w_function) + " object"


# ---- exceptions


def is_exception_class(w_class):
    if isinstance(w_class, W_Type):
        return w_class.issubtype(space.w_BaseException)
    return isinstance(w_class, W_OldClass)


def is_exception_instance_of(w_value, w_class):
    if isinstance(w_value, W_OldInstance):
        return isinstance(w_class, W_OldClass) and w_value.w_class.is_subclass_of(w_class)
    if isinstance(w_class, W_Type):
        return w_value.getclass().issubtype(w_class)
    return False


def exception_class(w_value):
    return class_of(w_value)


def exception_match(w_type, w_check):
    """Is the exception type `w_type` one of the built-in class `w_check`? The interpreter asks, and no code of the
    application runs.
    """
    if w_type is w_check:
        return True
    return isinstance(w_type, W_Type) and isinstance(w_check, W_Type) and w_type.issubtype(w_check)


@jit.unroll_safe
def exception_caught(w_type, w_check):
    """Does an ``except w_check`` clause catch an exception of type `w_type`? Never fails."""
    if isinstance(w_check, W_AnyTuple):
        for w_item in w_check.items_w:
            if exception_caught(w_type, w_item):
                return True
        return False
    if isinstance(w_check, W_Type):
        if w_check.getclass() is space.w_type:
            # Nearly always: no metaclass that has a say.
            if w_type is w_check:
                return True
            return isinstance(w_type, W_Type) and w_type.issubtype(w_check) and is_exception_class(w_check)
        if is_exception_class(w_check) and is_exception_class(w_type):
            return asked_match(w_type, w_check)
    elif isinstance(w_check, W_OldClass) and is_exception_class(w_type):
        return issubtype_real(w_type, w_check)
    return w_type is w_check


#: So many calls more than the recursion limit allows may be made to find out whether a clause catches an exception:
#: one that says that the limit is reached is mostly to be caught.
EXTRA_DEPTH = 5


def asked_match(w_type, w_check):
    """`exception_caught` where the metaclass of `w_check` may have its own ``__subclasscheck__``."""
    context = space.get_context()
    context.depth -= EXTRA_DEPTH
    try:
        return issubtype_allow_override(w_type, w_check)
    except OperationError as error:
        space.write_unraisable(error, w_type)
        return False
    finally:
        context.depth += EXTRA_DEPTH


@jit.unroll_safe
def exception_caught_warn(w_type, w_check):
    """As `exception_caught`, for the ``except`` statement, where strings and other things deserve a warning."""
    if isinstance(w_check, W_AnyTuple):
        for w_item in w_check.items_w:
            warn_about_match(w_item)
    else:
        warn_about_match(w_check)
    return exception_caught(w_type, w_check)


def warn_about_match(w_check):
    if space.is_str(w_check):
        space.warn("catching of string exceptions is deprecated", space.w_DeprecationWarning)
    elif space.state.py3k_warning and not (
            isinstance(w_check, W_AnyTuple) or isinstance(w_check, W_Type) and is_exception_class(w_check)):
        space.warn_py3k("catching classes that don't inherit from BaseException is not allowed in 3.x")


@jit.unroll_safe
def make_exception(w_type, w_value, w_traceback):
    """The OperationError for ``raise type, value, traceback``."""
    traceback = space.traceback_or_none(w_traceback)
    while isinstance(w_type, W_Tuple) and len(w_type.items_w) > 0:
        w_type = w_type.items_w[0]
    if isinstance(w_type, W_Type) and is_exception_class(w_type) or isinstance(w_type, W_OldClass):
        error = OperationError(w_type, w_value, None, traceback)
        if space.is_none(w_value):
            error.w_value = None
        error.normalize()
        if not (isinstance(error.w_value, W_BaseException) or isinstance(error.w_value, W_OldInstance)):
            raise type_error("calling %s() should have returned an instance of BaseException, not '%s'" % (
                name_of_class(w_type), space.type_name(error.w_value)))
    elif isinstance(w_type, W_BaseException) or isinstance(w_type, W_OldInstance):
        if not space.is_none(w_value):
            raise type_error("instance exception may not have a separate value")
        error = OperationError(class_of(w_type), w_type, None, traceback)
        error.normalized = True
    else:
        raise type_error("exceptions must be old-style classes or derived from BaseException, not %s" % (
            space.type_name(w_type)))
    error.reraised = traceback is not None
    return error


def make_thrown(w_type, w_value, w_traceback):
    """The OperationError for ``generator.throw``."""
    if not (is_exception_class(w_type) or isinstance(w_type, W_BaseException) or isinstance(w_type, W_OldInstance)):
        raise type_error("exceptions must be classes, or instances, not %s" % space.type_name(w_type))
    if not (space.is_none(w_traceback) or isinstance(w_traceback, W_Traceback)):
        raise type_error("throw() third argument must be a traceback object")
    error = make_exception(w_type, w_value, w_traceback)
    error.reraised = False
    return error


def exception_summary(error):
    """``TypeError: text``, even where the application's ``__str__`` fails."""
    name = name_of_class(error.w_type)
    if error.message is not None:
        return "%s: %s" % (name, error.message)
    try:
        text = space.str_text(error.get_w_value())
    except OperationError:
        return name
    return "%s: %s" % (name, text) if text else name


# ---- the class statement


def build_class(w_name, w_bases, w_namespace, w_globals):
    w_meta = w_namespace.getitem_str("__metaclass__")
    if w_meta is None:
        bases_w = space.tuple_items(w_bases)
        if len(bases_w) > 0:
            w_meta = space.findattr(bases_w[0], "__class__")
            if w_meta is None:
                w_meta = bases_w[0].getclass()
        else:
            w_meta = w_globals.getitem_str("__metaclass__")
            if w_meta is None:
                w_meta = W_OldClass.w_builtin_type
    try:
        return w_meta.call_3(w_name, w_bases, w_namespace)
    except OperationError as error:
        if error.match(space.w_TypeError) and not error.normalized:
            w_value = error.peek_w_value()
            if space.is_str(w_value):
                text = "Error when calling the metaclass bases\n    " + space.bytes_w(w_value)
                raise OperationError(error.w_type, None, text, error.traceback)
        raise
