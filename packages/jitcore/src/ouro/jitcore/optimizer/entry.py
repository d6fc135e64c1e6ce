"""From recordings to traces for a backend: what the tracer calls.

A recording begins with its inputs and ends with `jump` or `finish`. The jump passes one value for each input of a
loop, in the order in which the loop was recorded, and its descriptor is any `TargetToken` of that loop: which label
the compiled code really goes to, and with what, is decided here.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import TargetToken
from ouro.jitcore.optimizer.closing import jump_to_loop
from ouro.jitcore.optimizer.forward import Optimizer
from ouro.jitcore.optimizer.guard_knowledge import read_knowledge
from ouro.jitcore.optimizer.options import PEEL
from ouro.jitcore.optimizer.output import Output, find_needed, no_places, placed
from ouro.jitcore.optimizer.peeling import Peeler, unchanged
from ouro.jitcore.resume import ResumeStore
from ouro.jitcore.trace import NOTHING, TraceReader


class Environment:
    """What the optimizer works with.

    Attributes:
        machine: the `Machine` that constants are looked into with.
        options: `Options`.
        virtualizable, virtual_reference: descriptions for the resume data of guards, or None.
        forced_fields: what the run-time code of the JIT looks at, and changes, in calls that may force: the effects of
            calls do not name it.
    """

    def __init__(self, machine, options, virtualizable=None, virtual_reference=None):
        self.machine = machine
        self.options = options
        self.virtualizable = virtualizable
        self.virtual_reference = virtual_reference
        self.forced_fields = []
        if virtualizable is not None:
            self.forced_fields.append(virtualizable.token)
        if virtual_reference is not None:
            self.forced_fields.append(virtual_reference.token_field)
            self.forced_fields.append(virtual_reference.object_field)

    def new_store(self):
        """A `ResumeStore` for one trace."""
        return ResumeStore(self.virtualizable, self.virtual_reference)


class OptimizedTrace:
    """A trace for a backend.

    Attributes:
        trace: the `Trace`.
        dependencies: quasi-immutable fields that the trace was made to depend on (`Dependency`): when one is written,
            the loop must be invalidated.
        fits: whether the jump at the end goes to a peeled body, if the loop has any.
    """

    def __init__(self, trace, dependencies, fits=True):
        self.trace = trace
        self.dependencies = dependencies
        self.fits = fits


def optimize_loop(recorded, token, environment):
    """Optimise a recording that begins where a loop (or a function) is entered.

    The trace takes the inputs of the recording; a label stands right behind them, the first of `token.targets`, which
    is made here if there is none yet. Others that jump to the recorded loop may always go to that one.

    Args:
        recorded: `RecordedTrace`.
        token: the `LoopToken` that the trace is compiled for.
        environment: `Environment`.

    Returns:
        An `OptimizedTrace` for `Backend.compile_loop`.

    Raises:
        InvalidTrace: the guards contradict each other.
    """
    if not token.targets:
        token.new_target(token.name + ".start")
    start = token.targets[0]
    store = environment.new_store()
    first = Optimizer(environment, recorded, store)
    last = first.run()
    output = Output(recorded.constants, recorded.count)
    places = no_places(first.work)
    inputs = []
    for number in first.inputs:
        places[number] = output.trace.append(first.work.opcodes[number])
        inputs.append(places[number])
    output.trace.append_list(ops.LABEL, inputs, start)
    body = None
    if environment.options.enabled & PEEL and jumps_to(first, last, token):
        body = peel(first, last, recorded)
    if body is None:
        _close(first, last)
        store.close()
        output.copy(first.work, _grown(places, first.work))
    else:
        store.close()
        _append_body(output, first, last, places, body, token)
    return OptimizedTrace(output.trace, first.dependencies)


def jumps_to(optimizer, last, token):
    """Does a trace end with a jump to a loop?"""
    target = optimizer.work.descriptors[last]
    return isinstance(target, TargetToken) and target.loop is token


def peel(first, last, recorded):
    """The body of a loop whose first iteration is optimised, or None."""
    values = first.work.operand_list(last)
    if len(values) != len(first.inputs):
        return None
    return Peeler(first, values, first.inputs, unchanged(first, first.inputs, values), recorded).peel()


def _append_body(output, first, last, places, body, token):
    """Put the first iteration, the label and the body into a trace."""
    values = first.work.operand_list(last)
    middle = body.middle
    if middle is not None:
        front = middle.optimizer
        passed = _different_values(front, body.arguments(front, middle.values))
        jump = _end(front, passed)
        given = middle.given(first, values)
        _make_different(first, given, middle.numbers, passed)
        middle_places = _copy_in_front(output, first, given, middle, _grown(places, first.work))
        output.copy(front.work, middle_places, jump)
        places = middle_places
    else:
        passed = _different_values(first, body.arguments(first, values))
        jump = _end(first, passed)
        places = _grown(places, first.work)
        output.copy(first.work, places, jump)
    target = token.new_target(token.name + ".peeled")
    target.state = body.target_state
    operands = [places[reference] for reference in passed]
    output.trace.append_list(ops.LABEL, operands, target)
    work = body.optimizer.work
    places = no_places(work)
    for position in range(len(operands)):
        places[body.inputs[position]] = operands[position]
    work.descriptors[work.order[-1]] = target
    output.copy(work, places)


def _append_iteration(output, first, values, middle):
    """Put a piece and the iteration behind it into a trace, which ends with the jump of the iteration."""
    places = _copy_in_front(output, first, middle.given(first, values), middle, no_places(first.work))
    output.copy(middle.optimizer.work, places)


def _copy_in_front(output, first, given, middle, places):
    """Copy the piece in front of an iteration; the places of what the iteration takes, `given`, for its own copy."""
    work = middle.optimizer.work
    needed = find_needed(work)
    used = []
    for position in range(len(given)):
        number = middle.numbers[position]
        if number >= 0 and needed[number]:
            used.append(given[position])
    jump = _end(first, used)
    places = _grown(places, first.work)
    output.copy(first.work, places, jump)
    middle_places = no_places(work)
    for position in range(len(given)):
        number = middle.numbers[position]
        if number >= 0 and needed[number]:
            middle_places[number] = placed(places, given[position])
    return middle_places


def _make_different(first, given, numbers, passed):
    """Let no two values that go through the second iteration to the label be one in the first."""
    to_label = {}
    for number in passed:
        to_label[number] = True
    positions = []
    values = []
    for position in range(len(given)):
        if numbers[position] in to_label:
            positions.append(position)
            values.append(given[position])
    different = _different_values(first, values)
    for place in range(len(positions)):
        given[positions[place]] = different[place]


def _end(optimizer, passed):
    """End a piece with a jump that is not copied: it only says what the next piece needs."""
    work = optimizer.work
    jump = work.append_list(ops.JUMP, passed)
    work.order.append(jump)
    return jump


def _different_values(optimizer, values):
    """Values for a label, which names each once and no constant: others are copied."""
    work = optimizer.work
    seen = {}
    result = []
    for value in values:
        if value < 0 or value in seen:
            value = work.append(COPIES[work.kind_of(value)], value)
            work.order.append(value)
        seen[value] = True
        result.append(value)
    return result


COPIES = {"i": ops.COPY_I, "r": ops.COPY_R, "f": ops.COPY_F}


def _grown(places, work):
    """`places` with room for what was added to a piece since."""
    while len(places) < work.length():
        places.append(NOTHING)
    return places


def optimize_bridge(recorded, guard, environment):
    """Optimise a recording that begins where a guard failed.

    Args:
        recorded: `RecordedTrace`; its inputs are the values that the guard keeps, those positions left out that are
            `NOTHING`.
        guard: the `GuardDescriptor`.
        environment: `Environment`.

    Returns:
        An `OptimizedTrace` for `Backend.compile_bridge`.

    Raises:
        InvalidTrace: the guards contradict each other.
    """
    store = environment.new_store()
    optimizer = _begin_bridge(recorded, guard, environment, store)
    last = optimizer.run()
    fits = _close(optimizer, last)
    store.close()
    output = Output(recorded.constants, recorded.count)
    output.copy(optimizer.work, no_places(optimizer.work))
    return OptimizedTrace(output.trace, optimizer.dependencies, fits)


def _begin_bridge(recorded, guard, environment, store):
    """A pass over a bridge, with its inputs and what was known at the guard."""
    optimizer = Optimizer(environment, recorded, store)
    for kind in guard.kinds:
        optimizer.add_input(INPUTS[kind])
    if guard.opcode == ops.GUARD_VALUE and guard.tested >= 0:
        optimizer.varying = optimizer.inputs[guard.tested]
    optimizer.guard_data.begin_bridge(guard, optimizer.inputs)
    read_knowledge(optimizer, optimizer.inputs, guard)
    return optimizer


def optimize_retrace(recorded, guard, iteration, token, environment):
    """Optimise a bridge whose values fit no label of its loop together with an iteration recorded behind it.

    Args:
        recorded: the bridge, up to its jump.
        guard: the `GuardDescriptor` that it begins at.
        iteration: a recording of the loop from there on, with the same constants, which ends with a jump, too.
        token: the `LoopToken` of both jumps. It gets one more label, behind the bridge, if none takes what there is
            behind the iteration either.
        environment: `Environment`.

    Returns:
        An `OptimizedTrace` for `Backend.compile_bridge`, or None where the iteration gives no body. If its end fits a
        label that is there, the trace is the bridge and the iteration, and goes to that label.

    Raises:
        InvalidTrace: the guards contradict each other.
    """
    passed_on = _passed_on(iteration)
    store = environment.new_store()
    bridge = _begin_bridge(recorded, guard, environment, store)
    last = bridge.run()
    values = bridge.work.operand_list(last)
    output = Output(recorded.constants, recorded.count)
    if _has_body(token):
        middle = Peeler(bridge, values, values, passed_on, iteration).reach(token)
        if middle is not None:
            store.close()
            _append_iteration(output, bridge, values, middle)
            return OptimizedTrace(output.trace, bridge.dependencies)
        # what waited at the end of the bridge has been made: that is another beginning for a body
        store = environment.new_store()
        bridge = _begin_bridge(recorded, guard, environment, store)
        last = bridge.run()
        values = bridge.work.operand_list(last)
    peeler = Peeler(bridge, values, values, passed_on, iteration)
    body = None
    if recorded.count < iteration.count:
        # shorter than an iteration, it has not seen what the body would find out again each time
        body = peeler.peel_behind_iteration()
    if body is None:
        body = peeler.peel()
    if body is None:
        return None
    store.close()
    _append_body(output, bridge, last, no_places(bridge.work), body, token)
    return OptimizedTrace(output.trace, bridge.dependencies)


def _has_body(token):
    """Has a loop a label that relies on a state?"""
    for target in token.targets:
        if target.state is not None:
            return True
    return False


def _passed_on(iteration):
    """For each input of a recorded loop whether its jump passes it on as it is."""
    reader = TraceReader(iteration)
    while reader.next() and reader.opcode != ops.JUMP:
        pass
    result = []
    for position in range(len(reader.operands)):
        result.append(reader.operands[position] == position)
    return result


INPUTS = {"i": ops.INPUT_I, "r": ops.INPUT_R, "f": ops.INPUT_F}


def _close(optimizer, last):
    """Emit the last instruction of a trace without a body of its own; False if it goes to a loop with peeled bodies,
    none of which takes the values.
    """
    work = optimizer.work
    if work.opcodes[last] != ops.JUMP:
        optimizer.emit(last)
        return True
    target = work.descriptors[last]
    assert isinstance(target, TargetToken)
    return jump_to_loop(optimizer, target.loop, work.operand_list(last))
