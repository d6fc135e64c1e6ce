"""What happens with a guard that failed, or a frame that is forced: the program's data are brought up to date.

    rebuild(machine, backend, frame)    after a guard failed: a `Materializer` whose frames may go on
    force(machine, backend, token)      while compiled code is in a call: everything but the frames

A forced frame goes on in compiled code until its call returns, and then its `guard_not_forced` fails. What
was made when it was forced is kept with the frame (`Backend.keep_forced`), so that an object that someone has seen is
the same object afterwards; and what was written then, by us and since then by the program, is not written again.
"""

from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.resume.materializer import Materializer
from ouro.jitcore.resume.reader import ResumeReader
from ouro.jitcore.resume.virtualizable import TRACING_TOKEN, clear_token, token_of


class _Readers:
    """The resume data that were read last, by place: a guard fails many times before it gets a bridge."""

    SIZE = 64

    def __init__(self):
        self._readers = [None] * self.SIZE

    def reader(self, store, place):
        """The `ResumeReader` of the data at a place of a store."""
        index = place & (self.SIZE - 1)
        reader = self._readers[index]
        if reader is None or reader.store is not store or reader.place != place:
            reader = ResumeReader(store, place)
            self._readers[index] = reader
        return reader


_READERS = _Readers()


class ForcedVirtuals:
    """What was made for a frame that was forced: the references and words of its virtuals, by number."""

    def __init__(self, references, words):
        self.references = references
        self.words = words


def rebuild(machine, backend, frame):
    """The values of a frame whose guard failed, with virtuals made, pending stores done and virtualizable written.

    Args:
        machine: the `Machine`.
        backend: the `Backend`.
        frame: a `JitFrame` whose descriptor is a guard with resume data.

    Returns:
        A `Materializer`: its `reader` says what the frames of the interpreter are, and it gives their values.
    """
    materializer = _materializer(machine, backend, frame)
    forced = backend.forced_of(frame)
    if forced is None:
        _bring_up_to_date(materializer)
    else:
        materializer.references = forced.references
        materializer.words = forced.words
    return materializer


def force(machine, backend, frame_token):
    """Make what the compiled code with a force token has virtual or in registers visible to the program."""
    frame = backend.force(frame_token)
    if backend.forced_of(frame) is not None:
        return
    materializer = _materializer(machine, backend, frame)
    _bring_up_to_date(materializer)
    backend.keep_forced(frame, ForcedVirtuals(materializer.references, materializer.words))


def force_virtualizable(machine, backend, description, reference):
    """Before the program uses fields of a virtualizable outside of compiled code."""
    token = token_of(machine, description, reference)
    if not token:
        return
    if token != TRACING_TOKEN:
        force(machine, backend, token)
    # the tracer sees by this that someone looked
    clear_token(machine, description, reference)


def follow_virtual_reference(machine, backend, description, reference):
    """The object behind a virtual reference, null where it ended before someone asked for the object.

    Args:
        machine, backend: as for `force`.
        description: the `VirtualReferenceDescription`, or None for a program that has none.
        reference: a stand-in of compiled code, or the object itself.
    """
    if description is None or not description.is_stand_in(machine, reference):
        return reference
    token = description.token_of(machine, reference)
    if token:
        if token == TRACING_TOKEN:
            # the tracer has set the object; it sees by this that someone looked
            description.set_object(machine, reference, description.object_of(machine, reference))
        else:
            force(machine, backend, token)
    return description.object_of(machine, reference)


def _materializer(machine, backend, frame):
    guard = frame.descriptor
    assert isinstance(guard, GuardDescriptor)
    return Materializer(machine, backend, frame, _READERS.reader(guard.store, guard.resume))


def _bring_up_to_date(materializer):
    materializer.make_virtuals()
    materializer.store_pending()
    materializer.write_virtual_references()
    materializer.write_virtualizable()
