"""What the markers of `rlib.rgc` mean, finalizer queues included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._calls import call_value
from ouro.annotator._dispatch import primitive
from ouro.annotator._errors import Complaint
from ouro.annotator._rlib import constantly
from ouro.annotator._strings import need_integer
from ouro.annotator.annotations import BOOL, INTEGER, NONE, Annotation
from ouro.flowspace import Operation, Variable

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

constantly(
    "rgc.collect rgc.enable rgc.disable rgc.unpin rgc.thread_die rgc.may_ignore_finalizer", NONE
)
constantly("rgc.collect_step rgc.isenabled rgc.can_move rgc.pin rgc.is_pinned rgc.find_instances", BOOL)
constantly("rgc.get_statistic", INTEGER)


@primitive("rgc.add_memory_pressure")
def _memory_pressure(engine: Engine, operation: Operation, size: Annotation) -> Annotation:
    need_integer(engine, size, "the size")
    return NONE


@primitive("rgc.thread_prepare")
def _thread_prepare(engine: Engine, operation: Operation, slots: Annotation) -> Annotation:
    need_integer(engine, slots, "the number of slots")
    return BOOL


@primitive("rgc.thread_forget rgc.thread_start")
def _thread_of_size(engine: Engine, operation: Operation, slots: Annotation) -> Annotation:
    need_integer(engine, slots, "the number of slots")
    return NONE


def _queue_of(receiver: Annotation) -> Any:
    queue = receiver.constant
    if not getattr(queue, "_finalizer_queue_", False):
        raise Complaint("a finalizer queue must be a prebuilt constant")
    if queue.Class is None:
        raise Complaint(f"{type(queue).__name__} does not set `Class`, the base class of the objects in the queue")
    return queue


@primitive("rgc.FinalizerQueue.register_finalizer")
def _register_finalizer(engine: Engine, operation: Operation, receiver: Annotation, value: Annotation) -> Annotation:
    queue = _queue_of(receiver)
    wanted = engine.descriptions.of_class(queue.Class)
    if not isinstance(value, a.Instance) or not value.class_description.is_subclass(wanted):
        raise Complaint(f"the queue takes instances of {wanted.name}, not {value}")
    if queue not in engine.finalizer_queues:
        engine.finalizer_queues[queue] = wanted
        engine.later(lambda: _call_trigger(engine, queue))
    return NONE


def _call_trigger(engine: Engine, queue: Any) -> None:
    """The collector calls the trigger: make it part of the program."""
    call_value(
        engine, Operation("simple_call", [], Variable("none")), engine.constant(queue.finalizer_trigger), []
    )


@primitive("rgc.FinalizerQueue.next_dead")
def _next_dead(engine: Engine, operation: Operation, receiver: Annotation) -> Annotation:
    return a.Instance(engine.descriptions.of_class(_queue_of(receiver).Class), True)
