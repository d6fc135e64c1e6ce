"""The dispatch loop.

One function holds the hot instructions written out; it works on local variables as far as it can. Without
a JIT it runs until the frame is left; under the JIT it returns after each instruction, so that the tracer sees every
instruction at the merge point with constant position and code.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.float_object import W_Float
from ouro.interp_py27.objects.function_object import W_Function
from ouro.interp_py27.objects.instance_object import W_Instance
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.str_object import W_Str, concatenate
from ouro.interp_py27.vm import opcodes
from ouro.interp_py27.vm.argument import Arguments
from ouro.interp_py27.vm.code import GENERATOR, PLAIN
from ouro.interp_py27.vm.context import interrupted, tick
from ouro.interp_py27.vm.division import divide
from ouro.interp_py27.vm.errors import OperationError, operror, system_error
from ouro.interp_py27.vm.frame import ExceptBlock, FinallyBlock, LoopBlock, W_ReturnUnroller
from ouro.interp_py27.vm.opcodes import HAVE_ARGUMENT, OPCODE_NAMES, OPCODES
from ouro.interp_py27.vm.operations import FrameOperations
from ouro.rlib import jit
from ouro.rlib.objectmodel import always_inline, specialize
from ouro.rlib.rarithmetic import ovfcheck

# Opcodes by name: constants of this module, so that the chain of comparisons becomes a switch.
STOP_CODE = OPCODES["STOP_CODE"]
POP_TOP = OPCODES["POP_TOP"]
ROT_TWO = OPCODES["ROT_TWO"]
ROT_THREE = OPCODES["ROT_THREE"]
DUP_TOP = OPCODES["DUP_TOP"]
ROT_FOUR = OPCODES["ROT_FOUR"]
NOP = OPCODES["NOP"]
UNARY_POSITIVE = OPCODES["UNARY_POSITIVE"]
UNARY_NEGATIVE = OPCODES["UNARY_NEGATIVE"]
UNARY_NOT = OPCODES["UNARY_NOT"]
UNARY_CONVERT = OPCODES["UNARY_CONVERT"]
UNARY_INVERT = OPCODES["UNARY_INVERT"]
BINARY_POWER = OPCODES["BINARY_POWER"]
BINARY_MULTIPLY = OPCODES["BINARY_MULTIPLY"]
BINARY_DIVIDE = OPCODES["BINARY_DIVIDE"]
CHECKED_DIVIDE = OPCODES["CHECKED_DIVIDE"]
CHECKED_INPLACE_DIVIDE = OPCODES["CHECKED_INPLACE_DIVIDE"]
BINARY_MODULO = OPCODES["BINARY_MODULO"]
BINARY_ADD = OPCODES["BINARY_ADD"]
BINARY_SUBTRACT = OPCODES["BINARY_SUBTRACT"]
BINARY_SUBSCR = OPCODES["BINARY_SUBSCR"]
BINARY_FLOOR_DIVIDE = OPCODES["BINARY_FLOOR_DIVIDE"]
BINARY_TRUE_DIVIDE = OPCODES["BINARY_TRUE_DIVIDE"]
INPLACE_FLOOR_DIVIDE = OPCODES["INPLACE_FLOOR_DIVIDE"]
INPLACE_TRUE_DIVIDE = OPCODES["INPLACE_TRUE_DIVIDE"]
SLICE = OPCODES["SLICE"]
SLICE_1 = OPCODES["SLICE_1"]
SLICE_2 = OPCODES["SLICE_2"]
SLICE_3 = OPCODES["SLICE_3"]
STORE_SLICE = OPCODES["STORE_SLICE"]
STORE_SLICE_1 = OPCODES["STORE_SLICE_1"]
STORE_SLICE_2 = OPCODES["STORE_SLICE_2"]
STORE_SLICE_3 = OPCODES["STORE_SLICE_3"]
DELETE_SLICE = OPCODES["DELETE_SLICE"]
DELETE_SLICE_1 = OPCODES["DELETE_SLICE_1"]
DELETE_SLICE_2 = OPCODES["DELETE_SLICE_2"]
DELETE_SLICE_3 = OPCODES["DELETE_SLICE_3"]
STORE_MAP = OPCODES["STORE_MAP"]
INPLACE_ADD = OPCODES["INPLACE_ADD"]
INPLACE_SUBTRACT = OPCODES["INPLACE_SUBTRACT"]
INPLACE_MULTIPLY = OPCODES["INPLACE_MULTIPLY"]
INPLACE_DIVIDE = OPCODES["INPLACE_DIVIDE"]
INPLACE_MODULO = OPCODES["INPLACE_MODULO"]
STORE_SUBSCR = OPCODES["STORE_SUBSCR"]
DELETE_SUBSCR = OPCODES["DELETE_SUBSCR"]
BINARY_LSHIFT = OPCODES["BINARY_LSHIFT"]
BINARY_RSHIFT = OPCODES["BINARY_RSHIFT"]
BINARY_AND = OPCODES["BINARY_AND"]
BINARY_XOR = OPCODES["BINARY_XOR"]
BINARY_OR = OPCODES["BINARY_OR"]
INPLACE_POWER = OPCODES["INPLACE_POWER"]
GET_ITER = OPCODES["GET_ITER"]
PRINT_EXPR = OPCODES["PRINT_EXPR"]
PRINT_ITEM = OPCODES["PRINT_ITEM"]
PRINT_NEWLINE = OPCODES["PRINT_NEWLINE"]
PRINT_ITEM_TO = OPCODES["PRINT_ITEM_TO"]
PRINT_NEWLINE_TO = OPCODES["PRINT_NEWLINE_TO"]
INPLACE_LSHIFT = OPCODES["INPLACE_LSHIFT"]
INPLACE_RSHIFT = OPCODES["INPLACE_RSHIFT"]
INPLACE_AND = OPCODES["INPLACE_AND"]
INPLACE_XOR = OPCODES["INPLACE_XOR"]
INPLACE_OR = OPCODES["INPLACE_OR"]
BREAK_LOOP = OPCODES["BREAK_LOOP"]
WITH_CLEANUP = OPCODES["WITH_CLEANUP"]
LOAD_LOCALS = OPCODES["LOAD_LOCALS"]
RETURN_VALUE = OPCODES["RETURN_VALUE"]
IMPORT_STAR = OPCODES["IMPORT_STAR"]
EXEC_STMT = OPCODES["EXEC_STMT"]
YIELD_VALUE = OPCODES["YIELD_VALUE"]
POP_BLOCK = OPCODES["POP_BLOCK"]
END_FINALLY = OPCODES["END_FINALLY"]
BUILD_CLASS = OPCODES["BUILD_CLASS"]
STORE_NAME = OPCODES["STORE_NAME"]
DELETE_NAME = OPCODES["DELETE_NAME"]
UNPACK_SEQUENCE = OPCODES["UNPACK_SEQUENCE"]
FOR_ITER = OPCODES["FOR_ITER"]
LIST_APPEND = OPCODES["LIST_APPEND"]
STORE_ATTR = OPCODES["STORE_ATTR"]
DELETE_ATTR = OPCODES["DELETE_ATTR"]
STORE_GLOBAL = OPCODES["STORE_GLOBAL"]
DELETE_GLOBAL = OPCODES["DELETE_GLOBAL"]
DUP_TOPX = OPCODES["DUP_TOPX"]
LOAD_CONST = OPCODES["LOAD_CONST"]
LOAD_NAME = OPCODES["LOAD_NAME"]
BUILD_TUPLE = OPCODES["BUILD_TUPLE"]
BUILD_LIST = OPCODES["BUILD_LIST"]
BUILD_SET = OPCODES["BUILD_SET"]
BUILD_MAP = OPCODES["BUILD_MAP"]
LOAD_ATTR = OPCODES["LOAD_ATTR"]
COMPARE_OP = OPCODES["COMPARE_OP"]
IMPORT_NAME = OPCODES["IMPORT_NAME"]
IMPORT_FROM = OPCODES["IMPORT_FROM"]
JUMP_FORWARD = OPCODES["JUMP_FORWARD"]
JUMP_IF_FALSE_OR_POP = OPCODES["JUMP_IF_FALSE_OR_POP"]
JUMP_IF_TRUE_OR_POP = OPCODES["JUMP_IF_TRUE_OR_POP"]
JUMP_ABSOLUTE = OPCODES["JUMP_ABSOLUTE"]
POP_JUMP_IF_FALSE = OPCODES["POP_JUMP_IF_FALSE"]
POP_JUMP_IF_TRUE = OPCODES["POP_JUMP_IF_TRUE"]
LOAD_GLOBAL = OPCODES["LOAD_GLOBAL"]
CONTINUE_LOOP = OPCODES["CONTINUE_LOOP"]
SETUP_LOOP = OPCODES["SETUP_LOOP"]
SETUP_EXCEPT = OPCODES["SETUP_EXCEPT"]
SETUP_FINALLY = OPCODES["SETUP_FINALLY"]
LOAD_FAST = OPCODES["LOAD_FAST"]
STORE_FAST = OPCODES["STORE_FAST"]
DELETE_FAST = OPCODES["DELETE_FAST"]
RAISE_VARARGS = OPCODES["RAISE_VARARGS"]
CALL_FUNCTION = OPCODES["CALL_FUNCTION"]
MAKE_FUNCTION = OPCODES["MAKE_FUNCTION"]
BUILD_SLICE = OPCODES["BUILD_SLICE"]
MAKE_CLOSURE = OPCODES["MAKE_CLOSURE"]
LOAD_CLOSURE = OPCODES["LOAD_CLOSURE"]
LOAD_DEREF = OPCODES["LOAD_DEREF"]
STORE_DEREF = OPCODES["STORE_DEREF"]
CALL_FUNCTION_VAR = OPCODES["CALL_FUNCTION_VAR"]
CALL_FUNCTION_KW = OPCODES["CALL_FUNCTION_KW"]
CALL_FUNCTION_VAR_KW = OPCODES["CALL_FUNCTION_VAR_KW"]
SETUP_WITH = OPCODES["SETUP_WITH"]
EXTENDED_ARG = OPCODES["EXTENDED_ARG"]
SET_ADD = OPCODES["SET_ADD"]
MAP_ADD = OPCODES["MAP_ADD"]
LOOKUP_METHOD = OPCODES["LOOKUP_METHOD"]
CALL_METHOD = OPCODES["CALL_METHOD"]
FILL_LIST = OPCODES["FILL_LIST"]


def get_printable_location(next_instr, is_being_profiled, code):
    return "%s %s:%d #%d %s" % (
        code.name, code.filename, code.line_of(next_instr), next_instr, OPCODE_NAMES[ord(code.code[next_instr])])


def is_generator(next_instr, is_being_profiled, code):
    """The loop of a generator goes once around and comes to a ``yield`` mostly: no code of its own is needed for it."""
    return code.kind == GENERATOR


def get_location(next_instr, is_being_profiled, code):
    return code.filename, code.line_of(next_instr), code.name, next_instr, OPCODE_NAMES[ord(code.code[next_instr])]


driver = jit.JitDriver(
    greens=["next_instr", "is_being_profiled", "code"],
    reds=["frame", "context"],
    virtualizables=["frame"],
    get_printable_location=get_printable_location,
    get_location=get_location,
    should_unroll_one_iteration=is_generator,
    is_recursive=True,
    name="python",
)


class PyFrame(FrameOperations):
    """A frame that can run."""

    def run(self):
        """Run the frame of a call; for a generator function, make the generator."""
        kind = self.code.kind
        if kind != PLAIN:
            if kind == GENERATOR:
                return space.new_generator(self)
            if self.w_locals is None:
                # The code of a module called as a function runs in its globals.
                new_locals = self.code.flags & opcodes.CO_NEWLOCALS
                self.w_locals = space.newdict() if new_locals else self.w_globals
        return self.execute_frame(None)

    def execute_frame(self, pending):
        """Run until the frame returns or yields; `pending` (an OperationError or None) is raised first."""
        context = space.get_context()
        reference = context.enter(self)
        try:
            # Tracing may begin and end while the frame runs.
            if context.is_traced():
                context.call_trace(self)
            if jit.we_are_jitted() and pending is None and interrupted():
                # Recursion has no backward jumps.
                pending = self.interruption(context)
            try:
                w_result = self.run_loop(context, pending)
            except OperationError:
                if context.is_traced():
                    context.return_trace(self, space.w_None)
                raise
            if context.is_traced():
                context.return_trace(self, w_result)
            return w_result
        finally:
            context.leave(self, reference)

    @jit.dont_look_inside
    def interruption(self, context):
        """Do what waits to be done; the exception that this raises, for the frame to raise it, or None."""
        try:
            space.actionflag.dispatch(context, self)
        except OperationError as error:
            return error
        return None

    def run_loop(self, context, pending):
        frame = jit.hint(self, access_directly=True)
        code = self.code
        if pending is not None:
            next_instr = frame.handle_operation_error(context, pending)
        else:
            next_instr = frame.last_instr + 1
        while True:
            driver.jit_merge_point(
                frame=frame, context=context, next_instr=next_instr,
                is_being_profiled=context.is_traced(), code=code)
            if jit.we_are_jitted():
                frame.code = code  # it is; but the compiled code does not know
            try:
                # On entry, after a backward jump and after an exception the world may interrupt; compiled code looks in
                # `execute_frame` and counts in `jump_backward`.
                if not jit.we_are_jitted() and tick():
                    space.actionflag.dispatch(context, frame)
                next_instr = frame.execute(context, code, next_instr)
                if next_instr < 0:
                    w_result = frame.w_result
                    frame.w_result = None
                    return w_result
            except OperationError as error:
                next_instr = frame.handle_operation_error(context, error)
            except RecursionError:
                next_instr = frame.handle_operation_error(
                    context, operror(space.w_RuntimeError, "maximum recursion depth exceeded"))
            except MemoryError:
                next_instr = frame.handle_operation_error(context, OperationError(space.w_MemoryError, None))

    def handle_operation_error(self, context, error):
        """Record the traceback and find the handler; its position is returned, or the error raised."""
        if error.reraised:
            error.reraised = False
        else:
            error.record_traceback(self, self.last_instr)
            if context.is_traced():
                try:
                    context.exception_trace(self, error)
                except OperationError as other:
                    error = other
        return self.handle_exception(error)

    def jump_backward(self, context, target):
        """A backward jump: the place where the world may interrupt."""
        if jit.we_are_jitted() and tick():
            space.actionflag.dispatch(context, self)
        driver.can_enter_jit(
            frame=self, context=context, next_instr=target,
            is_being_profiled=context.is_traced(), code=self.code)
        return target

    @jit.unroll_safe
    def execute(self, context, code, next_instr):
        """Run instructions from `next_instr`; -1 when the frame was left, the result in `w_result`.

        Under the JIT: run one instruction and return the position of the next.
        """
        co_code = code.code
        while True:
            self.last_instr = next_instr
            if context.is_traced():
                context.line_trace(self, next_instr)
                next_instr = self.last_instr
            assert next_instr >= 0
            opcode = ord(co_code[next_instr])
            if opcode >= HAVE_ARGUMENT:
                oparg = ord(co_code[next_instr + 1]) | (ord(co_code[next_instr + 2]) << 8)
                next_instr += 3
            else:
                oparg = 0
                next_instr += 1
            while opcode == EXTENDED_ARG:
                opcode = ord(co_code[next_instr])
                oparg = (oparg << 16) | ord(co_code[next_instr + 1]) | (ord(co_code[next_instr + 2]) << 8)
                next_instr += 3
            assert oparg >= 0

            if opcode == LOAD_FAST:
                w_value = self.stack_w[oparg]
                if w_value is None:
                    raise self.unbound_local(oparg)
                self.push(w_value)
            elif opcode == LOAD_CONST:
                self.push(code.consts_w[oparg])
            elif opcode == STORE_FAST:
                self.stack_w[oparg] = self.pop()
            elif opcode == LOAD_ATTR:
                w_obj = self.peek(0)
                if isinstance(w_obj, W_Instance) and not jit.we_are_jitted():
                    cache = code.attribute_caches[oparg]
                    if w_obj.map is cache.map and cache.w_type.version is cache.version:
                        if cache.index >= 0:
                            self.settop(w_obj.storage[cache.index])
                        else:
                            self.settop(cache.w_descr.descr_get(w_obj, cache.w_type))
                    else:
                        self.settop(space.load_attribute(code, oparg, w_obj))
                else:
                    self.settop(space.getattr_name(w_obj, code.names[oparg], code.names_w[oparg]))
            elif opcode == LOAD_GLOBAL:
                cache = code.global_caches[oparg]
                if jit.we_are_jitted():
                    self.push(self.load_global_traced(oparg))
                elif cache.w_globals is self.w_globals:
                    w_value = cache.global_cell.w_value
                    if w_value is None:
                        if cache.global_cell.w_constant is None:
                            w_value = cache.builtin_cell.w_value
                        if w_value is None:
                            w_value = self.load_global_slow(oparg)
                    self.push(w_value)
                else:
                    self.push(self.load_global_slow(oparg))
            elif opcode == CALL_FUNCTION:
                if oparg < 256:
                    w_function = self.peek(oparg)
                    if isinstance(w_function, W_Function):
                        w_result = w_function.call_from_stack(self, None, oparg)
                        self.drop(oparg)
                        self.settop(w_result)
                    else:
                        if context.is_traced():
                            w_result = self.call_profiled(context, w_function, None, Arguments(self.peek_list(oparg)))
                        elif oparg == 1:
                            w_result = w_function.call_1(self.peek(0))
                        elif oparg == 0:
                            w_result = w_function.call_0()
                        elif oparg == 2:
                            w_result = w_function.call_2(self.peek(1), self.peek(0))
                        elif oparg == 3:
                            w_result = w_function.call_3(self.peek(2), self.peek(1), self.peek(0))
                        else:
                            w_result = w_function.call_list(self.peek_list(oparg))
                        self.drop(oparg)
                        self.settop(w_result)
                        self.see_what_waits(context)
                else:
                    self.push(self.call_function_slow(oparg, None, None))
            elif opcode == LOOKUP_METHOD:
                w_obj = self.peek(0)
                cache = code.attribute_caches[oparg]
                if jit.we_are_jitted():
                    self.lookup_method(code, oparg, w_obj)
                elif isinstance(w_obj, W_Instance):
                    if (w_obj.map is cache.map and cache.w_type.version is cache.version and cache.index < 0
                            and isinstance(cache.w_descr, W_Function)):
                        self.settop(cache.w_descr)
                        self.push(w_obj)
                    else:
                        self.lookup_method(code, oparg, w_obj)
                elif cache.method_version is w_obj.getclass().version and cache.w_method is not None:
                    self.settop(cache.w_method)
                    self.push(w_obj)
                else:
                    self.lookup_method(code, oparg, w_obj)
            elif opcode == CALL_METHOD:
                if oparg < 256:
                    w_self = self.peek(oparg)
                    w_function = self.peek(oparg + 1)
                    if isinstance(w_function, W_Function):
                        w_result = w_function.call_from_stack(self, w_self, oparg)
                        if jit.we_are_jitted():
                            # what was called has its own places where the world may interrupt
                            self.drop(oparg + 1)
                            self.settop(w_result)
                            return next_instr
                    elif context.is_traced():
                        w_result = self.call_profiled(context, w_function, w_self, Arguments(self.peek_list(oparg)))
                    elif w_self is None:
                        if oparg == 0:
                            w_result = w_function.call_0()
                        elif oparg == 1:
                            w_result = w_function.call_1(self.peek(0))
                        elif oparg == 2:
                            w_result = w_function.call_2(self.peek(1), self.peek(0))
                        else:
                            w_result = w_function.call_list(self.peek_list(oparg))
                    elif oparg == 0:
                        w_result = w_function.call_1(w_self)
                    elif oparg == 1:
                        w_result = w_function.call_2(w_self, self.peek(0))
                    elif oparg == 2:
                        w_result = w_function.call_3(w_self, self.peek(1), self.peek(0))
                    elif oparg == 3:
                        w_result = w_function.call_4(w_self, self.peek(2), self.peek(1), self.peek(0))
                    else:
                        w_result = w_function.call_list(self.peek_list(oparg + 1))
                    self.drop(oparg + 1)
                    self.settop(w_result)
                    self.see_what_waits(context)
                else:
                    self.call_method_slow(oparg)
            elif opcode == POP_TOP:
                self.pop()
            elif opcode == POP_JUMP_IF_FALSE:
                w_value = self.pop()
                if w_value is space.w_False:
                    jump = True
                elif w_value is space.w_True:
                    jump = False
                else:
                    jump = not space.is_true(w_value)
                if jump:
                    if oparg < next_instr:
                        return self.jump_backward(context, oparg)
                    next_instr = oparg
            elif opcode == COMPARE_OP:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Int) and isinstance(w_right, W_Int) and oparg < 6:
                    truth = compare_numbers(oparg, w_left.intval, w_right.intval)
                elif isinstance(w_left, W_Float) and isinstance(w_right, W_Float) and oparg < 6:
                    truth = compare_numbers(oparg, w_left.floatval, w_right.floatval)
                else:
                    w_result = compare(oparg, w_left, w_right)
                    if w_result is space.w_True:
                        truth = 1
                    elif w_result is space.w_False:
                        truth = 0
                    else:
                        truth = -1
                        self.settop(w_result)
                if truth >= 0:
                    if ord(co_code[next_instr]) == POP_JUMP_IF_FALSE and not context.is_traced():
                        # The jump that mostly follows needs no bool.
                        target = ord(co_code[next_instr + 1]) | (ord(co_code[next_instr + 2]) << 8)
                        next_instr += 3
                        self.pop()
                        if truth == 0:
                            if target < next_instr:
                                return self.jump_backward(context, target)
                            next_instr = target
                    else:
                        self.settop(space.w_True if truth else space.w_False)
            elif opcode == BINARY_ADD or opcode == INPLACE_ADD:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
                    try:
                        w_result = W_Int(ovfcheck(w_left.intval + w_right.intval))
                    except OverflowError:
                        w_result = space.add(w_left, w_right)
                elif isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
                    w_result = W_Float(w_left.floatval + w_right.floatval)
                elif isinstance(w_left, W_Str) and isinstance(w_right, W_Str):
                    w_result = concatenate(w_left, w_right)
                elif opcode == BINARY_ADD:
                    w_result = space.add(w_left, w_right)
                else:
                    w_result = space.inplace_add(w_left, w_right)
                self.settop(w_result)
            elif opcode == BINARY_SUBTRACT or opcode == INPLACE_SUBTRACT:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
                    try:
                        w_result = W_Int(ovfcheck(w_left.intval - w_right.intval))
                    except OverflowError:
                        w_result = space.sub(w_left, w_right)
                elif isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
                    w_result = W_Float(w_left.floatval - w_right.floatval)
                elif opcode == BINARY_SUBTRACT:
                    w_result = space.sub(w_left, w_right)
                else:
                    w_result = space.inplace_sub(w_left, w_right)
                self.settop(w_result)
            elif opcode == BINARY_MULTIPLY or opcode == INPLACE_MULTIPLY:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
                    try:
                        w_result = W_Int(ovfcheck(w_left.intval * w_right.intval))
                    except OverflowError:
                        w_result = space.mul(w_left, w_right)
                elif isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
                    w_result = W_Float(w_left.floatval * w_right.floatval)
                elif opcode == BINARY_MULTIPLY:
                    w_result = space.mul(w_left, w_right)
                else:
                    w_result = space.inplace_mul(w_left, w_right)
                self.settop(w_result)
            elif opcode == BINARY_SUBSCR:
                w_index = self.pop()
                w_obj = self.peek(0)
                if isinstance(w_obj, W_List) and isinstance(w_index, W_Int):
                    self.settop(w_obj.getitem_int(w_index.intval))
                else:
                    self.settop(space.getitem(w_obj, w_index))
            elif opcode == STORE_SUBSCR:
                w_index = self.pop()
                w_obj = self.pop()
                w_value = self.pop()
                if isinstance(w_obj, W_List) and isinstance(w_index, W_Int):
                    w_obj.setitem_int(w_index.intval, w_value)
                else:
                    space.setitem(w_obj, w_index, w_value)
            elif opcode == FOR_ITER:
                w_next = self.peek(0).iter_next()
                if w_next is not None:
                    if ord(co_code[next_instr]) == STORE_FAST and not context.is_traced():
                        index = ord(co_code[next_instr + 1]) | (ord(co_code[next_instr + 2]) << 8)
                        assert index >= 0
                        self.stack_w[index] = w_next
                        next_instr += 3
                    else:
                        self.push(w_next)
                else:
                    self.pop()
                    next_instr += oparg
            elif opcode == JUMP_ABSOLUTE:
                if oparg < next_instr:
                    return self.jump_backward(context, oparg)
                next_instr = oparg
            elif opcode == RETURN_VALUE:
                w_value = self.pop()
                if self.block is None:
                    self.w_result = w_value
                    return -1
                self.see_what_waits(context)
                next_instr = self.unwind(W_ReturnUnroller(w_value))
                if next_instr < 0:
                    return -1
            elif opcode == STORE_ATTR:
                w_obj = self.pop()
                w_value = self.pop()
                if isinstance(w_obj, W_Instance) and not jit.we_are_jitted():
                    cache = code.attribute_caches[oparg]
                    if w_obj.map is cache.store_map and cache.store_type.version is cache.store_version:
                        next_map = cache.next_map
                        if next_map is None:
                            w_obj.storage[cache.store_index] = w_value
                        else:
                            w_obj.append(next_map, w_value)
                    else:
                        space.store_attribute(code, oparg, w_obj, w_value)
                else:
                    space.setattr(w_obj, code.names_w[oparg], w_value)
            elif opcode == JUMP_FORWARD:
                next_instr += oparg
            elif opcode == POP_JUMP_IF_TRUE:
                w_value = self.pop()
                if w_value is space.w_True or (w_value is not space.w_False and space.is_true(w_value)):
                    if oparg < next_instr:
                        return self.jump_backward(context, oparg)
                    next_instr = oparg
            elif opcode == SETUP_LOOP:
                self.block = LoopBlock(next_instr + oparg, self.depth, self.block)
            elif opcode == POP_BLOCK:
                self.see_what_waits(context)
                block = self.block
                self.block = block.previous
                self.drop_to(block.depth)
            elif opcode == GET_ITER:
                self.settop(space.iter(self.peek(0)))
            elif opcode == LOAD_NAME:
                self.load_name(oparg)
            elif opcode == STORE_NAME:
                self.store_name(oparg)
            elif opcode == DUP_TOP:
                self.push(self.peek(0))
            elif opcode == ROT_TWO:
                self.rot_two()
            elif opcode == BUILD_TUPLE:
                w_value = space.newtuple_fixed(self.pop_fixed(oparg))
                self.push(w_value)
            elif opcode == BUILD_LIST:
                w_value = space.newlist(self.pop_list(oparg))
                self.push(w_value)
            elif opcode == UNPACK_SEQUENCE:
                self.unpack_sequence(oparg)
            elif opcode == LOAD_DEREF:
                self.load_deref(oparg)
            elif opcode == STORE_DEREF:
                self.store_deref(oparg)
            elif opcode == YIELD_VALUE:
                self.w_result = self.pop()
                self.last_instr = next_instr - 1
                self.handled = None
                self.generator.yielded = True
                return -1
            elif opcode == LIST_APPEND:
                self.list_append(oparg)
            elif opcode == FILL_LIST:
                self.fill_list(oparg)
            elif opcode == BINARY_MODULO or opcode == INPLACE_MODULO:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Int) and isinstance(w_right, W_Int) and w_right.intval > 0:
                    self.settop(W_Int(w_left.intval % w_right.intval))
                elif opcode == BINARY_MODULO:
                    self.settop(space.mod(w_left, w_right))
                else:
                    self.settop(space.inplace_mod(w_left, w_right))
            elif opcode == BINARY_AND or opcode == INPLACE_AND:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
                    self.settop(W_Int(w_left.intval & w_right.intval))
                elif opcode == BINARY_AND:
                    self.settop(space.and_(w_left, w_right))
                else:
                    self.settop(space.inplace_and(w_left, w_right))
            elif opcode == BINARY_DIVIDE:
                w_right = self.pop()
                w_left = self.peek(0)
                if isinstance(w_left, W_Float):
                    if isinstance(w_right, W_Float) and w_right.floatval != 0.0:
                        w_result = W_Float(w_left.floatval / w_right.floatval)
                    elif isinstance(w_right, W_Int) and w_right.intval != 0:
                        w_result = W_Float(w_left.floatval / float(w_right.intval))
                    else:
                        w_result = space.div(w_left, w_right)
                elif isinstance(w_left, W_Int) and isinstance(w_right, W_Int) and w_right.intval > 0:
                    w_result = W_Int(w_left.intval // w_right.intval)
                else:
                    w_result = space.div(w_left, w_right)
                self.settop(w_result)
            elif opcode == SETUP_EXCEPT:
                self.block = ExceptBlock(next_instr + oparg, self.depth, self.block)
            elif opcode == SETUP_FINALLY:
                self.block = FinallyBlock(next_instr + oparg, self.depth, self.block)
            elif opcode == JUMP_IF_FALSE_OR_POP:
                if space.is_true(self.peek(0)):
                    self.pop()
                else:
                    next_instr = oparg
            elif opcode == JUMP_IF_TRUE_OR_POP:
                if space.is_true(self.peek(0)):
                    next_instr = oparg
                else:
                    self.pop()
            elif opcode == UNARY_NOT:
                w_value = self.peek(0)
                self.settop(space.w_False if space.is_true(w_value) else space.w_True)
            elif opcode == END_FINALLY:
                target = self.end_finally()
                if target == -2:
                    return -1
                if target >= 0:
                    if target < next_instr:
                        return self.jump_backward(context, target)
                    next_instr = target
            elif opcode == BREAK_LOOP:
                self.see_what_waits(context)
                next_instr = self.break_loop()
            elif opcode == CONTINUE_LOOP:
                self.see_what_waits(context)
                target = self.continue_loop(oparg)
                if target < next_instr:
                    return self.jump_backward(context, target)
                next_instr = target
            elif opcode == SETUP_WITH:
                self.setup_with(next_instr + oparg)
            else:
                self.execute_rare(opcode, oparg)
            if jit.we_are_jitted():
                return next_instr

    def see_what_waits(self, context):
        """Where calls and blocks end: a postponed MemoryError comes here at the latest, for the block's handlers."""
        if interrupted():
            space.actionflag.dispatch(context, self)

    def lookup_method(self, code, index, w_obj):
        """LOOKUP_METHOD without a valid cache: replaces the object by function and self (None: nothing to pass)."""
        w_function = space.find_method(code, index, w_obj)
        if w_function is not None:
            self.settop(w_function)
            self.push(w_obj)
        else:
            self.settop(space.getattr_name(w_obj, code.names[index], code.names_w[index]))
            self.push(None)

    def execute_rare(self, opcode, oparg):
        """Instructions that always go on to the next."""
        if opcode == ROT_THREE:
            self.rot_three()
        elif opcode == ROT_FOUR:
            self.rot_four()
        elif opcode == DUP_TOPX:
            self.dup_topx(oparg)
        elif opcode == NOP:
            pass
        elif opcode == CHECKED_DIVIDE or opcode == CHECKED_INPLACE_DIVIDE:
            w_right = self.pop()
            self.settop(divide(self.peek(0), w_right, opcode == CHECKED_INPLACE_DIVIDE))
        elif opcode == MAKE_FUNCTION:
            self.make_function(oparg)
        elif opcode == MAKE_CLOSURE:
            self.make_closure(oparg)
        elif opcode == LOAD_CLOSURE:
            self.load_closure(oparg)
        elif opcode == BUILD_MAP:
            self.build_map(oparg)
        elif opcode == STORE_MAP:
            self.store_map()
        elif opcode == BUILD_SET:
            self.build_set(oparg)
        elif opcode == SET_ADD:
            self.set_add(oparg)
        elif opcode == MAP_ADD:
            self.map_add(oparg)
        elif SLICE <= opcode <= SLICE_3:
            self.slice(opcode - SLICE)
        elif STORE_SLICE <= opcode <= STORE_SLICE_3:
            self.store_slice(opcode - STORE_SLICE)
        elif DELETE_SLICE <= opcode <= DELETE_SLICE_3:
            self.delete_slice(opcode - DELETE_SLICE)
        elif opcode == BUILD_SLICE:
            self.build_slice(oparg)
        elif opcode == DELETE_SUBSCR:
            w_index = self.pop()
            space.delitem(self.pop(), w_index)
        elif opcode == DELETE_ATTR:
            space.delattr(self.pop(), self.code.names_w[oparg])
        elif opcode == STORE_GLOBAL:
            self.store_global(oparg)
        elif opcode == DELETE_GLOBAL:
            self.delete_global(oparg)
        elif opcode == DELETE_NAME:
            self.delete_name(oparg)
        elif opcode == DELETE_FAST:
            self.delete_fast(oparg)
        elif opcode == CALL_FUNCTION_VAR:
            self.call_function_var(oparg)
        elif opcode == CALL_FUNCTION_KW:
            self.call_function_kw(oparg)
        elif opcode == CALL_FUNCTION_VAR_KW:
            self.call_function_var_kw(oparg)
        elif opcode == RAISE_VARARGS:
            self.raise_varargs(oparg)
        elif opcode == WITH_CLEANUP:
            self.with_cleanup()
        elif opcode == PRINT_ITEM:
            self.print_item()
        elif opcode == PRINT_NEWLINE:
            self.print_newline()
        elif opcode == PRINT_ITEM_TO:
            self.print_item_to()
        elif opcode == PRINT_NEWLINE_TO:
            self.print_newline_to()
        elif opcode == PRINT_EXPR:
            self.print_expr()
        elif opcode == IMPORT_NAME:
            self.import_name(oparg)
        elif opcode == IMPORT_FROM:
            self.import_from(oparg)
        elif opcode == IMPORT_STAR:
            self.import_star()
        elif opcode == BUILD_CLASS:
            self.build_class()
        elif opcode == LOAD_LOCALS:
            self.load_locals()
        elif opcode == EXEC_STMT:
            self.exec_stmt()
        elif opcode == UNARY_NEGATIVE:
            self.settop(space.neg(self.peek(0)))
        elif opcode == UNARY_POSITIVE:
            self.settop(space.pos(self.peek(0)))
        elif opcode == UNARY_INVERT:
            self.settop(space.invert(self.peek(0)))
        elif opcode == UNARY_CONVERT:
            self.settop(space.repr(self.peek(0)))
        else:
            self.binary_rare(opcode)

    def binary_rare(self, opcode):
        w_right = self.pop()
        w_left = self.peek(0)
        if opcode == BINARY_POWER:
            w_result = space.pow(w_left, w_right, space.w_None)
        elif opcode == BINARY_FLOOR_DIVIDE:
            if isinstance(w_left, W_Int) and isinstance(w_right, W_Int) and w_right.intval > 0:
                w_result = W_Int(w_left.intval // w_right.intval)
            else:
                w_result = space.floordiv(w_left, w_right)
        elif opcode == BINARY_TRUE_DIVIDE:
            w_result = space.truediv(w_left, w_right)
        elif opcode == BINARY_LSHIFT:
            w_result = space.lshift(w_left, w_right)
        elif opcode == BINARY_RSHIFT:
            w_result = space.rshift(w_left, w_right)
        elif opcode == BINARY_OR:
            w_result = space.or_(w_left, w_right)
        elif opcode == BINARY_XOR:
            w_result = space.xor(w_left, w_right)
        elif opcode == INPLACE_POWER:
            w_result = space.inplace_pow(w_left, w_right)
        elif opcode == INPLACE_DIVIDE:
            w_result = space.inplace_div(w_left, w_right)
        elif opcode == INPLACE_FLOOR_DIVIDE:
            w_result = space.inplace_floordiv(w_left, w_right)
        elif opcode == INPLACE_TRUE_DIVIDE:
            w_result = space.inplace_truediv(w_left, w_right)
        elif opcode == INPLACE_LSHIFT:
            w_result = space.inplace_lshift(w_left, w_right)
        elif opcode == INPLACE_RSHIFT:
            w_result = space.inplace_rshift(w_left, w_right)
        elif opcode == INPLACE_OR:
            w_result = space.inplace_or(w_left, w_right)
        elif opcode == INPLACE_XOR:
            w_result = space.inplace_xor(w_left, w_right)
        else:
            raise system_error("unknown opcode %d" % opcode)
        self.settop(w_result)


@always_inline
@specialize.argtype(1)
def compare_numbers(kind, left, right):
    """One of the first six comparisons of machine numbers: 0 or 1."""
    if kind == 0:
        truth = left < right
    elif kind == 1:
        truth = left <= right
    elif kind == 2:
        truth = left == right
    elif kind == 3:
        truth = left != right
    elif kind == 4:
        truth = left > right
    else:
        truth = left >= right
    return 1 if truth else 0


def compare(kind, w_left, w_right):
    """COMPARE_OP on objects; `kind` counts in `opcodes.COMPARISONS`."""
    if kind == 8:
        truth = space.is_w(w_left, w_right)
    elif kind == 9:
        truth = not space.is_w(w_left, w_right)
    elif kind == 2:
        return space.eq(w_left, w_right)
    elif kind == 10:
        truth = space.exception_caught_warn(w_left, w_right)
    elif kind == 6:
        truth = space.contains(w_right, w_left)
    elif kind == 7:
        truth = not space.contains(w_right, w_left)
    elif kind == 0:
        return space.lt(w_left, w_right)
    elif kind == 1:
        return space.le(w_left, w_right)
    elif kind == 3:
        return space.ne(w_left, w_right)
    elif kind == 4:
        return space.gt(w_left, w_right)
    else:
        return space.ge(w_left, w_right)
    return space.w_True if truth else space.w_False
