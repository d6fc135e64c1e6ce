"""All rules: what each operation of typed graphs becomes. An operation without one is done by a function of its own."""

from ouro.jitcore.codewriter.rules_calls import CALL_RULES
from ouro.jitcore.codewriter.rules_jit import JIT_RULES
from ouro.jitcore.codewriter.rules_memory import MEMORY_RULES
from ouro.jitcore.codewriter.rules_numbers import NUMBER_RULES

RULES = {**NUMBER_RULES, **MEMORY_RULES, **CALL_RULES, **JIT_RULES}

NEVER_TRACED = frozenset([
    "gc_enter_roots", "gc_leave_roots", "gc_save_root", "gc_restore_root", "gc_write_barrier", "gc_write_barrier_array",
])
"""Operations that the collector's transform adds, after the codewriter has run."""
