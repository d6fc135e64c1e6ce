"""``pypyjit``: the JIT as programs may set it and look at it, under the name and with the functions of PyPy's module.

The module is there without a JIT, too: parameters are checked and have no effect, hooks are never called, all counts
are 0, and ``available()`` is False. Beyond PyPy: ``available``, the counts by name in the snapshot, and a hook gets
the place in the program as names and numbers, because traces have no objects of the program in them.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.vm import dispatch
from ouro.interp_py27.vm.code import PyCode
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import jit, jit_hooks

W_JitLoopInfo = define_structure(
    "pypyjit.JitLoopInfo",
    "jitdriver_name type greenkey loop_no bridge_no operations asmaddr asmlen".split(),
    doc="""What a hook is told: the name of the driver, 'loop' or 'bridge', the place where a loop begins as (file,
line, function, position, instruction), the number of the loop, that of the guard that a bridge
goes on from, the operations as text, and where the machine code is.""",
)

W_StatsSnapshot = define_structure(
    "pypyjit.JitStatsSnapshot",
    "counters counter_times loop_run_times".split(),
    doc="""What the JIT did since the program began: counts, and seconds of the program itself and of each part of the
JIT. Times of single loops are not measured.""",
)


class PythonHooks(jit.JitHookInterface):
    """Calls what the program has set. `w_compile` and `w_abort` are None where nothing is."""

    def __init__(self):
        self.w_compile = None
        self.w_abort = None
        self.compile_operations = True
        self.abort_operations = True

    def are_hooks_enabled(self):
        return self.w_compile is not None or self.w_abort is not None

    def after_compile(self, event):
        self.compiled(event)

    def after_compile_bridge(self, event):
        self.compiled(event)

    def compiled(self, event):
        """Tell the program of new code."""
        w_hook = self.w_compile
        if w_hook is not None:
            try:
                w_hook.call_1(self.describe(event))
            except OperationError as error:
                space.write_unraisable(error, w_hook)

    def on_abort(self, event):
        w_hook = self.w_abort
        if w_hook is not None:
            try:
                w_hook.call_4(
                    space.newstr(event.driver), self.place_of(event), space.newstr(event.reason),
                    self.lines_of(event, self.abort_operations))
            except OperationError as error:
                space.write_unraisable(error, w_hook)

    def describe(self, event):
        """An event as a `JitLoopInfo`."""
        is_loop = event.guard < 0
        return W_JitLoopInfo([
            space.newstr(event.driver), space.newstr("loop" if is_loop else "bridge"), self.place_of(event),
            space.newint(event.loop), space.newint(0 if is_loop else event.guard),
            self.lines_of(event, self.compile_operations), space.newint(event.address), space.newint(event.size),
        ])

    def place_of(self, event):
        """The place where a loop begins, None where it is not known."""
        if event.function == "":
            return space.w_None
        return space.newtuple([
            space.newstr(event.filename), space.newint(event.line), space.newstr(event.function),
            space.newint(event.position), space.newstr(event.opcode),
        ])

    def lines_of(self, event, wanted):
        """The operations, if they are asked for."""
        lines_w = []
        if wanted:
            for line in event.operations:
                lines_w.append(space.newstr(line))
        return space.newlist(lines_w)


hooks = PythonHooks()


def set_param(__args__):
    """set_param("off") or set_param("default") or set_param("name=value,...") or set_param(name=value, ...)

Set parameters of the JIT; `ouro27 --jit help` lists them."""
    args_w = __args__.args_w
    if len(args_w) > 1:
        raise type_error("set_param() takes at most 1 non-keyword argument, %d given" % len(args_w))
    try:
        if len(args_w) == 1:
            jit.set_user_param(None, space.text_w(args_w[0]))
        if __args__.has_keywords():
            for number in range(len(__args__.keywords)):
                name = __args__.keywords[number]
                w_value = __args__.keywords_w[number]
                if name == "enable_opts" and space.is_str(w_value):
                    value = jit.parse_optimizations(space.text_w(w_value))
                else:
                    value = space.int_w(w_value)
                jit.set_checked_param(None, name, value)
    except jit.BadParameter as error:
        raise value_error(error.message)


@jit.dont_look_inside
def residual_call(w_callable, __args__):
    """residual_call(callable, *args, **kwargs)

