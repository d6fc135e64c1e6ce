"""The instructions that are functions of their own; the hot ones are written out in `dispatch`.

Each method is named after its opcode in lower case.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_Cell, W_Function, W_Method
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.vm.argument import Arguments, new_call_arguments
from ouro.interp_py27.vm.context import CLEARED
from ouro.interp_py27.vm.errors import (
    OperationError,
    name_error,
    operror,
    system_error,
    type_error,
)
from ouro.interp_py27.vm.frame import (
    BREAK,
    FinallyBlock,
    FrameBase,
    LoopBlock,
    W_BreakUnroller,
    W_ContinueUnroller,
    W_ExceptionUnroller,
    W_ReturnUnroller,
    W_Unroller,
    WithBlock,
)
from ouro.interp_py27.vm.opcodes import OPCODES
from ouro.rlib import jit

CALL_FUNCTION = OPCODES["CALL_FUNCTION"]
CALL_METHOD = OPCODES["CALL_METHOD"]


class FrameOperations(FrameBase):
    """A frame that knows the instructions."""

    # ---- names

    def load_global_slow(self, index):
        """Fill the cache of name `index`, or look the name up without one."""
        code = self.code
        name = code.names[index]
        w_globals = self.w_globals
        global_cell = space.module_cell(w_globals, name)
        if global_cell is not None:
            builtin_cell = space.module_cell(self.builtins(), name)
            if builtin_cell is not None:
                cache = code.global_cache(index)
                cache.w_globals = w_globals
                cache.global_cell = global_cell
                cache.builtin_cell = builtin_cell
        w_value = w_globals.getitem_str(name)
        if w_value is None:
            w_value = self.builtins().getitem_str(name)
            if w_value is None:
                raise name_error("global name '%s' is not defined" % name)
        return w_value

    def load_global_traced(self, index):
        """LOAD_GLOBAL under the JIT."""
        name = self.code.names[index]
        w_value = space.global_value(self.w_globals, name)
        if w_value is None:
            w_value = space.global_value(self.builtins(), name)
            if w_value is None:
                raise name_error("global name '%s' is not defined" % name)
        return w_value

    def load_name(self, index):
        name = self.code.names[index]
        w_locals = self.w_locals
        if w_locals is not None and w_locals is not self.w_globals:
            w_value = space.finditem_str(w_locals, name)
            if w_value is not None:
                self.push(w_value)
                return
        w_value = space.global_value(self.w_globals, name)
        if w_value is None:
            w_value = space.global_value(self.builtins(), name)
            if w_value is None:
                raise name_error("name '%s' is not defined" % name)
        self.push(w_value)

    def store_name(self, index):
        w_value = self.pop()
        if self.w_locals is None:
            raise system_error("no locals when storing '%s'" % self.code.names[index])
        w_globals = self.w_globals
        if self.w_locals is w_globals and space.is_exact_dict(w_globals):
            space.store_global_value(w_globals, self.code.names[index], w_value)
        else:
            space.setitem_str(self.w_locals, self.code.names[index], w_value)

    def delete_name(self, index):
        name = self.code.names[index]
        try:
            space.delitem(self.w_locals, self.code.names_w[index])
        except OperationError as error:
            if not error.match(space.w_KeyError):
                raise
            raise name_error("name '%s' is not defined" % name)

    def store_global(self, index):
        space.store_global_value(self.w_globals, self.code.names[index], self.pop())

    def delete_global(self, index):
        name = self.code.names[index]
        if not self.w_globals.delitem_str(name):
            raise name_error("global name '%s' is not defined" % name)

    def unbound_local(self, index):
        return operror(space.w_UnboundLocalError,
                       "local variable '%s' referenced before assignment" % self.code.varnames[index])

    def delete_fast(self, index):
        if self.stack_w[index] is None:
            raise self.unbound_local(index)
        self.stack_w[index] = None

    def load_closure(self, index):
        self.push(self.stack_w[self.code.nlocals + index])

    def load_deref(self, index):
        w_cell = self.stack_w[self.code.nlocals + index]
        assert isinstance(w_cell, W_Cell)
        w_value = w_cell.w_value
        if w_value is None:
            raise self.unbound_cell(index)
        self.push(w_value)

    def unbound_cell(self, index):
        code = self.code
        if index < len(code.cellvars):
            return operror(space.w_UnboundLocalError,
                           "local variable '%s' referenced before assignment" % code.cellvars[index])
        return name_error("free variable '%s' referenced before assignment in enclosing scope" % (
            code.freevars[index - len(code.cellvars)]))

    def store_deref(self, index):
        w_cell = self.stack_w[self.code.nlocals + index]
        assert isinstance(w_cell, W_Cell)
        w_cell.w_value = self.pop()

    def load_locals(self):
        if self.w_locals is None:
            raise system_error("no locals")
        self.push(self.w_locals)

    # ---- the stack

    def rot_two(self):
        w_1 = self.pop()
        w_2 = self.pop()
        self.push(w_1)
        self.push(w_2)

    def rot_three(self):
        w_1 = self.pop()
        w_2 = self.pop()
        w_3 = self.pop()
        self.push(w_1)
        self.push(w_3)
        self.push(w_2)

    def rot_four(self):
        w_1 = self.pop()
        w_2 = self.pop()
        w_3 = self.pop()
        w_4 = self.pop()
        self.push(w_1)
        self.push(w_4)
        self.push(w_3)
        self.push(w_2)

    @jit.unroll_safe
    def dup_topx(self, count):
        base = self.depth - count
        for i in range(count):
            self.push(self.stack_w[base + i])

    # ---- slices

    def slice(self, which):
        w_stop = self.pop() if which & 2 else None
        w_start = self.pop() if which & 1 else None
        self.settop(space.getslice(self.peek(0), w_start, w_stop))

    def store_slice(self, which):
        w_stop = self.pop() if which & 2 else None
        w_start = self.pop() if which & 1 else None
        w_obj = self.pop()
        w_value = self.pop()
        space.setslice(w_obj, w_start, w_stop, w_value)

    def delete_slice(self, which):
        w_stop = self.pop() if which & 2 else None
        w_start = self.pop() if which & 1 else None
        space.delslice(self.pop(), w_start, w_stop)

    def build_slice(self, count):
        w_step = self.pop() if count == 3 else space.w_None
        w_stop = self.pop()
        w_start = self.pop()
        self.push(space.newslice(w_start, w_stop, w_step))

    # ---- building

    def build_map(self, size):
        self.push(space.newdict())

    def store_map(self):
        w_key = self.pop()
        w_value = self.pop()
        self.peek(0).setitem(w_key, w_value)

    def build_set(self, count):
        self.push(space.newset(self.pop_list(count)))

    def list_append(self, distance):
        w_value = self.pop()
        space.list_append(self.peek(distance - 1), w_value)

    def fill_list(self, distance):
        w_value = self.pop()
        space.list_fill(self.peek(distance - 1), w_value, self.peek(distance - 2))

    def set_add(self, distance):
        w_value = self.pop()
        space.set_add(self.peek(distance - 1), w_value)

    def map_add(self, distance):
        w_key = self.pop()
        w_value = self.pop()
        self.peek(distance - 1).setitem(w_key, w_value)

    @jit.unroll_safe
    def unpack_sequence(self, count):
        w_iterable = self.pop()
        if isinstance(w_iterable, W_Tuple) and len(w_iterable.items_w) == count:
            i = count - 1
            while i >= 0:
                self.push(w_iterable.items_w[i])
                i -= 1
            return
        if isinstance(w_iterable, W_List) and w_iterable.length() == count:
            i = count - 1
            while i >= 0:
                self.push(w_iterable.getitem_int(i))
                i -= 1
            return
        items_w = space.fixed_unpack(w_iterable, count)
        i = count - 1
        while i >= 0:
            self.push(items_w[i])
            i -= 1

    # ---- print

    def print_expr(self):
        w_value = self.pop()
        w_hook = space.sys_get("displayhook")
        if w_hook is None:
            raise runtime_lost("displayhook")
        w_hook.call_1(w_value)

    def print_item(self):
        space.print_item(self.pop(), None)

    def print_item_to(self):
        w_stream = self.pop()
        space.print_item(self.pop(), w_stream)

    def print_newline(self):
        space.print_newline(None)

    def print_newline_to(self):
        space.print_newline(self.pop())

    # ---- definitions

    def make_function(self, default_count):
        code = space.code_of(self.pop())
        defaults_w = self.pop_list(default_count)
        self.push(W_Function(code, self.w_globals, defaults_w, None))

    @jit.unroll_safe
    def make_closure(self, default_count):
        code = space.code_of(self.pop())
        cells_w = space.tuple_items(self.pop())
        closure = [None] * len(cells_w)
        for i in range(len(cells_w)):
            w_cell = cells_w[i]
            assert isinstance(w_cell, W_Cell)
            closure[i] = w_cell
        defaults_w = self.pop_list(default_count)
        self.push(W_Function(code, self.w_globals, defaults_w, closure))

    def build_class(self):
        w_namespace = self.pop()
        w_bases = self.pop()
        w_name = self.pop()
        self.push(space.build_class(w_name, w_bases, w_namespace, self.w_globals))

    def exec_stmt(self):
        w_locals = self.pop()
        w_globals = self.pop()
        w_source = self.pop()
        space.exec_statement(self, w_source, w_globals, w_locals)

    # ---- imports

    def import_name(self, index):
        w_from = self.pop()
        w_level = self.pop()
        w_import = self.builtins().getitem_str("__import__")
        if w_import is None:
            raise operror(space.w_ImportError, "__import__ not found")
        w_locals = self.w_locals
        if w_locals is None:
            w_locals = space.w_None
        args_w = [self.code.names_w[index], self.w_globals, w_locals, w_from]
        if space.int_w(w_level) != -1:
            args_w.append(w_level)
        self.push(w_import.call_list(args_w))

    def import_from(self, index):
        w_module = self.peek(0)
        name = self.code.names[index]
        try:
            w_value = space.getattr(w_module, self.code.names_w[index])
        except OperationError as error:
            if not error.match(space.w_AttributeError):
                raise
            raise operror(space.w_ImportError, "cannot import name %s" % name)
        self.push(w_value)

    def import_star(self):
        w_module = self.pop()
        space.import_all(w_module, self.locals_dict())
        self.locals_to_fast(False)

    # ---- raising

    def raise_varargs(self, count):
        w_traceback = self.pop() if count >= 3 else space.w_None
        w_value = self.pop() if count >= 2 else space.w_None
        if count == 0:
            handled = self.handled
            if handled is None or handled is CLEARED:
                handled = space.get_context().current_exception()
            if handled is None:
                raise type_error("exceptions must be old-style classes or derived from BaseException, not NoneType")
            raise reraised(handled)
        w_type = self.pop()
        raise space.make_exception(w_type, w_value, w_traceback)

    def end_finally(self):
        """After a ``finally`` clause or an unmatched ``except``: go on with what was interrupted.

        Returns the position to continue at, or -1 to go on behind this instruction, or -2 to leave the frame.
        """
        w_top = self.pop()
        if space.is_none(w_top):
            return -1
        if isinstance(w_top, W_Unroller):
            return self.unwind(w_top)
        # An exception: type, value and what carries it.
        self.pop()
        w_unroller = self.pop()
        assert isinstance(w_unroller, W_ExceptionUnroller)
        raise reraised(w_unroller.error)

    @jit.unroll_safe
    def unwind(self, w_unroller):
        """Leave blocks for a return, break or continue until one has something to do.

        Returns as `end_finally` does.
        """
        while True:
            block = self.block
            if block is None:
                assert isinstance(w_unroller, W_ReturnUnroller)
                self.w_result = w_unroller.w_value
                return -2
            if isinstance(block, LoopBlock):
                if isinstance(w_unroller, W_ContinueUnroller):
                    # The iterator of the loop, which lies above the block's depth, stays.
                    return w_unroller.target
                self.block = block.previous
                self.drop_to(block.depth)
                if isinstance(w_unroller, W_BreakUnroller):
                    return block.handler
            else:
                self.block = block.previous
                self.drop_to(block.depth)
                if isinstance(block, FinallyBlock):
                    self.push(w_unroller)
                    return block.handler

    def break_loop(self):
        return self.unwind(BREAK)

    def continue_loop(self, target):
        return self.unwind(W_ContinueUnroller(target))

    @jit.unroll_safe
    def handle_exception(self, error):
        """Find the handler of `error` in this frame and return its position; raises if there is none."""
        while True:
            block = self.block
            if block is None:
                break
            self.block = block.previous
            self.drop_to(block.depth)
            if not isinstance(block, LoopBlock):
                return self.enter_handler(block, error)
        self.drop_all()
        raise error

    def drop_all(self):
        self.drop_to(self.code.nlocals + self.code.cell_count)

    def enter_handler(self, block, error):
        if isinstance(block, FinallyBlock) and not isinstance(block, WithBlock):
            # It does not handle the exception: `sys.exc_info` goes on giving that of an `except` clause.
            w_value = error.peek_w_value()
        else:
            w_value = error.get_w_value()
            self.handled = error
        self.push(W_ExceptionUnroller(error))
        self.push(w_value)
        self.push(error.w_type)
        return block.handler

    # ---- with

    def setup_with(self, handler):
        w_manager = self.pop()
        w_exit = _context_method(w_manager, "__exit__")
        w_enter = _context_method(w_manager, "__enter__")
        self.push(w_exit)
        w_result = w_enter.call_0()
        self.block = WithBlock(handler, self.depth, self.block)
        self.push(w_result)

    def with_cleanup(self):
        """Call ``__exit__``, which lies below what made the block end; a true result swallows the exception."""
        w_top = self.peek(0)
        if space.is_none(w_top):
            self.pop()
            w_exit = self.pop()
            w_exit.call_3(space.w_None, space.w_None, space.w_None)
            self.push(space.w_None)
        elif isinstance(w_top, W_Unroller):
            self.pop()
            w_exit = self.pop()
            w_exit.call_3(space.w_None, space.w_None, space.w_None)
            self.push(w_top)
        else:
            w_type = self.pop()
            w_value = self.pop()
            w_unroller = self.pop()
            assert isinstance(w_unroller, W_ExceptionUnroller)
            w_exit = self.pop()
            w_traceback = space.wrap_none(w_unroller.error.traceback)
            w_swallow = w_exit.call_3(w_type, w_value, w_traceback)
            if space.is_true(w_swallow):
                self.push(space.w_None)
            else:
                self.push(w_unroller)
                self.push(w_value)
                self.push(w_type)

    # ---- calls

    @jit.unroll_safe
    def call_function_slow(self, oparg, w_star, w_starstar):
        """Keywords, star arguments; the function lies below the arguments."""
        keyword_count = (oparg >> 8) & 0xFF
        positional_count = oparg & 0xFF
        keywords = None
        keywords_w = None
        if keyword_count:
            pairs_w = self.pop_list(keyword_count * 2)
            keywords = [""] * keyword_count
            keywords_w = [None] * keyword_count
            for i in range(keyword_count):
                keywords[i] = space.text_w(pairs_w[2 * i])
                keywords_w[i] = pairs_w[2 * i + 1]
        args_w = self.pop_list(positional_count)
        w_function = self.pop()
        if w_star is None and w_starstar is None:
            args = Arguments(args_w, keywords, keywords_w)
        else:
            args = new_call_arguments(args_w, keywords, keywords_w, w_star, w_starstar,
                                      space.call_description(w_function))
        context = space.get_context()
        if context.is_traced():
            return self.call_profiled(context, w_function, None, args)
        return w_function.call_args(args)

    def call_function_var(self, oparg):
        w_star = self.pop()
        self.push(self.call_function_slow(oparg, w_star, None))

    def call_function_kw(self, oparg):
        w_starstar = self.pop()
        self.push(self.call_function_slow(oparg, None, w_starstar))

    def call_function_var_kw(self, oparg):
        w_starstar = self.pop()
        w_star = self.pop()
        self.push(self.call_function_slow(oparg, w_star, w_starstar))

    @jit.unroll_safe
    def call_method_slow(self, oparg):
        """CALL_METHOD with keywords: below the arguments lie self (or None) and the function."""
        keyword_count = (oparg >> 8) & 0xFF
        positional_count = oparg & 0xFF
        pairs_w = self.pop_list(keyword_count * 2)
        keywords = [""] * keyword_count
        keywords_w = [None] * keyword_count
        for i in range(keyword_count):
            keywords[i] = space.text_w(pairs_w[2 * i])
            keywords_w[i] = pairs_w[2 * i + 1]
        args_w = self.pop_list(positional_count)
        w_self = self.pop()
        w_function = self.pop()
        args = Arguments(args_w, keywords, keywords_w)
        context = space.get_context()
        if context.is_traced():
            self.push(self.call_profiled(context, w_function, w_self, args))
            return
        if w_self is not None:
            args = args.prepend(w_self)
        self.push(w_function.call_args(args))

    def calls_function(self):
        """Whether the instruction under way calls a function of the application, and not something that calls it."""
        position = self.last_instr
        if position < 0:
            return True
        instructions = self.code.code
        opcode = ord(instructions[position])
        if opcode != CALL_FUNCTION and opcode != CALL_METHOD:
            return False
        if ord(instructions[position + 2]) != 0:
            return True  # with keywords; what is called has left the stack already
        place = ord(instructions[position + 1])
        if opcode == CALL_METHOD:
            place += 1
        w_function = self.peek(place)
        if isinstance(w_function, W_Method):
            w_function = w_function.w_function
        return isinstance(w_function, W_Function)

    @jit.dont_look_inside
    def call_profiled(self, context, w_function, w_self, args):
        """Call `w_function`, with `w_self` bound to it unless that is None; a profiler hears of built-in functions."""
        if w_self is not None:
            if context.w_profilefunc is None:
                return w_function.call_args(args.prepend(w_self))
            w_function = w_function.descr_get(w_self, w_self.getclass())
        if context.w_profilefunc is None or not space.is_builtin_callable(w_function):
            return w_function.call_args(args)
        context.profile_event(self, "c_call", w_function)
        try:
            w_result = w_function.call_args(args)
        except OperationError:
            context.profile_event(self, "c_exception", w_function)
            raise
        context.profile_event(self, "c_return", w_function)
        return w_result


def _context_method(w_manager, name):
    """A bound method of a context manager, from its class; old-style instances are asked themselves."""
    if space.is_old_instance(w_manager):
        return space.getattr_str(w_manager, name)
    w_method = space.lookup(w_manager, name)
    if w_method is None:
        raise operror(space.w_AttributeError, name)
    return w_method.descr_get(w_manager, w_manager.getclass())


def reraised(error):
    """The same exception with its traceback, raised once more."""
    again = OperationError(error.w_type, error.w_value, error.message, error.traceback)
    again.normalized = error.normalized
    again.reraised = True
    return again


def runtime_lost(name):
    return operror(space.w_RuntimeError, "lost sys.%s" % name)

