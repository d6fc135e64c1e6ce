"""Drivers of the loops that built-in functions run over objects: `sum`, `map`, `sorted` with a key and so on.

What such a loop does depends on its iterator and on the function that it calls. So the JIT compiles it once for each
*shape* of these, which objects tell (`W_Root.iteration_shape`, `W_Root.call_shape`): the code of a generator or a
function where there is one, else the type. Objects of one shape mostly go the same way through the interpreter; where
they do not, guards find out.

(PyPy calls them green keys of iterators and callables.)
"""

from ouro.rlib.jit import JitDriver
from ouro.rlib.objectmodel import not_rpython


@not_rpython
def loop_over(name):
    """A driver for a loop over an iterator of shape `shape`."""

    def location(shape):
        return "over " + shape.shape_name()

    return JitDriver(greens=["shape"], reds="auto", get_printable_location=location, name=name)


@not_rpython
def loop_calling(name):
    """A driver for a loop that calls a function of shape `called` with what it gets from an iterator."""

    def location(shape, called):
        return "over " + shape.shape_name() + " with " + called.shape_name()

    return JitDriver(greens=["shape", "called"], reds="auto", get_printable_location=location, name=name)