Call something that no trace looks into."""
    return w_callable.call_args(__args__)


def checked_hook(w_hook):
    """What is to be called; None for None."""
    if space.is_none(w_hook):
        return None
    if not space.is_callable(w_hook):
        raise type_error("the hook must be callable or None, not %s" % space.type_name(w_hook))
    return w_hook


@unwrap_spec(operations=int)
def set_compile_hook(w_hook, operations=1):
    """set_compile_hook(hook, operations=True)

Call hook(JitLoopInfo) whenever a loop or a bridge was compiled; None for no hook. What the hook
raises is written to sys.stderr; what it runs is not reported."""
    hooks.w_compile = checked_hook(w_hook)
    hooks.compile_operations = operations != 0
    jit_hooks.set_hooks(hooks)


@unwrap_spec(operations=int)
def set_abort_hook(w_hook, operations=1):
    """set_abort_hook(hook, operations=True)

Call hook(jitdriver_name, greenkey, reason, operations) whenever tracing was given up."""
    hooks.w_abort = checked_hook(w_hook)
    hooks.abort_operations = operations != 0
    jit_hooks.set_hooks(hooks)


def get_stats_snapshot():
    """get_stats_snapshot() -> JitStatsSnapshot

What the JIT did so far."""
    w_counters = space.newdict()
    for number in range(len(jit_hooks.STATISTICS)):
        w_counters.setitem_str(jit_hooks.STATISTICS[number], space.newint(jit_hooks.get_statistic(number)))
    w_times = space.newdict()
    for number in range(len(jit_hooks.TIMES)):
        w_times.setitem_str(jit_hooks.TIMES[number], space.newfloat(jit_hooks.get_time(number) * 1e-9))
    return W_StatsSnapshot([w_counters, w_times, space.newdict()])


def releaseall():
    """releaseall()

Give back all machine code that is not running; what is hot is compiled anew."""
    jit_hooks.release_all()


@unwrap_spec(next_instr=int)
def trace_next_iteration(w_code, next_instr=0):
    """trace_next_iteration(code, next_instr=0)

Trace the next time that the code object runs from that position: 0, or the head of a loop."""
    if not isinstance(w_code, PyCode):
        raise type_error("trace_next_iteration() expects a code object")
    if next_instr < 0 or next_instr >= len(w_code.code):
        raise value_error("no such position in the code object")
    dispatch.driver.trace_next_iteration(next_instr, False, w_code)


def available():
    """available() -> bool

Has this executable a JIT?"""
    return space.newbool(jit_hooks.is_jit_available())


def fill(w_module):
    """The tables of parameters."""
    w_defaults = space.newdict()
    w_docs = space.newdict()
    for name in PARAMETERS:
        number = jit.parameter_number(name)
        w_defaults.setitem_str(name, space.newint(jit.parameter_default(number)))
        w_docs.setitem_str(name, space.newstr(jit.parameter_doc(number)))
    w_module.w_dict.setitem_str("defaults", w_defaults)
    w_module.w_dict.setitem_str("PARAMETER_DOCS", w_docs)


PARAMETERS = list(jit.DEFAULT_PARAMETERS)

define_module("pypyjit", dict(
    set_param=set_param,
    residual_call=residual_call,
    set_compile_hook=set_compile_hook,
    set_abort_hook=set_abort_hook,
    get_stats_snapshot=get_stats_snapshot,
    releaseall=releaseall,
    trace_next_iteration=trace_next_iteration,
    available=available,
    JitLoopInfo=W_JitLoopInfo,
), startup=fill, doc="Parameters of the JIT, and what it does.")
