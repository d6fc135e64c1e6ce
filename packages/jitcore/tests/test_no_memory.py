"""An allocation that fails is an exception of the program, wherever the program runs."""

import pytest
from ouro.jitcore.testing import meta_interp
from ouro.rlib.jit import JitDriver
from ouro.rlib.objectmodel import dont_inline

TOO_MUCH = (1 << 40) + 1


@dont_inline
def length_of_new(count):
    return len([0] * count)


# always; behind a guard of the loop; in the last iterations of all
@pytest.mark.parametrize("every", [1, 4, 39])
def test_a_failing_allocation_goes_to_the_handler_around_the_call(every):
    driver = JitDriver(greens=[], reds=["n", "total"])

    def attempt(n):
        try:
            if n % every == every - 1:
                return length_of_new(TOO_MUCH)
            return length_of_new(n)
        except MemoryError:
            return -1

    def loop(n):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            total = total * 3 + attempt(n)
            n -= 1
        return total

    run = meta_interp(loop, [40])
    assert run.loops and not run.aborts


def test_a_failing_allocation_leaves_the_program():
    driver = JitDriver(greens=[], reds=["n"])

    def loop(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= length_of_new(1 if n > 5 else TOO_MUCH)
        return n

    assert meta_interp(loop, [30]).raised == "MemoryError"


def repeated_text(n):
    return len("ab" * n)


def repeated_list(n):
    return len([n, 2] * n)


def list_in_place(n):
    result = [n, 2]
    result *= n
    return len(result)


@pytest.mark.parametrize("make", [repeated_text, repeated_list, list_in_place])
def test_compiled_code_that_makes_something_large_goes_to_the_handler(make):
    driver = JitDriver(greens=[], reds=["n", "total", "counts"])

    def attempt(n):
        try:
            return make(n)
        except MemoryError:
            return -1

    def loop(n):
        counts = [3 + i % 4 for i in range(30)] + [TOO_MUCH] * 2
        total = 0
        while n >= 0:
            driver.jit_merge_point(n=n, total=total, counts=counts)
            total = total * 3 + attempt(counts[len(counts) - 1 - n])
            n -= 1
        return total

    run = meta_interp(loop, [31])
    assert len(run.loops) == 1
