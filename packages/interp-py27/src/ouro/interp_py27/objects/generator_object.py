"""Generators."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.context import keep
from ouro.interp_py27.vm.errors import OperationError, runtime_error, stop_iteration, type_error, value_error
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, GetSet, Member, define_type
from ouro.rlib import jit


class W_Generator(W_Root):
    """A suspended frame; `frame` is None once it has finished."""

    _attrs_ = ("frame", "code", "running", "yielded", "lifeline")

    def __init__(self, frame):
        self.frame = frame
        self.code = frame.code
        self.running = False
        self.yielded = False
        self.lifeline = None
        frame.generator = self

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def resume(self, w_sent, error):
        """Continue with the value `w_sent` (None: nothing to push) or by raising `error`.

        Returns what is yielded, or None when the generator ends.
        """
        if self.running:
            raise value_error("generator already executing")
        frame = self.frame
        if frame is None:
            if error is not None:
                raise error
            return None
        if frame.last_instr == -1:
            if w_sent is not None and not space.is_none(w_sent):
                raise type_error("can't send non-None value to a just-started generator")
        elif error is None:
            frame.push_at(jit.promote(frame.depth), space.wrap_none(w_sent))
        # The instruction that yields finds the generator in the frame; what it writes there is seen in a trace where
        # the same is read.
        generator = frame.generator
        self.running = True
        generator.yielded = False
        try:
            w_result = frame.execute_frame(error)
        except OperationError:
            self.frame = None
            raise
        finally:
            self.running = False
            frame.f_back = jit.vref_None
        if not generator.yielded:
            self.frame = None
            return None
        return w_result

    def iteration_shape(self):
        return self.code

    def iter_next(self):
        try:
            return self.resume(None, None)
        except OperationError as error:
            if not error.match(space.w_StopIteration):
                raise
            return None

    def descr_next(self):
        w_result = self.resume(None, None)
        if w_result is None:
            raise stop_iteration()
        return w_result

    def descr_send(self, w_value):
        w_result = self.resume(w_value, None)
        if w_result is None:
            raise stop_iteration()
        return w_result

    def descr_throw(self, w_type, w_value=None, w_traceback=None):
        error = space.make_thrown(w_type, space.wrap_none(w_value), space.wrap_none(w_traceback))
        w_result = self.resume(None, error)
        if w_result is None:
            raise stop_iteration()
        return w_result

    def descr_close(self):
        if self.frame is None:
            return
        if self.frame.last_instr == -1:
            self.frame = None
            return
        try:
            w_result = self.resume(None, OperationError(space.w_GeneratorExit, None))
        except OperationError as error:
            if error.match(space.w_StopIteration) or error.match(space.w_GeneratorExit):
                return
            raise
        if w_result is not None:
            raise runtime_error("generator ignored GeneratorExit")

    def release(self):
        """A generator that nobody can continue leaves its ``try`` and ``with`` statements as `close` does."""
        frame = self.frame
        if frame is None or frame.block is None:
            return
        try:
            self.descr_close()
        except OperationError as error:
            space.write_unraisable(error, self)

    def descr_repr(self):
        return space.newstr("<generator object %s at %s>" % (self.code.name, space.address_text(self)))

    def get_frame(self):
        if self.frame is None:
            return space.w_None
        return keep(self.frame)

    def get_code(self):
        return self.code

    def get_running(self):
        return space.newint(1 if self.running else 0)

    def get_name(self):
        return space.newstr(self.code.name)


def new_generator(frame):
    w_generator = W_Generator(frame)
    if frame.code.has_try:
        space.register_finalizer(w_generator)
    return w_generator


define_type(W_Generator, "generator", dict(
    ITERATOR_ENTRIES,
    next=W_Generator.descr_next,
    __repr__=W_Generator.descr_repr,
    send=W_Generator.descr_send,
    throw=W_Generator.descr_throw,
    close=W_Generator.descr_close,
    gi_frame=Member(getter=W_Generator.get_frame),
    gi_code=Member(getter=W_Generator.get_code),
    gi_running=Member(getter=W_Generator.get_running),
    __name__=GetSet(W_Generator.get_name),
    __weakref__=None,
), acceptable_as_base=False)
