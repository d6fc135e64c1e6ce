"""Random traces to compare backends by. Host only.

A trace is straight, or a loop that ends: inputs, a prologue, a label, a body, and a counter that a guard looks at. It
does nothing that the table of operations leaves undefined, so every backend gives the same outcome. With `rich` there
are strings, raw memory, exceptions, calls that force, and bridges, which may go back to the loop; in a `WideWorld`
there are all operations.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generated_wide_world import WideWorld
from ouro.jitcore.backend.generated_world import FLOATS, INTS, NODE, STRING, World
from ouro.jitcore.backend.generator_steps import KIND_OF_CLASS, Steps
from ouro.jitcore.backend.generator_wide import WideSteps
from ouro.jitcore.backend.interface import Backend, JitFrame
from ouro.jitcore.descriptors import GuardDescriptor, LoopToken, TargetToken
from ouro.jitcore.trace import NOTHING, Trace

__all__ = ["FLOATS", "Generated", "INTS", "NODE", "STRING", "World", "describe_end", "generate", "outcome", "outcomes"]


class Generated:
    """A loop with what to enter it with, and what is needed to make bridges for its guards.

    Attributes:
        guards: the guards of the loop, and of the bridges made for it so far.
        kept_kinds: of each guard a letter for each position, `_` where nothing is kept.
        bridge_count: how many bridges have been made.
    """

    def __init__(self, world: World, steps: Steps, seed: int, token: LoopToken, ints: list[int],
                 floats: list[float]) -> None:
        self.world = world
        self.seed = seed
        self.trace = steps.trace
        self.token = token
        self.ints = ints
        self.floats = floats
        self.guards: list[GuardDescriptor] = []
        self.kept_kinds: list[str] = []
        self.bridge_count = 0
        self.target: TargetToken | None = None
        self.passed_classes: list[str] = []
        self._kept_classes: list[list[str | None]] = []
        self._pending: list[bool] = []
        self._take_guards(steps)

    def _take_guards(self, steps: Steps) -> None:
        # a backend may rewrite the trace and what its guards keep
        trace = steps.trace
        self.guards += trace.guards
        self.kept_kinds += [
            "".join("_" if value == NOTHING else trace.kind_of(value) for value in guard.values)
            for guard in trace.guards
        ]
        self._kept_classes += steps.kept_classes
        self._pending += steps.pending

    def exchange(self, trace: Trace) -> None:
        """Take another form of the same trace in its place."""
        self.trace = trace
        self.guards = list(trace.guards)

    def make_bridge(self, number: int, length: int) -> Trace:
        """A random bridge for a guard, by its number."""
        self.bridge_count += 1
        random = Random(self.seed * 1000 + self.bridge_count)
        steps = make_steps(self.world, random, True)
        trace = steps.trace
        for name in self._kept_classes[number]:
            if name is not None:
                steps.values[name].append(trace.append(ops.by_name["input_" + KIND_OF_CLASS[name]]))
        if self._pending[number]:
            trace.append_guard(ops.GUARD_EXCEPTION, trace.constants.of_int(self.world.error_class), NOTHING, [])
            steps.kept_classes.append([])
            steps.pending.append(False)
        steps.value_of_class("node")
        steps.make_steps(length)
        counters = steps.values["counter"]
        if counters and self.target is not None and random.random() < 0.8:
            left = steps.count_down(counters[0])
            passed = [steps.value_of_class(name) for name in self.passed_classes]
            trace.append_list(ops.JUMP, [left, *passed], self.target)
        else:
            trace.append_list(ops.FINISH, [steps.value_of_class("int")], self.world.done)
        self._take_guards(steps)
        return trace


def make_steps(world: World, random: Random, rich: bool) -> Steps:
    """A trace in the making; with all operations where there is something for them."""
    if rich and isinstance(world, WideWorld):
        return WideSteps(world, random, rich)
    return Steps(world, random, rich)


def generate(world: World, seed: int, length: int = 60, rich: bool = True) -> Generated:
    """A random loop of about `length` steps, the same for the same seed. `rich`: more than numbers, nodes, arrays."""
    random = Random(seed)
    steps = make_steps(world, random, rich)
    trace = steps.trace
    counter = trace.append(ops.INPUT_I)
    ints, floats = [random.randint(1, 6)], []
    for _ in range(random.randint(1, 4)):
        steps.values["int"].append(trace.append(ops.INPUT_I))
        ints.append(steps.word())
    for _ in range(random.randint(1, 3)):
        steps.values["float"].append(trace.append(ops.INPUT_F))
        floats.append(steps.double())
    token = LoopToken("generated", "".join(trace.kind_of(number) for number in range(trace.length())), "i")
    steps.value_of_class("node")
    steps.make_steps(length // 3)
    if random.random() < 0.8:
        target, classes = _loop(steps, token, counter, length, rich)
    else:
        target, classes = None, []
        steps.make_steps(length)
        trace.append_list(ops.FINISH, [steps.value_of_class("int")], world.done)
    generated = Generated(world, steps, seed, token, ints, floats)
    generated.target, generated.passed_classes = target, classes
    return generated


def _loop(steps: Steps, token: LoopToken, counter: int, length: int, rich: bool) -> tuple[TargetToken, list[str]]:
    """Append a label, the body of a loop, and the jump."""
    random, trace = steps.random, steps.trace
    classes = []
    for name, known in steps.values.items():
        steps.values[name] = random.sample(known, min(len(known), random.randint(1, 4)))
        classes += [name] * len(steps.values[name])
    target = token.new_target("generated.label")
    passed = [value for known in steps.values.values() for value in known]
    trace.append_list(ops.LABEL, [counter, *passed], target)
    if rich:
        steps.values["counter"] = [counter]
    steps.make_steps(length)
    left = steps.count_down(counter)
    again = random.choice([0.0, 0.3, 0.9])
    ends = [value if random.random() < again else random.choice(steps.values[name])
            for name, value in zip(classes, passed, strict=True)]
    trace.append_list(ops.JUMP, [left, *ends], target)
    return target, classes


def outcome(backend: Backend, generated: Generated, describe: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Run a trace that is compiled; what is comparable of how it ended.

    Args:
        describe: what is comparable of a GC reference.

    Returns:
        The number of the guard that failed or -1, and the values in the frame, None for those that are not kept.
    """
    frame = backend.enter(generated.token, list(generated.ints), [], list(generated.floats))
    return describe_end(backend, generated, describe, frame)


