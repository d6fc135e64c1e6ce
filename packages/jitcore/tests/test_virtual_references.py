"""Virtual references in whole programs: frames that nobody asks for are never made."""

import pytest
from ouro.jitcore.descriptors import SizeDescriptor
from ouro.jitcore.testing import Jitted, meta_interp
from ouro.rlib import jit
from ouro.rlib.jit import JitDriver

driver = JitDriver(greens=["code"], reds=["n", "context", "total"])


class Frame:
    def __init__(self, code, n, back):
        self.code = code
        self.n = n
        self.back = back


class Context:
    def __init__(self):
        self.top = jit.vref_None
        self.seen = 0
        self.calls = 0


@jit.dont_look_inside
def look(context, every):
    """Looks at the frame on top."""
    return look_at(context, every)


def look_at(context, every):
    frame = context.top()
    if frame is not None and frame.n % every == 0:
        context.seen = context.seen * 3 + frame.n + frame.code
        frame.n += 1000
    return context.seen & 1


@jit.dont_look_inside
def look_late(context, every):
    """Does not look before the loop is compiled."""
    context.calls += 1
    return look_at(context, every) if context.calls > 40 else 0


@jit.dont_look_inside
def look_never(context, every):
    return every


def run(looking):
    def inner(code, n, context):
        frame = Frame(code, n, context.top)
        reference = jit.virtual_ref(frame)
        context.top = reference
        if n % 3 == 0:
            code += looking(context, code + 1)
        else:
            code += looking(context, 1000000)
        context.top = frame.back
        jit.virtual_ref_finish(reference, frame)
        return frame.n + code

    def portal(code, n):
        context = Context()
        total = 0
        while n > 0:
            driver.jit_merge_point(code=code, n=n, context=context, total=total)
            total = (total + inner(code, n, context)) & 0xFFFFF
            n -= 1
        return total * 1000 + context.seen % 1000

    return portal


@pytest.mark.parametrize("looking", [look, look_late, look_never])
@pytest.mark.parametrize("enable_opts", ["none", "all"])
def test_references_lead_to_their_objects_in_compiled_code(looking, enable_opts):
    portal = run(looking)
    expected = meta_interp(portal, [3, 60], threshold=-1, function_threshold=-1).result
    found = meta_interp(portal, [3, 60], threshold=3, trace_eagerness=2, enable_opts=enable_opts)
    assert found.result == expected
    assert found.statistics.loops >= 1


@jit.dont_look_inside
def look_at_all(context, code):
    """Follows the references of all frames."""
    total = code
    frame = context.top()
    while frame is not None:
        total = total * 7 + frame.n + frame.code
        frame = frame.back()
    return total & 0xFFF


@pytest.mark.parametrize("enable_opts", ["none", "all", "all:-heap", "all:-allocation"])
def test_a_call_may_follow_the_references_of_several_frames(enable_opts):
    def portal(code, n):
        context = Context()
        total = 0
        while n > 0:
            driver.jit_merge_point(code=code, n=n, context=context, total=total)
            total = (total * 3 + third(code, n, context)) & 0xFFFFF
            n -= 1
        return total

    def third(code, n, context):
        frame = Frame(code, n, context.top)
        reference = jit.virtual_ref(frame)
        context.top = reference
        total = second(code + 1, n + 1, context)
        context.top = frame.back
        jit.virtual_ref_finish(reference, frame)
        return total + frame.n

    def second(code, n, context):
        frame = Frame(code, n, context.top)
        reference = jit.virtual_ref(frame)
        context.top = reference
        total = first(code + 1, n + 1, context)
        context.top = frame.back
        jit.virtual_ref_finish(reference, frame)
        return total + frame.n

    def first(code, n, context):
        frame = Frame(code, n, context.top)
        reference = jit.virtual_ref(frame)
        context.top = reference
        total = look_at_all(context, code)
        context.top = frame.back
        jit.virtual_ref_finish(reference, frame)
        return total + frame.n

    expected = meta_interp(portal, [3, 40], threshold=-1, function_threshold=-1).result
    found = meta_interp(portal, [3, 40], threshold=3, trace_eagerness=2, enable_opts=enable_opts)
    assert found.result == expected
    assert found.statistics.loops >= 1


def allocated_in(run):
    """The classes of what loops allocate."""
    return {
        descriptor.name
        for one in run.loops
        for descriptor in one.trace.descriptors
        if isinstance(descriptor, SizeDescriptor)
    }


def test_a_frame_that_nobody_asks_for_is_not_allocated():
    assert allocated_in(meta_interp(run(look_never), [3, 60], threshold=3)) == set()


def test_a_frame_that_someone_may_ask_for_is_allocated_when_he_does():
    # the context leads to the stand-in while the call runs
    assert allocated_in(meta_interp(run(look_late), [3, 60], threshold=3)) == {"virtual_reference"}


def test_references_that_the_interpreter_made_are_followed_without_a_call():
    def portal(code, n):
        context = Context()
        frame = Frame(code, 7, jit.non_virtual_ref(None))
        reference = jit.virtual_ref(frame)
        context.top = reference
        total = run_below(code, n, context)
        jit.virtual_ref_finish(reference, frame)
        return total

    def run_below(code, n, context):
        total = 0
        while n > 0:
            driver.jit_merge_point(code=code, n=n, context=context, total=total)
            frame = context.top()
            total += frame.n
            if frame.back() is None:
                n -= 1
        return total

    jitted = meta_interp(portal, [3, 60], threshold=3)
    assert jitted.result == 60 * 7
    jitted.check_loop_has(call_r=0, call_may_force_r=0)


def test_programs_without_virtual_references_have_no_stand_ins():
    plain = JitDriver(greens=[], reds=["n"])

    def count(n):
        while n > 0:
            plain.jit_merge_point(n=n)
            n -= 1
        return n

    assert Jitted(count, [3]).system.virtual_reference is None
