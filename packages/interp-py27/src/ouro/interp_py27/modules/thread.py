"""``thread``: threads, locks, and attributes that each thread has of its own."""

import weakref

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.argument import Arguments
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rsignal, rthread

SIGINT = 2
SMALLEST_STACK = 0x8000

w_thread_error = new_exception_class("thread.error", space.w_Exception)


# ---- locks


class W_Lock(W_Root):
    """A lock of the system."""

    _attrs_ = ("lock", "lifeline")
    lifeline = None

    def __init__(self):
        try:
            self.lock = rthread.allocate_lock()
        except rthread.ThreadError:
            raise operror(w_thread_error, "can't allocate lock")

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None


@unwrap_spec(wait=int)
def lock_acquire(self, wait=1):
    """acquire([wait]) -> bool
(acquire_lock() is an obsolete synonym)

Lock the lock.  Without argument, this blocks if the lock is already
locked (even by the same thread), waiting for another thread to release
the lock, and return True once the lock is acquired.
With an argument, this will only block if the argument is true,
and the return value reflects whether the lock is acquired.
The blocking operation is not interruptible."""
    return space.newbool(self.lock.acquire(wait != 0))


def lock_release(self):
    """release()
(release_lock() is an obsolete synonym)

Release the lock, allowing another thread that is blocked waiting for
the lock to acquire the lock.  The lock must be in the locked state,
but it needn't be locked by the same thread that unlocks it."""
    try:
        self.lock.release()
    except rthread.ThreadError:
        raise operror(w_thread_error, "release unlocked lock")


def lock_locked(self):
    """locked() -> bool
(locked_lock() is an obsolete synonym)

Return whether the lock is in the locked state."""
    if self.lock.acquire(False):
        self.lock.release()
        return space.w_False
    return space.w_True


def lock_enter(self):
    return space.newbool(self.lock.acquire(True))


def lock_exit(self, args_w):
    lock_release(self)


define_type(W_Lock, "lock", {
    "__doc__": """A lock object is a synchronization primitive.  To create a lock,
call the PyThread_allocate_lock() function.  Methods are:

acquire() -- lock the lock, possibly blocking until it can be obtained
release() -- unlock of the lock
locked() -- test whether the lock is currently locked

A lock is not owned by the thread that locked it; another thread may
unlock it.  A thread attempting to lock a lock that it has already locked
will block until another thread unlocks it.  Deadlocks may ensue.""",
    "acquire": lock_acquire,
    "acquire_lock": lock_acquire,
    "release": lock_release,
    "release_lock": lock_release,
    "locked": lock_locked,
    "locked_lock": lock_locked,
    "__enter__": lock_enter,
    "__exit__": lock_exit,
    "__weakref__": None,
}, module="thread", acceptable_as_base=False)


def allocate_lock():
    """allocate_lock() -> lock object
(allocate() is an obsolete synonym)

Create a new lock object.  See help(LockType) for information about locks."""
    return W_Lock()


# ---- threads


def start_new_thread(w_function, w_args, w_keywords=None):
    """start_new_thread(function, args[, kwargs])
(start_new() is an obsolete synonym)

Start a new thread and return its identifier.  The thread will call the
function with positional arguments from the tuple args and keyword arguments
taken from the optional dictionary kwargs.  The thread exits when the
function returns; the return value is ignored.  The thread will also exit
when the function raises an unhandled exception; a stack trace will be
printed unless the exception is SystemExit.
"""
    if not space.is_callable(w_function):
        raise type_error("first arg must be callable")
    if not space.is_tuple(w_args):
        raise type_error("2nd arg must be a tuple")
    arguments = Arguments(space.tuple_list(w_args))
    if w_keywords is not None:
        if not space.is_dict(w_keywords):
            raise type_error("optional 3rd arg must be a dictionary")
        names = []
        values_w = []
        for w_name in w_keywords.keys_list():
            names.append(space.text_w(w_name))
            values_w.append(w_keywords.getitem(w_name))
        arguments = Arguments(space.tuple_list(w_args), names, values_w)
    try:
        return space.newint(space.start_thread(w_function, arguments))
    except rthread.ThreadError:
        raise operror(w_thread_error, "can't start new thread")


def exit_thread():
    """exit()
(exit_thread() is an obsolete synonym)

This is synonymous to ``raise SystemExit''.  It will cause the current
thread to exit silently unless the exception is caught."""
    raise OperationError(space.w_SystemExit, None)


def interrupt_main():
    """interrupt_main()

Raise a KeyboardInterrupt in the main thread.
A subthread can use this function to interrupt the main thread."""
    rsignal.set_pending(SIGINT)


def get_ident():
    """get_ident() -> integer

Return a non-zero integer that uniquely identifies the current thread
amongst other threads that exist simultaneously.
This may be used to identify per-thread resources.
Even though on some platforms threads identities may appear to be
allocated consecutive numbers starting at 1, this behavior should not
be relied upon, and the number should be seen purely as a magic cookie.
A thread's identity may be reused for another thread after it exits."""
    return space.newint(rthread.get_ident())