def describe_end(backend: Backend, generated: Generated, describe: Callable[[Any], Any],
                 frame: JitFrame) -> tuple[Any, ...]:
    """What `outcome` returns of a frame."""
    if not isinstance(frame.descriptor, GuardDescriptor):
        return -1, backend.value_int(frame, 0)
    number = generated.guards.index(frame.descriptor)
    values: list[Any] = []
    for position, kind in enumerate(generated.kept_kinds[number]):
        if kind == "_":
            values.append(None)
        elif kind == "i":
            values.append(backend.value_int(frame, position))
        elif kind == "f":
            value = backend.value_float(frame, position)
            values.append("nan" if value != value else repr(value))
        else:
            values.append(describe(backend.value_reference(frame, position)))
    return number, *values


def outcomes(backend: Backend, generated: Generated, describe: Callable[[Any], Any], rounds: int = 6,
             length: int = 15) -> list[Any]:
    """Compile a loop and run it, again and again, each time with a bridge where it ended the time before.

    Returns:
        What `outcome` gives for each run, with what frames held that were forced in it, whether an exception was
        pending at the end, and what functions were called with that give nothing.
    """
    results: list[Any] = []
    world = generated.world
    backend.compile_loop(generated.trace, generated.token)
    for number in range(rounds):
        del world.forced[:]
        if number == 3 and generated.seed % 3 == 0:
            backend.invalidate(generated.token)
        frame = backend.enter(generated.token, list(generated.ints), [], list(generated.floats))
        end = describe_end(backend, generated, describe, frame)
        pending = end[0] >= 0 and bool(backend.exception(frame))
        results.append((end, list(world.forced), pending, list(world.noted)))
        del world.noted[:]
        guard = frame.descriptor
        if not isinstance(guard, GuardDescriptor):
            break
        bridge = generated.make_bridge(end[0], length)
        backend.compile_bridge(guard, bridge, generated.token)
    return results
