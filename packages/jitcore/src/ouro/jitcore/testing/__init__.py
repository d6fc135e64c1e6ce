"""Run whole programs under the JIT on the host, and look at what was compiled. For tests; host only.

    run = meta_interp(function, [10, 2.5], threshold=3)
    assert run.result == 55
    run.check(loops=1, bridges=0)
    run.check_loop(int_add=2, int_lt=1, guard_true=1, jump=1)
"""

from ouro.jitcore.testing.compiled import Compiled, operation_counts
from ouro.jitcore.testing.meta_interp import JitRun, Jitted, meta_interp

__all__ = ["Compiled", "JitRun", "Jitted", "meta_interp", "operation_counts"]