def count():
    """_count() -> integer

Return the number of currently running Python threads, excluding
the main thread. The returned number comprises all threads created
through `start_new_thread()` as well as `threading.Thread`, and not
yet finished.

This function is meant for internal and specialized purposes only.
In most applications `threading.enumerate()` should be used instead."""
    return space.newint(space.started_threads())


@unwrap_spec(size=int)
def stack_size(size=0):
    """stack_size([size]) -> size

Return the thread stack size used when creating new threads.  The
optional size argument specifies the stack size (in bytes) to be used
for subsequently created threads, and must be 0 (use platform or
configured default) or a positive integer value of at least 32,768 (32k).
If changing the thread stack size is unsupported, a ThreadError
exception is raised.  If the specified size is invalid, a ValueError
exception is raised, and the stack size is unmodified.  32k bytes
 currently the minimum supported stack size value to guarantee
sufficient stack space for the interpreter itself.

Note that some platforms may have particular restrictions on values for
the stack size, such as requiring a minimum stack size larger than 32kB or
requiring allocation in multiples of the system memory page size
- platform documentation should be referred to for more information
(4kB pages are common; using multiples of 4096 for the stack size is
the suggested approach in the absence of more specific information)."""
    if size < 0:
        raise value_error("size must be 0 or a positive value")
    before = rthread.get_stacksize()
    if size != 0 and size < SMALLEST_STACK:
        raise value_error("size not valid: %d bytes" % size)
    try:
        rthread.set_stacksize(size)
    except rthread.ThreadError:
        raise value_error("size not valid: %d bytes" % size)
    return space.newint(before)


# ---- attributes of each thread


class W_Local(W_Root):
    """An object whose ``__dict__`` is another one in each thread.

    The dictionary of the thread that asked last is at hand. A thread that ends takes its dictionary away, so that
    a later thread with the same identity starts afresh.
    """

    _attrs_ = ("dicts", "last_context", "last_dict", "arguments", "lifeline")
    lifeline = None

    def __init__(self, arguments):
        self.arguments = arguments
        self.dicts = {}
        self.last_context = None
        self.last_dict = None
        self.new_dict(space.get_context())

    def new_dict(self, context):
        w_dict = space.newdict()
        self.dicts[context] = w_dict
        context.thread_locals.append(weakref.ref(self))
        self.last_context = context
        self.last_dict = w_dict
        return w_dict

    def getdict(self):
        context = space.get_context()
        if context is self.last_context:
            return self.last_dict
        w_dict = self.dicts.get(context, None)
        if w_dict is not None:
            self.last_context = context
            self.last_dict = w_dict
            return w_dict
        w_dict = self.new_dict(context)
        try:
            initialize(self)
        except OperationError:
            # the next access of this thread tries again
            self.forget(context)
            raise
        return w_dict

    def forget(self, context):
        """The thread of this context has no attributes here any more."""
        if context in self.dicts:
            del self.dicts[context]
        if self.last_context is context:
            self.last_context = None
            self.last_dict = None

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None


def initialize(w_local):
    """Call ``__init__`` again, in a thread that uses the object for the first time."""
    w_init = space.lookup(w_local, "__init__")
    if w_init is not None:
        w_init.descr_get(w_local, w_local.getclass()).call_args(w_local.arguments)


W_LocalUser = make_user_class(W_Local)
# The attributes are those of the thread, in subclasses too.
for _name in ["getdict", "setdict", "getdictvalue", "setdictvalue", "deldictvalue"]:
    setattr(W_LocalUser, _name, getattr(W_Local, _name))


def local_new(w_subtype, __args__):
    if (len(__args__.args_w) > 0 or __args__.has_keywords()) and (
            w_subtype.lookup("__init__") is space.w_object.lookup("__init__")):
        raise type_error("Initialization arguments are not supported")
    if w_subtype is W_Local.w_builtin_type:
        return W_Local(__args__)
    space.check_subtype(w_subtype, W_Local.w_builtin_type)
    w_local = W_LocalUser(__args__)
    space.init_user(w_local, w_subtype)
    return w_local


def local_dict(self):
    return self.getdict()


define_type(W_Local, "_local", {
    "__doc__": "Thread-local data",
    "__new__": local_new,
    "__dict__": GetSet(local_dict),
    "__weakref__": None,
}, module="thread", user_class=W_LocalUser)


define_module("thread", {
    "start_new_thread": start_new_thread,
    "start_new": start_new_thread,
    "allocate_lock": allocate_lock,
    "allocate": allocate_lock,
    "exit_thread": exit_thread,
    "exit": exit_thread,
    "interrupt_main": interrupt_main,
    "get_ident": get_ident,
    "_count": count,
    "stack_size": stack_size,
    "error": w_thread_error,
    "LockType": W_Lock,
    "_local": W_Local,
}, doc="""This module provides primitive operations to write multi-threaded programs.
The 'threading' module provides a more convenient interface.""")
